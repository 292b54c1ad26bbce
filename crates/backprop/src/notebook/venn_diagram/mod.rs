//! Which inputs each unit of a layer answers to: half-planes that overlap.

mod half_plane;
mod unit;

use crate::network::layer::Layer;
use backprop_figures::parts::axis::Axis;
use backprop_figures::parts::bundle::emit;
use backprop_figures::parts::frame;
use backprop_figures::parts::legend;
use backprop_figures::parts::palette::{LineStyle, line_style};
use backprop_figures::parts::svg::{Area, MARGIN, Piece, Svg, WIDTH};
use backprop_figures::parts::text::{digits, number};
use backprop_figures::sliders::{self, Motion, Slider};
use backprop_figures::{Figure, Words};
use half_plane::{draw_active, draw_line, hatching};
use serde_json::json;
use unit::{MOST, Unit};

/// The plane of two inputs, shaded and hatched where each unit is active: w·x + b > 0.
///
/// For a sigmoid unit that is where its activation is above 1/2. An arrow leads from each line
/// w·x + b = 0 to the side on which the unit is active. In a notebook, and in a page that was made of
/// it, sliders change the weights and biases, and the lines move; where scripts do not run the diagram
/// stands as it was made.
///
/// ```
/// use backprop::prelude::*;
/// use backprop::view::VennDiagram;
///
/// let w = array![[1.0, 0.0], [0.0, -1.0]];
/// let layer = Layer { w, b: array![0.0, 0.5], activation: Activation::Sigmoid };
/// let figure = VennDiagram::new("Two units", &layer).range(-1.0, 1.0).draw();
/// assert_eq!(
///     figure.alt(),
///     "Two units. The plane of the inputs x₁ and x₂ from −1 to 1: \
///      unit 1 is active where 1 x₁ + 0 x₂ + 0 > 0, on 50 %; \
///      unit 2 is active where 0 x₁ − 1 x₂ + 0.5 > 0, on 75 %. \
///      All are active on 37.5 %, none on 12.5 %."
/// );
/// ```
#[derive(Clone, Debug)]
#[must_use = "a diagram is shown by ending a cell with it"]
pub struct VennDiagram {
    words: Words,
    layer: Layer,
    range: (f64, f64),
}

/// Width and height of the coordinate system with its labels, in pixels.
const SIDE: f64 = 440.0;
/// The shares of the plane are counted on so many points each way.
const POINTS: usize = 400;

impl VennDiagram {
    /// Takes a layer of two inputs.
    pub fn new(title: &str, layer: &Layer) -> Self {
        VennDiagram { words: Words::new(title), layer: layer.clone(), range: (-2.0, 2.0) }
    }

    /// Sets the span of both inputs, −2 to 2 unless told.
    pub fn range(mut self, low: f64, high: f64) -> Self {
        self.range = (low, high);
        self
    }

    backprop_figures::word_setters!();

    /// Draws the diagram as it was made, as a figure that does not move.
    pub fn draw(&self) -> Figure {
        match self.problems().as_slice() {
            [] => self.picture().0,
            problems => self.words.message(problems),
        }
    }

    /// Gives the diagram as HTML: the picture, and the script that sets sliders below it.
    pub fn html(&self) -> String {
        if !self.problems().is_empty() {
            return self.draw().html();
        }
        let (figure, plot) = self.picture();
        sliders::html(&figure, &self.motion(plot))
    }

    /// Gives what [`evcxr_display`](VennDiagram::evcxr_display) writes: HTML, SVG and text as one
    /// result.
    pub fn bundle(&self) -> String {
        sliders::renditions(&self.draw(), self.html())
    }

    /// Shows the diagram as the result of a notebook cell; the kernel calls it.
    pub fn evcxr_display(&self) {
        emit(&self.bundle());
    }

    /// Draws the diagram, and says where the plane lies in it.
    fn picture(&self) -> (Figure, Area) {
        let (low, high) = self.range;
        let [x, y] = ["input x₁", "input x₂"].map(|name| Axis::linear(name, low, high, false));
        let mut svg = Svg::new(WIDTH);
        let top = svg.heading(&self.words.title);
        let left = (WIDTH - SIDE) / 2.0;
        let room = Area { left, top, right: left + SIDE, bottom: top + SIDE };
        let plot = frame::draw(&mut svg, &x, &y, &room, false);

        for (index, unit) in self.units().enumerate() {
            draw_active(&mut svg, &plot, &unit, index);
        }
        for (index, unit) in self.units().enumerate() {
            draw_line(&mut svg, &plot, &unit, index);
        }
        svg.rectangle(&plot.area, "none", 1.0, "#999999");
        let bottom = self.draw_legend(&mut svg, room.bottom);
        (self.words.figure(svg, bottom + MARGIN, &self.gist()), plot.area)
    }

    /// Gives each unit a row, since its sum may become longer; gives the y below.
    fn draw_legend(&self, svg: &mut Svg, top: f64) -> f64 {
        svg.push(r#"<g data-part="legend">"#);
        let bottom = (1..).zip(self.units()).fold(top, |bottom, (n, unit)| {
            let LineStyle { color, dash, .. } = line_style(n - 1);
            let (name, key) = (format!("{n}: {} > 0", unit.sum()), legend::Key::Edge(color, dash));
            legend::draw(svg, &[legend::Entry { name: &name, key }], MARGIN, bottom)
        });
        svg.push("</g>");
        bottom
    }

    /// A slider for each weight and bias, a row for each unit; all have the same range.
    fn motion(&self, Area { left, top, right, bottom }: Area) -> Motion {
        let largest = self.layer.w.iter().chain(&self.layer.b).fold(0_f32, |l, v| l.max(v.abs()));
        let limit = if largest > 0.0 { 1.25 * f64::from(largest) } else { 1.0 };
        let slider = |n: usize, what: &str, value: f64| {
            let name = format!("unit {n}: {what}");
            Slider { name, low: -limit, high: limit, step: None, value }
        };
        let row = |(n, Unit { w, b }): (usize, Unit)| {
            vec![slider(n, "w₁", w[0]), slider(n, "w₂", w[1]), slider(n, "b", b)]
        };
        let lines = |index| -> Vec<Piece> { hatching(Area { left, top, right, bottom }, index) };
        let data = json!({
            "area": [left, top, right, bottom],
            "range": [self.range.0, self.range.1],
            "points": POINTS,
            "hatching": (0..self.layer.b.len()).map(lines).collect::<Vec<_>>(),
            "beginning": self.beginning(),
        });
        let rows = (1..).zip(self.units()).map(row).collect();
        Motion { rows, script: include_str!("venn_diagram.js"), data }
    }

    /// Says what keeps the figure from being drawn.
    fn problems(&self) -> Vec<String> {
        let (units, inputs) = self.layer.w.dim();
        let mut problems = Vec::new();
        if inputs != 2 || self.layer.b.len() != units || units == 0 {
            problems.push(format!(
                "a layer with W of {units} × {inputs} and b of {}: the plane has two inputs, W is n × 2 and b n",
                self.layer.b.len()
            ));
        }
        if units > MOST {
            problems.push(format!("{units} units hide each other; up to {MOST} can be drawn"));
        }
        if !self.layer.w.iter().chain(&self.layer.b).all(|value| value.is_finite()) {
            problems.push("a weight or bias is not finite".to_owned());
        }
        let (low, high) = self.range;
        if !(low < high && low.is_finite() && high.is_finite()) {
            problems.push(format!("range({low}, {high}) is no range"));
        }
        problems
    }

    fn units(&self) -> impl Iterator<Item = Unit> {
        let rows = self.layer.w.rows().into_iter().zip(&self.layer.b);
        rows.map(|(w, b)| Unit { w: [f64::from(w[0]), f64::from(w[1])], b: f64::from(*b) })
    }

    /// Says which inputs the units answer to.
    fn gist(&self) -> String {
        let (low, high) = self.range;
        let at = |i: usize| low + (high - low) * (i as f64 + 0.5) / POINTS as f64;
        let units: Vec<Unit> = self.units().collect();
        let (mut active, mut all, mut none) = (vec![0; units.len()], 0, 0);
        for point in 0..POINTS * POINTS {
            let (x, y) = (at(point % POINTS), at(point / POINTS));
            let answers: Vec<bool> = units.iter().map(|unit| unit.z(x, y) > 0.0).collect();
            for (count, answer) in active.iter_mut().zip(&answers) {
                *count += usize::from(*answer);
            }
            all += usize::from(answers.iter().all(|answer| *answer));
            none += usize::from(!answers.contains(&true));
        }
        let share = |count: usize| digits(100.0 * count as f64 / (POINTS * POINTS) as f64, 3);
        let units = (1..).zip(&units).zip(&active).map(|((n, unit), count)| {
            format!("unit {n} is active where {} > 0, on {} %", unit.sum(), share(*count))
        });
        let units: Vec<String> = units.collect();
        format!(
            "{}{}. All are active on {} %, none on {} %.",
            self.beginning(),
            units.join("; "),
            share(all),
            share(none)
        )
    }

    fn beginning(&self) -> String {
        let (low, high) = (number(self.range.0), number(self.range.1));
        format!("The plane of the inputs x₁ and x₂ from {low} to {high}: ")
    }
}
