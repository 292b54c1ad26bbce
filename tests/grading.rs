//! Grading. What runs on the kernel is left out by a bare `cargo test`; `cargo lab test` runs it, and what
//! is in `in_the_box` only where there is bubblewrap.

#[path = "grading/assignment.rs"]
mod assignment;
#[path = "grading/class.rs"]
mod class;
#[path = "grading/course.rs"]
mod course;
#[path = "grading/in_the_box.rs"]
mod in_the_box;
mod jupyter;
#[path = "grading/student.rs"]
mod student;

use assignment::{assignment, edited};
use class::CLASS;
use course::{Course, lab, read, write};
use jupyter::{outcome, program};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use student::{Form, Student};
use tempfile::TempDir;

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn stock_nbgrader_gives_the_same_points() {
    const WELL_BEHAVED: [&str; 10] = [
        "perfect",
        "empty",
        "half right",
        "compile error",
        "panic",
        "early return",
        "without the derivative",
        "without the transpose",
        "wrong sign",
        "sum for mean",
    ];
    let course = Course::new();
    let documentation = include_str!("../docs/front-ends.md");
    let (_, settings) = documentation.split_once("```python\n").unwrap();
    let (settings, _) = settings.split_once("```").unwrap();
    write(&course.path("nbgrader_config.py"), settings);
    write(&course.path("source/lab/small.ipynb"), &assignment().to_string());
    let nbgrader = |arguments: &[&str]| {
        let (succeeded, said) = outcome(&mut program("nbgrader", arguments, course.folder.path()));
        assert!(succeeded, "nbgrader {arguments:?}: {said}");
    };
    nbgrader(&["generate_assignment", "lab"]);
    let sources = |path: &str| -> Vec<String> {
        let cells = read(&course.path(path))["cells"].as_array().unwrap().clone();
        let source = |cell: &Value| match &cell["source"] {
            Value::Array(lines) => lines.iter().map(|line| line.as_str().unwrap()).collect(),
            text => text.as_str().unwrap().to_owned(),
        };
        cells.iter().map(|cell| source(cell).trim().to_owned()).collect()
    };
    assert_eq!(sources("release/lab/small.ipynb"), sources("released/small.ipynb"));

    let students: Vec<&Student> =
        CLASS.iter().filter(|one| WELL_BEHAVED.contains(&one.name)).collect();
    let mut expected = BTreeMap::new();
    for student in &students {
        let Form::Notebook(edits) = student.form else { panic!("{} is no notebook", student.name) };
        let id = student.name.replace(' ', "-");
        let submitted = edited(&read(&course.path("release/lab/small.ipynb")), edits);
        write(&course.path(&format!("submitted/{id}/lab/small.ipynb")), &submitted.to_string());
        let points: f64 = student.points.unwrap().iter().sum();
        expected.insert(id, format!("{points:.1}"));
    }
    nbgrader(&["autograde", "lab"]);
    nbgrader(&["generate_feedback", "lab"]);
    nbgrader(&["export"]);
    let text = fs::read_to_string(course.path("grades.csv")).unwrap();
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    let column = |name| rows[0].iter().position(|title| *title == name).unwrap();
    let (id, score) = (column("student_id"), column("raw_score"));
    let scores: BTreeMap<String, String> =
        rows[1..].iter().map(|row| (row[id].to_owned(), row[score].to_owned())).collect();
    assert_eq!(scores, expected);
}

#[test]
fn grading_without_a_box_is_refused_where_there_is_no_bubblewrap() {
    let out = TempDir::new().unwrap();
    let out = out.path().to_str().unwrap();
    let arguments = ["grade", out, "--out", out];
    let (succeeded, said) = outcome(lab(&arguments).env("PATH", "/nonexistent"));
    assert!(!succeeded && said.contains("apt-get install bubblewrap"), "{said}");
}
