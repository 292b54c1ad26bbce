//! The runs of a sweep that a class has in common: they are made once, and whoever asks for others has these
//! trained. It is told by their times, which no two trainings share.

use crate::course::{lab, read, write};
use crate::jupyter::outcome;
use serde_json::{Value, json};
use tempfile::TempDir;

const LOAD: &str = ":dep backprop = { path = \"../crates/backprop\" }\nuse backprop::prelude::*;\n\
                    let data: Data = Data::digits(400, 100)?;";
const ANSWER: &str = "fn mine(data: &Data) -> Result<Results, Error> {\n    // BEGIN SOLUTION\n    \
                      let sweep = Sweep { seeds: vec![0, 1], epochs: 2, ..Sweep::default() };\n    \
                      sweep.run(data, \"results/small.json\")\n    // END SOLUTION\n}";
/// Wants to find what no run has, so that the result says what was found.
const CHECK: &str = "let times: Vec<String> = mine(&data)?.runs.iter()\n    \
                     .map(|run| format!(\"seed {}: {:?}\", run.experiment.seed, run.history.seconds)).collect();\n\
                     Question::new(\"times\").text(1.0, \"the times\", \"none\", &times.join(\"; \"))";

fn assignment(answer: &str) -> Value {
    let cell = |id: &str, source: &str, marks: Value| {
        let mut nbgrader = json!({"grade": false, "grade_id": id, "locked": true,
                                  "schema_version": 3, "solution": false, "task": false});
        nbgrader.as_object_mut().unwrap().extend(marks.as_object().unwrap().clone());
        json!({"cell_type": "code", "id": id, "metadata": {"nbgrader": nbgrader},
               "execution_count": null, "outputs": [], "source": source})
    };
    json!({
        "nbformat": 4, "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "backprop-lab", "display_name": "Rust", "language": "rust"}},
        "cells": [
            cell("load", LOAD, json!({})),
            cell("mine", answer, json!({"locked": false, "solution": true})),
            cell("times", CHECK, json!({"grade": true, "points": 1})),
        ],
    })
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn what_all_ask_for_is_trained_once() {
    let folder = TempDir::new().unwrap();
    write(&folder.path().join("own/sweeps.ipynb"), &assignment(ANSWER).to_string());
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let answers = [
        ("ada", ANSWER.to_owned()),
        ("bob", ANSWER.to_owned()),
        ("another seed", ANSWER.replace("vec![0, 1]", "vec![0, 2]")),
        ("another length", ANSWER.replace("epochs: 2", "epochs: 3")),
    ];
    for (student, answer) in &answers {
        let text = assignment(answer).to_string();
        write(&folder.path().join(format!("submitted/{student}/sweeps.ipynb")), &text);
    }
    let (submitted, own, out) = (path("submitted"), path("own"), path("graded"));
    let arguments = ["grade", &submitted, "--hidden", &own, "--out", &out, "--notebook", "sweeps"];
    let (succeeded, said) = outcome(&mut lab(&arguments));
    assert!(succeeded && said.contains("sweeps: your own is executed first"), "{said}");

    let times = |student: &str| -> Vec<String> {
        let result = read(&folder.path().join(format!("graded/results/{student}/sweeps.json")));
        let found = result["questions"][0]["checks"][0]["found"].as_str().unwrap_or_default();
        let seeds: Vec<String> = found.split("seed ").skip(1).map(str::to_owned).collect();
        assert_eq!(seeds.len(), 2, "{result}");
        let end = |text: &String| text.find(']').expect("a list of times") + 1;
        seeds.iter().map(|text| text[..end(text)].to_owned()).collect()
    };
    let ada = times("ada");
    assert_eq!(times("bob"), ada);
    let other = times("another seed");
    assert_eq!(other[0], ada[0]);
    assert!(other[1].starts_with("2: [") && other[1] != ada[1], "{other:?}");
    let longer = times("another length");
    assert!(longer.iter().zip(&ada).all(|(one, other)| one != other), "{longer:?}");
}
