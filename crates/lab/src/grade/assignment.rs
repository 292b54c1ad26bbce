//! A notebook as its instructor wrote it, and the questions in it.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use backprop_report::files::Key;
use backprop_report::notebook::{Cell, Notebook};
use backprop_report::solution_markers;
use serde_json::Value;

use super::proof;

/// What a cell is for, as nbgrader's metadata say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Role {
    /// Text, loading of data, a figure that is drawn of an answer.
    Given,
    /// The same, and not to be changed.
    Locked,
    /// Code that the student writes.
    Answer,
    /// Checks the answers before it.
    Check,
    /// An answer that a person marks.
    Manual,
}

impl Role {
    /// Whether the cell has points: it is the question.
    pub fn has_points(self) -> bool {
        matches!(self, Role::Check | Role::Manual)
    }

    /// Whether the student writes the cell.
    pub fn is_students(self) -> bool {
        matches!(self, Role::Answer | Role::Manual)
    }
}

/// A question: a cell with points.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Its `grade_id`.
    pub id: String,
    /// Where its cell stands in the notebook, counted from 0.
    pub place: usize,
    /// The heading that it stands under.
    pub title: String,
    pub maximum: f64,
    /// Whether a person marks it.
    pub manual: bool,
    /// The source of a check as students see it.
    pub visible: String,
    /// Whether there is more to the check.
    pub has_hidden: bool,
}

pub struct Assignment {
    pub name: String,
    pub notebook: Notebook,
    /// The same cells as students get them.
    pub released: Vec<Cell>,
    /// For each cell that has points, in order.
    pub questions: Vec<Question>,
    /// Names this state of the notebook: a result of another one is out of date.
    pub key: String,
}

impl Assignment {
    /// Reads the questions of an instructor's notebook.
    ///
    /// # Errors
    /// A question without points or with the name of another one, and a check that cannot be graded.
    pub fn new(name: &str, notebook: &Notebook) -> Result<Assignment> {
        let mut notebook = notebook.clone();
        notebook.clear_outputs();
        let mut questions: Vec<Question> = Vec::new();
        let mut title = name.to_owned();
        for (place, cell) in notebook.cells.iter().enumerate() {
            title = heading(cell).unwrap_or(title);
            if !role(cell).has_points() {
                continue;
            }
            let question =
                question(place, cell, &title).with_context(|| format!("{name}, {}", key(cell)))?;
            if questions.iter().any(|other| other.id == question.id) {
                bail!("{name}: two cells are named {}", question.id);
            }
            questions.push(question);
        }
        let key = Key::default().with(notebook.to_text().as_bytes()).finish();
        let mut released = notebook.clone();
        solution_markers::remove_hidden_tests(&mut released).with_context(|| name.to_owned())?;
        solution_markers::replace_by_stubs(&mut released).with_context(|| name.to_owned())?;
        let (name, released) = (name.to_owned(), released.cells);
        Ok(Assignment { name, notebook, released, questions, key })
    }
}

/// Gives the assignments among the instructor's notebooks: those that ask something.
pub fn of_notebooks(notebooks: &BTreeMap<String, Notebook>) -> Result<Vec<Assignment>> {
    let mut found = Vec::new();
    for (name, notebook) in notebooks {
        let assignment = Assignment::new(name, notebook)?;
        if !assignment.questions.is_empty() {
            found.push(assignment);
        }
    }
    Ok(found)
}

fn question(place: usize, cell: &Cell, title: &str) -> Result<Question> {
    let role = role(cell);
    let maximum = points(cell).context("expected points, 0 or more")?;
    let visible = solution_markers::without_hidden_tests(&cell.source)?;
    if role == Role::Check {
        proof::with_proof(&cell.source, "").context("the check cannot be graded")?;
    }
    Ok(Question {
        id: key(cell).to_owned(),
        place,
        title: title.to_owned(),
        maximum,
        manual: role == Role::Manual,
        has_hidden: visible != cell.source,
        visible,
    })
}

/// Gives what a cell is for.
pub fn role(cell: &Cell) -> Role {
    let Some(marks) = cell.nbgrader() else { return Role::Given };
    let has = |name: &str| marks.get(name) == Some(&Value::Bool(true));
    match (has("grade"), has("solution"), has("locked")) {
        (true, true, _) => Role::Manual,
        (true, false, _) => Role::Check,
        (false, true, _) => Role::Answer,
        (false, false, true) => Role::Locked,
        (false, false, false) => Role::Given,
    }
}

/// Gives the name by which a cell is known again: nbgrader's, else Jupyter's.
pub fn key(cell: &Cell) -> &str {
    let name = cell.nbgrader().and_then(|marks| marks.get("grade_id")?.as_str());
    name.unwrap_or_else(|| cell.id())
}

/// Gives a cell's points; none where they are missing, negative or no number.
pub fn points(cell: &Cell) -> Option<f64> {
    let points = cell.nbgrader()?.get("points")?.as_f64()?;
    (points.is_finite() && points >= 0.0).then_some(points)
}

/// Gives the last heading in a cell of text, without the points that it names.
fn heading(cell: &Cell) -> Option<String> {
    if cell.kind() != "markdown" {
        return None;
    }
    let line = cell.source.lines().rev().find(|line| line.starts_with('#'))?;
    let text = line.trim_start_matches('#').trim();
    let text = match text.rsplit_once(" (") {
        Some((text, points)) if points.contains("point") => text,
        _ => text,
    };
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn assignment(points: Value) -> Result<Assignment> {
        let test = json!({"grade": true, "solution": false, "locked": true, "grade_id": "q-test",
                          "points": points});
        let cells = json!([
            {"cell_type": "markdown", "metadata": {}, "source": "## Part\n\n### 1.1 Double (6 points)\n\nText"},
            {"cell_type": "code", "metadata": {"nbgrader": {"solution": true, "grade_id": "q"}}, "source": ""},
            {"cell_type": "code", "metadata": {"nbgrader": test}, "source":
             "assert!(true);\n// BEGIN HIDDEN TESTS\nassert!(!false);\n// END HIDDEN TESTS"},
        ]);
        let text = json!({"nbformat": 4, "metadata": {}, "cells": cells}).to_string();
        Assignment::new("a", &Notebook::parse(text.as_bytes()).unwrap())
    }

    #[test]
    fn a_question_has_the_heading_that_it_stands_under() {
        let questions = assignment(json!(6)).unwrap().questions;
        assert_eq!(questions.len(), 1);
        assert_eq!((questions[0].title.as_str(), questions[0].maximum), ("1.1 Double", 6.0));
        assert_eq!(
            (questions[0].visible.as_str(), questions[0].has_hidden),
            ("assert!(true);", true)
        );
    }

    #[test]
    fn points_that_are_no_number_are_refused() {
        for points in [json!(-1), json!("6"), json!(null)] {
            assert!(assignment(points.clone()).is_err(), "{points}");
        }
    }
}
