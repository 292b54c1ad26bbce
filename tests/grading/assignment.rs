//! A made-up assignment, and what an edit makes of it.

use serde_json::{Value, json};

use crate::student::Edit::{self, Add, AnswerNothing, Delete, Duplicate, Move, Points, Write};

/// The load cell, and for each question: its name, solution, check and points.
const LOAD: &str = ":dep backprop = { path = \"../crates/backprop\" }\nuse backprop::prelude::*;";
const QUESTIONS: [(&str, &str, &str, u32); 3] = [
    (
        "double",
        "fn double(x: f64) -> f64 {\n    // BEGIN SOLUTION\n    2.0 * x\n    // END SOLUTION\n}",
        "Question::new(\"1 Double\")\n    .number(1.0, \"double(3)\", 6.0, double(3.0), 1e-9)\n    \
         // BEGIN HIDDEN TESTS\n    .number(2.0, \"double(-1), unseen\", -2.0, double(-1.0), 1e-9)\n    \
         // END HIDDEN TESTS",
        3,
    ),
    (
        "list",
        "let list: Vec<i32> = {\n    // BEGIN SOLUTION\n    vec![1, 4, 9]\n    // END SOLUTION\n};",
        "assert_eq!(list, [1, 4, 9]);",
        2,
    ),
    (
        "gradient",
        "// The mean over the examples of (Wᵀ δ) ⊙ σ′(z), where σ′(z) = a (1 − a).\n\
         fn gradient(w: &[[f64; 2]; 2], deltas: &[[f64; 2]], a: &[[f64; 2]]) -> Vec<f64> {\n    \
         // BEGIN SOLUTION\n    let n: f64 = deltas.len() as f64;\n    (0..2)\n        .map(|j| {\n            \
         let of = |(d, a): (&[f64; 2], &[f64; 2])| (w[0][j] * d[0] + w[1][j] * d[1]) * a[j] * (1.0 - a[j]);\n            \
         deltas.iter().zip(a).map(of).sum::<f64>() / n\n        })\n        .collect()\n    // END SOLUTION\n}",
        // Wᵀ δ = (5, 8), W δ = (4, 10), σ′ = 1/4.
        "let w: [[f64; 2]; 2] = [[1.0, 2.0], [3.0, 4.0]];\n\
         let one: Vec<f64> = gradient(&w, &[[2.0, 1.0]], &[[0.5, 0.5]]);\n\
         let two: Vec<f64> = gradient(&w, &[[2.0, 1.0], [0.0, 0.0]], &[[0.5, 0.5], [0.5, 0.5]]);\n\
         let mistakes: [(&str, &[f64]); 3] = [\n    (\"without σ′\", &[5.0, 8.0]),\n    \
         (\"with W in place of its transpose\", &[1.0, 2.5]),\n    (\"with the wrong sign\", &[-1.25, -2.0]),\n];\n\
         Question::new(\"3 Gradient\")\n    \
         .numbers_or_mistake(2.0, \"one example\", &[1.25, 2.0], &one, 1e-9, &mistakes)\n    \
         .number(2.0, \"the mean of it and of nothing is half of it\", 0.5, two[0] / one[0], 1e-9)",
        4,
    ),
];

/// Gives the instructor's notebook.
pub fn assignment() -> Value {
    let mut cells = vec![text("title", "# A small lab"), code("load", LOAD, &Value::Null)];
    for (number, (name, solution, check, points)) in (1..).zip(QUESTIONS) {
        cells.push(text(&format!("text-{name}"), &format!("## {number} {name} ({points} points)")));
        cells.push(code(name, solution, &marks(name, "code", false, true, 0)));
        let test = format!("{name}-test");
        cells.push(code(&test, check, &marks(&test, "code", true, false, points)));
    }
    let mut words = text("words", "<!-- BEGIN SOLUTION -->\nBecause.\n<!-- END SOLUTION -->");
    words["metadata"]["nbgrader"] = marks("words", "markdown", true, true, 1);
    cells.push(words);
    let kernelspec =
        json!({"name": "backprop-lab", "display_name": "Rust (Backprop Lab)", "language": "rust"});
    json!({"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernelspec}, "cells": cells})
}

fn text(id: &str, source: &str) -> Value {
    json!({"cell_type": "markdown", "id": id, "metadata": {}, "source": source})
}

fn code(id: &str, source: &str, marks: &Value) -> Value {
    let metadata = if marks.is_null() { json!({}) } else { json!({ "nbgrader": marks }) };
    json!({"cell_type": "code", "id": id, "metadata": metadata, "source": source,
           "execution_count": null, "outputs": []})
}

fn marks(name: &str, kind: &str, grade: bool, solution: bool, points: u32) -> Value {
    let mut marks = json!({"schema_version": 3, "grade_id": name, "grade": grade, "solution": solution,
                           "locked": grade && !solution, "task": false, "cell_type": kind});
    if grade {
        marks["points"] = points.into();
    }
    marks
}

/// Gives what a student made of the released notebook.
pub fn edited(released: &Value, edits: &[Edit]) -> Value {
    let mut notebook = released.clone();
    let cells = notebook["cells"].as_array_mut().unwrap();
    if !edits.iter().any(|edit| matches!(edit, AnswerNothing)) {
        for (name, solution, ..) in QUESTIONS {
            cells[place(&released["cells"], name)]["source"] = solution.into();
        }
    }
    for (number, edit) in edits.iter().enumerate() {
        let at = |cells: &Vec<Value>, name: &str| {
            cells.iter().position(|cell| cell["id"] == name).unwrap()
        };
        match edit {
            Write(name, source) => {
                let at = at(cells, name);
                cells[at]["source"] = (*source).into();
            }
            Add(name, source) => {
                let at = at(cells, name);
                cells.insert(at, code(&format!("added-{number}"), source, &Value::Null));
            }
            Delete(name) => drop(cells.remove(at(cells, name))),
            Duplicate(name) => {
                let at = at(cells, name);
                cells.insert(at, cells[at].clone());
            }
            Move(name) => {
                let moved = cells.remove(at(cells, name));
                cells.push(moved);
            }
            Points(name, points) => {
                let at = at(cells, name);
                cells[at]["metadata"]["nbgrader"]["points"] = (*points).into();
            }
            AnswerNothing => {}
        }
    }
    notebook
}

fn place(cells: &Value, id: &str) -> usize {
    cells.as_array().unwrap().iter().position(|cell| cell["id"] == id).unwrap()
}
