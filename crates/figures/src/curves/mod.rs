//! Lines over a common axis: losses and accuracies over the epochs, gradients over the layers.

mod axes;
mod gist;
mod lines;
mod trend;

use crate::figure::{Figure, Words};
use crate::parts::frame;
use crate::parts::palette::LineStyle;
use crate::parts::svg::{MARGIN, Svg, WIDTH};
use crate::parts::text::one_line;
use crate::setters::{axis_setters, common_methods};

/// Lines or points in a coordinate system.
///
/// ```
/// use backprop_figures::Curves;
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
    /// Which line has which colour and dash, where it was said.
    styles: Vec<(usize, LineStyle)>,
}

#[derive(Clone, Debug)]
struct Line {
    name: String,
    xs: Vec<f64>,
    ys: Vec<f64>,
    kind: Kind,
}

/// What is drawn beside the line itself.
#[derive(Clone, Debug)]
enum Kind {
    Plain,
    /// What lies between the lowest and the highest values.
    Band {
        low: Vec<f64>,
        high: Vec<f64>,
    },
    /// Arrows from point to point, numbered from 0.
    Steps,
}

/// Height of the coordinate system with its labels, in pixels.
const HEIGHT: f64 = 350.0;

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
            styles: Vec::new(),
        }
    }

    axis_setters!();

    /// Adds a line through the points (`xs[i]`, `ys[i]`); a value that is not finite leaves a gap.
    pub fn line(self, name: &str, xs: &[f64], ys: &[f64]) -> Self {
        self.push(name, xs, ys, Kind::Plain)
    }

    /// Adds a line with a band around it, from `low[i]` to `high[i]` at `xs[i]`: mean ± standard
    /// deviation, or the smallest and the largest of several runs; the caption says which.
    pub fn band(self, name: &str, xs: &[f64], ys: &[f64], low: &[f64], high: &[f64]) -> Self {
        self.push(name, xs, ys, Kind::Band { low: low.to_vec(), high: high.to_vec() })
    }

    /// Adds the mean of several runs (`runs[r][i]` belongs to `xs[i]`) and a band from the lowest
    /// run to the highest.
    ///
    /// ```
    /// use backprop_figures::Curves;
    ///
    /// let runs = [vec![0.5, 0.75], vec![0.75, 1.0]];
    /// let figure = Curves::new("Two seeds").runs("accuracy", &[60.0, 600.0], &runs).draw();
    /// assert_eq!(
    ///     figure.alt(),
    ///     "Two seeds. Line plot of y over x from 60 to 600: \
    ///      accuracy rises from 0.625 to 0.875, band 0.5 to 0.75 at 60, 0.75 to 1 at 600."
    /// );
    /// ```
    pub fn runs(self, name: &str, xs: &[f64], runs: &[Vec<f64>]) -> Self {
        let value = |run: &Vec<f64>, i: usize| run.get(i).copied().unwrap_or(f64::NAN);
        let fold = |start: f64, with: fn(f64, f64) -> f64| -> Vec<f64> {
            (0..xs.len()).map(|i| runs.iter().map(|run| value(run, i)).fold(start, with)).collect()
        };
        let sums = fold(0.0, |sum, y| sum + y);
        // Where one run has no value the mean has none, and the band a gap.
        let means: Vec<f64> = sums.iter().map(|sum| sum / runs.len() as f64).collect();
        let (low, high) = (fold(f64::INFINITY, f64::min), fold(f64::NEG_INFINITY, f64::max));
        self.band(name, xs, &means, &low, &high)
    }

    /// Adds steps from point to point as arrows, numbered from 0: a descent x ← x − α f′(x).
    pub fn steps(self, name: &str, xs: &[f64], ys: &[f64]) -> Self {
        self.push(name, xs, ys, Kind::Steps)
    }

    fn push(mut self, name: &str, xs: &[f64], ys: &[f64], kind: Kind) -> Self {
        self.lines.push(Line { name: one_line(name), xs: xs.to_vec(), ys: ys.to_vec(), kind });
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

    /// Gives the line that was added last colour and dash number so and so, from 0: lines that have
    /// something in common can share one of them.
    pub fn style(mut self, color: usize, dash: usize) -> Self {
        if let Some(last) = self.lines.len().checked_sub(1) {
            self.styles.push((last, LineStyle::of(color, dash)));
        }
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
            self.draw_band(&mut svg, &plot, line, self.style_of(index));
        }
        for (index, line) in self.lines.iter().enumerate() {
            self.draw_line(&mut svg, &plot, line, index);
        }
        self.number_steps(&mut svg, &plot);
        let bottom = self.draw_legend(&mut svg, plot.area.left, room.bottom);
        self.words.figure(svg, bottom + MARGIN, &self.gist())
    }

    /// Says what keeps the figure from being drawn.
    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for Line { name, xs, ys, kind } in &self.lines {
            if let Kind::Band { low, high } = kind
                && (low.len() != xs.len() || high.len() != xs.len())
            {
                problems.push(format!(
                    "“{name}” has {} x values and a band of {} lows and {} highs; it needs one each",
                    xs.len(),
                    low.len(),
                    high.len()
                ));
            }
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
}
