//! The colour of each entry, and the bars that explain the colours.

use super::{HeatMap, Scale};
use crate::parts::color_bar::ColorBar;
use crate::parts::palette::{BLUE_TO_RED, BLUES, ORANGES, Rgb, shade};
use crate::parts::text::{digits, number};

const GREY_CELL: Rgb = [200, 200, 200];

impl HeatMap {
    /// Gives the colour of every entry.
    pub(super) fn colors(&self) -> Vec<Rgb> {
        let (low, high) = self.range();
        let most_errors = self.most_errors();
        let color = |(index, &value): (usize, &f64)| match self.scale {
            _ if !value.is_finite() => GREY_CELL,
            Scale::Sequential => shade(&BLUES, share(value - low, high - low)),
            Scale::Diverging => shade(&BLUE_TO_RED, 0.5 + 0.5 * share(value, high)),
            Scale::Confusion => {
                let (row, column) = (index / self.columns, index % self.columns);
                let row_total: f64 = self.values[row * self.columns..][..self.columns].iter().sum();
                if row == column {
                    right_color(share(value, row_total))
                } else {
                    error_color(share(value, most_errors))
                }
            }
        };
        self.values.iter().enumerate().map(color).collect()
    }

    /// Gives the values that the ends of the colour scale stand for.
    pub(super) fn range(&self) -> (f64, f64) {
        let finite = || self.values.iter().copied().filter(|value| value.is_finite());
        let (low, high) =
            (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
        match self.scale {
            Scale::Diverging => (-low.abs().max(high.abs()), low.abs().max(high.abs())),
            _ => (low, high),
        }
    }

    /// Gives the largest count off the diagonal.
    fn most_errors(&self) -> f64 {
        self.errors().first().map_or(0.0, |(_, count)| *count)
    }

    pub(super) fn color_bars(&self) -> Vec<ColorBar> {
        let (low, high) = self.range();
        let [lowest, highest] = [digits(low, 3), digits(high, 3)];
        match self.scale {
            Scale::Sequential => {
                vec![ColorBar::new("", lowest, highest, |share| shade(&BLUES, share))]
            }
            Scale::Diverging => {
                vec![ColorBar::new("", lowest, highest, |share| shade(&BLUE_TO_RED, share))]
            }
            Scale::Confusion => vec![
                ColorBar::new("right", "0 %".to_string(), "100 %".to_string(), right_color),
                ColorBar::new("wrong", "0".to_string(), number(self.most_errors()), error_color),
            ],
        }
    }
}

/// Divides, and gives 0 where there is nothing to divide by.
pub(super) fn share(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

fn right_color(share: f64) -> Rgb {
    shade(&BLUES, 0.8 * share)
}

fn error_color(share: f64) -> Rgb {
    shade(&ORANGES, 0.6 * share.sqrt())
}
