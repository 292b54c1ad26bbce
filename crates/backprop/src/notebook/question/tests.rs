//! What each kind of check says, what it is worth, and how a question is shown.

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
fn numbers_of_single_precision_are_checked_as_those_of_double_are() {
    let (third, list) = (1.0_f32 / 3.0, [0.5_f32, 0.25]);
    let question = Question::new("f32")
        .number(1.0, "a third", 1.0 / 3.0, third, 1e-6)
        .number(1.0, "a third", third, 0.25, 1e-6)
        .numbers(1.0, "two", &list, &[0.5, 0.25], 0.0)
        .numbers(1.0, "two", &[0.5, 0.75], &list, 0.1);
    insta::assert_snapshot!(question.explanations().join("\n"), @r"
    a third
    a third: expected 0.333333 within 0.000001, found 0.25
    two
    two: expected 0.75 within 0.1 at place 1, found 0.25
    ");
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
    assert_eq!(Question::new("none passed").holds(1.0, "a", false, "b").points().to_string(), "0");
}

#[test]
fn a_grader_reads_json_and_people_a_table() {
    let question =
        Question::new("<1>").at_least(2.5, "a < b", 1.0, 2.0).holds(1.0, "c", false, "d");
    let json: serde_json::Value = serde_json::from_str(&question.to_json()).unwrap();
    assert_eq!((&json["points"], &json["maximum"]), (&2.5.into(), &3.5.into()));
    assert_eq!(json["checks"][1]["passed"], false);
    let html = question.table().html();
    assert!(html.contains("&lt;1&gt;: 2.5 of 3.5 points") && html.contains("a &lt; b"), "{html}");
}
