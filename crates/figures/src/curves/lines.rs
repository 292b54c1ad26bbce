//! The lines as they are drawn: bands, markers, names of reference lines, legend.

use super::{Curves, Kind, Line};
use crate::parts::frame::Plot;
use crate::parts::legend;
use crate::parts::palette::{GREY, LineStyle, line_style};
use crate::parts::steps;
use crate::parts::svg::{Area, Font, PLAIN, Pen, Svg, WIDTH};
use crate::parts::text::{shortened, width};
use std::iter::zip;

/// The most room for the name of a reference line, in pixels.
const REFERENCE: f64 = 150.0;
/// Up to so many points each gets its marker.
const MARK_ALL: usize = 31;

impl Curves {
    /// Gives the room to the right of the axes that the reference lines' names need.
    pub(super) fn reference_room(&self) -> f64 {
        let widths = self.references.iter().map(|(name, _)| width(name, PLAIN.size) + 8.0);
        widths.fold(0.0, f64::max).min(REFERENCE + 8.0)
    }

    pub(super) fn draw_references(&self, svg: &mut Svg, plot: &Plot) {
        let mut named: Vec<(f64, &str)> = Vec::new();
        for (name, value) in &self.references {
            let y = plot.height(*value);
            if let Some(y) = y.filter(|y| within(plot, (plot.area.left, *y))) {
                let ends = [(plot.area.left, y), (plot.area.right, y)];
                svg.polyline(&ends, &Pen { color: GREY, width: 1.2, dash: "3 3" });
                named.push((y, name));
            }
        }
        named.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut free_from = f64::NEG_INFINITY;
        for (y, name) in named {
            // Names of lines that lie close together move apart.
            let y = y.max(free_from);
            let name = shortened(name, PLAIN.size, REFERENCE);
            svg.text(plot.area.right + 6.0, y + 4.0, &name, &Font { color: GREY, ..PLAIN });
            free_from = y + 14.0;
        }
    }

    /// Fills the band of a line; its edges tell it from others without colour.
    pub(super) fn draw_band(&self, svg: &mut Svg, plot: &Plot, line: &Line, style: LineStyle) {
        // What lies beyond the axes, or has no logarithm, ends at their edge.
        let Area { top, bottom, .. } = plot.area;
        let height = |y: f64| plot.height(y).unwrap_or(bottom).clamp(top, bottom);
        let edges = |point: &Option<(f64, f64, f64)>| {
            let (x, low, high) = (*point)?;
            let across = plot.across(x)?;
            Some(((across, height(low)), (across, height(high))))
        };
        let edges: Vec<_> = self.band_points(line).iter().map(edges).collect();
        for run in edges.split(Option::is_none).filter(|run| !run.is_empty()) {
            let (low, high): (Vec<_>, Vec<_>) = run.iter().flatten().copied().unzip();
            let outline: Vec<_> = low.iter().chain(high.iter().rev()).copied().collect();
            svg.polygon(&outline, style.color, 0.16);
            for edge in [&low, &high] {
                svg.polyline(edge, &Pen { color: style.color, width: 0.7, dash: style.dash });
            }
        }
    }

    pub(super) fn draw_line(&self, svg: &mut Svg, plot: &Plot, line: &Line, index: usize) {
        let style = self.style_of(index);
        let places = places(plot, line);
        if matches!(line.kind, Kind::Steps) {
            steps::draw(svg, &places, style);
            return;
        }
        let drawn: Vec<(f64, f64)> = places.iter().flatten().copied().collect();
        if self.points {
            // More markers than this cannot be told apart, and would swell the file.
            let every = drawn.len().div_ceil(1_500).max(1);
            for place in drawn.into_iter().step_by(every) {
                svg.marker(place, style.marker, style.color);
            }
            return;
        }
        let LineStyle { color, dash, marker } = style;
        for run in places.split(Option::is_none).filter(|run| !run.is_empty()) {
            let run: Vec<(f64, f64)> = run.iter().flatten().copied().collect();
            let pen = if zigzags(&run) {
                // Dashes on a line that goes up and down all the time would only be more noise.
                Pen { color, width: 0.7, dash: "" }
            } else {
                Pen { color, width: 2.0, dash }
            };
            match run[..] {
                [lone] => svg.marker(lone, marker, color),
                _ => svg.polyline(&thinned(&run), &pen),
            }
        }
        if zigzags(&drawn) {
            return;
        }
        for place in marked(&drawn, index) {
            svg.marker(place, marker, color);
        }
    }

    pub(super) fn style_of(&self, index: usize) -> LineStyle {
        let said = self.styles.iter().rev().find(|(line, _)| *line == index);
        said.map_or_else(|| line_style(index), |(_, style)| *style)
    }

    pub(super) fn number_steps(&self, svg: &mut Svg, plot: &Plot) {
        let mut taken = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            if matches!(line.kind, Kind::Steps) {
                steps::number(svg, &places(plot, line), self.style_of(index).color, &mut taken);
            }
        }
    }

    pub(super) fn draw_legend(&self, svg: &mut Svg, left: f64, top: f64) -> f64 {
        let mut entries = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            let style = self.style_of(index);
            let key = match line.kind {
                Kind::Steps => legend::Key::Steps(style),
                _ if self.points => legend::Key::Point(style),
                _ => legend::Key::Line(style),
            };
            entries.push(legend::Entry { name: &line.name, key });
        }
        legend::draw(svg, &entries, left, top)
    }
}

/// Gives the pixels of a line's points; `None` for those off the axes.
fn places(plot: &Plot, line: &Line) -> Vec<Option<(f64, f64)>> {
    let points = zip(&line.xs, &line.ys);
    points.map(|(x, y)| plot.at(*x, *y).filter(|place| within(plot, *place))).collect()
}

/// Whether a pixel lies in the coordinate system, give or take a rounding.
fn within(plot: &Plot, (x, y): (f64, f64)) -> bool {
    let Area { left, top, right, bottom } = plot.area;
    (left - 1.0..=right + 1.0).contains(&x) && (top - 1.0..=bottom + 1.0).contains(&y)
}

/// Whether a line is many times as long as the figure is wide, as the loss of each mini-batch is.
fn zigzags(points: &[(f64, f64)]) -> bool {
    let steps = points.windows(2).map(|pair| (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1));
    steps.sum::<f64>() > 6.0 * WIDTH
}

/// Chooses the points that get a marker: all of a few, about eight of many, not the same in each line.
fn marked(points: &[(f64, f64)], index: usize) -> Vec<(f64, f64)> {
    if points.len() <= MARK_ALL {
        return points.to_vec();
    }
    let every = points.len() / 8;
    let first = (every / 2 + index * every / 4) % every;
    points.iter().copied().skip(first).step_by(every).collect()
}

/// Keeps of each column of pixels the first, lowest, highest and last point: the line looks the
/// same, and its file stays small with one point per mini-batch, too.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if points.len() <= 1_500 {
        return points.to_vec();
    }
    let mut kept = Vec::new();
    for column in points.chunk_by(|a, b| a.0.floor() == b.0.floor()) {
        let by_height = |&a: &usize, &b: &usize| column[a].1.total_cmp(&column[b].1);
        let low = (0..column.len()).min_by(by_height).unwrap_or(0);
        let high = (0..column.len()).max_by(by_height).unwrap_or(0);
        let mut indices = vec![0, low, high, column.len() - 1];
        indices.sort_unstable();
        indices.dedup();
        kept.extend(indices.into_iter().map(|i| column[i]));
    }
    kept
}
