//! A network as the lecture draws it: columns of neurons, and an edge for each weight.

use crate::network::Network;
use crate::network::activation::Activation;
use crate::network::architecture::Architecture;
use crate::network::layer::Layer;
use backprop_figures::parts::legend;
use backprop_figures::parts::palette::{
    BLUES, GREY, INK, NEGATIVE, POSITIVE, Rgb, hex, shade, text_on,
};
use backprop_figures::parts::svg::{Font, MARGIN, PLAIN, Pen, Svg, WIDTH};
use backprop_figures::parts::text::{digits, number, one_line, shortened, subscript, width};
use backprop_figures::{Figure, Words};
use ndarray::{Array2, Axis};

/// Neurons in columns, inputs at the left; edges as wide as their weights, dashed where negative.
///
/// With an example the neurons are filled by its activations. A network of up to 3 neurons a layer
/// carries its numbers; of a layer of more than 10 the first and last 4 neurons stand for all.
///
/// ```
/// use backprop::prelude::*;
/// use backprop::view::NetworkDiagram;
///
/// let layer = Layer { w: array![[2.0, -1.0]], b: array![0.5], activation: Activation::Identity };
/// let network = Network::from_layers(vec![layer])?;
/// let figure = NetworkDiagram::new("One neuron", &network).example(&[1.0, 3.0]).draw();
/// assert_eq!(
///     figure.alt(),
///     "One neuron. Network 2-1 (identity) with 3 parameters. \
///      Layer 1: W = [2, −1], b = [0.5]. \
///      Activations of the example: inputs 1, 3; layer 1 −0.5."
/// );
/// # Ok::<(), backprop::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a diagram is shown by ending a cell with it"]
pub struct NetworkDiagram {
    words: Words,
    network: Network,
    example: Option<Vec<f32>>,
    input_names: Option<Vec<String>>,
    output_names: Option<Vec<String>>,
}

/// Layers of up to so many neurons are drawn whole.
const MOST: usize = 10;
/// Of larger layers so many neurons stand at each end.
const ENDS: usize = 4;
/// Layers of up to so many neurons leave room for the numbers.
const MOST_NUMBERED: usize = 3;
/// The most room for the name of an input or output, in pixels.
const NAME: f64 = 140.0;
/// Where on an edge its weight is written: off the middle, where edges cross.
const WEIGHT_AT: f64 = 0.27;

/// What stands at one place of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Slot {
    Neuron(usize),
    /// So many neurons that are not drawn.
    Elided(usize),
}

/// Where the neurons stand, in pixels.
struct Layout {
    columns: Vec<Column>,
    radius: f64,
    bottom: f64,
}

struct Column {
    x: f64,
    slots: Vec<(f64, Slot)>,
}

impl Column {
    /// Gives index and place of the neurons that are drawn.
    fn neurons(&self) -> impl Iterator<Item = (usize, (f64, f64))> {
        self.slots.iter().filter_map(|&(y, slot)| match slot {
            Slot::Neuron(index) => Some((index, (self.x, y))),
            Slot::Elided(_) => None,
        })
    }
}

impl NetworkDiagram {
    /// Takes the network as it is now.
    pub fn new(title: &str, network: &Network) -> Self {
        NetworkDiagram {
            words: Words::new(title),
            network: network.clone(),
            example: None,
            input_names: None,
            output_names: None,
        }
    }

    /// Fills the neurons by the activations of one example: its inputs x, one number each.
    pub fn example(mut self, x: &[f32]) -> Self {
        self.example = Some(x.to_vec());
        self
    }

    /// Names the inputs, from the top.
    pub fn inputs(mut self, names: &[&str]) -> Self {
        self.input_names = Some(names.iter().map(|name| one_line(name)).collect());
        self
    }

    /// Names the outputs, from the top.
    pub fn outputs(mut self, names: &[&str]) -> Self {
        self.output_names = Some(names.iter().map(|name| one_line(name)).collect());
        self
    }

    /// Sets the caption: data set, seed, what to look at.
    pub fn caption(mut self, caption: &str) -> Self {
        self.words.caption = one_line(caption);
        self
    }

    /// Describes the figure in words of your own, instead of those made from its numbers.
    pub fn alt(mut self, alt: &str) -> Self {
        self.words.alt = Some(one_line(alt));
        self
    }

    /// Draws the figure and shows it as the result of a notebook cell; the kernel calls it.
    pub fn evcxr_display(&self) {
        self.draw().evcxr_display();
    }

    /// Draws the figure.
    pub fn draw(&self) -> Figure {
        let problems = self.problems();
        if !problems.is_empty() {
            return self.words.message(&problems);
        }
        let mut svg = Svg::new(WIDTH);
        let top = svg.heading(&self.words.title);
        let layout = self.layout(top);
        for (layer, columns) in self.network.layers.iter().zip(layout.columns.windows(2)) {
            self.draw_edges(&mut svg, layer, columns, layout.radius);
        }
        let activations = self.activations();
        for (l, column) in layout.columns.iter().enumerate() {
            let activations = activations.as_ref().map(|all| &all[l][..]);
            self.draw_neurons(&mut svg, column, activations, layout.radius);
            self.draw_heading(&mut svg, column.x, layout.bottom, l);
        }
        self.draw_names(&mut svg, &layout);
        let edges = [legend::Key::Edge(POSITIVE, ""), legend::Key::Edge(NEGATIVE, DASH)];
        let names = ["w > 0, as wide as |w|", "w < 0, as wide as |w|"];
        let entries = names.into_iter().zip(edges).map(|(name, key)| legend::Entry { name, key });
        let entries: Vec<_> = entries.collect();
        let bottom = legend::draw(&mut svg, &entries, MARGIN, layout.bottom + 36.0);
        self.words.figure(svg, bottom + MARGIN, &self.gist())
    }

    /// Says what keeps the figure from being drawn.
    fn problems(&self) -> Vec<String> {
        if let Err(error) = Network::from_layers(self.network.layers.clone()) {
            return vec![error.to_string()];
        }
        let sizes = self.network.sizes();
        let (inputs, outputs) = (sizes[0], sizes[sizes.len() - 1]);
        let count = |names: &Option<Vec<String>>| names.as_ref().map(Vec::len);
        let given = [
            ("numbers of the example for", "inputs", self.example.as_ref().map(Vec::len), inputs),
            ("names for", "inputs", count(&self.input_names), inputs),
            ("names for", "outputs", count(&self.output_names), outputs),
        ];
        let wrong = given.into_iter().filter_map(|(what, of, given, expected)| {
            let given = given.filter(|given| *given != expected)?;
            Some(format!("{given} {what} {expected} {of}"))
        });
        wrong.collect()
    }

    /// Whether the network is small enough for its numbers.
    fn is_numbered(&self) -> bool {
        let sizes = self.network.sizes();
        sizes.iter().all(|size| *size <= MOST_NUMBERED) && sizes.len() <= 4
    }

    fn layout(&self, top: f64) -> Layout {
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

    /// Computes the example's activation of every neuron, inputs first; probabilities where the
    /// layer gives their logarithms.
    fn activations(&self) -> Option<Vec<Vec<f64>>> {
        let x = self.example.as_ref()?;
        let column = Array2::from_shape_fn((x.len(), 1), |(i, _)| x[i]);
        let traces = self.network.trace(&column);
        let outputs = self.network.layers.iter().zip(&traces).map(|(layer, trace)| {
            let a = trace.a.index_axis(Axis(1), 0);
            match layer.activation {
                Activation::LogSoftmax => a.mapv(|a| f64::from(a).exp()).to_vec(),
                _ => a.mapv(f64::from).to_vec(),
            }
        });
        let inputs = x.iter().map(|x| f64::from(*x)).collect();
        Some(std::iter::once(inputs).chain(outputs).collect())
    }

    fn draw_edges(&self, svg: &mut Svg, layer: &Layer, columns: &[Column], radius: f64) {
        let largest = layer.w.iter().map(|w| w.abs()).filter(|w| w.is_finite());
        let largest = f64::from(largest.fold(0.0, f32::max));
        let widest = if self.is_numbered() { 3.0 } else { 1.7 };
        let mut labels = Vec::new();
        for (k, from) in columns[0].neurons() {
            for (j, to) in columns[1].neurons() {
                let w = f64::from(layer.w[[j, k]]);
                svg.polyline(&[from, to], &edge(w, largest, widest));
                let share = WEIGHT_AT.max((radius + 22.0) / (to.0 - from.0));
                let place = (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1));
                labels.push((place, w));
            }
        }
        if self.is_numbered() {
            for ((x, y), w) in labels {
                let font = Font { anchor: "middle", color: edge(w, 1.0, 1.0).color, ..LABEL };
                svg.text(x, y + 4.0, &digits(w, 3), &font);
            }
            for (j, (x, y)) in columns[1].neurons() {
                let text = format!("b = {}", digits(f64::from(layer.b[j]), 3));
                svg.text(x, y + radius + 15.0, &text, &Font { anchor: "middle", ..LABEL });
            }
        }
    }

    fn draw_neurons(&self, svg: &mut Svg, column: &Column, a: Option<&[f64]>, radius: f64) {
        for (index, place) in column.neurons() {
            let fill = a.map_or(WHITE, |a| fill(a, index));
            svg.circle(place, radius, &hex(fill), INK);
            if let Some(a) = a
                && self.is_numbered()
            {
                let font = Font { anchor: "middle", color: text_on(fill), ..PLAIN };
                svg.text(place.0, place.1 + 4.0, &digits(a[index], 3), &font);
            }
        }
        for &(y, slot) in &column.slots {
            if let Slot::Elided(count) = slot {
                let text = format!("⋮ {}", number(count as f64));
                svg.text(column.x, y + 4.0, &text, &Font { anchor: "middle", ..LABEL });
            }
        }
    }

    /// Writes below a column what it is and how many neurons it has.
    fn draw_heading(&self, svg: &mut Svg, x: f64, y: f64, l: usize) {
        let size = number(self.network.sizes()[l] as f64);
        let (first, second) = match l.checked_sub(1) {
            None => ("inputs".to_owned(), size),
            Some(before) => {
                let activation = self.network.layers[before].activation;
                (format!("layer {l}"), format!("{size}, {activation}"))
            }
        };
        let font = Font { anchor: "middle", ..PLAIN };
        svg.text(x, y + 14.0, &first, &font);
        svg.text(x, y + 29.0, &second, &Font { color: GREY, ..font });
    }

    fn draw_names(&self, svg: &mut Svg, layout: &Layout) {
        let (Some(first), Some(last)) = (layout.columns.first(), layout.columns.last()) else {
            return;
        };
        let aside = layout.radius + 7.0;
        for (index, (x, y)) in first.neurons() {
            let name = self.input_names.as_ref().map(|names| names[index].clone());
            let name = name.unwrap_or_else(|| format!("x{}", subscript(index + 1)));
            let name = shortened(&name, PLAIN.size, NAME);
            svg.text(x - aside, y + 4.0, &name, &Font { anchor: "end", ..PLAIN });
        }
        for (index, (x, y)) in last.neurons() {
            if let Some(names) = &self.output_names {
                svg.text(x + aside, y + 4.0, &shortened(&names[index], PLAIN.size, NAME), &PLAIN);
            }
        }
    }

    /// Says what the network is, with its numbers where they are few.
    fn gist(&self) -> String {
        let Architecture { sizes, activations, .. } = Architecture::of(&self.network);
        let sizes: Vec<String> = sizes.iter().map(usize::to_string).collect();
        let activations: Vec<String> = activations.iter().map(ToString::to_string).collect();
        let parameters = number(self.network.parameter_count() as f64);
        let plural = if parameters == "1" { "" } else { "s" };
        let mut gist = format!(
            "Network {} ({}) with {parameters} parameter{plural}.",
            sizes.join("-"),
            activations.join(", "),
        );
        for (l, layer) in (1..).zip(&self.network.layers) {
            let told = if self.is_numbered() { numbers(layer) } else { weight_range(layer) };
            gist.push_str(&format!(" Layer {l}: {told}."));
        }
        if let Some(activations) = self.activations() {
            let columns = activations.iter().enumerate().map(|(l, a)| match l {
                0 => format!("inputs {}", short_list(a)),
                l if self.network.layers[l - 1].activation == Activation::LogSoftmax => {
                    format!("layer {l} as probabilities {}", short_list(a))
                }
                l => format!("layer {l} {}", short_list(a)),
            });
            let columns: Vec<String> = columns.collect();
            gist.push_str(&format!(" Activations of the example: {}.", columns.join("; ")));
        }
        gist
    }
}

const WHITE: Rgb = [255, 255, 255];
const DASH: &str = "5 3";
const LABEL: Font = Font { size: 11.0, halo: true, ..PLAIN };

/// Chooses the neurons of a layer that are drawn.
fn slots(size: usize) -> Vec<Slot> {
    if size <= MOST {
        return (0..size).map(Slot::Neuron).collect();
    }
    let first = (0..ENDS).map(Slot::Neuron);
    let last = (size - ENDS..size).map(Slot::Neuron);
    first.chain([Slot::Elided(size - 2 * ENDS)]).chain(last).collect()
}

/// The pen of an edge: its colour and dashes say the sign, its width the size beside the largest,
/// which is `widest` pixels wide.
fn edge(w: f64, largest: f64, widest: f64) -> Pen {
    if !w.is_finite() {
        return Pen { color: GREY, width: 1.0, dash: "1 3" };
    }
    let share = if largest > 0.0 { (w.abs() / largest).min(1.0) } else { 0.0 };
    let width = 0.3 + (10.0 * (widest - 0.3) * share).round() / 10.0;
    if w < 0.0 {
        Pen { color: NEGATIVE, width, dash: DASH }
    } else {
        Pen { color: POSITIVE, width, dash: "" }
    }
}

/// Shades a neuron by its activation between 0 and 1, or the layer's own span where that is wider.
fn fill(activations: &[f64], index: usize) -> Rgb {
    let low = activations.iter().copied().fold(0.0, f64::min);
    let high = activations.iter().copied().fold(1.0, f64::max);
    shade(&BLUES, (activations[index] - low) / (high - low))
}

/// Gives the room that the names beside a column need.
fn room(names: &Option<Vec<String>>) -> f64 {
    let names = names.iter().flatten().map(|name| width(name, PLAIN.size) + 8.0);
    names.fold(0.0, f64::max).min(NAME + 8.0)
}

/// Lists the parameters of a layer.
fn numbers(layer: &Layer) -> String {
    let list = |values: &mut dyn Iterator<Item = f32>| {
        values.map(|value| number(f64::from(value))).collect::<Vec<_>>().join(", ")
    };
    let rows = layer.w.rows().into_iter().map(|row| list(&mut row.iter().copied()));
    let rows: Vec<String> = rows.collect();
    format!("W = [{}], b = [{}]", rows.join("; "), list(&mut layer.b.iter().copied()))
}

fn weight_range(layer: &Layer) -> String {
    let finite = || layer.w.iter().copied().filter(|w| w.is_finite());
    let low = finite().fold(f32::INFINITY, f32::min);
    let high = finite().fold(f32::NEG_INFINITY, f32::max);
    let missing = layer.w.len() - finite().count();
    match missing {
        0 => format!("weights {} to {}", number(f64::from(low)), number(f64::from(high))),
        n => format!("{n} of {} weights are not finite", layer.w.len()),
    }
}

/// Lists a few values, and of many their range.
fn short_list(values: &[f64]) -> String {
    if values.len() <= MOST {
        return values.iter().map(|value| digits(*value, 3)).collect::<Vec<_>>().join(", ");
    }
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    format!("from {} to {}", digits(low, 3), digits(high, 3))
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

    #[test]
    fn an_edge_tells_sign_and_size() {
        let (thin, wide, negative) =
            (edge(0.1, 1.0, 3.0), edge(1.0, 1.0, 3.0), edge(-1.0, 1.0, 3.0));
        assert!(thin.width < wide.width && wide.width == negative.width);
        assert!(wide.color != negative.color && wide.dash != negative.dash);
    }
}
