//! The legend: below the axes, off the data, in as many rows as it needs.

use super::palette::LineStyle;
use super::steps;
use super::svg::{Area, MARGIN, PLAIN, Pen, Svg};
use super::text::{shortened, width};

/// A name and what it stands for.
pub struct Entry<'a> {
    /// The name; an entry without one is left out.
    pub name: &'a str,
    /// What is drawn before it.
    pub key: Key,
}

/// What is drawn before a name.
pub enum Key {
    /// A piece of a line with its marker.
    Line(LineStyle),
    /// A marker.
    Point(LineStyle),
    /// An arrow between two markers.
    Steps(LineStyle),
    /// Colour and dashes of an edge, which has no marker.
    Edge(&'static str, &'static str),
    /// Colour and opacity of a bar.
    Bar(&'static str, f64),
}

const ROW: f64 = 20.0;

/// Draws the entries that have a name below `top`, from `left` on, and gives the y where they end.
pub fn draw(svg: &mut Svg, entries: &[Entry], left: f64, top: f64) -> f64 {
    let right = svg.width - MARGIN;
    let (mut x, mut y) = (left, top);
    for entry in entries.iter().filter(|entry| !entry.name.is_empty()) {
        let key = key_width(&entry.key);
        let name = shortened(entry.name, PLAIN.size, right - left - key - 26.0);
        let needed = key + 8.0 + width(&name, PLAIN.size) + 18.0;
        if y == top || x + needed > right {
            (x, y) = (left, y + ROW);
        }
        draw_key(svg, &entry.key, x, y - 4.0);
        svg.text(x + key + 8.0, y, &name, &PLAIN);
        x += needed;
    }
    y
}

fn key_width(key: &Key) -> f64 {
    match key {
        Key::Line(_) | Key::Steps(_) | Key::Edge(..) => 44.0,
        Key::Point(_) => 10.0,
        Key::Bar(..) => 22.0,
    }
}

fn draw_key(svg: &mut Svg, key: &Key, left: f64, middle: f64) {
    let right = left + key_width(key);
    match *key {
        Key::Line(LineStyle { color, dash, marker }) => {
            svg.polyline(&[(left, middle), (right, middle)], &Pen { color, width: 2.0, dash });
            svg.marker(((left + right) / 2.0, middle), marker, color);
        }
        Key::Point(LineStyle { color, marker, .. }) => {
            svg.marker(((left + right) / 2.0, middle), marker, color);
        }
        Key::Steps(style) => {
            steps::draw(svg, &[Some((left + 4.0, middle)), Some((right - 4.0, middle))], style)
        }
        Key::Edge(color, dash) => {
            svg.polyline(&[(left, middle), (right, middle)], &Pen { color, width: 2.0, dash });
        }
        Key::Bar(color, opacity) => {
            let area = Area { left, top: middle - 5.0, right, bottom: middle + 5.0 };
            svg.rectangle(&area, color, opacity, color);
        }
    }
}
