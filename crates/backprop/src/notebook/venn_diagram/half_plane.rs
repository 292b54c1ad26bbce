//! The half-plane on which a unit is active: shaded, hatched, and its edge with an arrow.
//!
//! `venn_diagram.js` does the same once more, as the sliders move.

use super::unit::{MOST, Unit};
use backprop_figures::parts::frame::Plot;
use backprop_figures::parts::palette::{LineStyle, line_style};
use backprop_figures::parts::svg::{Area, Font, PLAIN, Pen, Piece, Svg};

/// Between two lines of a hatching, in pixels.
const HATCH: f64 = 9.0;

/// Shades and hatches the half-plane on which a unit is active.
pub(super) fn draw_active(svg: &mut Svg, plot: &Plot, unit: &Unit, index: usize) {
    let z = |place: (f64, f64)| unit.z_at(plot, place);
    let color = line_style(index).color;
    svg.push(r#"<g data-part="active">"#);
    svg.polygon(&clipped(&corners(plot.area), &z), color, 0.16);
    let kept = |(from, to): Piece| match clipped(&[from, to], &z)[..] {
        [from, to] => Some((from, to)),
        _ => None,
    };
    let lines: Vec<Piece> = hatching(plot.area, index).into_iter().filter_map(kept).collect();
    svg.segments(&lines, &Pen { color, width: 0.5, dash: "" });
    svg.push("</g>");
}

/// Gives parallel lines over the plane; each unit has its own direction, so that overlaps show
/// without colour.
pub(super) fn hatching(area: Area, index: usize) -> Vec<Piece> {
    let Area { left, top, right, bottom } = area;
    let angle = std::f64::consts::PI * (0.25 + index as f64 / MOST as f64);
    let (dx, dy) = (angle.cos(), angle.sin());
    let (middle_x, middle_y) = ((left + right) / 2.0, (top + bottom) / 2.0);
    let reach = (right - left).hypot(bottom - top) / 2.0;
    let count = (reach / HATCH) as i32;
    let inside: [&dyn Fn((f64, f64)) -> f64; 4] =
        [&|p| p.0 - left, &|p| right - p.0, &|p| p.1 - top, &|p| bottom - p.1];
    let lines = (-count..=count).filter_map(|i| {
        let (x, y) = (middle_x - dy * HATCH * f64::from(i), middle_y + dx * HATCH * f64::from(i));
        let ends = [(x - reach * dx, y - reach * dy), (x + reach * dx, y + reach * dy)];
        let ends = inside.iter().fold(ends.to_vec(), |ends, side| clipped(&ends, *side));
        ends.first().copied().zip(ends.get(1).copied())
    });
    lines.collect()
}

/// Draws the line z = 0, where there is one on the plane, with an arrow to the active side and the
/// unit's number.
pub(super) fn draw_line(svg: &mut Svg, plot: &Plot, unit: &Unit, index: usize) {
    let corners = corners(plot.area);
    let z = |place: (f64, f64)| unit.z_at(plot, place);
    let ends: Vec<(f64, f64)> =
        (0..4).filter_map(|i| crossing(corners[i], corners[(i + 1) % 4], &z)).collect();
    let shown = if ends.is_empty() { "none" } else { "inline" };
    let (from, to) = match ends[..] {
        [from, .., to] => (from, to),
        _ => (corners[0], corners[1]),
    };
    svg.push(&format!(r#"<g data-part="line" display="{shown}">"#));
    let LineStyle { color, dash, .. } = line_style(index);
    svg.polyline(&[from, to], &Pen { color, width: 2.2, dash });
    // Pixels grow downwards, the second input upwards.
    draw_arrow(svg, foot(from, to, index), (-unit.w[1]).atan2(unit.w[0]).to_degrees(), index);
    svg.push("</g>");
}

/// Gives where the arrow begins: those of lines that cross in the middle stand apart.
fn foot(from: (f64, f64), to: (f64, f64), index: usize) -> (f64, f64) {
    let share = 0.3 + 0.4 * (index % 2) as f64;
    (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1))
}

/// Draws an arrow at an angle in degrees, and the unit's number, upright, at its end.
fn draw_arrow(svg: &mut Svg, (x, y): (f64, f64), angle: f64, index: usize) {
    let color = line_style(index).color;
    let font = Font { size: 14.0, anchor: "middle", bold: true, color, halo: true, ..PLAIN };
    svg.push(&format!(r#"<g transform="translate({x:.1} {y:.1}) rotate({angle:.1})">"#));
    svg.arrow((0.0, 0.0), (24.0, 0.0), &Pen { color, width: 1.8, dash: "" });
    svg.push(&format!(r#"<g transform="translate(34 0) rotate({:.1})">"#, -angle));
    svg.text(0.0, 5.0, &(index + 1).to_string(), &font);
    svg.push("</g></g>");
}

fn corners(area: Area) -> [(f64, f64); 4] {
    let Area { left, top, right, bottom } = area;
    [(left, top), (right, top), (right, bottom), (left, bottom)]
}

/// Keeps the part of a polygon, or of a line, on which `side` is not negative.
fn clipped(corners: &[(f64, f64)], side: &dyn Fn((f64, f64)) -> f64) -> Vec<(f64, f64)> {
    let mut kept = Vec::new();
    for (index, &corner) in corners.iter().enumerate() {
        let next = corners[(index + 1) % corners.len()];
        if side(corner) >= 0.0 {
            kept.push(corner);
        }
        // A line has one side, not two.
        if corners.len() > 2 || index == 0 {
            kept.extend(crossing(corner, next, side));
        }
    }
    kept
}

/// Gives the point between two others where `side` changes its sign.
fn crossing(
    (x0, y0): (f64, f64),
    (x1, y1): (f64, f64),
    side: &dyn Fn((f64, f64)) -> f64,
) -> Option<(f64, f64)> {
    let (from, to) = (side((x0, y0)), side((x1, y1)));
    if (from >= 0.0) == (to >= 0.0) {
        return None;
    }
    let share = from / (from - to);
    Some((x0 + share * (x1 - x0), y0 + share * (y1 - y0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_is_cut_at_the_line() {
        let square = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)];
        assert_eq!(
            clipped(&square, &|(x, _)| x - 1.0),
            [(1.0, 0.0), (4.0, 0.0), (4.0, 4.0), (1.0, 4.0)]
        );
        assert_eq!(clipped(&square, &|_| -1.0), []);
        assert_eq!(clipped(&square, &|_| 1.0), square);
        let line = [(0.0, 0.0), (4.0, 0.0)];
        assert_eq!(clipped(&line, &|(x, _)| 1.0 - x), [(0.0, 0.0), (1.0, 0.0)]);
        assert_eq!(clipped(&line, &|(x, _)| x - 1.0), [(1.0, 0.0), (4.0, 0.0)]);
    }
}
