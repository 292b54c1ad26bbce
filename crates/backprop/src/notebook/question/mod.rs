//! Questions of an exercise, whose checks explain themselves.

mod checks;
#[cfg(test)]
mod tests;

use backprop_figures::Table;
use backprop_figures::parts::bundle::{Content, emit_all};
use backprop_protocol::mime;
use serde::Serialize;

/// A question with its checks; each has points of its own and says what it expected and what it found.
///
/// It is the value of a notebook cell: people see a table, a grader reads the JSON, and the text is the
/// number of points reached, which nbgrader takes for partial credit.
///
/// ```
/// use backprop::prelude::*;
///
/// let question = Question::new("3.1 A layer by hand")
///     .sizes(1.0, "one hidden layer of 30 neurons", &[784, 30, 10], &[784, 300, 10])
///     .number(2.0, "σ′(0)", 0.25, 0.2500001, 1e-6);
/// assert_eq!((question.points(), question.maximum()), (2.0, 3.0));
/// assert_eq!(
///     question.explanations()[0],
///     "one hidden layer of 30 neurons: expected [784, 30, 10], found [784, 300, 10]"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[must_use = "a question is shown by ending a cell with it"]
pub struct Question {
    title: String,
    checks: Vec<Check>,
}

/// One check of a question.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Check {
    sentence: String,
    points: f64,
    passed: bool,
    expected: String,
    found: String,
}

impl Question {
    /// Starts a question without checks.
    pub fn new(title: &str) -> Question {
        Question { title: title.to_owned(), checks: Vec::new() }
    }

    /// The points of the checks that passed.
    pub fn points(&self) -> f64 {
        let passed = self.checks.iter().filter(|check| check.passed);
        passed.map(|check| check.points).sum::<f64>() + 0.0 // the sum of nothing is −0
    }

    /// The points of all checks.
    pub fn maximum(&self) -> f64 {
        self.checks.iter().map(|check| check.points).sum()
    }

    /// What every check says: its sentence, and what was expected and found where it failed.
    pub fn explanations(&self) -> Vec<String> {
        self.checks.iter().map(Check::explanation).collect()
    }

    /// Gives the question as JSON, for a grader.
    pub fn to_json(&self) -> String {
        serde_json::json!({
            "title": self.title,
            "points": self.points(),
            "maximum": self.maximum(),
            "checks": self.checks,
        })
        .to_string()
    }

    /// Gives the question as a table, for people.
    pub fn table(&self) -> Table {
        let caption = format!("{}: {} of {} points", self.title, self.points(), self.maximum());
        let table = Table::new(&["", "check", "points"]).align("clr").caption(&caption);
        self.checks.iter().fold(table, |table, check| {
            let mark = if check.passed { "✓" } else { "✗" };
            let reached = if check.passed { check.points } else { 0.0 };
            table.row(&[mark, &check.explanation(), &format!("{reached} of {}", check.points)])
        })
    }

    /// Shows the question as the result of a notebook cell; the kernel calls it.
    pub fn evcxr_display(&self) {
        emit_all(&[
            Content { mime: "text/html", text: self.table().html() },
            Content { mime: mime::QUESTION, text: self.to_json() },
            Content { mime: "text/plain", text: self.points().to_string() },
        ]);
    }

    fn check(
        mut self,
        points: f64,
        sentence: &str,
        passed: bool,
        expected: String,
        found: String,
    ) -> Question {
        // Points that are no number, or below 0, would turn a sum into nonsense.
        let points = if points.is_finite() { points.max(0.0) } else { 0.0 };
        let sentence = sentence.to_owned();
        self.checks.push(Check { sentence, points, passed, expected, found });
        self
    }
}

impl Check {
    fn explanation(&self) -> String {
        let Check { sentence, expected, found, passed, .. } = self;
        if *passed {
            sentence.clone()
        } else {
            format!("{sentence}: expected {expected}, found {found}")
        }
    }
}
