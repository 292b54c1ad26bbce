//! The bar beside a heat map that says which value a colour stands for.

use super::palette::{GREY, Rgb};
use super::raster::rgb_png;
use super::svg::{Area, Font, PLAIN, Svg};

/// Width of a colour bar with its numbers, in pixels.
pub(crate) const WIDTH: f64 = 84.0;
const STEPS: usize = 100;

/// A heading, the values at the ends of the bar, and its colours from low to high.
pub(crate) struct ColorBar {
    heading: &'static str,
    ends: [String; 2],
    colors: Vec<Rgb>,
}

impl ColorBar {
    /// Shades the bar by `color`, which takes the share of its length from the low end.
    pub(crate) fn new(
        heading: &'static str,
        low: String,
        high: String,
        color: impl Fn(f64) -> Rgb,
    ) -> Self {
        let colors = (0..STEPS).map(|i| color(i as f64 / (STEPS - 1) as f64)).collect();
        ColorBar { heading, ends: [low, high], colors }
    }

    /// Draws the bar to the right of the matrix, its highest value on top.
    pub(crate) fn draw(&self, svg: &mut Svg, left: f64, beside: Area) {
        let heading_room = if self.heading.is_empty() { 0.0 } else { 18.0 };
        let height = (beside.height() - heading_room).min(220.0);
        let top = beside.top + heading_room;
        let area = Area { left, top, right: left + 16.0, bottom: top + height };
        let font = Font { color: GREY, ..PLAIN };
        svg.text(left, beside.top + 10.0, self.heading, &font);
        let from_top: Vec<Rgb> = self.colors.iter().rev().copied().collect();
        svg.image(&area, &rgb_png(&from_top, 1, from_top.len()));
        svg.rectangle(&area, "none", 1.0, "#999999");
        svg.text(area.right + 5.0, area.top + 10.0, &self.ends[1], &font);
        svg.text(area.right + 5.0, area.bottom, &self.ends[0], &font);
    }
}
