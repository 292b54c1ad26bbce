//! The kinds of checks, each with what it expects and what it says it found.

use super::Question;
use crate::network::Network;
use crate::training::history::History;
use std::iter::zip;

impl Question {
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

    /// Checks that a number, an f32 or an f64, is within `tolerance` of the expected one.
    pub fn number(
        self,
        points: f64,
        sentence: &str,
        expected: impl Into<f64>,
        found: impl Into<f64>,
        tolerance: f64,
    ) -> Question {
        self.near(points, sentence, expected.into(), found.into(), tolerance)
    }

    fn near(
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

    /// Checks that all numbers of a list, of f32 or of f64, are within `tolerance` of the expected ones.
    pub fn numbers(
        self,
        points: f64,
        sentence: &str,
        expected: &[impl Into<f64> + Copy],
        found: &[impl Into<f64> + Copy],
        tolerance: f64,
    ) -> Question {
        let expected: Vec<f64> = expected.iter().map(|&number| number.into()).collect();
        let found: Vec<f64> = found.iter().map(|&number| number.into()).collect();
        self.all_near(points, sentence, &expected, &found, tolerance)
    }

    fn all_near(
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
        let mut question = self.all_near(points, sentence, expected, found, tolerance);
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
