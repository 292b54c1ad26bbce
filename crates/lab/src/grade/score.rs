//! From what the kernel told to points: only what a check proved counts.

use backprop_protocol::{failure, mime};
use serde_json::Value;

use super::assignment::Question;
use super::result::{Check, Marked};
use super::session::{CellOutcome, Status};

const LONGEST_MESSAGE: usize = 600;

/// Gives a question's mark by the outcome of its check, which was run with `secret`.
pub fn mark(question: &Question, outcome: Option<&CellOutcome>, secret: &str) -> Marked {
    let mut marked = Marked {
        id: question.id.clone(),
        title: question.title.clone(),
        maximum: question.maximum,
        ..Marked::default()
    };
    let proved = outcome.ok_or("the check did not run".to_owned()).and_then(|outcome| {
        let value = proved_value(outcome, secret, question)?;
        Ok(value.clone())
    });
    match proved {
        Err(message) => marked.message = message,
        Ok(value) => take(&mut marked, question, &value),
    }
    marked
}

/// Gives what a check returned.
///
/// # Errors
/// Why nothing is proved.
fn proved_value<'a>(
    outcome: &'a CellOutcome,
    secret: &str,
    question: &Question,
) -> Result<&'a Value, String> {
    if outcome.status != Status::Ok {
        return Err(format!("the check {}", how_it_ended(outcome, question.has_hidden)));
    }
    if !outcome.others.is_empty() {
        return Err(format!(
            "beside the check ran {}: let nothing run on when a cell ends",
            outcome.others.join(", ")
        ));
    }
    let proofs: Vec<&Value> = blocks(outcome, mime::GRADED)
        .filter(|block| block["secret"] == secret)
        .map(|block| &block["value"])
        .collect();
    match proofs[..] {
        [value] => Ok(value),
        [] if outcome.cut => {
            Err("so much was shown that the check's result was cut off".to_owned())
        }
        [] => Err("the check ended without its result".to_owned()),
        _ => Err("the check gave more than one result".to_owned()),
    }
}

/// Says how a cell ended that did not come to its end; what it said is left out of a hidden test.
pub fn how_it_ended(outcome: &CellOutcome, is_hidden: bool) -> String {
    match outcome.status {
        Status::Timeout => "took too long and was stopped".to_owned(),
        Status::Memory => "took more memory than a hand-in may".to_owned(),
        Status::Skipped => "did not run: the time for the whole notebook was over".to_owned(),
        Status::Error => ended_in_error(outcome, is_hidden),
        Status::Ok | Status::Lost => "did not run: the kernel had ended".to_owned(),
    }
}

fn ended_in_error(outcome: &CellOutcome, is_hidden: bool) -> String {
    let mut errors = outcome.outputs.iter().filter(|output| output["output_type"] == "error");
    let Some(error) = errors.next() else { return "ended in an error".to_owned() };
    let name = error["ename"].as_str().unwrap_or(failure::ERROR);
    let what = match name {
        failure::PANIC => "panicked",
        failure::PROCESS_ENDED => "ended the process that runs the cells",
        failure::INTERRUPTED => "took too long and was stopped",
        _ => "ended in an error",
    };
    if is_hidden {
        return what.to_owned();
    }
    let message: String =
        error["evalue"].as_str().unwrap_or_default().chars().take(LONGEST_MESSAGE).collect();
    format!("{what}: {message}")
}

/// Puts what a check returned into a mark.
fn take(marked: &mut Marked, question: &Question, value: &Value) {
    let reached = match value {
        Value::Null => question.maximum,
        Value::Object(_) => {
            marked.checks = checks_of(value, question);
            let passed = marked.checks.iter().filter(|check| check.passed);
            passed.map(|check| check.points).sum::<f64>() + 0.0 // of none: 0, not −0
        }
        value => value.as_f64().unwrap_or_default(),
    };
    marked.points = if reached.is_finite() { reached.clamp(0.0, question.maximum) } else { 0.0 };
}

fn checks_of(value: &Value, question: &Question) -> Vec<Check> {
    let mut checks: Vec<Check> =
        serde_json::from_value(value["checks"].clone()).unwrap_or_default();
    for check in &mut checks {
        // Whatever the visible source does not say is part of a hidden test.
        check.is_hidden = question.has_hidden && !says(&question.visible, &check.sentence);
    }
    checks
}

/// Says whether a sentence stands in a source as a text.
fn says(source: &str, sentence: &str) -> bool {
    let quoted = sentence.replace('\\', "\\\\").replace('"', "\\\"");
    source.contains(&format!("\"{quoted}\""))
}

/// Says whether a cell shows a result that is none: one of a question in an answer's cell, or in a check's
/// beside its own.
pub fn shows_a_foreign_result(outcome: &CellOutcome, secret: Option<&str>) -> bool {
    let is_own = |block: &&Value| secret.is_some_and(|secret| block["secret"] == secret);
    let foreign = blocks(outcome, mime::GRADED).filter(|block| !is_own(block)).count();
    let own = blocks(outcome, mime::GRADED).count() - foreign;
    foreign > 0 || blocks(outcome, mime::QUESTION).count() > own
}

/// Whether a cell asks a question of its own, as a copy of a check does: its result counts for nothing, and
/// there is nothing false in it.
pub fn asks_openly(source: &str) -> bool {
    source.lines().any(|line| line.trim_start().starts_with("Question::new("))
}

/// Gives the blocks of a kind in a cell's outputs.
fn blocks<'a>(
    outcome: &'a CellOutcome,
    mime_type: &'static str,
) -> impl Iterator<Item = &'a Value> {
    outcome.outputs.iter().filter_map(move |output| output["data"].get(mime_type))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn question() -> Question {
        Question {
            id: "q".into(),
            place: 0,
            title: "Q".into(),
            maximum: 3.0,
            manual: false,
            visible: "Question::new(\"Q\").holds(1.0, \"seen\", true, \"\")".into(),
            has_hidden: true,
        }
    }

    fn shown(data: Value) -> Value {
        json!({"output_type": "execute_result", "data": data})
    }

    fn proved(secret: &str, value: Value) -> Value {
        shown(json!({(mime::GRADED): {"secret": secret, "value": value}}))
    }

    fn outcome<const N: usize>(status: Status, outputs: [&Value; N]) -> CellOutcome {
        CellOutcome { status, outputs: outputs.map(Value::clone).into(), ..CellOutcome::default() }
    }

    fn checks() -> Value {
        let check = |sentence: &str, points: f64, passed: bool| json!({"sentence": sentence, "points": points, "passed": passed, "expected": "1", "found": "2"});
        json!({"points": 99, "checks": [check("seen", 1.0, true), check("secret", 2.0, false)]})
    }

    #[test]
    fn points_are_what_was_proved_and_no_more_than_the_maximum() {
        let nan = json!({"checks": [{"sentence": "a", "points": null, "passed": true}]});
        let cases = [
            (json!(2.5), 2.5),
            (json!(null), 3.0),
            (json!(1e9), 3.0),
            (json!(-1), 0.0),
            (json!("all"), 0.0),
            (json!(true), 0.0),
            (json!([3]), 0.0),
            (nan, 0.0),
            (checks(), 1.0),
        ];
        for (value, points) in cases {
            let marked =
                mark(&question(), Some(&outcome(Status::Ok, [&proved("s", value.clone())])), "s");
            assert_eq!(marked.points, points, "{value}");
        }
    }

    #[test]
    fn nothing_else_earns_points() {
        let error =
            |name: &str| json!({"output_type": "error", "ename": name, "evalue": "the secret 7"});
        let own = proved("s", checks());
        let mut beside = outcome(Status::Ok, [&own]);
        beside.others = vec!["sleep".into()];
        let mut cut = outcome(Status::Ok, []);
        cut.cut = true;
        let cases = [
            (outcome(Status::Ok, []), "without its result"),
            (outcome(Status::Ok, [&proved("guessed", checks())]), "without its result"),
            (
                outcome(Status::Ok, [&shown(json!({(mime::QUESTION): checks()}))]),
                "without its result",
            ),
            (outcome(Status::Ok, [&own, &own]), "more than one result"),
            (outcome(Status::Timeout, [&own]), "took too long"),
            (outcome(Status::Memory, []), "more memory"),
            (outcome(Status::Lost, []), "kernel had ended"),
            (outcome(Status::Skipped, []), "time for the whole notebook"),
            (outcome(Status::Error, [&own, &error("Panic")]), "panicked"),
            (outcome(Status::Error, [&error("ProcessEnded")]), "ended the process"),
            (beside, "ran sleep"),
            (cut, "was cut off"),
        ];
        for (outcome, message) in cases {
            let marked = mark(&question(), Some(&outcome), "s");
            assert_eq!(marked.points, 0.0, "{outcome:?}");
            assert!(marked.message.contains(message), "{}", marked.message);
            assert!(!marked.message.contains("secret 7"), "hidden: {}", marked.message);
        }
        assert_eq!(mark(&question(), None, "s").points, 0.0);
    }

    #[test]
    fn a_check_that_students_do_not_see_is_hidden() {
        let marked = mark(&question(), Some(&outcome(Status::Ok, [&proved("s", checks())])), "s");
        let hidden: Vec<bool> = marked.checks.iter().map(|check| check.is_hidden).collect();
        assert_eq!(hidden, [false, true]);
    }

    #[test]
    fn a_result_that_is_shown_elsewhere_is_foreign() {
        let question = shown(json!({(mime::QUESTION): checks()}));
        let both =
            shown(json!({(mime::QUESTION): {}, (mime::GRADED): {"secret": "s", "value": {}}}));
        assert!(shows_a_foreign_result(&outcome(Status::Ok, [&question]), None));
        assert!(shows_a_foreign_result(&outcome(Status::Ok, [&proved("x", checks())]), Some("s")));
        assert!(shows_a_foreign_result(&outcome(Status::Ok, [&both, &question]), Some("s")));
        assert!(!shows_a_foreign_result(&outcome(Status::Ok, [&both]), Some("s")));
    }
}
