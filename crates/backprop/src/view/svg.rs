//! A small SVG writer: what plotters' backend lacks (dashes, parts of a pixel, embedded images).

use super::palette::{INK, Marker};
use super::text::{escape, wrap};
use std::fmt::Write;

/// Width of a figure, in pixels at full size.
pub(super) const WIDTH: f64 = 720.0;
/// Free space at the edges, in pixels.
pub(super) const MARGIN: f64 = 14.0;

/// A drawing that grows element by element; later elements lie over earlier ones.
#[derive(Clone, Debug)]
pub(super) struct Svg {
    pub(super) width: f64,
    elements: String,
}

/// How a text is set.
#[derive(Clone, Copy)]
pub(super) struct Font {
    /// In pixels.
    pub(super) size: f64,
    /// Where `x` lies in the text: "start", "middle" or "end".
    pub(super) anchor: &'static str,
    pub(super) color: &'static str,
    pub(super) bold: bool,
    /// Whether the text runs upwards.
    pub(super) upwards: bool,
}

/// The font that the others differ from.
pub(super) const PLAIN: Font =
    Font { size: 12.0, anchor: "start", color: INK, bold: false, upwards: false };

const HEADING: Font = Font { size: 16.0, bold: true, ..PLAIN };

/// A line's colour, width in pixels and dash pattern ("" = drawn through).
#[derive(Clone, Copy)]
pub(super) struct Pen {
    pub(super) color: &'static str,
    pub(super) width: f64,
    pub(super) dash: &'static str,
}

/// A rectangle in pixels, y downwards.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Area {
    pub(super) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> f64 {
        self.bottom - self.top
    }
}

impl Svg {
    pub(super) fn new(width: f64) -> Self {
        Svg { width, elements: String::new() }
    }

    /// Draws the title on as many lines as it needs and gives the y below it.
    pub(super) fn heading(&mut self, title: &str) -> f64 {
        if title.is_empty() {
            return MARGIN;
        }
        let mut y = MARGIN;
        for line in wrap(title, HEADING.size, self.width - 2.0 * MARGIN) {
            y += 20.0;
            self.text(MARGIN, y - 5.0, &line, &HEADING);
        }
        y + 12.0
    }

    /// Draws a text with its base line at `y`; escapes it.
    pub(super) fn text(&mut self, x: f64, y: f64, text: &str, font: &Font) {
        let (x, y) = (pixel(x), pixel(y));
        let mut attributes = format!(r#"x="{x}" y="{y}" font-size="{}""#, font.size);
        if font.anchor != "start" {
            let _ = write!(attributes, r#" text-anchor="{}""#, font.anchor);
        }
        if font.bold {
            attributes.push_str(r#" font-weight="bold""#);
        }
        if font.upwards {
            let _ = write!(attributes, r#" transform="rotate(-90 {x} {y})""#);
        }
        let text = escape(text);
        self.push(&format!(r#"<text {attributes} fill="{}">{text}</text>"#, font.color));
    }

    pub(super) fn rectangle(&mut self, area: &Area, fill: &str, opacity: f64, outline: &str) {
        let (x, y) = (pixel(area.left), pixel(area.top));
        let (width, height) = (pixel(area.width()), pixel(area.height()));
        self.push(&format!(
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}" fill-opacity="{opacity}" stroke="{outline}" stroke-width="1.5"/>"#
        ));
    }

    /// Draws straight lines from point to point.
    pub(super) fn polyline(&mut self, points: &[(f64, f64)], pen: &Pen) {
        let mut path = String::new();
        for (x, y) in points {
            let _ = write!(path, "{},{} ", pixel(*x), pixel(*y));
        }
        let dash = match pen.dash {
            "" => String::new(),
            dash => format!(r#" stroke-dasharray="{dash}""#),
        };
        self.push(&format!(
            r#"<polyline points="{}" fill="none" stroke="{}" stroke-width="{}" stroke-linejoin="round"{dash}/>"#,
            path.trim_end(),
            pen.color,
            pen.width
        ));
    }

    /// Draws a marker whose middle is the given point.
    pub(super) fn marker(&mut self, (x, y): (f64, f64), marker: Marker, color: &str) {
        let corners: &[(f64, f64)] = match marker {
            Marker::Circle => {
                let (x, y) = (pixel(x), pixel(y));
                self.push(&format!(r#"<circle cx="{x}" cy="{y}" r="3.5" fill="{color}"/>"#));
                return;
            }
            Marker::Square => &[(-3.2, -3.2), (3.2, -3.2), (3.2, 3.2), (-3.2, 3.2)],
            Marker::Triangle => &[(0.0, -4.4), (4.2, 3.0), (-4.2, 3.0)],
            Marker::Diamond => &[(0.0, -4.6), (4.6, 0.0), (0.0, 4.6), (-4.6, 0.0)],
        };
        let corner = |(dx, dy): &(f64, f64)| format!("{},{}", pixel(x + dx), pixel(y + dy));
        let corners: Vec<String> = corners.iter().map(corner).collect();
        self.push(&format!(r#"<polygon points="{}" fill="{color}"/>"#, corners.join(" ")));
    }

    /// Places a PNG, given in base64, and keeps its pixels sharp when it is enlarged.
    pub(super) fn image(&mut self, area: &Area, png: &str) {
        let (x, y) = (pixel(area.left), pixel(area.top));
        let (width, height) = (pixel(area.width()), pixel(area.height()));
        self.push(&format!(
            r#"<image x="{x}" y="{y}" width="{width}" height="{height}" preserveAspectRatio="none" style="image-rendering:pixelated" href="data:image/png;base64,{png}"/>"#
        ));
    }

    /// Adds an element that is SVG already.
    pub(super) fn push(&mut self, element: &str) {
        self.elements.push_str(element);
        self.elements.push('\n');
    }

    /// Places another drawing at `y`, and widens this one to hold it.
    pub(super) fn place_below(&mut self, y: f64, other: &Svg) {
        self.width = self.width.max(other.width);
        let y = pixel(y);
        self.push(&format!("<g transform=\"translate(0 {y})\">\n{}</g>", other.elements));
    }

    /// Gives the document: a white card with title and description, as tall as asked.
    pub(super) fn document(&self, height: f64, title: &str, description: &str) -> String {
        let (width, height) = (pixel(self.width), pixel(height));
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" style="max-width:100%;height:auto" role="img" font-family="sans-serif">
<title>{}</title>
<desc>{}</desc>
<rect width="{width}" height="{height}" rx="4" fill="#ffffff"/>
{}</svg>
"##,
            escape(title),
            escape(description),
            self.elements
        )
    }
}

/// Writes a coordinate to a tenth of a pixel, which is finer than a screen and short in the file.
fn pixel(coordinate: f64) -> f64 {
    (coordinate * 10.0).round() / 10.0
}
