//! Questions of an exercise, whose checks explain themselves.

use crate::network::Network;
use crate::training::history::History;
use crate::view::{Content, Table, emit_all};
use backprop_protocol::mime;
use serde::Serialize;
use std::iter::zip;

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

    /// Checks that a claim holds; `found` says what is the case.
    pub fn holds(self, points: f64, sentence: &str, claim: bool, found: &str) -> Question {
        self.check(points, sentence, claim, "that it holds".to_owned(), found.to_owned())
    }

    /// Checks that two texts are the same.
    pub fn text(self, points: f64, sentence: &str, expected: &str, found: &str) -> Question {
        let (expected_text, found_text) = (expected.to_owned(), found.to_owned());
        self.check(points, sentence, expected == found, expected_text, found_text)
    }

    /// Checks sizes, such as those of a network's layers or of a matrix.
    pub fn sizes(
        self,
        points: f64,
        sentence: &str,
        expected: &[usize],
        found: &[usize],
    ) -> Question {
        let passed = expected == found;
        self.check(points, sentence, passed, format!("{expected:?}"), format!("{found:?}"))
    }

    /// Checks that a number is within `tolerance` of the expected one.
    pub fn number(
        self,
        points: f64,
        sentence: &str,
        expected: f64,
        found: f64,
        tolerance: f64,
    ) -> Question {
        let wanted = format!("{} within {}", short(expected), short(tolerance));
        self.check(points, sentence, is_near(expected, found, tolerance), wanted, short(found))
    }

    /// Checks that all numbers of a list are within `tolerance` of the expected ones.
    pub fn numbers(
        self,
        points: f64,
        sentence: &str,
        expected: &[f64],
        found: &[f64],
        tolerance: f64,
    ) -> Question {
        if expected.len() != found.len() {
            let (wanted, got) = (expected.len(), found.len());
            return self.check(
                points,
                sentence,
                false,
                format!("{wanted} numbers"),
                got.to_string(),
            );
        }
        let worst = (0..expected.len())
            .filter(|&i| !is_near(expected[i], found[i], tolerance))
            .max_by(|&i, &j| {
                distance(expected[i], found[i]).total_cmp(&distance(expected[j], found[j]))
            });
        let (wanted, got) = match worst {
            Some(i) => (
                format!("{} within {} at place {i}", short(expected[i]), short(tolerance)),
                short(found[i]),
            ),
            None => (
                format!("{} numbers within {}", expected.len(), short(tolerance)),
                "them".to_owned(),
            ),
        };
        self.check(points, sentence, worst.is_none(), wanted, got)
    }

    /// Checks numbers as [`Question::numbers`] does, and says which of the usual `mistakes` was made:
    /// each has the numbers that come of it, and a name that completes "what one gets …".
    ///
    /// ```
    /// use backprop::prelude::*;
    ///
    /// let mistakes: [(&str, &[f64]); 1] = [("with the sum, not the mean", &[6.0])];
    /// let question =
    ///     Question::new("A mean").numbers_or_mistake(1.0, "C", &[2.0], &[6.0], 0.1, &mistakes);
    /// assert_eq!(
    ///     question.explanations()[0],
    ///     "C: expected 2 within 0.1 at place 0, found 6, what one gets with the sum, not the mean"
    /// );
    /// ```
    pub fn numbers_or_mistake(
        self,
        points: f64,
        sentence: &str,
        expected: &[f64],
        found: &[f64],
        tolerance: f64,
        mistakes: &[(&str, &[f64])],
    ) -> Question {
        let mut question = self.numbers(points, sentence, expected, found, tolerance);
        let made = |(_, numbers): &&(&str, &[f64])| {
            numbers.len() == found.len()
                && zip(*numbers, found).all(|(&number, &found)| is_near(number, found, tolerance))
        };
        if let Some(check) = question.checks.last_mut().filter(|check| !check.passed)
            && let Some((name, _)) = mistakes.iter().find(made)
        {
            check.found.push_str(&format!(", what one gets {name}"));
        }
        question
    }

    /// Checks that a number is at least `least`.
    pub fn at_least(self, points: f64, sentence: &str, least: f64, found: f64) -> Question {
        self.check(
            points,
            sentence,
            found >= least,
            format!("at least {}", short(least)),
            short(found),
        )
    }

    /// Checks that a number is at most `most`.
    pub fn at_most(self, points: f64, sentence: &str, most: f64, found: f64) -> Question {
        self.check(
            points,
            sentence,
            found <= most,
            format!("at most {}", short(most)),
            short(found),
        )
    }

    /// Checks that a curve falls: it ends below its start, and at least four of five steps go down.
    pub fn falls(self, points: f64, sentence: &str, curve: &[f64]) -> Question {
        let down = curve.windows(2).filter(|pair| pair[1] < pair[0]).count();
        let steps = curve.len().saturating_sub(1);
        let found = match (curve.first(), curve.last()) {
            (Some(&first), Some(&last)) => {
                format!("{down} of {steps} steps down, from {} to {}", short(first), short(last))
            }
            _ => "an empty curve".to_owned(),
        };
        let passed = steps > 0 && curve[steps] < curve[0] && 5 * down >= 4 * steps;
        self.check(points, sentence, passed, "a curve that falls".to_owned(), found)
    }

    /// Checks that a network has these sizes, inputs first, and only numbers for parameters.
    pub fn network(
        self,
        points: f64,
        sentence: &str,
        sizes: &[usize],
        network: &Network,
    ) -> Question {
        let finite = network.parameters().iter().all(|parameter| parameter.is_finite());
        let found = match finite {
            true => format!("{:?}", network.sizes()),
            false => "parameters that are no numbers".to_owned(),
        };
        self.check(
            points,
            sentence,
            finite && network.sizes() == sizes,
            format!("{sizes:?}"),
            found,
        )
    }

    /// Checks that a training went through `epochs` epochs and reached `accuracy` (a fraction) on the
    /// test set. Set it within reach of the recipe, below what one seed happens to give.
    pub fn trained(
        self,
        points: f64,
        sentence: &str,
        epochs: usize,
        accuracy: f64,
        history: &History,
    ) -> Question {
        let reached = history.test_accuracy_after;
        let passed = history.epochs() == epochs && reached >= accuracy;
        let words =
            |epochs: usize, accuracy: f64| format!("{epochs} epochs, {:.1} %", 100.0 * accuracy);
        let expected = format!("{} or more", words(epochs, accuracy));
        self.check(points, sentence, passed, expected, words(history.epochs(), reached))
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

/// Whether `found` is a number within `tolerance` of `expected`; NaN is near nothing.
fn is_near(expected: f64, found: f64, tolerance: f64) -> bool {
    (expected - found).abs() <= tolerance
}

/// How far `found` lies off; what is no number lies furthest.
fn distance(expected: f64, found: f64) -> f64 {
    let distance = (expected - found).abs();
    if distance.is_nan() { f64::INFINITY } else { distance }
}

/// A number in as few digits as tell it, up to six.
fn short(value: f64) -> String {
    let exact = value.to_string();
    let rounded = if value == 0.0 || (1e-4..1e7).contains(&value.abs()) {
        format!("{value:.6}").trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        format!("{value:.3e}")
    };
    if exact.len() <= rounded.len() { exact } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_check_passes_what_is_right_and_explains_what_is_not() {
        let question = Question::new("all kinds")
            .holds(1.0, "the sum is 1", true, "1")
            .holds(1.0, "the sum is 1", false, "a sum of 2")
            .text(1.0, "the activation", "sigmoid", "ReLU")
            .number(1.0, "σ′(0)", 0.25, 0.5, 1e-3)
            .numbers(1.0, "∂C/∂b", &[1.0, 2.0, 3.0], &[1.0, 2.5, 3.1], 0.2)
            .numbers(1.0, "∂C/∂b", &[1.0, 2.0], &[1.0], 0.2)
            .at_least(1.0, "accuracy", 0.9, 0.8)
            .at_most(1.0, "loss", 0.3, 0.25)
            .falls(1.0, "the loss falls", &[3.0, 2.0, 1.0])
            .falls(1.0, "the loss falls", &[1.0, 2.0]);
        insta::assert_snapshot!(question.explanations().join("\n"), @r"
        the sum is 1
        the sum is 1: expected that it holds, found a sum of 2
        the activation: expected sigmoid, found ReLU
        σ′(0): expected 0.25 within 0.001, found 0.5
        ∂C/∂b: expected 2 within 0.2 at place 1, found 2.5
        ∂C/∂b: expected 2 numbers, found 1
        accuracy: expected at least 0.9, found 0.8
        loss
        the loss falls
        the loss falls: expected a curve that falls, found 0 of 1 steps down, from 1 to 2
        ");
        assert_eq!((question.points(), question.maximum()), (3.0, 10.0));
    }

    #[test]
    fn a_usual_mistake_is_named_only_where_it_was_made() {
        let mistakes: [(&str, &[f64]); 2] =
            [("without σ′", &[4.0, 8.0]), ("with the wrong sign", &[-1.0, -2.0])];
        let told = |found: &[f64]| {
            Question::new("a gradient")
                .numbers_or_mistake(1.0, "∂C/∂b", &[1.0, 2.0], found, 0.1, &mistakes)
                .explanations()
                .join("")
        };
        let all = [[1.0, 2.0], [-1.0, -2.0], [4.0, 8.0], [4.0, 2.0], [f64::NAN, 2.0]];
        let all = all.map(|found| told(&found)).join("\n");
        insta::assert_snapshot!(format!("{all}\n{}", told(&[4.0])), @r"
        ∂C/∂b
        ∂C/∂b: expected 2 within 0.1 at place 1, found -2, what one gets with the wrong sign
        ∂C/∂b: expected 2 within 0.1 at place 1, found 8, what one gets without σ′
        ∂C/∂b: expected 1 within 0.1 at place 0, found 4
        ∂C/∂b: expected 1 within 0.1 at place 0, found NaN
        ∂C/∂b: expected 2 numbers, found 1
        ");
    }

    #[test]
    fn what_is_no_number_earns_nothing() {
        let nan = f64::NAN;
        let question = Question::new("no numbers")
            .number(1.0, "a", 1.0, nan, 1.0)
            .number(1.0, "b", nan, nan, 1.0)
            .numbers(1.0, "c", &[1.0, 2.0], &[1.0, nan], 9.0)
            .at_least(1.0, "d", 0.0, nan)
            .at_most(1.0, "e", 0.0, nan)
            .falls(1.0, "f", &[nan, nan])
            .falls(1.0, "g", &[])
            .holds(nan, "h", true, "")
            .holds(-5.0, "i", true, "");
        assert_eq!(question.points(), 0.0, "{:?}", question.explanations());
        assert_eq!(question.maximum(), 7.0);
        // Not −0.
        assert_eq!(
            Question::new("none passed").holds(1.0, "a", false, "b").points().to_string(),
            "0"
        );
    }

    #[test]
    fn a_grader_reads_json_and_people_a_table() {
        let question =
            Question::new("<1>").at_least(2.5, "a < b", 1.0, 2.0).holds(1.0, "c", false, "d");
        let json: serde_json::Value = serde_json::from_str(&question.to_json()).unwrap();
        assert_eq!((&json["points"], &json["maximum"]), (&2.5.into(), &3.5.into()));
        assert_eq!(json["checks"][1]["passed"], false);
        let html = question.table().html();
        assert!(
            html.contains("&lt;1&gt;: 2.5 of 3.5 points") && html.contains("a &lt; b"),
            "{html}"
        );
    }
}
