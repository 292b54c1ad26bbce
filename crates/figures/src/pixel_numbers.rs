//! One image as the numbers that a network reads.

use crate::figure::{Figure, Words};
use crate::parts::palette::text_on;
use crate::parts::raster::{enlarge, grey_png};
use crate::parts::svg::{Area, MARGIN, Svg, WIDTH};
use crate::parts::text::number;
use crate::setters::common_methods;

/// A grey image with the value of each pixel written in its cell, 0 to 255.
///
/// ```
/// use backprop_figures::PixelNumbers;
///
/// let figure = PixelNumbers::new("One digit", &[0, 128, 255, 0], 2, 2).draw();
/// assert_eq!(
///     figure.alt(),
///     "One digit. 2 × 2 pixels as numbers from 0 to 255: 2 of 4 (50 %) are not 0, mean 95.75."
/// );
/// ```
#[derive(Clone, Debug)]
#[must_use = "the numbers are shown by ending a cell with them"]
pub struct PixelNumbers {
    words: Words,
    pixels: Vec<u8>,
    height: usize,
    width: usize,
}

/// More columns than this leave no room for three digits in a cell.
const MOST_SIDE: usize = 40;

impl PixelNumbers {
    /// Takes one image of `height` × `width` pixels, row by row from the top.
    pub fn new(title: &str, pixels: &[u8], height: usize, width: usize) -> Self {
        PixelNumbers { words: Words::new(title), pixels: pixels.to_vec(), height, width }
    }

    common_methods!();

    /// Draws the figure.
    pub fn draw(&self) -> Figure {
        let problems = self.problems();
        if !problems.is_empty() {
            return self.words.message(&problems);
        }
        let mut svg = Svg::new(WIDTH);
        let top = svg.heading(&self.words.title);
        let cell = ((WIDTH - 2.0 * MARGIN) / self.width as f64).floor().min(36.0);
        let (wide, tall) = (cell * self.width as f64, cell * self.height as f64);
        let left = ((WIDTH - wide) / 2.0).round();
        let area = Area { left, top, right: left + wide, bottom: top + tall };

        let shades: Vec<u8> = self.pixels.iter().map(|pixel| 255 - pixel).collect();
        let scale = cell as usize;
        let shades = enlarge(&shades, self.width, scale);
        svg.image(&area, &grey_png(&shades, self.width * scale, self.height * scale));
        svg.rectangle(&area, "none", 1.0, "#bbbbbb");
        for (row, pixels) in self.pixels.chunks(self.width).enumerate() {
            let y = top + (row as f64 + 0.5) * cell + 0.15 * cell;
            svg.push(&numbers(pixels, left, y, cell));
        }
        self.words.figure(svg, area.bottom + MARGIN, &self.gist())
    }

    /// Says what keeps the figure from being drawn.
    fn problems(&self) -> Vec<String> {
        let (height, width, given) = (self.height, self.width, self.pixels.len());
        if given == 0 || given != height * width {
            return vec![format!(
                "{given} pixels for one image of {height} × {width} = {} pixels",
                height * width
            )];
        }
        if height.max(width) > MOST_SIDE {
            return vec![format!(
                "{height} × {width} numbers cannot be read in one figure; at most {MOST_SIDE} × {MOST_SIDE} can"
            )];
        }
        Vec::new()
    }

    /// Says what the numbers are.
    fn gist(&self) -> String {
        let count = self.pixels.len();
        let inked = self.pixels.iter().filter(|pixel| **pixel > 0).count();
        let sum: f64 = self.pixels.iter().map(|pixel| f64::from(*pixel)).sum();
        format!(
            "{} × {} pixels as numbers from 0 to 255: {inked} of {count} ({:.0} %) are not 0, mean {}.",
            self.height,
            self.width,
            100.0 * inked as f64 / count as f64,
            number(sum / count as f64)
        )
    }
}

/// Writes a row of numbers as one text element, which keeps 784 of them small.
fn numbers(pixels: &[u8], left: f64, y: f64, cell: f64) -> String {
    let place = |(column, pixel): (usize, &u8)| {
        let x = left + (column as f64 + 0.5) * cell;
        let color = match pixel {
            0 => "#a0a0a0",
            _ => text_on([255 - pixel; 3]),
        };
        format!(r#"<tspan x="{x:.1}" fill="{color}">{pixel}</tspan>"#)
    };
    let cells: String = pixels.iter().enumerate().map(place).collect();
    let size = (0.42 * cell * 10.0).round() / 10.0;
    format!(r#"<text y="{y:.1}" font-size="{size}" text-anchor="middle">{cells}</text>"#)
}
