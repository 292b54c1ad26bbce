//! Which points have a place, and the axes that hold them.

use super::{Curves, Kind, Line};
use crate::parts::axis::{Axis, padded, rounded_outwards};
use std::iter::zip;

impl Curves {
    /// Whether a point has a place on the axes.
    fn has_place(&self, x: f64, y: f64) -> bool {
        x.is_finite() && y.is_finite() && (x > 0.0 || !self.log_x) && (y > 0.0 || !self.log_y)
    }

    pub(super) fn drawable<'a>(&'a self, line: &'a Line) -> impl Iterator<Item = (f64, f64)> + 'a {
        let points = line.xs.iter().copied().zip(line.ys.iter().copied());
        points.filter(|(x, y)| self.has_place(*x, *y))
    }

    /// Gives x, low and high of a band; a gap where its line has one. Without a band there is none.
    pub(super) fn band_points(&self, line: &Line) -> Vec<Option<(f64, f64, f64)>> {
        let Kind::Band { low, high } = &line.kind else { return Vec::new() };
        let point = |((x, y), (low, high)): ((&f64, &f64), (&f64, &f64))| {
            let drawn = self.has_place(*x, *y) && low.is_finite() && high.is_finite();
            drawn.then_some((*x, *low, *high))
        };
        zip(zip(&line.xs, &line.ys), zip(low, high)).map(point).collect()
    }

    pub(super) fn x_axis(&self) -> Axis {
        let xs: Vec<f64> =
            self.lines.iter().flat_map(|line| self.drawable(line)).map(|(x, _)| x).collect();
        let (low, high) = span(&xs);
        if self.log_x {
            let (low, high) = padded(low.log10(), high.log10(), 0.02);
            return Axis::logarithmic(&self.x_name, 10f64.powf(low), 10f64.powf(high));
        }
        let whole = xs.iter().all(|x| x.fract() == 0.0);
        let (low, high) = padded(low, high, 0.02);
        Axis::linear(&self.x_name, low, high, whole)
    }

    pub(super) fn y_axis(&self) -> Axis {
        let references =
            self.references.iter().map(|(_, y)| *y).filter(|y| self.has_place(1.0, *y));
        let values = self.lines.iter().flat_map(|line| self.drawable(line)).map(|(_, y)| y);
        let bands = self.lines.iter().flat_map(|line| self.band_points(line));
        let bands = bands.flatten().flat_map(|(_, low, high)| [low, high]);
        let bands = bands.filter(|y| self.has_place(1.0, *y));
        let (low, high) = span(&values.chain(references).chain(bands).collect::<Vec<_>>());
        match (self.y_range, self.log_y) {
            (Some((low, high)), true) => Axis::logarithmic(&self.y_name, low, high),
            (Some((low, high)), false) => Axis::linear(&self.y_name, low, high, false),
            (None, true) => {
                let (low, high) = padded(low.log10(), high.log10(), 0.05);
                Axis::logarithmic(&self.y_name, 10f64.powf(low), 10f64.powf(high))
            }
            (None, false) => {
                // A loss that falls a good way is read against zero.
                let from_zero = low > 0.0 && low < 0.4 * high;
                let (low, high) = rounded_outwards(if from_zero { 0.0 } else { low }, high);
                Axis::linear(&self.y_name, low, high, false)
            }
        }
    }
}

/// Gives the smallest and the largest value.
pub(super) fn span(values: &[f64]) -> (f64, f64) {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    (low, values.iter().copied().fold(f64::NEG_INFINITY, f64::max))
}
