//! A function of two weights as a map: shaded bands, isolines, and descents over it.

mod isolines;

use crate::figure::{Figure, Words};
use crate::parts::axis::Axis;
use crate::parts::frame::{self, Plot};
use crate::parts::legend;
use crate::parts::palette::{BLUES, GREY, LineStyle, Rgb, line_style, shade};
use crate::parts::raster::rgb_png;
use crate::parts::steps;
use crate::parts::svg::{Area, Font, MARGIN, PLAIN, Pen, Piece, Svg, WIDTH};
use crate::parts::text::{number, one_line};
use crate::setters::{axis_setters, common_methods};
use isolines::{Grid, isoline};
use std::iter::zip;

/// A function f(x, y) on a rectangle, and the paths of gradient descents on it.
///
/// ```
/// use backprop_figures::Contour;
///
/// let valley = |x: f64, y: f64| x * x + 4.0 * y * y;
/// let figure = Contour::new("A valley", (-2.0, 2.0), (-1.0, 1.0), &valley)
///     .x("w₁")
///     .y("w₂")
///     .z("C")
///     .path("α = 0.1", &[1.5, 1.2, 0.96], &[0.8, 0.16, 0.032])
///     .draw();
/// assert_eq!(
///     figure.alt(),
///     "A valley. Contour plot of C over w₁ from −2 to 2 and w₂ from −1 to 1: \
///      lowest 0 at (0, 0), highest 8 at (2, 1); isolines at 1, 2, 3, 4, 5, 6, 7. \
///      α = 0.1 goes in 2 steps from (1.5, 0.8) to (0.96, 0.032)."
/// );
/// ```
#[derive(Clone, Debug)]
#[must_use = "a contour plot is shown by ending a cell with it"]
pub struct Contour {
    words: Words,
    x_name: String,
    y_name: String,
    z_name: String,
    x_range: (f64, f64),
    y_range: (f64, f64),
    grid: Grid,
    log: bool,
    paths: Vec<Path>,
}

#[derive(Clone, Debug)]
struct Path {
    name: String,
    xs: Vec<f64>,
    ys: Vec<f64>,
}

/// The function is evaluated at so many points each way.
const POINTS: usize = 81;
/// Height of the coordinate system with its labels, in pixels.
const HEIGHT: f64 = 440.0;
/// The darkest shade, as a share of the ramp: paths must stand out from it.
const DARKEST: f64 = 0.7;
/// Of a function that touches zero a logarithmic map shows so many decades.
const DECADES: f64 = 8.0;
const NO_VALUE: Rgb = [200, 200, 200];

impl Contour {
    /// Evaluates `f` on a grid over the ranges (low, high) of x and y.
    pub fn new(
        title: &str,
        x_range: (f64, f64),
        y_range: (f64, f64),
        f: &dyn Fn(f64, f64) -> f64,
    ) -> Self {
        let at =
            |(low, high): (f64, f64), i: usize| low + (high - low) * i as f64 / (POINTS - 1) as f64;
        let points =
            (0..POINTS * POINTS).map(|i| (at(x_range, i % POINTS), at(y_range, i / POINTS)));
        Contour {
            words: Words::new(title),
            x_name: String::new(),
            y_name: String::new(),
            z_name: String::new(),
            x_range,
            y_range,
            grid: Grid { side: POINTS, values: points.map(|(x, y)| f(x, y)).collect() },
            log: false,
            paths: Vec::new(),
        }
    }

    axis_setters!();

    /// Names the function's value, with its unit.
    pub fn z(mut self, name: &str) -> Self {
        self.z_name = one_line(name);
        self
    }

    /// Spaces the isolines evenly per decade, for values above zero that span several.
    pub fn log_levels(mut self) -> Self {
        self.log = true;
        self
    }

    /// Draws the steps of a descent through (`xs[i]`, `ys[i]`), start first.
    pub fn path(mut self, name: &str, xs: &[f64], ys: &[f64]) -> Self {
        self.paths.push(Path { name: one_line(name), xs: xs.to_vec(), ys: ys.to_vec() });
        self
    }

    common_methods!();

    /// Draws the figure.
    pub fn draw(&self) -> Figure {
        let problems = self.problems();
        if !problems.is_empty() {
            return self.words.message(&problems);
        }
        let x = Axis::linear(&self.x_name, self.x_range.0, self.x_range.1, false);
        let y = Axis::linear(&self.y_name, self.y_range.0, self.y_range.1, false);
        let mut svg = Svg::new(WIDTH);
        let top = svg.heading(&self.words.title);
        let room = frame::room(top, WIDTH, HEIGHT);
        let plot = frame::draw(&mut svg, &x, &y, &room, false);
        let levels = self.levels();
        self.draw_bands(&mut svg, &plot.area, &levels);
        let lines = self.draw_isolines(&mut svg, &plot.area, &levels);

        let places: Vec<_> = self.paths.iter().map(|path| places(&plot, path)).collect();
        label_isolines(&mut svg, &plot.area, &lines, &places.concat());
        for (index, places) in places.iter().enumerate() {
            steps::draw(&mut svg, places, style(index));
        }
        let mut taken = Vec::new();
        for (index, places) in places.iter().enumerate() {
            steps::number(&mut svg, places, style(index).color, &mut taken);
        }
        let bottom = self.draw_legend(&mut svg, plot.area.left, room.bottom);
        self.words.figure(svg, bottom + MARGIN, &self.gist())
    }

    /// Says what keeps the figure from being drawn.
    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (name, (low, high)) in [("x", self.x_range), ("y", self.y_range)] {
            if !(low < high && low.is_finite() && high.is_finite()) {
                problems.push(format!(
                    "({low}, {high}) is no range of {name}: both must be finite, the first below the second"
                ));
            }
        }
        for Path { name, xs, ys } in &self.paths {
            if xs.len() != ys.len() {
                let (given, needed) = (ys.len(), xs.len());
                problems.push(format!("“{name}” has {needed} x values and {given} y values"));
            }
        }
        if problems.is_empty() && self.drawable().next().is_none() {
            let kind = if self.log { "finite and above zero" } else { "finite" };
            problems.push(format!("no value of the function is {kind}"));
        }
        problems
    }

    /// Gives index and value of the points that have a place between the levels.
    fn drawable(&self) -> impl Iterator<Item = (usize, f64)> {
        let values = self.grid.values.iter().copied().enumerate();
        values.filter(|(_, z)| z.is_finite() && (!self.log || *z > 0.0))
    }

    /// Gives the lowest and highest value that are told apart.
    fn range(&self) -> (f64, f64) {
        let values = || self.drawable().map(|(_, z)| z);
        let low = values().fold(f64::INFINITY, f64::min);
        let high = values().fold(f64::NEG_INFINITY, f64::max);
        let floor = high * 10f64.powf(-DECADES);
        (if self.log { low.max(floor) } else { low }, high)
    }

    /// Chooses the values of the isolines, lowest first: round, and strictly between the extremes.
    fn levels(&self) -> Vec<f64> {
        let (low, high) = self.range();
        let candidates: Vec<f64> = if self.log {
            logarithmic_levels(low, high)
        } else {
            // A constant has no isoline, and no span to choose them from.
            let axis = Axis::linear("", low, if high > low { high } else { low + 1.0 }, false);
            axis.ticks.into_iter().map(|(place, _)| place).collect()
        };
        candidates.into_iter().filter(|level| low < *level && *level < high).collect()
    }

    /// Shades what lies between two levels alike, pixel by pixel.
    fn draw_bands(&self, svg: &mut Svg, area: &Area, levels: &[f64]) {
        let (wide, tall) = (area.width() as usize, area.height() as usize);
        let shades: Vec<Rgb> = (0..=levels.len())
            .map(|band| shade(&BLUES, DARKEST * band as f64 / levels.len().max(1) as f64))
            .collect();
        let color = |i: usize| {
            let across = (i % wide) as f64 / (wide - 1) as f64;
            let up = 1.0 - (i / wide) as f64 / (tall - 1) as f64;
            match self.grid.between(across, up) {
                z if z.is_finite() => shades[levels.partition_point(|level| *level <= z)],
                _ => NO_VALUE,
            }
        };
        let colors: Vec<Rgb> = (0..wide * tall).map(color).collect();
        svg.image(area, &rgb_png(&colors, wide, tall));
        svg.rectangle(area, "none", 1.0, "#999999");
    }

    /// Draws the isolines and gives the pieces of each level, in pixels.
    fn draw_isolines(&self, svg: &mut Svg, area: &Area, levels: &[f64]) -> Vec<(f64, Vec<Piece>)> {
        let place = |(across, up): (f64, f64)| {
            (area.left + across * area.width(), area.bottom - up * area.height())
        };
        let mut lines = Vec::new();
        for &level in levels {
            let pieces: Vec<Piece> = isoline(&self.grid, level)
                .into_iter()
                .map(|(from, to)| (place(from), place(to)))
                .collect();
            svg.segments(&pieces, &Pen { color: GREY, width: 0.8, dash: "" });
            lines.push((level, pieces));
        }
        lines
    }

    fn draw_legend(&self, svg: &mut Svg, left: f64, top: f64) -> f64 {
        let isolines = match self.z_name.as_str() {
            "" => "equal value, darker where it is higher".to_owned(),
            name => format!("equal {name}, darker where it is higher"),
        };
        let mut entries = vec![legend::Entry { name: &isolines, key: legend::Key::Edge(GREY, "") }];
        for (index, path) in self.paths.iter().enumerate() {
            entries.push(legend::Entry { name: &path.name, key: legend::Key::Steps(style(index)) });
        }
        legend::draw(svg, &entries, left, top)
    }

    /// Says what the map shows.
    fn gist(&self) -> String {
        let or = |name: &str, other: &str| {
            if name.is_empty() { other.to_owned() } else { name.to_owned() }
        };
        let place = |index: usize| {
            let at = |(low, high): (f64, f64), i: usize| {
                number(low + (high - low) * i as f64 / (POINTS - 1) as f64)
            };
            format!("({}, {})", at(self.x_range, index % POINTS), at(self.y_range, index / POINTS))
        };
        let by_value = |a: &(usize, f64), b: &(usize, f64)| a.1.total_cmp(&b.1);
        let lowest = self.drawable().min_by(by_value).unwrap_or_default();
        let highest = self.drawable().max_by(by_value).unwrap_or_default();
        let levels: Vec<String> = self.levels().iter().map(|level| number(*level)).collect();
        let mut gist = format!(
            "Contour plot of {} over {} from {} to {} and {} from {} to {}: \
             lowest {} at {}, highest {} at {}; isolines at {}.",
            or(&self.z_name, "a function"),
            or(&self.x_name, "x"),
            number(self.x_range.0),
            number(self.x_range.1),
            or(&self.y_name, "y"),
            number(self.y_range.0),
            number(self.y_range.1),
            number(lowest.1),
            place(lowest.0),
            number(highest.1),
            place(highest.0),
            levels.join(", ")
        );
        for Path { name, xs, ys } in &self.paths {
            let points: Vec<_> = zip(xs, ys).map(|(x, y)| (*x, *y)).collect();
            gist.push_str(&format!(" {}.", steps::walk(name, &points)));
        }
        gist
    }
}

/// Gives round levels for the decades between two positive values: more of them for fewer decades.
fn logarithmic_levels(low: f64, high: f64) -> Vec<f64> {
    let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    let factors: &[f64] = match last - first {
        0..=3 => &[1.0, 2.0, 5.0],
        4..=6 => &[1.0, 3.0],
        _ => &[1.0],
    };
    (first..=last).flat_map(|e| factors.iter().map(move |f| f * 10f64.powi(e))).collect()
}

/// The style of a path; the first line's blue would be lost on the map's.
fn style(index: usize) -> LineStyle {
    line_style(index + 1)
}

/// Gives the pixels of a path's points; `None` for those off the map.
fn places(plot: &Plot, path: &Path) -> Vec<Option<(f64, f64)>> {
    let Area { left, top, right, bottom } = plot.area;
    let inside = |(x, y): &(f64, f64)| (left..=right).contains(x) && (top..=bottom).contains(y);
    zip(&path.xs, &path.ys).map(|(x, y)| plot.at(*x, *y).filter(inside)).collect()
}

/// Writes its value on each isoline, as far as can be from the edges, the paths and other labels.
fn label_isolines(
    svg: &mut Svg,
    area: &Area,
    lines: &[(f64, Vec<Piece>)],
    paths: &[Option<(f64, f64)>],
) {
    let font = Font { size: 11.0, anchor: "middle", halo: true, ..PLAIN };
    let mut taken: Vec<(f64, f64)> = paths.iter().flatten().copied().collect();
    for (level, pieces) in lines {
        let free = |&(x, y): &(f64, f64)| {
            let edges =
                [x - area.left - 12.0, area.right - x - 12.0, y - area.top, area.bottom - y];
            let others = taken.iter().map(|(x0, y0)| (x - x0).hypot(y - y0));
            others.chain(edges).fold(f64::INFINITY, f64::min)
        };
        let middles = pieces.iter().map(|((x0, y0), (x1, y1))| ((x0 + x1) / 2.0, (y0 + y1) / 2.0));
        let best = middles.max_by(|a, b| free(a).total_cmp(&free(b)));
        if let Some(place) = best.filter(|place| free(place) > 14.0) {
            svg.text(place.0, place.1 + 4.0, &number(*level), &font);
            taken.push(place);
        }
    }
}
