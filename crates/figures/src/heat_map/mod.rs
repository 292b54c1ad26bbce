//! Matrices as colours with their numbers: confusion matrices, weights, correlations.

mod cells;
mod colors;
mod gist;

use crate::figure::{Figure, Words};
use crate::parts::axis::Axis;
use crate::parts::color_bar;
use crate::parts::frame;
use crate::parts::svg::{Area, MARGIN, Svg, WIDTH};
use crate::parts::text::{number, one_line};
use crate::setters::{axis_setters, common_methods};

/// A matrix whose entries are shaded by their value, and printed where there is room.
///
/// ```
/// use backprop_figures::HeatMap;
///
/// let figure = HeatMap::confusion("Test set", &[95, 5, 2, 98], &["cat", "dog"]).draw();
/// assert_eq!(
///     figure.alt(),
///     "Test set. Confusion matrix of 200 examples in 2 classes: 193 (96.5 %) are right. \
///      Of each class are right: cat 95 %, dog 98 %. \
///      Most frequent errors: cat taken for dog: 5 times; dog taken for cat: 2 times."
/// );
/// ```
#[derive(Clone, Debug)]
#[must_use = "a heat map is shown by ending a cell with it"]
pub struct HeatMap {
    words: Words,
    values: Vec<f64>,
    rows: usize,
    columns: usize,
    row_names: Option<Vec<String>>,
    column_names: Option<Vec<String>>,
    x_name: String,
    y_name: String,
    scale: Scale,
}

/// What the colours say.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Scale {
    /// White to blue, from the lowest to the highest value.
    Sequential,
    /// Blue over white to red, white at zero.
    Diverging,
    /// The diagonal in blue by its share of the row, the errors in orange.
    Confusion,
}

/// So many rows or columns get a number, where they have no names.
const LABELS: usize = 12;
/// More rows or columns than this have no pixel of their own.
const MOST_SIDE: usize = 2_000;

impl HeatMap {
    /// Takes a matrix of `rows` × `columns`, row by row.
    pub fn new(title: &str, values: &[f64], rows: usize, columns: usize) -> Self {
        HeatMap {
            words: Words::new(title),
            values: values.to_vec(),
            rows,
            columns,
            row_names: None,
            column_names: None,
            x_name: String::new(),
            y_name: String::new(),
            scale: Scale::Sequential,
        }
    }

    /// Takes a confusion matrix row by row: `counts[t · classes + p]` examples of the true class
    /// `t` were taken for the class `p`.
    ///
    /// The errors are shaded by the square root of their count beside the most frequent one, so
    /// that a few errors are seen beside a thousand right answers.
    pub fn confusion(title: &str, counts: &[usize], classes: &[&str]) -> Self {
        let values: Vec<f64> = counts.iter().map(|count| *count as f64).collect();
        let mut map = HeatMap::new(title, &values, classes.len(), classes.len())
            .row_names(classes)
            .column_names(classes)
            .x("predicted")
            .y("true");
        map.scale = Scale::Confusion;
        map
    }

    /// Names the rows, from the top.
    pub fn row_names(mut self, names: &[&str]) -> Self {
        self.row_names = Some(names.iter().map(|name| one_line(name)).collect());
        self
    }

    /// Names the columns, from the left.
    pub fn column_names(mut self, names: &[&str]) -> Self {
        self.column_names = Some(names.iter().map(|name| one_line(name)).collect());
        self
    }

    axis_setters!();

    /// Shades from blue over white at zero to red, for values of both signs.
    pub fn diverging(mut self) -> Self {
        self.scale = Scale::Diverging;
        self
    }

    /// Takes over title, caption and description.
    pub(super) fn with_words(self, words: &Words) -> Self {
        HeatMap { words: words.clone(), ..self }
    }

    common_methods!();

    /// Draws the figure.
    pub fn draw(&self) -> Figure {
        let problems = self.problems();
        if !problems.is_empty() {
            return self.words.message(&problems);
        }
        let x = axis(&self.x_name, &self.column_names, self.columns);
        let y = axis(&self.y_name, &self.row_names, self.rows).reversed();
        let (cell_width, cell_height) = self.cell(&x);
        let (wide, tall) = (self.columns * cell_width, self.rows * cell_height);
        let bars = self.color_bars();
        let needed = frame::left_of(&y) + wide as f64 + color_bar::WIDTH * bars.len() as f64;

        let mut svg = Svg::new(WIDTH.max(needed + 2.0 * MARGIN));
        let top = svg.heading(&self.words.title);
        let left = ((svg.width - needed) / 2.0).round();
        let right = left + frame::left_of(&y) + wide as f64;
        let bottom = top + tall as f64 + frame::below(&x);
        let plot = frame::draw(&mut svg, &x, &y, &Area { left, top, right, bottom }, false);
        self.draw_cells(&mut svg, &plot, cell_width, cell_height);
        for (index, bar) in bars.iter().enumerate() {
            bar.draw(&mut svg, plot.area.right + 26.0 + color_bar::WIDTH * index as f64, plot.area);
        }
        self.words.figure(svg, bottom + MARGIN, &self.gist())
    }

    /// Says what keeps the figure from being drawn.
    fn problems(&self) -> Vec<String> {
        let (rows, columns, given) = (self.rows, self.columns, self.values.len());
        if given == 0 || given != rows * columns {
            return vec![format!(
                "{given} values for a matrix of {rows} × {columns} = {} entries",
                rows * columns
            )];
        }
        let mut problems = Vec::new();
        for (what, names, expected) in
            [("row", &self.row_names, rows), ("column", &self.column_names, columns)]
        {
            if let Some(names) = names
                && names.len() != expected
            {
                problems.push(format!("{} {what} names for {expected} {what}s", names.len()));
            }
        }
        if rows.max(columns) > MOST_SIDE {
            problems.push(format!("{rows} × {columns} entries have no pixel each in one figure"));
        }
        if !self.values.iter().any(|value| value.is_finite()) {
            problems.push("no entry is a finite number".to_string());
        }
        problems
    }

    /// Chooses the size of a cell in whole pixels: square, unless the names of the columns are long.
    fn cell(&self, x: &Axis) -> (usize, usize) {
        let (wide, tall) = ((560 / self.columns).clamp(1, 56), (420 / self.rows).clamp(1, 56));
        let side = wide.min(tall);
        // A long, narrow matrix is stretched to be seen at all.
        let (wide, tall) = (side.max(wide.min(12)), side.max(tall.min(12)));
        let name = match self.column_names {
            Some(_) => frame::widest_label(x) as usize + 8,
            None => 0,
        };
        (wide.max(name), tall)
    }
}

/// Gives the axis of the rows or columns: every name, or a number here and there.
fn axis(axis_name: &str, names: &Option<Vec<String>>, count: usize) -> Axis {
    match names {
        Some(names) => Axis::names(axis_name, names),
        None => {
            let numbers: Vec<String> = (0..count).map(|i| number(i as f64)).collect();
            Axis::names(axis_name, &numbers).thinned(LABELS)
        }
    }
}
