//! What the lines show, in words.

use super::axes::span;
use super::trend::trend;
use super::{Curves, Kind, Line};
use crate::parts::steps;
use crate::parts::text::number;

impl Curves {
    /// Says what a band spans at its ends; nothing for a line without.
    fn band_in_words(&self, line: &Line) -> String {
        let points: Vec<_> = self.band_points(line).into_iter().flatten().collect();
        let at = |(x, low, high): &(f64, f64, f64)| {
            format!("{} to {} at {}", number(*low), number(*high), number(*x))
        };
        match &points[..] {
            [] => String::new(),
            [only] => format!(", band {}", at(only)),
            [first, .., last] => format!(", band {}, {}", at(first), at(last)),
        }
    }

    /// Says what the lines show.
    pub(super) fn gist(&self) -> String {
        let kind = if self.points { "Scatter plot" } else { "Line plot" };
        let y = if self.y_name.is_empty() { "y" } else { &self.y_name };
        let x = if self.x_name.is_empty() { "x" } else { &self.x_name };
        let xs: Vec<f64> =
            self.lines.iter().flat_map(|line| self.drawable(line)).map(|(x, _)| x).collect();
        let (first, last) = span(&xs);
        let log = |log: bool| if log { ", on a logarithmic axis," } else { "" };
        let trend = |line: &Line| {
            let points: Vec<(f64, f64)> = self.drawable(line).collect();
            if matches!(line.kind, Kind::Steps) {
                return steps::walk(&line.name, &points);
            }
            let log = self.log_x || self.log_y;
            let trend = trend(&line.name, &points, line.xs.len() - points.len(), log);
            trend + &self.band_in_words(line)
        };
        let lines: Vec<String> = self.lines.iter().map(trend).collect();
        let mut gist = format!(
            "{kind} of {y}{} over {x}{} from {} to {}: {}.",
            log(self.log_y),
            log(self.log_x),
            number(first),
            number(last),
            lines.join("; ")
        );
        if !self.references.is_empty() {
            let lines = self.references.iter().map(|(name, y)| format!("{name} at {}", number(*y)));
            let plural = if self.references.len() == 1 { "" } else { "s" };
            let lines: Vec<String> = lines.collect();
            gist.push_str(&format!(" Reference line{plural}: {}.", lines.join(", ")));
        }
        gist
    }
}
