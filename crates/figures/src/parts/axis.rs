//! An axis: which values it spans, where its tick marks stand and what is written beside them.

use super::text::{digits, number, power_of_ten};

/// An axis whose places are the values themselves, or their log₁₀ on a logarithmic axis.
pub struct Axis {
    /// Quantity and unit.
    pub name: String,
    log: bool,
    /// The place where the axis begins.
    pub low: f64,
    /// The place where it ends.
    pub high: f64,
    /// Place and label of each tick mark.
    pub ticks: Vec<(f64, String)>,
    /// Places of the unlabelled grid lines between the decades.
    pub minor: Vec<f64>,
}

/// The most labels that an axis gets by itself.
const LABELS: f64 = 8.0;

impl Axis {
    /// Spans `low` to `high` evenly; `whole` keeps the labels to whole numbers (epochs).
    pub fn linear(name: &str, low: f64, high: f64, whole: bool) -> Self {
        let ticks = linear_ticks(low, high, whole);
        Axis { name: name.to_string(), log: false, low, high, ticks, minor: Vec::new() }
    }

    /// Spans `low` to `high`, both above zero, in equal steps per decade.
    pub fn logarithmic(name: &str, low: f64, high: f64) -> Self {
        let (ticks, minor) = logarithmic_ticks(low, high);
        Axis {
            name: name.to_string(),
            log: true,
            low: low.log10(),
            high: high.log10(),
            ticks,
            minor,
        }
    }

    /// Gives each name a place of width 1, the first at 0.
    pub fn names(name: &str, names: &[String]) -> Self {
        let ticks = names.iter().enumerate().map(|(i, name)| (i as f64 + 0.5, name.clone()));
        Axis {
            name: name.to_string(),
            log: false,
            low: 0.0,
            high: names.len() as f64,
            ticks: ticks.collect(),
            minor: Vec::new(),
        }
    }

    /// Turns the axis round: what stood first stands last (the rows of a matrix start at the top).
    pub fn reversed(self) -> Self {
        Axis { low: self.high, high: self.low, ..self }
    }

    /// Keeps every second, third, … label only, so that at most `most` stay.
    pub fn thinned(mut self, most: usize) -> Self {
        let every = self.ticks.len().div_ceil(most.max(1)).max(1);
        self.ticks = self.ticks.into_iter().step_by(every).collect();
        self
    }

    /// Gives a value's place on the axis as a share of its length; `None` where it has none.
    pub fn share(&self, value: f64) -> Option<f64> {
        let place = if self.log { value.log10() } else { value };
        let share = (place - self.low) / (self.high - self.low);
        share.is_finite().then_some(share)
    }
}

/// Widens a span to whole steps of its tick marks, and a span of nothing to one that shows its value.
pub fn rounded_outwards(low: f64, high: f64) -> (f64, f64) {
    let (low, high) = opened(low, high);
    let step = nice_step((high - low) / LABELS);
    // A hair of tolerance: 0.3 / 0.1 must count as 3.
    ((low / step + 1e-9).floor() * step, (high / step - 1e-9).ceil() * step)
}

/// Widens a span by a share of itself at both ends.
pub fn padded(low: f64, high: f64, share: f64) -> (f64, f64) {
    let (low, high) = opened(low, high);
    let room = share * (high - low);
    (low - room, high + room)
}

/// Gives a span that has a length.
fn opened(low: f64, high: f64) -> (f64, f64) {
    // Below this relative length the labels of neighbouring tick marks would read alike.
    if high - low > 1e-9 * low.abs().max(high.abs()) {
        return (low, high);
    }
    let room = if low == 0.0 { 1.0 } else { 0.1 * low.abs() };
    (low - room, high + room)
}

/// Rounds a step up to 1, 2 or 5 times a power of ten.
fn nice_step(step: f64) -> f64 {
    let power = 10f64.powf(step.log10().floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= step * 0.999);
    factor.unwrap_or(10.0) * power
}

fn linear_ticks(low: f64, high: f64, whole: bool) -> Vec<(f64, String)> {
    let step = nice_step((high - low) / LABELS);
    let step = if whole { step.max(1.0) } else { step };
    let first = (low / step - 1e-9).ceil();
    let count = ((high / step + 1e-9).floor() - first).max(0.0) as usize + 1;
    let values = (0..count).map(|i| (first + i as f64) * step);
    values.map(|value| (value, label(value, step))).collect()
}

/// Labels a tick mark with the decimals that its step needs.
fn label(value: f64, step: f64) -> String {
    if value == 0.0 {
        return "0".to_string();
    }
    let decimals = -(step.log10() + 1e-9).floor();
    if step.fract() == 0.0 || !(1.0..=6.0).contains(&decimals) {
        return digits(value, 6);
    }
    let sign = if value < 0.0 { "−" } else { "" };
    format!("{sign}{:.*}", decimals as usize, value.abs())
}

/// Gives labelled ticks and the places of the minor lines of a logarithmic axis, as log₁₀.
fn logarithmic_ticks(low: f64, high: f64) -> (Vec<(f64, String)>, Vec<f64>) {
    let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    let inside = |value: &f64| (low..=high).contains(value);
    let multiples = |factors: &[f64]| -> Vec<f64> {
        let all = (first..=last).flat_map(|e| factors.iter().map(move |f| f * 10f64.powi(e)));
        all.filter(inside).collect()
    };

    let powers: Vec<i32> = (first..=last).filter(|e| inside(&10f64.powi(*e))).collect();
    let minor = if powers.len() > 8 {
        Vec::new()
    } else {
        let places = multiples(&[2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
        places.into_iter().map(f64::log10).collect()
    };
    if powers.len() >= 3 {
        let plain = powers.iter().all(|e| (-4..=4).contains(e));
        let name = |e: i32| if plain { number(10f64.powi(e)) } else { power_of_ten(e) };
        let every = powers.len().div_ceil(LABELS as usize);
        let ticks = powers.into_iter().step_by(every).map(|e| (f64::from(e), name(e)));
        return (ticks.collect(), minor);
    }
    let steps = multiples(&[1.0, 2.0, 5.0]);
    if steps.len() >= 2 {
        return (steps.into_iter().map(|value| (value.log10(), number(value))).collect(), minor);
    }
    // Less than a decade without a round number in it: label it as an even axis would be.
    let ticks = linear_ticks(low, high, false);
    (ticks.into_iter().map(|(value, label)| (value.log10(), label)).collect(), Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: Axis) -> Vec<String> {
        axis.ticks.into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn ticks_are_round_and_written_alike() {
        assert_eq!(
            labels(Axis::linear("", 0.0, 1.4, false)),
            ["0", "0.2", "0.4", "0.6", "0.8", "1.0", "1.2", "1.4"]
        );
        assert_eq!(
            labels(Axis::linear("", -0.25, 0.3, false)),
            ["−0.2", "−0.1", "0", "0.1", "0.2", "0.3"]
        );
        assert_eq!(
            labels(Axis::linear("", 0.0, 6742.0, false)),
            ["0", "1,000", "2,000", "3,000", "4,000", "5,000", "6,000"]
        );
    }

    #[test]
    fn epochs_have_whole_labels() {
        assert_eq!(labels(Axis::linear("", 1.0, 3.0, true)), ["1", "2", "3"]);
        assert_eq!(
            labels(Axis::linear("", 1.0, 15.0, true)),
            ["2", "4", "6", "8", "10", "12", "14"]
        );
    }

    #[test]
    fn logarithmic_labels_suit_their_span() {
        assert_eq!(labels(Axis::logarithmic("", 0.0005, 2.0)), ["0.001", "0.01", "0.1", "1"]);
        assert_eq!(labels(Axis::logarithmic("", 1e-8, 1e-5)), ["10⁻⁸", "10⁻⁷", "10⁻⁶", "10⁻⁵"]);
        assert_eq!(labels(Axis::logarithmic("", 0.2, 1.5)), ["0.2", "0.5", "1"]);
        assert_eq!(
            labels(Axis::logarithmic("", 2.291, 2.303)),
            ["2.292", "2.294", "2.296", "2.298", "2.300", "2.302"]
        );
    }

    #[test]
    fn a_span_of_nothing_is_opened() {
        assert_eq!(rounded_outwards(0.0, 0.0), (-1.0, 1.0));
        let (low, high) = rounded_outwards(2.3, 2.3);
        assert!(low < 2.3 && 2.3 < high);
    }
}
