//! A small SVG writer: what plotters' backend lacks (dashes, parts of a pixel, embedded images).

use super::palette::{INK, Marker};
use super::text::{escape, wrap};
use std::fmt::Write;

/// Width of a figure, in pixels at full size.
pub const WIDTH: f64 = 720.0;
/// Free space at the edges, in pixels.
pub const MARGIN: f64 = 14.0;

/// A drawing that grows element by element; later elements lie over earlier ones.
#[derive(Clone, Debug)]
pub struct Svg {
    /// In pixels at full size.
    pub width: f64,
    elements: String,
}

/// How a text is set.
#[derive(Clone, Copy)]
pub struct Font {
    /// In pixels.
    pub size: f64,
    /// Where `x` lies in the text: "start", "middle" or "end".
    pub anchor: &'static str,
    /// Its colour.
    pub color: &'static str,
    /// Whether it is bold.
    pub bold: bool,
    /// Whether the text runs upwards.
    pub upwards: bool,
    /// Whether a white rim sets the text off what lies below it.
    pub halo: bool,
}

/// The font that the others differ from.
pub const PLAIN: Font =
    Font { size: 12.0, anchor: "start", color: INK, bold: false, upwards: false, halo: false };

const HEADING: Font = Font { size: 16.0, bold: true, ..PLAIN };

/// A line's colour, width in pixels and dash pattern ("" = drawn through).
#[derive(Clone, Copy)]
pub struct Pen {
    /// Its colour.
    pub color: &'static str,
    /// In pixels.
    pub width: f64,
    /// Lengths of dash and gap.
    pub dash: &'static str,
}

/// The ends of a short straight line, in pixels.
pub type Piece = ((f64, f64), (f64, f64));

/// A rectangle in pixels, y downwards.
#[derive(Clone, Copy, Debug)]
pub struct Area {
    /// The x of its left side.
    pub left: f64,
    /// The y of its upper side.
    pub top: f64,
    /// The x of its right side.
    pub right: f64,
    /// The y of its lower side.
    pub bottom: f64,
}

impl Area {
    /// Gives its width.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Gives its height.
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }
}

impl Svg {
    /// Begins an empty drawing.
    pub fn new(width: f64) -> Self {
        Svg { width, elements: String::new() }
    }

    /// Draws the title on as many lines as it needs and gives the y below it.
    pub fn heading(&mut self, title: &str) -> f64 {
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
    pub fn text(&mut self, x: f64, y: f64, text: &str, font: &Font) {
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
        if font.halo {
            attributes.push_str(r##" paint-order="stroke" stroke="#ffffff" stroke-width="4.5" stroke-linejoin="round""##);
        }
        let text = escape(text);
        self.push(&format!(r#"<text {attributes} fill="{}">{text}</text>"#, font.color));
    }

    /// Draws a rectangle with an outline.
    pub fn rectangle(&mut self, area: &Area, fill: &str, opacity: f64, outline: &str) {
        let (x, y) = (pixel(area.left), pixel(area.top));
        let (width, height) = (pixel(area.width()), pixel(area.height()));
        self.push(&format!(
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}" fill-opacity="{opacity}" stroke="{outline}" stroke-width="1.5"/>"#
        ));
    }

    /// Draws a circle with an outline.
    pub fn circle(&mut self, (x, y): (f64, f64), radius: f64, fill: &str, outline: &str) {
        let (x, y) = (pixel(x), pixel(y));
        self.push(&format!(
            r#"<circle cx="{x}" cy="{y}" r="{radius}" fill="{fill}" stroke="{outline}" stroke-width="1.2"/>"#
        ));
    }

    /// Fills a polygon.
    pub fn polygon(&mut self, corners: &[(f64, f64)], fill: &str, opacity: f64) {
        let corners = listed(corners);
        self.push(&format!(
            r#"<polygon points="{corners}" fill="{fill}" fill-opacity="{opacity}"/>"#
        ));
    }

    /// Draws a straight line with a head at its end; one shorter than its head goes without.
    pub fn arrow(&mut self, (x0, y0): (f64, f64), (x1, y1): (f64, f64), pen: &Pen) {
        let length = (x1 - x0).hypot(y1 - y0);
        let head = 4.0 + 2.0 * pen.width;
        if length < head {
            return self.polyline(&[(x0, y0), (x1, y1)], pen);
        }
        let (along_x, along_y) = ((x1 - x0) / length, (y1 - y0) / length);
        let (neck_x, neck_y) = (x1 - head * along_x, y1 - head * along_y);
        let (side_x, side_y) = (-0.4 * head * along_y, 0.4 * head * along_x);
        self.polyline(&[(x0, y0), (neck_x, neck_y)], pen);
        let corners =
            [(x1, y1), (neck_x + side_x, neck_y + side_y), (neck_x - side_x, neck_y - side_y)];
        self.polygon(&corners, pen.color, 1.0);
    }

    /// Draws straight lines from point to point.
    pub fn polyline(&mut self, points: &[(f64, f64)], pen: &Pen) {
        let dash = match pen.dash {
            "" => String::new(),
            dash => format!(r#" stroke-dasharray="{dash}""#),
        };
        self.push(&format!(
            r#"<polyline points="{}" fill="none" stroke="{}" stroke-width="{}" stroke-linejoin="round"{dash}/>"#,
            listed(points),
            pen.color,
            pen.width
        ));
    }

    /// Draws many short straight lines as one element.
    pub fn segments(&mut self, pieces: &[Piece], pen: &Pen) {
        let mut path = String::new();
        for ((x0, y0), (x1, y1)) in pieces {
            let _ = write!(path, "M{} {}L{} {}", pixel(*x0), pixel(*y0), pixel(*x1), pixel(*y1));
        }
        self.push(&format!(
            r#"<path d="{path}" fill="none" stroke="{}" stroke-width="{}"/>"#,
            pen.color, pen.width
        ));
    }

    /// Draws a marker whose middle is the given point.
    pub fn marker(&mut self, (x, y): (f64, f64), marker: Marker, color: &str) {
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
        let corners: Vec<_> = corners.iter().map(|(dx, dy)| (x + dx, y + dy)).collect();
        self.push(&format!(r#"<polygon points="{}" fill="{color}"/>"#, listed(&corners)));
    }

    /// Places a PNG, given in base64, and keeps its pixels sharp when it is enlarged.
    pub fn image(&mut self, area: &Area, png: &str) {
        let (x, y) = (pixel(area.left), pixel(area.top));
        let (width, height) = (pixel(area.width()), pixel(area.height()));
        self.push(&format!(
            r#"<image x="{x}" y="{y}" width="{width}" height="{height}" preserveAspectRatio="none" style="image-rendering:pixelated" href="data:image/png;base64,{png}"/>"#
        ));
    }

    /// Adds an element that is SVG already.
    pub fn push(&mut self, element: &str) {
        self.elements.push_str(element);
        self.elements.push('\n');
    }

    /// Places another drawing at `y`, and widens this one to hold it.
    pub fn place_below(&mut self, y: f64, other: &Svg) {
        self.width = self.width.max(other.width);
        let y = pixel(y);
        self.push(&format!("<g transform=\"translate(0 {y})\">\n{}</g>", other.elements));
    }

    /// Gives the document: a white card with title and description, as tall as asked.
    pub fn document(&self, height: f64, title: &str, description: &str) -> String {
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

/// Lists points as the attribute `points` wants them.
fn listed(points: &[(f64, f64)]) -> String {
    let point = |(x, y): &(f64, f64)| format!("{},{}", pixel(*x), pixel(*y));
    points.iter().map(point).collect::<Vec<_>>().join(" ")
}

/// Writes a coordinate to a tenth of a pixel, which is finer than a screen and short in the file.
fn pixel(coordinate: f64) -> f64 {
    (coordinate * 10.0).round() / 10.0
}
