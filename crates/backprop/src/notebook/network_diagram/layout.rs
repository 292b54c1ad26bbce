//! Where the neurons of a diagram stand.

use super::diagram::{NAME, NetworkDiagram};
use backprop_figures::parts::svg::{MARGIN, PLAIN, WIDTH};
use backprop_figures::parts::text::width;

/// Layers of up to so many neurons are drawn whole.
pub(super) const MOST: usize = 10;
/// Of larger layers so many neurons stand at each end.
const ENDS: usize = 4;

/// What stands at one place of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Slot {
    Neuron(usize),
    /// So many neurons that are not drawn.
    Elided(usize),
}

/// Where the neurons stand, in pixels.
pub(super) struct Layout {
    pub(super) columns: Vec<Column>,
    pub(super) radius: f64,
    pub(super) bottom: f64,
}

/// The neurons of a layer, one above the other.
pub(super) struct Column {
    pub(super) x: f64,
    pub(super) slots: Vec<(f64, Slot)>,
}

impl Column {
    /// Gives index and place of the neurons that are drawn.
    pub(super) fn neurons(&self) -> impl Iterator<Item = (usize, (f64, f64))> {
        self.slots.iter().filter_map(|&(y, slot)| match slot {
            Slot::Neuron(index) => Some((index, (self.x, y))),
            Slot::Elided(_) => None,
        })
    }
}

impl NetworkDiagram {
    /// Finds the places of all neurons below `top`.
    pub(super) fn layout(&self, top: f64) -> Layout {
        let sizes = self.network.sizes();
        let slots: Vec<Vec<Slot>> = sizes.iter().map(|size| slots(*size)).collect();
        let tallest = slots.iter().map(Vec::len).max().unwrap_or(1);
        let (step, radius) = if self.is_numbered() { (112.0, 23.0) } else { (34.0, 12.0) };
        let height = step * tallest as f64;
        let left = MARGIN + room(&self.input_names).max(46.0) + radius;
        let right = WIDTH - MARGIN - room(&self.output_names).max(46.0) - radius;
        let gap = (right - left) / (sizes.len() - 1) as f64;
        let column = |(l, slots): (usize, Vec<Slot>)| {
            // Shorter columns stand in the middle.
            let first = top + 0.5 * (height - step * slots.len() as f64) + 0.5 * step;
            let slots = slots.into_iter().enumerate();
            let slots = slots.map(|(i, slot)| (first + step * i as f64, slot)).collect();
            Column { x: left + gap * l as f64, slots }
        };
        let columns = slots.into_iter().enumerate().map(column).collect();
        Layout { columns, radius, bottom: top + height }
    }
}

/// Chooses the neurons of a layer that are drawn.
fn slots(size: usize) -> Vec<Slot> {
    if size <= MOST {
        return (0..size).map(Slot::Neuron).collect();
    }
    let first = (0..ENDS).map(Slot::Neuron);
    let last = (size - ENDS..size).map(Slot::Neuron);
    first.chain([Slot::Elided(size - 2 * ENDS)]).chain(last).collect()
}

/// Gives the room that the names beside a column need.
fn room(names: &Option<Vec<String>>) -> f64 {
    let names = names.iter().flatten().map(|name| width(name, PLAIN.size) + 8.0);
    names.fold(0.0, f64::max).min(NAME + 8.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_neuron_is_drawn_or_counted_as_elided() {
        for size in 1..1_000 {
            let count = |slot: &Slot| match slot {
                Slot::Neuron(_) => 1,
                Slot::Elided(count) => *count,
            };
            let slots = slots(size);
            assert_eq!(slots.iter().map(count).sum::<usize>(), size);
            assert!(slots.len() <= MOST, "{size}");
        }
    }
}
