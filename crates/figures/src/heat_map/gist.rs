//! What a matrix shows, in words.

use super::colors::share;
use super::{HeatMap, Scale};
use crate::parts::text::{digits, number};

impl HeatMap {
    /// Says what the matrix shows.
    pub(super) fn gist(&self) -> String {
        if self.scale == Scale::Confusion {
            return self.confusion_gist();
        }
        let finite = |index: &usize| self.values[*index].is_finite();
        let by_value = |a: &usize, b: &usize| self.values[*a].total_cmp(&self.values[*b]);
        let all = || (0..self.values.len()).filter(finite);
        let place = |index: Option<usize>| {
            let index = index.unwrap_or_default();
            let (row, column) = (index / self.columns, index % self.columns);
            let (row, column) = (name(&self.row_names, row), name(&self.column_names, column));
            format!("{} (row {row}, column {column})", number(self.values[index]))
        };
        let (low, high) = self.range();
        if low == high && all().count() == self.values.len() {
            return format!(
                "Heat map of {} × {} values, all {}.",
                self.rows,
                self.columns,
                number(low)
            );
        }
        let mut gist = format!(
            "Heat map of {} × {} values, from {} to {}.",
            self.rows,
            self.columns,
            place(all().min_by(by_value)),
            place(all().max_by(by_value))
        );
        let missing = self.values.len() - all().count();
        if missing > 0 {
            gist.push_str(&format!(" Grey: {missing} not finite."));
        }
        gist
    }

    fn confusion_gist(&self) -> String {
        let total: f64 = self.values.iter().sum();
        let right: f64 =
            (0..self.rows).map(|class| self.values[class * self.columns + class]).sum();
        let mut gist = format!(
            "Confusion matrix of {} examples in {} classes: {} ({} %) are right.",
            number(total),
            self.rows,
            number(right),
            digits(100.0 * share(right, total), 4)
        );
        let classes: Vec<String> = (0..self.rows)
            .map(|class| {
                let row = &self.values[class * self.columns..][..self.columns];
                let share = percentage(row[class], row.iter().sum());
                format!("{} {share}", name(&self.row_names, class))
            })
            .collect();
        gist.push_str(&format!(" Of each class are right: {}.", classes.join(", ")));
        let errors: Vec<String> = (self.errors().iter().take(3))
            .map(|(index, count)| {
                let (row, column) = (index / self.columns, index % self.columns);
                let (truth, guess) = (name(&self.row_names, row), name(&self.column_names, column));
                let times = if *count == 1.0 { "time" } else { "times" };
                format!("{truth} taken for {guess}: {} {times}", number(*count))
            })
            .collect();
        if !errors.is_empty() {
            gist.push_str(&format!(" Most frequent errors: {}.", errors.join("; ")));
        }
        gist
    }

    /// Gives index and count of the entries off the diagonal that are not 0, the largest first.
    pub(super) fn errors(&self) -> Vec<(usize, f64)> {
        let off_diagonal = |index: &usize| index / self.columns != index % self.columns;
        let indices = (0..self.values.len()).filter(off_diagonal);
        let mut errors: Vec<(usize, f64)> = indices
            .map(|index| (index, self.values[index]))
            .filter(|(_, count)| *count > 0.0)
            .collect();
        errors.sort_by(|a, b| b.1.total_cmp(&a.1));
        errors
    }
}

/// Writes a share of a whole; a whole of nothing has none.
pub(super) fn percentage(part: f64, whole: f64) -> String {
    if whole == 0.0 { "–".to_string() } else { format!("{} %", digits(100.0 * part / whole, 3)) }
}

fn name(names: &Option<Vec<String>>, index: usize) -> String {
    let name = names.as_ref().and_then(|names| names.get(index));
    name.cloned().unwrap_or_else(|| index.to_string())
}
