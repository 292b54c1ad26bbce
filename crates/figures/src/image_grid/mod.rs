//! Images side by side: examples with their labels, digits that a network gets wrong, and the
//! weights of the first layer.

mod grid;
mod layout;

pub use grid::ImageGrid;

use crate::figure::Figure;
use crate::parts::color_bar::ColorBar;
use crate::parts::palette::{ALERT, BLUE_TO_RED, Rgb, shade};
use crate::parts::raster::{grey_png, indexed_png};
use crate::parts::svg::{Area, Font, MARGIN, Svg, WIDTH};
use crate::parts::text::{digits, number};
use crate::setters::common_methods;
use grid::{CAPTION, GAP, PAPER, Shades, ZERO};
use layout::Layout;

impl ImageGrid {
    common_methods!();

    /// Draws the figure.
    pub fn draw(&self) -> Figure {
        let problems = self.problems();
        if !problems.is_empty() {
            return self.words.message(&problems);
        }
        let layout = self.layout();
        let rows = layout.shown.div_ceil(layout.columns);
        let wide = layout.columns * layout.step - GAP;
        let tall = rows * layout.row - GAP;

        let needed = wide as f64 + self.color_bar_room() + 2.0 * MARGIN;
        let mut svg = Svg::new(needed.max(WIDTH));
        let top = svg.heading(&self.words.title);
        let left = ((svg.width - wide as f64 - self.color_bar_room()) / 2.0).round();
        let area = Area { left, top, right: left + wide as f64, bottom: top + tall as f64 };
        let mosaic = self.mosaic(&layout, wide, tall);
        svg.image(&area, &self.png(&mosaic, wide, tall));
        if let Some(bar) = self.color_bar() {
            bar.draw(&mut svg, area.right + 20.0, area);
        }
        for index in 0..layout.shown {
            self.draw_label(&mut svg, &layout, index, (left, top));
        }
        self.words.figure(svg, area.bottom + MARGIN, &self.gist(layout.shown, rows))
    }

    /// Says what keeps the figure from being drawn.
    fn problems(&self) -> Vec<String> {
        let (height, width, given) = (self.height, self.width, self.pixels.len());
        if height * width == 0 {
            return vec![format!("an image of {height} × {width} pixels shows nothing")];
        }
        if given == 0 || !given.is_multiple_of(height * width) {
            return vec![format!(
                "{given} pixels are no whole number of images of {height} × {width} = {} pixels",
                height * width
            )];
        }
        let count = self.count();
        let mut problems = Vec::new();
        if let Some(labels) = &self.labels
            && labels.len() != count
        {
            problems.push(format!("{} labels for {count} images", labels.len()));
        }
        if let Some(image) = self.highlighted.iter().find(|image| **image >= count) {
            problems.push(format!(
                "image {image} is to be highlighted, but the images are 0 to {}",
                count - 1
            ));
        }
        if self.columns == 0 {
            problems.push("0 columns hold no image".to_string());
        }
        problems
    }

    fn png(&self, mosaic: &[u8], wide: usize, tall: usize) -> String {
        match self.shades {
            Shades::Ink | Shades::Light => grey_png(mosaic, wide, tall),
            Shades::Weights { .. } => {
                let palette: Vec<Rgb> = (0..=PAPER).map(weight_color).collect();
                indexed_png(mosaic, &palette, wide, tall)
            }
        }
    }

    fn color_bar(&self) -> Option<ColorBar> {
        let Shades::Weights { largest, .. } = self.shades else { return None };
        let [low, high] = [-largest, largest].map(|end| digits(end, 3));
        Some(ColorBar::new("w", low, high, |share| shade(&BLUE_TO_RED, share)))
    }

    fn draw_label(&self, svg: &mut Svg, layout: &Layout, index: usize, (left, top): (f64, f64)) {
        let (x, y) = self.corner(layout, index);
        let (x, y) = (left + x as f64, top + y as f64);
        let (wide, tall) = (self.width * layout.scale, self.height * layout.scale);
        let image = Area { left: x, top: y, right: x + wide as f64, bottom: y + tall as f64 };
        let highlighted = self.highlighted.contains(&index);
        if highlighted {
            svg.rectangle(&image, "none", 1.0, ALERT);
        } else {
            svg.rectangle(&image, "none", 1.0, "#e4e4e4");
        }
        if let Some(label) = self.labels.as_ref().and_then(|labels| labels.get(index)) {
            let plain = CAPTION;
            let font = if highlighted { Font { color: ALERT, bold: true, ..plain } } else { plain };
            svg.text(x + image.width() / 2.0, image.bottom + 15.0, label, &font);
        }
    }

    /// Says what the grid shows.
    fn gist(&self, shown: usize, rows: usize) -> String {
        let count = self.count();
        let images = match (shown, count) {
            (1, 1) => "1 image".to_string(),
            _ if shown < count => format!("The first {shown} of {} images", number(count as f64)),
            _ => format!("{count} images"),
        };
        let plural = if rows == 1 { "" } else { "s" };
        let mut gist =
            format!("{images} of {} × {} pixels in {rows} row{plural}", self.height, self.width);
        if let Some(labels) = &self.labels {
            gist.push_str(&format!(", labelled {}", labels[..shown].join(", ")));
        }
        if let Shades::Weights { largest, missing } = self.shades {
            let [low, high] = [-largest, largest].map(number);
            gist.push_str(&format!("; weights from {low} (blue) over 0 (white) to {high} (red)"));
            if missing > 0 {
                gist.push_str(&format!(", {missing} not finite"));
            }
        }
        if !self.highlighted.is_empty() {
            let images: Vec<String> = self.highlighted.iter().map(usize::to_string).collect();
            gist.push_str(&format!("; highlighted (counted from 0): {}", images.join(", ")));
        }
        gist + "."
    }
}

/// Gives the colour of a weight's byte.
fn weight_color(byte: u8) -> Rgb {
    match byte {
        PAPER => [255, 255, 255],
        byte => shade(&BLUE_TO_RED, f64::from(byte) / (2.0 * ZERO)),
    }
}
