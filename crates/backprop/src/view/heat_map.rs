//! Matrices as colours with their numbers: confusion matrices, weights, correlations.

use super::axis::Axis;
use super::color_bar::{self, ColorBar};
use super::common_methods;
use super::figure::{Figure, Words};
use super::frame::{self, Plot};
use super::palette::{BLUE_TO_RED, BLUES, ORANGES, Rgb, shade, text_on};
use super::raster::{enlarge, rgb_png};
use super::svg::{Area, Font, MARGIN, PLAIN, Pen, Svg, WIDTH};
use super::text::{digits, number, one_line, width};

/// A matrix whose entries are shaded by their value, and printed where there is room.
///
/// ```
/// use backprop::view::HeatMap;
///
/// let figure = HeatMap::confusion("Test set", &[95, 5, 2, 98], &["cat", "dog"]).draw();
/// assert_eq!(
///     figure.alt(),
///     "Test set. Confusion matrix of 200 examples in 2 classes: 193 (96.5 %) are right. \
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

const GREY_CELL: Rgb = [200, 200, 200];
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

    /// Names the horizontal axis.
    pub fn x(mut self, name: &str) -> Self {
        self.x_name = one_line(name);
        self
    }

    /// Names the vertical axis.
    pub fn y(mut self, name: &str) -> Self {
        self.y_name = one_line(name);
        self
    }

    /// Shades from blue over white at zero to red, for values of both signs.
    pub fn diverging(mut self) -> Self {
        self.scale = Scale::Diverging;
        self
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

    fn draw_cells(&self, svg: &mut Svg, plot: &Plot, cell_width: usize, cell_height: usize) {
        let colors = self.colors();
        let scale = cell_height.min(cell_width);
        let png = rgb_png(
            &enlarge(&colors, self.columns, scale),
            self.columns * scale,
            self.rows * scale,
        );
        // Plotters leaves the last pixel of an area to its axis line; the cells are laid by size.
        let Area { left, top, .. } = plot.area;
        let right = left + (self.columns * cell_width) as f64;
        let bottom = top + (self.rows * cell_height) as f64;
        let area = Area { left, top, right, bottom };
        svg.image(&area, &png);
        if scale >= 12 {
            let pen = Pen { color: "#ffffff", width: 1.0, dash: "" };
            for row in 1..self.rows {
                let y = top + (row * cell_height) as f64;
                svg.polyline(&[(left, y), (right, y)], &pen);
            }
            for column in 1..self.columns {
                let x = left + (column * cell_width) as f64;
                svg.polyline(&[(x, top), (x, bottom)], &pen);
            }
            self.draw_entries(svg, &colors, (left, top), cell_width as f64, cell_height as f64);
        }
        svg.rectangle(&area, "none", 1.0, "#999999");
    }

    /// Writes the entries into their cells, where the longest of them fits.
    fn draw_entries(
        &self,
        svg: &mut Svg,
        colors: &[Rgb],
        (left, top): (f64, f64),
        wide: f64,
        tall: f64,
    ) {
        let texts = entries(&self.values);
        let longest = texts.iter().map(|text| width(text, 1.0)).fold(0.0, f64::max);
        let size = (0.94 * wide / longest).min(0.5 * tall).min(13.0).floor();
        if size < 7.0 {
            return;
        }
        for (index, text) in texts.iter().enumerate() {
            let (row, column) = (index / self.columns, index % self.columns);
            let faint = self.scale == Scale::Confusion && self.values[index] == 0.0;
            let color = if faint { "#a0a0a0" } else { text_on(colors[index]) };
            let x = left + (column as f64 + 0.5) * wide;
            let y = top + (row as f64 + 0.5) * tall + 0.35 * size;
            svg.text(x, y, text, &Font { size, anchor: "middle", color, ..PLAIN });
        }
    }

    /// Gives the colour of every entry.
    fn colors(&self) -> Vec<Rgb> {
        let (low, high) = self.range();
        let most_errors = self.most_errors();
        let color = |(index, &value): (usize, &f64)| match self.scale {
            _ if !value.is_finite() => GREY_CELL,
            Scale::Sequential => shade(&BLUES, share(value - low, high - low)),
            Scale::Diverging => shade(&BLUE_TO_RED, 0.5 + 0.5 * share(value, high)),
            Scale::Confusion => {
                let (row, column) = (index / self.columns, index % self.columns);
                let row_total: f64 = self.values[row * self.columns..][..self.columns].iter().sum();
                if row == column {
                    right_color(share(value, row_total))
                } else {
                    error_color(share(value, most_errors))
                }
            }
        };
        self.values.iter().enumerate().map(color).collect()
    }

    /// Gives the values that the ends of the colour scale stand for.
    fn range(&self) -> (f64, f64) {
        let finite = || self.values.iter().copied().filter(|value| value.is_finite());
        let (low, high) =
            (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
        match self.scale {
            Scale::Diverging => (-low.abs().max(high.abs()), low.abs().max(high.abs())),
            _ => (low, high),
        }
    }

    /// Gives the largest count off the diagonal.
    fn most_errors(&self) -> f64 {
        self.errors().first().map_or(0.0, |(_, count)| *count)
    }

    /// Gives index and count of the entries off the diagonal that are not 0, the largest first.
    fn errors(&self) -> Vec<(usize, f64)> {
        let off_diagonal = |index: &usize| index / self.columns != index % self.columns;
        let indices = (0..self.values.len()).filter(off_diagonal);
        let mut errors: Vec<(usize, f64)> = indices
            .map(|index| (index, self.values[index]))
            .filter(|(_, count)| *count > 0.0)
            .collect();
        errors.sort_by(|a, b| b.1.total_cmp(&a.1));
        errors
    }

    fn color_bars(&self) -> Vec<ColorBar> {
        let (low, high) = self.range();
        let [lowest, highest] = [digits(low, 3), digits(high, 3)];
        match self.scale {
            Scale::Sequential => {
                vec![ColorBar::new("", lowest, highest, |share| shade(&BLUES, share))]
            }
            Scale::Diverging => {
                vec![ColorBar::new("", lowest, highest, |share| shade(&BLUE_TO_RED, share))]
            }
            Scale::Confusion => vec![
                ColorBar::new("right", "0 %".to_string(), "100 %".to_string(), right_color),
                ColorBar::new("wrong", "0".to_string(), number(self.most_errors()), error_color),
            ],
        }
    }

    /// Says what the matrix shows.
    fn gist(&self) -> String {
        if self.scale == Scale::Confusion {
            return self.confusion_gist();
        }
        let finite = |index: &usize| self.values[*index].is_finite();
        let by_value = |a: &usize, b: &usize| self.values[*a].total_cmp(&self.values[*b]);
        let all = || (0..self.values.len()).filter(finite);
        let place = |index: Option<usize>| {
            let index = index.unwrap_or_default();
            let (row, column) = (index / self.columns, index % self.columns);
            let (row, column) = (name(&self.row_names, row), name(&self.column_names, column));
            format!("{} (row {row}, column {column})", number(self.values[index]))
        };
        let (low, high) = self.range();
        if low == high && all().count() == self.values.len() {
            return format!(
                "Heat map of {} × {} values, all {}.",
                self.rows,
                self.columns,
                number(low)
            );
        }
        let mut gist = format!(
            "Heat map of {} × {} values, from {} to {}.",
            self.rows,
            self.columns,
            place(all().min_by(by_value)),
            place(all().max_by(by_value))
        );
        let missing = self.values.len() - all().count();
        if missing > 0 {
            gist.push_str(&format!(" Grey: {missing} not finite."));
        }
        gist
    }

    fn confusion_gist(&self) -> String {
        let total: f64 = self.values.iter().sum();
        let right: f64 =
            (0..self.rows).map(|class| self.values[class * self.columns + class]).sum();
        let mut gist = format!(
            "Confusion matrix of {} examples in {} classes: {} ({} %) are right.",
            number(total),
            self.rows,
            number(right),
            digits(100.0 * share(right, total), 4)
        );
        let errors: Vec<String> = (self.errors().iter().take(3))
            .map(|(index, count)| {
                let (row, column) = (index / self.columns, index % self.columns);
                let (truth, guess) = (name(&self.row_names, row), name(&self.column_names, column));
                let times = if *count == 1.0 { "time" } else { "times" };
                format!("{truth} taken for {guess}: {} {times}", number(*count))
            })
            .collect();
        if !errors.is_empty() {
            gist.push_str(&format!(" Most frequent errors: {}.", errors.join("; ")));
        }
        gist
    }
}

/// Writes the entries as they stand in their cells: whole, or all with the same decimals.
fn entries(values: &[f64]) -> Vec<String> {
    let finite = || values.iter().filter(|value| value.is_finite());
    let whole = finite().all(|value| value.fract() == 0.0);
    let largest = finite().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    // Two digits of the largest entry; beyond this span a power of ten takes less room.
    let decimals = 1.0 - largest.log10().floor();
    let entry = |value: &f64| {
        if !value.is_finite() {
            "–".to_string()
        } else if whole || !(0.0..=4.0).contains(&decimals) {
            digits(*value, 2)
        } else {
            format!("{value:.*}", decimals as usize).replace('-', "−")
        }
    };
    values.iter().map(entry).collect()
}

/// Divides, and gives 0 where there is nothing to divide by.
fn share(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

fn right_color(share: f64) -> Rgb {
    shade(&BLUES, 0.8 * share)
}

fn error_color(share: f64) -> Rgb {
    shade(&ORANGES, 0.6 * share.sqrt())
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

fn name(names: &Option<Vec<String>>, index: usize) -> String {
    let name = names.as_ref().and_then(|names| names.get(index));
    name.cloned().unwrap_or_else(|| index.to_string())
}
