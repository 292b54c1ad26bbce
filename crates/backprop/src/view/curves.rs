//! Lines over a common axis: losses and accuracies over the epochs, gradients over the layers.

use super::axis::{Axis, padded, rounded_outwards};
use super::common_methods;
use super::figure::{Figure, Words};
use super::frame::{self, Plot};
use super::legend;
use super::palette::{GREY, LineStyle, line_style};
use super::svg::{Area, Font, MARGIN, PLAIN, Pen, Svg, WIDTH};
use super::text::{number, one_line, shortened, width};
use super::trend::trend;

/// Lines or points in a coordinate system.
///
/// ```
/// use backprop::view::Curves;
///
/// let figure = Curves::new("Training")
///     .x("epoch")
///     .y("running loss (nats)")
///     .series("sigmoid", &[1.32, 0.51, 0.38])
///     .horizontal("ln 10", 2.303)
///     .draw();
/// assert_eq!(
///     figure.alt(),
///     "Training. Line plot of running loss (nats) over epoch from 1 to 3: \
///      sigmoid falls from 1.32 to 0.38. Reference line: ln 10 at 2.303."
/// );
/// ```
#[derive(Clone, Debug)]
#[must_use = "curves are shown by ending a cell with them"]
pub struct Curves {
    words: Words,
    x_name: String,
    y_name: String,
    lines: Vec<Line>,
    references: Vec<(String, f64)>,
    log_x: bool,
    log_y: bool,
    points: bool,
    y_range: Option<(f64, f64)>,
}

#[derive(Clone, Debug)]
struct Line {
    name: String,
    xs: Vec<f64>,
    ys: Vec<f64>,
}

/// Height of the coordinate system with its labels, in pixels.
const HEIGHT: f64 = 350.0;
/// The most room for the name of a reference line, in pixels.
const REFERENCE: f64 = 150.0;
/// Up to so many points each gets its marker.
const MARK_ALL: usize = 31;

impl Curves {
    /// Starts a figure without lines.
    pub fn new(title: &str) -> Self {
        Curves {
            words: Words::new(title),
            x_name: String::new(),
            y_name: String::new(),
            lines: Vec::new(),
            references: Vec::new(),
            log_x: false,
            log_y: false,
            points: false,
            y_range: None,
        }
    }

    /// Names the horizontal axis, with its unit.
    pub fn x(mut self, name: &str) -> Self {
        self.x_name = one_line(name);
        self
    }

    /// Names the vertical axis, with its unit.
    pub fn y(mut self, name: &str) -> Self {
        self.y_name = one_line(name);
        self
    }

    /// Adds a line through the points (`xs[i]`, `ys[i]`); a value that is not finite leaves a gap.
    pub fn line(mut self, name: &str, xs: &[f64], ys: &[f64]) -> Self {
        self.lines.push(Line { name: one_line(name), xs: xs.to_vec(), ys: ys.to_vec() });
        self
    }

    /// Adds a line whose x counts 1, 2, 3, …: one value per epoch.
    pub fn series(self, name: &str, ys: &[f64]) -> Self {
        let xs: Vec<f64> = (1..=ys.len()).map(|i| i as f64).collect();
        self.line(name, &xs, ys)
    }

    /// Draws a thin line across at `y`, a value to compare with.
    pub fn horizontal(mut self, name: &str, y: f64) -> Self {
        self.references.push((one_line(name), y));
        self
    }

    /// Makes the horizontal axis logarithmic; values that are not above zero leave a gap.
    pub fn log_x(mut self) -> Self {
        self.log_x = true;
        self
    }

    /// Makes the vertical axis logarithmic; values that are not above zero leave a gap.
    pub fn log_y(mut self) -> Self {
        self.log_y = true;
        self
    }

    /// Draws the points alone, without the lines between them.
    pub fn points(mut self) -> Self {
        self.points = true;
        self
    }

    /// Sets the span of the vertical axis, so that figures can be compared.
    pub fn y_range(mut self, low: f64, high: f64) -> Self {
        self.y_range = Some((low, high));
        self
    }

    common_methods!();

    /// Draws the figure.
    pub fn draw(&self) -> Figure {
        let problems = self.problems();
        if !problems.is_empty() {
            return self.words.message(&problems);
        }
        let (x, y) = (self.x_axis(), self.y_axis());
        let mut svg = Svg::new(WIDTH);
        let top = svg.heading(&self.words.title);
        let mut room = frame::room(top, WIDTH, HEIGHT);
        room.right -= self.reference_room();

        let plot = frame::draw(&mut svg, &x, &y, &room, true);
        self.draw_references(&mut svg, &plot);
        for (index, line) in self.lines.iter().enumerate() {
            self.draw_line(&mut svg, &plot, line, index);
        }
        let bottom = self.draw_legend(&mut svg, plot.area.left, room.bottom);
        self.words.figure(svg, bottom + MARGIN, &self.gist())
    }

    /// Says what keeps the figure from being drawn.
    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for Line { name, xs, ys } in &self.lines {
            if xs.len() != ys.len() {
                problems.push(format!(
                    "“{name}” has {} x values and {} y values; a line needs one y for each x",
                    xs.len(),
                    ys.len()
                ));
            }
        }
        if let Some((low, high)) = self.y_range
            && !(low < high && high.is_finite() && low.is_finite() && (low > 0.0 || !self.log_y))
        {
            problems.push(format!(
                "y_range({low}, {high}) is no range: the first must be finite{} and below the second",
                if self.log_y { ", above 0" } else { "" }
            ));
        }
        if problems.is_empty()
            && !self.lines.iter().any(|line| self.drawable(line).next().is_some())
        {
            problems.push(match self.lines.len() {
                0 => "it has no line yet: add one with .line(name, xs, ys)".to_string(),
                _ => "no line has a value that can be drawn".to_string(),
            });
        }
        problems
    }

    /// Whether a point has a place on the axes.
    fn has_place(&self, x: f64, y: f64) -> bool {
        x.is_finite() && y.is_finite() && (x > 0.0 || !self.log_x) && (y > 0.0 || !self.log_y)
    }

    fn drawable<'a>(&'a self, line: &'a Line) -> impl Iterator<Item = (f64, f64)> + 'a {
        let points = line.xs.iter().copied().zip(line.ys.iter().copied());
        points.filter(|(x, y)| self.has_place(*x, *y))
    }

    fn x_axis(&self) -> Axis {
        let xs: Vec<f64> =
            self.lines.iter().flat_map(|line| self.drawable(line)).map(|(x, _)| x).collect();
        let (low, high) = span(&xs);
        if self.log_x {
            let (low, high) = padded(low.log10(), high.log10(), 0.02);
            return Axis::logarithmic(&self.x_name, 10f64.powf(low), 10f64.powf(high));
        }
        let whole = xs.iter().all(|x| x.fract() == 0.0);
        let (low, high) = padded(low, high, 0.02);
        Axis::linear(&self.x_name, low, high, whole)
    }

    fn y_axis(&self) -> Axis {
        let references =
            self.references.iter().map(|(_, y)| *y).filter(|y| self.has_place(1.0, *y));
        let values = self.lines.iter().flat_map(|line| self.drawable(line)).map(|(_, y)| y);
        let (low, high) = span(&values.chain(references).collect::<Vec<_>>());
        match (self.y_range, self.log_y) {
            (Some((low, high)), true) => Axis::logarithmic(&self.y_name, low, high),
            (Some((low, high)), false) => Axis::linear(&self.y_name, low, high, false),
            (None, true) => {
                let (low, high) = padded(low.log10(), high.log10(), 0.05);
                Axis::logarithmic(&self.y_name, 10f64.powf(low), 10f64.powf(high))
            }
            (None, false) => {
                // A loss that falls a good way is read against zero.
                let from_zero = low > 0.0 && low < 0.4 * high;
                let (low, high) = rounded_outwards(if from_zero { 0.0 } else { low }, high);
                Axis::linear(&self.y_name, low, high, false)
            }
        }
    }

    /// Gives the room to the right of the axes that the reference lines' names need.
    fn reference_room(&self) -> f64 {
        let widths = self.references.iter().map(|(name, _)| width(name, PLAIN.size) + 8.0);
        widths.fold(0.0, f64::max).min(REFERENCE + 8.0)
    }

    fn draw_references(&self, svg: &mut Svg, plot: &Plot) {
        let mut named: Vec<(f64, &str)> = Vec::new();
        for (name, value) in &self.references {
            let y = plot.height(*value);
            if let Some(y) = y.filter(|y| within(plot, (plot.area.left, *y))) {
                let ends = [(plot.area.left, y), (plot.area.right, y)];
                svg.polyline(&ends, &Pen { color: GREY, width: 1.2, dash: "3 3" });
                named.push((y, name));
            }
        }
        named.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut free_from = f64::NEG_INFINITY;
        for (y, name) in named {
            // Names of lines that lie close together move apart.
            let y = y.max(free_from);
            let name = shortened(name, PLAIN.size, REFERENCE);
            svg.text(plot.area.right + 6.0, y + 4.0, &name, &Font { color: GREY, ..PLAIN });
            free_from = y + 14.0;
        }
    }

    fn draw_line(&self, svg: &mut Svg, plot: &Plot, line: &Line, index: usize) {
        let style = line_style(index);
        let places: Vec<Option<(f64, f64)>> = std::iter::zip(&line.xs, &line.ys)
            .map(|(x, y)| plot.at(*x, *y).filter(|place| within(plot, *place)))
            .collect();
        let drawn: Vec<(f64, f64)> = places.iter().flatten().copied().collect();
        if self.points {
            // More markers than this cannot be told apart, and would swell the file.
            let every = drawn.len().div_ceil(1_500).max(1);
            for place in drawn.into_iter().step_by(every) {
                svg.marker(place, style.marker, style.color);
            }
            return;
        }
        let LineStyle { color, dash, marker } = style;
        for run in places.split(Option::is_none).filter(|run| !run.is_empty()) {
            let run: Vec<(f64, f64)> = run.iter().flatten().copied().collect();
            let pen = if zigzags(&run) {
                // Dashes on a line that goes up and down all the time would only be more noise.
                Pen { color, width: 0.7, dash: "" }
            } else {
                Pen { color, width: 2.0, dash }
            };
            match run[..] {
                [lone] => svg.marker(lone, marker, color),
                _ => svg.polyline(&thinned(&run), &pen),
            }
        }
        if zigzags(&drawn) {
            return;
        }
        for place in marked(&drawn, index) {
            svg.marker(place, marker, color);
        }
    }

    fn draw_legend(&self, svg: &mut Svg, left: f64, top: f64) -> f64 {
        let mut entries = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            let style = line_style(index);
            entries.push(legend::Entry {
                name: &line.name,
                key: if self.points { legend::Key::Point(style) } else { legend::Key::Line(style) },
            });
        }
        legend::draw(svg, &entries, left, top)
    }

    /// Says what the lines show.
    fn gist(&self) -> String {
        let kind = if self.points { "Scatter plot" } else { "Line plot" };
        let y = if self.y_name.is_empty() { "y" } else { &self.y_name };
        let x = if self.x_name.is_empty() { "x" } else { &self.x_name };
        let xs: Vec<f64> =
            self.lines.iter().flat_map(|line| self.drawable(line)).map(|(x, _)| x).collect();
        let (first, last) = span(&xs);
        let log = |log: bool| if log { ", on a logarithmic axis," } else { "" };
        let trend = |line: &Line| {
            let points: Vec<(f64, f64)> = self.drawable(line).collect();
            trend(&line.name, &points, line.xs.len() - points.len(), self.log_x || self.log_y)
        };
        let lines: Vec<String> = self.lines.iter().map(trend).collect();
        let mut gist = format!(
            "{kind} of {y}{} over {x}{} from {} to {}: {}.",
            log(self.log_y),
            log(self.log_x),
            number(first),
            number(last),
            lines.join("; ")
        );
        if !self.references.is_empty() {
            let lines = self.references.iter().map(|(name, y)| format!("{name} at {}", number(*y)));
            let plural = if self.references.len() == 1 { "" } else { "s" };
            let lines: Vec<String> = lines.collect();
            gist.push_str(&format!(" Reference line{plural}: {}.", lines.join(", ")));
        }
        gist
    }
}

/// Gives the smallest and the largest value.
fn span(values: &[f64]) -> (f64, f64) {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    (low, values.iter().copied().fold(f64::NEG_INFINITY, f64::max))
}

/// Whether a pixel lies in the coordinate system, give or take a rounding.
fn within(plot: &Plot, (x, y): (f64, f64)) -> bool {
    let Area { left, top, right, bottom } = plot.area;
    (left - 1.0..=right + 1.0).contains(&x) && (top - 1.0..=bottom + 1.0).contains(&y)
}

/// Whether a line is many times as long as the figure is wide, as the loss of each mini-batch is.
fn zigzags(points: &[(f64, f64)]) -> bool {
    let steps = points.windows(2).map(|pair| (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1));
    steps.sum::<f64>() > 6.0 * WIDTH
}

/// Chooses the points that get a marker: all of a few, about eight of many, not the same in each line.
fn marked(points: &[(f64, f64)], index: usize) -> Vec<(f64, f64)> {
    if points.len() <= MARK_ALL {
        return points.to_vec();
    }
    let every = points.len() / 8;
    let first = (every / 2 + index * every / 4) % every;
    points.iter().copied().skip(first).step_by(every).collect()
}

/// Keeps of each column of pixels the first, lowest, highest and last point: the line looks the
/// same, and its file stays small with one point per mini-batch, too.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if points.len() <= 1_500 {
        return points.to_vec();
    }
    let mut kept = Vec::new();
    for column in points.chunk_by(|a, b| a.0.floor() == b.0.floor()) {
        let by_height = |&a: &usize, &b: &usize| column[a].1.total_cmp(&column[b].1);
        let low = (0..column.len()).min_by(by_height).unwrap_or(0);
        let high = (0..column.len()).max_by(by_height).unwrap_or(0);
        let mut indices = vec![0, low, high, column.len() - 1];
        indices.sort_unstable();
        indices.dedup();
        kept.extend(indices.into_iter().map(|i| column[i]));
    }
    kept
}
