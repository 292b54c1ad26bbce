//! Hand-ins that are put into the instructor's notebook.

use super::*;
use serde_json::json;

fn cell(name: &str, role: (bool, bool), source: &str) -> Value {
    let (grade, solution) = role;
    let marks = json!({"grade_id": name, "grade": grade, "solution": solution,
                       "locked": grade && !solution, "points": 2});
    json!({"cell_type": "code", "id": name, "metadata": {"nbgrader": marks}, "source": source,
           "outputs": []})
}

fn plain(id: &str, source: &str) -> Value {
    json!({"cell_type": "code", "id": id, "metadata": {}, "source": source, "outputs": []})
}

fn notebook(cells: &[Value]) -> Notebook {
    let text = json!({"nbformat": 4, "metadata": {}, "cells": cells}).to_string();
    Notebook::parse(text.as_bytes()).unwrap()
}

const CHECK: &str = "Question::new(\"a\")";

fn instructors() -> Vec<Value> {
    vec![
        plain("load", "load"),
        cell("a", (false, true), "solution"),
        cell("a-test", (true, false), CHECK),
        cell("b", (false, true), "solution"),
        cell("b-test", (true, false), CHECK),
    ]
}

/// Gives the sources in the order in which they run, and what was found.
fn merged(cells: &[Value]) -> (String, Vec<String>) {
    let assignment = Assignment::new("a", &notebook(&instructors())).unwrap();
    let merged = merge(&assignment, &notebook(cells));
    let sources: Vec<&str> = merged.cells.iter().map(|cell| cell.source.trim()).collect();
    (
        sources.join(" | "),
        merged.findings.into_iter().map(|found| found.kind.word().to_owned()).collect(),
    )
}

#[test]
fn answers_stand_between_the_instructors_cells() {
    let mut cells = instructors();
    cells[1] = cell("a", (false, true), "mine");
    cells.insert(2, plain("new", "a figure of mine"));
    let (sources, findings) = merged(&cells);
    let expected = format!("load | mine | a figure of mine | {CHECK} | solution | {CHECK}");
    assert_eq!((sources, findings), (expected, vec![]));
}

#[test]
fn what_was_done_to_the_cells_is_undone_and_noted() {
    let own = instructors();
    let as_before = format!("load | solution | {CHECK} | solution | {CHECK}");
    let stub = solution_markers::STUB;
    let changed = cell("a-test", (true, false), "100");
    let mut cheaper = own[2].clone();
    cheaper["metadata"]["nbgrader"]["points"] = json!(50);
    let [load, a, test, b, last] = [0, 1, 2, 3, 4].map(|place| own[place].clone());
    let all = |cells: &[&Value]| cells.iter().map(|&cell| cell.clone()).collect::<Vec<_>>();
    let cases = [
        (all(&[&load, &a, &b, &last]), as_before.clone(), "deleted"),
        (
            all(&[&load, &test, &b, &last]),
            format!("load | {stub} | {CHECK} | solution | {CHECK}"),
            "deleted",
        ),
        (all(&[&load, &a, &changed, &b, &last]), as_before.clone(), "changed"),
        (all(&[&load, &a, &cheaper, &b, &last]), as_before.clone(), "changed"),
        (all(&[&load, &a, &test, &test, &b, &last]), as_before.clone(), "duplicated"),
        (all(&[&load, &b, &last, &a, &test]), as_before.clone(), "reordered"),
        (
            all(&[&load, &a, &a, &test, &b, &last]),
            format!("load | solution | solution | {CHECK} | solution | {CHECK}"),
            "duplicated",
        ),
    ];
    for (cells, sources, finding) in cases {
        assert_eq!(merged(&cells), (sources, vec![finding.to_owned()]));
    }
}

#[test]
fn a_cell_that_changes_what_the_checks_mean_is_not_run() {
    let mut cells = instructors();
    cells.insert(1, plain("mine", "struct Question;"));
    cells.insert(1, plain("dep", ":dep backprop = \"9\"\nlet a: i32 = 1;"));
    let (sources, findings) = merged(&cells);
    assert!(sources.starts_with("load | let a: i32 = 1; | solution"), "{sources}");
    assert_eq!(findings, ["backprop", "shadowed"]);
}
