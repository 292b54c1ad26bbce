//! A made-up assignment, from its source to the feedback, in nbgrader as it is. It needs the set-up, so a
//! bare `cargo test` leaves it out; `cargo lab test` runs it.

mod jupyter;
mod notebooks;

use jupyter::{outcome, program};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const DOCUMENTATION: &str = include_str!("../docs/front-ends.md");

/// The first cell, with a type that shows itself as HTML alone: nbgrader reads the text of every result.
const LOAD: &str = r#"
:dep backprop = { path = "../crates/backprop" }
use backprop::prelude::*;
struct Page;
impl Page {
    fn evcxr_display(&self) { println!("EVCXR_BEGIN_CONTENT text/html\n<b>Well done.</b>\nEVCXR_END_CONTENT"); }
}"#;

/// The tasks: name, solution, test, the test's points. The points tell by their sum which were given.
const TASKS: [(&str, &str, &str, u32); 3] = [
    (
        "double",
        "fn double(x: i32) -> i32 {\n    // BEGIN SOLUTION\n    2 * x\n    // END SOLUTION\n}",
        "assert_eq!(double(3), 6);\n// BEGIN HIDDEN TESTS\nassert_eq!(double(-1), -2);\n// END HIDDEN TESTS",
        1,
    ),
    (
        "triple",
        "fn triple(x: i32) -> i32 {\n    // BEGIN SOLUTION\n    3 * x\n    // END SOLUTION\n}",
        "assert_eq!(triple(2), 6, \"three times two\");\nPage",
        2,
    ),
    (
        "squares",
        "let squares: Vec<i32> = {\n    // BEGIN SOLUTION\n    vec![1, 4, 9, 16]\n    // END SOLUTION\n};",
        "2.5 * (1..).zip(&squares).filter(|(n, square)| n * n == **square).count() as f64",
        10,
    ),
];

struct Submission {
    student: &'static str,
    /// Names of tasks and what the student wrote; the rest is right.
    answers: &'static [(&'static str, &'static str)],
    score: &'static str,
    /// A part of what the feedback must say.
    feedback: &'static str,
}

const SUBMISSIONS: [Submission; 5] = [
    Submission {
        student: "remarks",
        answers: &[(
            "double",
            "eprintln!(\"a remark\");\nfn double(x: i32) -> i32 {\n    x + x\n}",
        )],
        score: "13.0",
        feedback: "a remark",
    },
    Submission {
        student: "compile-error",
        answers: &[("double", "fn double(x: i32) -> i32 {\n    \"two\"\n}")],
        score: "12.0",
        feedback: "mismatched types",
    },
    Submission {
        student: "wrong",
        answers: &[
            ("triple", "fn triple(x: i32) -> i32 {\n    4 * x\n}"),
            ("squares", "let squares: Vec<i32> = vec![1, 4, 6, 8];"),
        ],
        score: "6.0",
        feedback: "three times two",
    },
    Submission {
        student: "unanswered",
        answers: &[
            (
                "double",
                "fn double(x: i32) -> i32 {\n    panic!(\"This question is not answered yet.\");\n}",
            ),
            (
                "triple",
                "fn triple(x: i32) -> i32 {\n    panic!(\"This question is not answered yet.\");\n}",
            ),
            (
                "squares",
                "let squares: Vec<i32> = {\n    panic!(\"This question is not answered yet.\");\n};",
            ),
        ],
        score: "0.0",
        feedback: "This question is not answered yet.",
    },
    Submission {
        student: "stubborn",
        answers: &[
            ("double", "fn double(x: i32) -> i32 {\n    std::process::exit(x)\n}"),
            ("triple", "fn triple(_: i32) -> i32 {\n    loop {}\n}"),
        ],
        score: "10.0",
        feedback: "CellTimeoutError",
    },
];

/// Makes a cell of the assignment.
fn cell(name: &str, source: &str, role: &Value) -> Value {
    let mut marks = json!({"schema_version": 3, "grade_id": name, "grade": false, "locked": false,
                           "solution": false, "task": false});
    marks.as_object_mut().unwrap().extend(role.as_object().unwrap().clone());
    let mut cell = notebooks::code(source);
    cell["metadata"]["nbgrader"] = marks;
    cell
}

fn assignment() -> Vec<Value> {
    let mut cells = vec![cell("load", LOAD, &json!({"locked": true}))];
    for (name, solution, test, points) in TASKS {
        let test_name = format!("test-{name}");
        cells.push(cell(name, solution, &json!({"solution": true})));
        let role = json!({"grade": true, "locked": true, "points": points});
        cells.push(cell(&test_name, test, &role));
    }
    cells
}

/// A course's folder.
struct Course {
    folder: TempDir,
}

impl Course {
    /// Makes a course with the settings that the documentation gives.
    fn with_assignment() -> Course {
        let course = Course { folder: TempDir::new().unwrap() };
        let (_, settings) = DOCUMENTATION.split_once("```python\n").unwrap();
        let (settings, _) = settings.split_once("```").unwrap();
        fs::write(course.path("nbgrader_config.py"), settings).unwrap();
        notebooks::write(&course.path("source/lab/tasks.ipynb"), &assignment());
        course
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn nbgrader(&self, arguments: &[&str]) -> String {
        let (succeeded, said) = outcome(&mut program("nbgrader", arguments, self.folder.path()));
        assert!(succeeded, "nbgrader {arguments:?}: {said}");
        said
    }

    /// Fills in the released notebook as a student does.
    fn submit(&self, submission: &Submission) {
        let mut notebook = notebooks::read(&self.path("release/lab/tasks.ipynb"));
        for cell in notebook["cells"].as_array_mut().unwrap() {
            let name = cell["metadata"]["nbgrader"]["grade_id"].as_str().unwrap().to_owned();
            let answer = submission.answers.iter().find(|(task, _)| *task == name);
            let solution = TASKS.iter().find(|(task, ..)| *task == name);
            if let Some(source) = answer.map(|(_, answer)| *answer).or(solution.map(|task| task.1))
            {
                cell["source"] = source.into();
            }
        }
        let path = self.path(&format!("submitted/{}/lab/tasks.ipynb", submission.student));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, notebook.to_string()).unwrap();
    }

    /// Gives the students' scores.
    fn scores(&self) -> BTreeMap<String, String> {
        self.nbgrader(&["export"]);
        let text = fs::read_to_string(self.path("grades.csv")).unwrap();
        let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
        let column = |name| rows[0].iter().position(|title| *title == name).unwrap();
        let (student, score) = (column("student_id"), column("raw_score"));
        rows[1..].iter().map(|row| (row[student].into(), row[score].into())).collect()
    }
}

fn sources(notebook: &Path) -> String {
    let cells = notebooks::read(notebook)["cells"].as_array().unwrap().clone();
    cells.iter().map(|cell| cell["source"].to_string()).collect()
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn nbgrader_gives_the_points_that_were_earned() {
    let course = Course::with_assignment();
    course.nbgrader(&["generate_assignment", "lab"]);
    let released = sources(&course.path("release/lab/tasks.ipynb"));
    assert_eq!(released.matches("not answered yet").count(), TASKS.len(), "{released}");
    assert!(!released.contains("2 * x") && !released.contains("double(-1)"), "{released}");

    SUBMISSIONS.iter().for_each(|submission| course.submit(submission));
    course.nbgrader(&["autograde", "lab"]);
    let expected = SUBMISSIONS.iter().map(|one| (one.student.into(), one.score.into())).collect();
    assert_eq!(course.scores(), expected);

    course.nbgrader(&["generate_feedback", "lab"]);
    for Submission { student, feedback, .. } in &SUBMISSIONS {
        let page = course.path(&format!("feedback/{student}/lab/tasks.html"));
        let page = fs::read_to_string(page).unwrap();
        assert!(page.contains(feedback), "{student}: the feedback does not say {feedback:?}");
    }
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn students_can_validate_what_they_submit() {
    let course = Course::with_assignment();
    course.nbgrader(&["generate_assignment", "lab"]);
    for (submission, verdict) in [
        (&SUBMISSIONS[0], "Success! Your notebook passes all the tests."),
        (&SUBMISSIONS[2], "VALIDATION FAILED ON 2 CELL(S)!"),
    ] {
        course.submit(submission);
        let path = format!("submitted/{}/lab/tasks.ipynb", submission.student);
        let said = course.nbgrader(&["validate", &path]);
        assert!(said.contains(verdict), "{}: {said}", submission.student);
    }
}
