//! The coordinate system of a figure, drawn by plotters: axes, tick marks, labels, grid.
//!
//! What lies in it is drawn by [`Svg`], since plotters' SVG backend rounds to whole pixels and has
//! neither dashes nor embedded images.

use super::axis::Axis;
use super::palette::{FAINT, INK};
use super::svg::{Area, MARGIN, Svg};
use super::text::width;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use plotters::prelude::*;
use std::ops::Range;

/// Size of the tick labels in pixels.
const LABEL: f64 = 12.0;
/// Size of the axes' names in pixels.
const NAME: f64 = 13.0;

/// Where the data go.
pub struct Plot<'a> {
    /// The inside of the coordinate system.
    pub area: Area,
    x: &'a Axis,
    y: &'a Axis,
}

impl Plot<'_> {
    /// Gives the pixel of a point; `None` where a value is not finite or has no logarithm.
    pub fn at(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        Some((self.across(x)?, self.height(y)?))
    }

    /// Gives the pixel of a value on the horizontal axis alone.
    pub fn across(&self, x: f64) -> Option<f64> {
        Some(self.area.left + self.x.share(x)? * self.area.width())
    }

    /// Gives the values at a pixel, where both axes are linear.
    pub fn values(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let along = |axis: &Axis, share: f64| axis.low + share * (axis.high - axis.low);
        let (across, down) = (x - self.area.left, y - self.area.top);
        (along(self.x, across / self.area.width()), along(self.y, 1.0 - down / self.area.height()))
    }

    /// Gives the pixel of a value on the vertical axis alone.
    pub fn height(&self, y: f64) -> Option<f64> {
        Some(self.area.bottom - self.y.share(y)? * self.area.height())
    }
}

/// Draws the axes (and a grid, if asked) into `room`, labels included, and gives the place inside.
pub fn draw<'a>(svg: &mut Svg, x: &'a Axis, y: &'a Axis, room: &Area, grid: bool) -> Plot<'a> {
    let mut drawn = String::new();
    let area = draw_axes(&mut drawn, x, y, room, grid)
        // The target is a string: no write to it fails.
        .expect("plotters draws into memory");
    // Plotters writes a document; only what is in it belongs here.
    let inside = drawn.split_once('\n').map_or("", |(_, rest)| rest);
    svg.push(inside.trim_end().trim_end_matches("</svg>").trim_end());
    Plot { area, x, y }
}

type DrawError = DrawingAreaErrorKind<std::io::Error>;

fn draw_axes(
    target: &mut String,
    x: &Axis,
    y: &Axis,
    room: &Area,
    grid: bool,
) -> Result<Area, DrawError> {
    let size = (room.right.ceil() as u32, room.bottom.ceil() as u32);
    let root = SVGBackend::with_string(target, size).into_drawing_area();

    let mut chart = ChartBuilder::on(&root)
        .margin_left(room.left.round() as i32)
        .margin_top(room.top.round() as i32)
        .set_label_area_size(LabelAreaPosition::Left, left_of(y) as i32)
        .set_label_area_size(LabelAreaPosition::Bottom, below(x) as i32)
        .build_cartesian_2d(Scale(x), Scale(y))?;

    let label = ("sans-serif", plotters_size(LABEL)).into_font().color(&color(INK));
    let name = ("sans-serif", plotters_size(NAME)).into_font().color(&color(INK));
    let mut mesh = chart.configure_mesh();
    mesh.bold_line_style(color(FAINT))
        .light_line_style(color(FAINT).mix(0.5))
        .axis_style(color(INK))
        .label_style(label)
        .axis_desc_style(name)
        .set_all_tick_mark_size(if grid { 4 } else { 3 });
    if !x.name.is_empty() {
        mesh.x_desc(&x.name);
    }
    if !y.name.is_empty() {
        mesh.y_desc(&y.name);
    }
    if !grid {
        mesh.disable_mesh();
    }
    mesh.draw()?;

    let (across, down) = chart.plotting_area().get_pixel_range();
    root.present()?;
    Ok(Area {
        left: f64::from(across.start),
        top: f64::from(down.start),
        right: f64::from(across.end),
        bottom: f64::from(down.end),
    })
}

/// Gives the pixels that a vertical axis needs for its labels and its name.
pub fn left_of(y: &Axis) -> f64 {
    let name = if y.name.is_empty() { 0.0 } else { NAME + 10.0 };
    (widest_label(y) + 12.0 + name).round()
}

/// Gives the pixels that a horizontal axis needs for its labels and its name.
pub fn below(x: &Axis) -> f64 {
    if x.name.is_empty() { 26.0 } else { 46.0 }
}

/// Gives the width of an axis' widest label, in pixels.
pub fn widest_label(axis: &Axis) -> f64 {
    axis.ticks.iter().map(|(_, label)| width(label, LABEL)).fold(0.0, f64::max)
}

/// Gives the room for a coordinate system `width` wide and `height` tall below `top`.
pub fn room(top: f64, width: f64, height: f64) -> Area {
    Area { left: MARGIN, top, right: width - MARGIN, bottom: top + height }
}

/// An axis as plotters asks for one: places, their pixels, and the labels of its tick marks.
struct Scale<'a>(&'a Axis);

impl Ranged for Scale<'_> {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, place: &f64, (from, to): (i32, i32)) -> i32 {
        let share = (place - self.0.low) / (self.0.high - self.0.low);
        from + (share * f64::from(to - from)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() {
            return self.0.minor.clone();
        }
        self.0.ticks.iter().map(|(place, _)| *place).collect()
    }

    fn range(&self) -> Range<f64> {
        self.0.low..self.0.high
    }
}

impl ValueFormatter<f64> for Scale<'_> {
    fn format_ext(&self, place: &f64) -> String {
        let tick = self.0.ticks.iter().find(|(tick, _)| tick == place);
        tick.map_or(String::new(), |(_, label)| label.clone())
    }
}

/// Plotters' SVG backend divides a font's size by this to get pixels.
fn plotters_size(pixels: f64) -> f64 {
    pixels * 1.24
}

/// Reads one of our own colours, `#rrggbb`, for plotters.
fn color(hex: &str) -> RGBColor {
    let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap_or(0);
    RGBColor(part(1), part(3), part(5))
}
