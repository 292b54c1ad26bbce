//! Bars side by side: how many examples each class has, how the errors spread.

use crate::figure::{Figure, Words};
use crate::parts::axis::{Axis, rounded_outwards};
use crate::parts::frame::{self, Plot};
use crate::parts::legend;
use crate::parts::palette::{INK, line_style};
use crate::parts::svg::{Area, Font, MARGIN, PLAIN, Pen, Svg, WIDTH};
use crate::parts::text::{digits, number, one_line, width};
use crate::setters::{axis_setters, common_methods};

/// A bar per label and series, with its value above it.
///
/// ```
/// use backprop_figures::Bars;
///
/// let figure = Bars::new("Examples per class", &["0", "1"]).counts("training set", &[3, 5]).draw();
/// assert_eq!(
///     figure.alt(),
///     "Examples per class. Bar chart; training set: 0: 3, 1: 5."
/// );
/// ```
#[derive(Clone, Debug)]
#[must_use = "bars are shown by ending a cell with them"]
pub struct Bars {
    words: Words,
    labels: Vec<String>,
    x_name: String,
    y_name: String,
    series: Vec<(String, Vec<f64>)>,
}

/// Height of the coordinate system with its labels, in pixels.
const HEIGHT: f64 = 340.0;
/// How full a bar is painted: the second series looks open, so that greys tell them apart, too.
const OPACITY: [f64; 3] = [0.9, 0.25, 0.55];

impl Bars {
    /// Starts a figure with a place for each label.
    pub fn new(title: &str, labels: &[&str]) -> Self {
        Bars {
            words: Words::new(title),
            labels: labels.iter().map(|label| one_line(label)).collect(),
            x_name: String::new(),
            y_name: String::new(),
            series: Vec::new(),
        }
    }

    axis_setters!();

    /// Adds a series: one value per label.
    pub fn series(mut self, name: &str, values: &[f64]) -> Self {
        self.series.push((one_line(name), values.to_vec()));
        self
    }

    /// Adds a series of counts: one per label.
    pub fn counts(self, name: &str, counts: &[usize]) -> Self {
        let values: Vec<f64> = counts.iter().map(|count| *count as f64).collect();
        self.series(name, &values)
    }

    common_methods!();

    /// Draws the figure.
    pub fn draw(&self) -> Figure {
        let problems = self.problems();
        if !problems.is_empty() {
            return self.words.message(&problems);
        }
        let x = Axis::names(&self.x_name, &self.labels);
        let (low, high) = self.range();
        let y = Axis::linear(&self.y_name, low, high, false);
        let labels = (frame::widest_label(&x) + 10.0) * self.labels.len() as f64;
        let mut svg = Svg::new(WIDTH.max(2.0 * MARGIN + frame::left_of(&y) + labels));

        let top = svg.heading(&self.words.title);
        let room = frame::room(top, svg.width, HEIGHT);
        let plot = frame::draw(&mut svg, &x, &y, &room, false);
        self.draw_bars(&mut svg, &plot);
        let bottom = self.draw_legend(&mut svg, plot.area.left, room.bottom);
        self.words.figure(svg, bottom + MARGIN, &self.gist())
    }

    /// Says what keeps the figure from being drawn.
    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.labels.is_empty() || self.series.is_empty() {
            problems.push(
                "it has no bar yet: it needs labels and at least one .series(name, values)".into(),
            );
        }
        for (name, values) in &self.series {
            if values.len() != self.labels.len() {
                problems.push(format!(
                    "“{name}” has {} values for {} labels",
                    values.len(),
                    self.labels.len()
                ));
            }
        }
        problems
    }

    /// Spans all values and zero, with some air for the numbers at the bars' ends.
    fn range(&self) -> (f64, f64) {
        let values = || self.series.iter().flat_map(|(_, values)| values);
        let finite = || values().copied().filter(|value| value.is_finite());
        let (low, high) = (finite().fold(0.0, f64::min), finite().fold(0.0, f64::max));
        let air = 0.06 * (high - low);
        rounded_outwards(if low < 0.0 { low - air } else { 0.0 }, high + air)
    }

    fn draw_bars(&self, svg: &mut Svg, plot: &Plot) {
        let series = self.series.len() as f64;
        // A fifth of the place stays free between the groups.
        let step = 0.8 / series;
        for (number, (_, values)) in self.series.iter().enumerate() {
            for (place, value) in values.iter().enumerate() {
                let left = place as f64 + 0.1 + number as f64 * step;
                let corners = (plot.at(left, *value), plot.at(left + step, 0.0));
                if let (Some((left, end)), Some((right, zero))) = corners {
                    let (color, opacity) = bar_style(number);
                    let bar = Area {
                        left: left + 1.0,
                        top: end.min(zero),
                        right: right - 1.0,
                        bottom: end.max(zero),
                    };
                    svg.rectangle(&bar, color, opacity, color);
                    self.draw_value(svg, &bar, *value);
                }
            }
        }
        if let Some(zero) = plot.height(0.0) {
            let ends = [(plot.area.left, zero), (plot.area.right, zero)];
            svg.polyline(&ends, &Pen { color: INK, width: 1.0, dash: "" });
        }
    }

    /// Writes a value at the end of its bar, upwards where the bars are narrow.
    fn draw_value(&self, svg: &mut Svg, bar: &Area, value: f64) {
        let widest = self.series.iter().flat_map(|(_, values)| values);
        let widest = widest.map(|value| width(&digits(*value, 3), 11.0)).fold(0.0, f64::max);
        let middle = (bar.left + bar.right) / 2.0;
        let text = digits(value, 3);
        let font = Font { size: 11.0, anchor: "middle", ..PLAIN };
        if widest <= bar.width() + 4.0 {
            let y = if value < 0.0 { bar.bottom + 13.0 } else { bar.top - 5.0 };
            svg.text(middle, y, &text, &font);
        } else if bar.width() >= 8.0 {
            let (anchor, y) =
                if value < 0.0 { ("end", bar.bottom + 5.0) } else { ("start", bar.top - 5.0) };
            svg.text(middle + 4.0, y, &text, &Font { anchor, upwards: true, ..font });
        }
    }

    fn draw_legend(&self, svg: &mut Svg, left: f64, top: f64) -> f64 {
        let mut entries = Vec::new();
        for (index, (name, _)) in self.series.iter().enumerate() {
            let (color, opacity) = bar_style(index);
            entries.push(legend::Entry { name, key: legend::Key::Bar(color, opacity) });
        }
        legend::draw(svg, &entries, left, top)
    }

    /// Says what the bars show.
    fn gist(&self) -> String {
        let series = self.series.iter().map(|(name, values)| {
            let values = std::iter::zip(&self.labels, values)
                .map(|(label, value)| format!("{label}: {}", number(*value)));
            let values: Vec<String> = values.collect();
            match name.as_str() {
                "" => values.join(", "),
                name => format!("{name}: {}", values.join(", ")),
            }
        });
        let series: Vec<String> = series.collect();
        let of =
            if self.y_name.is_empty() { String::new() } else { format!(" of {}", self.y_name) };
        let over =
            if self.x_name.is_empty() { String::new() } else { format!(" by {}", self.x_name) };
        format!("Bar chart{of}{over}; {}.", series.join("; "))
    }
}

/// Gives colour and opacity of the bars of series number `index`.
fn bar_style(index: usize) -> (&'static str, f64) {
    (line_style(index).color, OPACITY[index % OPACITY.len()])
}
