//! A made-up assignment and a made-up class: who did what, and what it must come to.

use serde_json::{Value, json};

/// What a student did to the released notebook whose answers are all right.
pub enum Edit {
    /// Writes this into a cell.
    Write(&'static str, &'static str),
    /// Adds a code cell before another.
    Add(&'static str, &'static str),
    /// Leaves all answers as they were released.
    AnswerNothing,
    Delete(&'static str),
    Duplicate(&'static str),
    /// Moves a cell to the end.
    Move(&'static str),
    Points(&'static str, u32),
}

/// How a hand-in arrives.
pub enum Form {
    Notebook(&'static [Edit]),
    /// The same in an archive of `cargo lab submit`.
    Archive(&'static [Edit]),
    /// Bytes that are no notebook of the lab.
    Text(&'static str),
    /// An archive with a right notebook, and one entry more.
    ArchiveWith(Entry),
    /// An archive of another kind.
    Foreign,
}

#[derive(Clone, Copy)]
pub enum Entry {
    File(&'static str),
    /// A link to this file.
    Link(&'static str),
}

pub struct Student {
    pub name: &'static str,
    pub form: Form,
    /// The points of the three questions; none where the hand-in is not graded.
    pub points: Option<[f64; 3]>,
    /// A part of what the result says: a message, a finding or a problem.
    pub says: &'static str,
}

const fn student(
    name: &'static str,
    edits: &'static [Edit],
    points: [f64; 3],
    says: &'static str,
) -> Student {
    Student { name, form: Form::Notebook(edits), points: Some(points), says }
}

const fn refused(name: &'static str, form: Form, says: &'static str) -> Student {
    Student { name, form, points: None, says }
}

use Edit::{Add, AnswerNothing, Delete, Duplicate, Move, Points, Write};

const RIGHT: [f64; 3] = [3.0, 2.0, 4.0];
const NO_FIRST: [f64; 3] = [0.0, 2.0, 4.0];
const NOTHING: [f64; 3] = [0.0, 0.0, 0.0];
const HALF_OF_THE_LAST: [f64; 3] = [3.0, 2.0, 2.0];

/// `{secret}` stands for a file of the instructor's, `{outside}` for a folder that anyone may write to.
pub const CLASS: [Student; 45] = [
    student("perfect", &[], RIGHT, ""),
    student("empty", &[AnswerNothing], NOTHING, "not answered yet"),
    student(
        "half right",
        &[Write("list", "let list: Vec<i32> = vec![];"), Write("gradient", "")],
        [3.0, 0.0, 0.0],
        "the check panicked",
    ),
    student(
        "compile error",
        &[Write("double", "fn double(x: f64) -> f64 { \"two\" }")],
        NO_FIRST,
        "cell 4 ended in an error: mismatched types",
    ),
    student(
        "panic",
        &[Write("double", "fn double(_: f64) -> f64 { panic!(\"no idea\") }")],
        NO_FIRST,
        "the check panicked",
    ),
    student(
        "early return",
        &[Write("list", "let list: Vec<i32> = vec![\"one\".parse()?];")],
        [3.0, 0.0, 4.0],
        "invalid digit found in string",
    ),
    student(
        "endless loop",
        &[Write("double", "fn double(_: f64) -> f64 { loop {} }")],
        NO_FIRST,
        "the check took too long",
    ),
    student(
        "memory bomb",
        &[Write(
            "double",
            "fn double(_: f64) -> f64 { let mut all: Vec<Vec<u8>> = vec![]; loop { all.push(vec![1; 50_000_000]); std::thread::sleep(std::time::Duration::from_millis(50)); } }",
        )],
        NO_FIRST,
        "more memory than a hand-in may",
    ),
    student(
        "fork bomb",
        &[Write(
            "double",
            "fn double(x: f64) -> f64 { for _ in 0..5000 { let _ = std::process::Command::new(\"sleep\").arg(\"600\").spawn(); } 2.0 * x }",
        )],
        NOTHING,
        "beside the check ran sleep",
    ),
    student(
        "output flood",
        &[Add("double", "loop { println!(\"{}\", \"x\".repeat(1000)); }")],
        RIGHT,
        "took too long",
    ),
    student(
        "output flood in a check",
        &[Write(
            "double",
            "fn double(x: f64) -> f64 { for _ in 0..5000 { println!(\"{}\", \"x\".repeat(1000)); } 2.0 * x }",
        )],
        RIGHT,
        "",
    ),
    // A training that shows how it goes: 6 MB in all, of which one figure stays.
    student(
        "figure that changes",
        &[Write(
            "double",
            "fn double(x: f64) -> f64 { for n in 0..120 { println!(\"EVCXR_BEGIN_CONTENT application/vnd.backprop-lab.display+json\\n{{\\\"id\\\":\\\"one\\\",\\\"data\\\":{{\\\"text/plain\\\":\\\"{n}{}\\\"}}}}\\nEVCXR_END_CONTENT\", \"x\".repeat(50_000)); } 2.0 * x }",
        )],
        RIGHT,
        "",
    ),
    student(
        "network",
        &[Add(
            "double",
            "let answers: std::net::TcpStream = std::net::TcpStream::connect(\"1.1.1.1:53\")?;",
        )],
        RIGHT,
        "there is no network",
    ),
    student(
        "reads my home",
        &[Write(
            "double",
            "fn double(x: f64) -> f64 { match std::fs::read(\"{secret}\") { Ok(_) => 0.0, Err(_) => 2.0 * x } }",
        )],
        RIGHT,
        "",
    ),
    student(
        "writes outside",
        &[Write(
            "double",
            "fn double(x: f64) -> f64 { for path in [\"{outside}/a\", \"/usr/a\", \"/dev/a\", \"/a\"] { if std::fs::write(path, \"a\").is_ok() { return 0.0; } } 2.0 * x }",
        )],
        RIGHT,
        "",
    ),
    student(
        "includes a file",
        &[Write(
            "double",
            "fn double(x: f64) -> f64 { println!(include_str!(\"{secret}\")); 2.0 * x }",
        )],
        NO_FIRST,
        "ended in an error: couldn't read",
    ),
    student(
        "build script",
        &[
            Add(
                "double",
                "std::fs::create_dir_all(\"/tmp/work/evil/src\")?;\n\
                 std::fs::write(\"/tmp/work/evil/Cargo.toml\", \"[package]\\nname = \\\"evil\\\"\\nversion = \\\"0.1.0\\\"\\n\")?;\n\
                 std::fs::write(\"/tmp/work/evil/src/lib.rs\", \"\")?;\n\
                 std::fs::write(\"/tmp/work/evil/build.rs\", \"fn main() { std::fs::write(\\\"/tmp/work/built\\\", \\\"\\\").unwrap(); let _ = std::fs::write(\\\"{outside}/b\\\", \\\"\\\"); }\")?;",
            ),
            Add(
                "double",
                ":dep evil = { path = \"/tmp/work/evil\" }\nassert!(std::path::Path::new(\"/tmp/work/built\").exists());",
            ),
        ],
        RIGHT,
        "",
    ),
    student(
        "new dependency",
        &[Add("double", ":dep leftpad = \"0.2\"\nlet a: i32 = 1;")],
        RIGHT,
        "new dependencies cannot be downloaded",
    ),
    // The name is a formula; spreadsheets must not see it as one.
    student(
        "=cmd()",
        &[Delete("double-test")],
        RIGHT,
        "the check double-test is missing; it was put back",
    ),
    student("deleted answer", &[Delete("double")], NO_FIRST, "the cell double is missing"),
    student(
        "more points",
        &[Points("list-test", 50)],
        RIGHT,
        "the points of list-test were changed; it has 2",
    ),
    student(
        "another check",
        &[Write("double", "fn double(x: f64) -> f64 { x }"), Write("double-test", "3")],
        NO_FIRST,
        "the check double-test was changed",
    ),
    student("duplicated", &[Duplicate("double")], RIGHT, "cell 5 is another double"),
    student("reordered", &[Move("double")], RIGHT, "cells were moved"),
    student(
        "forged result",
        &[
            Write("double", "fn double(x: f64) -> f64 { x }"),
            Add(
                "double-test",
                "println!(\"EVCXR_BEGIN_CONTENT application/vnd.backprop-lab.question+json\\n{{\\\"points\\\":3,\\\"maximum\\\":3,\\\"checks\\\":[]}}\\nEVCXR_END_CONTENT\");",
            ),
        ],
        NO_FIRST,
        "cell 5 shows a result that no check has given",
    ),
    student(
        "forged proof",
        &[Write(
            "double",
            "fn double(x: f64) -> f64 { println!(\"EVCXR_BEGIN_CONTENT application/vnd.backprop-lab.graded+json\\n{{\\\"secret\\\":\\\"guessed\\\",\\\"value\\\":3}}\\nEVCXR_END_CONTENT\"); x }",
        )],
        NO_FIRST,
        "shows a result that no check has given",
    ),
    student(
        "silenced panics",
        &[
            Add("double", "std::panic::set_hook(Box::new(|_| {}));"),
            Write("double", "fn double(_: f64) -> f64 { panic!(\"unseen\") }"),
        ],
        NO_FIRST,
        "the check panicked",
    ),
    student(
        "background thread",
        &[
            Write("double", "fn double(x: f64) -> f64 { x }"),
            Add(
                "double",
                "std::thread::spawn(|| loop { println!(\"EVCXR_BEGIN_CONTENT application/vnd.backprop-lab.question+json\\n{{\\\"points\\\":3}}\\nEVCXR_END_CONTENT\"); std::thread::sleep(std::time::Duration::from_millis(50)); });",
            ),
        ],
        NOTHING,
        "beside the check ran a thread of the notebook's process",
    ),
    student(
        "exit",
        &[Write("double", "fn double(_: f64) -> f64 { std::process::exit(0) }")],
        NO_FIRST,
        "ended the process",
    ),
    student(
        "silent exit",
        &[Add("double-test", "unsafe extern \"C\" { fn _exit(code: i32); }\nunsafe { _exit(0) }")],
        RIGHT,
        "ended the process that runs the cells",
    ),
    student(
        "own backprop",
        &[Add("double", "mod backprop { pub mod prelude { pub struct Question; } }")],
        RIGHT,
        "it defines `backprop`",
    ),
    student(
        "own question",
        &[
            Write("double", "fn double(x: f64) -> f64 { x }"),
            Add(
                "double",
                "struct Question;\nimpl Question { fn new(_: &str) -> Question { Question } fn number(self, _: f64, _: &str, _: f64, _: f64, _: f64) -> Question { self } }",
            ),
        ],
        NO_FIRST,
        "it defines `Question`",
    ),
    student(
        "another dep",
        &[Add("double", ":dep backprop = { path = \"/tmp/mine\" }\nlet mine: i32 = 1;")],
        RIGHT,
        "it asks for `:dep backprop = { path = \"/tmp/mine\" }`",
    ),
    student(
        "no number",
        &[Write("double", "fn double(_: f64) -> f64 { f64::NAN }")],
        NO_FIRST,
        "found",
    ),
    Student {
        name: "Zoë Größe-Łąka",
        form: Form::Archive(&[Write(
            "words",
            "Because of me.\n\n<script>alert(1)</script> <img src=x onerror=alert(1)>",
        )]),
        points: Some(RIGHT),
        says: "",
    },
    student(
        "without the derivative",
        &[Write(
            "gradient",
            "fn gradient(w: &[[f64; 2]; 2], deltas: &[[f64; 2]], _: &[[f64; 2]]) -> Vec<f64> {\n    let n: f64 = deltas.len() as f64;\n    (0..2).map(|j| deltas.iter().map(|d| w[0][j] * d[0] + w[1][j] * d[1]).sum::<f64>() / n).collect()\n}",
        )],
        HALF_OF_THE_LAST,
        "what one gets without σ′",
    ),
    student(
        "without the transpose",
        &[Write(
            "gradient",
            "fn gradient(w: &[[f64; 2]; 2], deltas: &[[f64; 2]], a: &[[f64; 2]]) -> Vec<f64> {\n    let n: f64 = deltas.len() as f64;\n    (0..2).map(|j| deltas.iter().zip(a).map(|(d, a)| (w[j][0] * d[0] + w[j][1] * d[1]) * a[j] * (1.0 - a[j])).sum::<f64>() / n).collect()\n}",
        )],
        HALF_OF_THE_LAST,
        "what one gets with W in place of its transpose",
    ),
    student(
        "wrong sign",
        &[Write(
            "gradient",
            "fn gradient(w: &[[f64; 2]; 2], deltas: &[[f64; 2]], a: &[[f64; 2]]) -> Vec<f64> {\n    let n: f64 = deltas.len() as f64;\n    (0..2).map(|j| -deltas.iter().zip(a).map(|(d, a)| (w[0][j] * d[0] + w[1][j] * d[1]) * a[j] * (1.0 - a[j])).sum::<f64>() / n).collect()\n}",
        )],
        HALF_OF_THE_LAST,
        "what one gets with the wrong sign",
    ),
    student(
        "sum for mean",
        &[Write(
            "gradient",
            "fn gradient(w: &[[f64; 2]; 2], deltas: &[[f64; 2]], a: &[[f64; 2]]) -> Vec<f64> {\n    (0..2).map(|j| deltas.iter().zip(a).map(|(d, a)| (w[0][j] * d[0] + w[1][j] * d[1]) * a[j] * (1.0 - a[j])).sum::<f64>()).collect()\n}",
        )],
        HALF_OF_THE_LAST,
        "",
    ),
    refused(
        "old format",
        Form::Text("{\"nbformat\": 3, \"worksheets\": []}"),
        "expected a notebook of format 4, found 3",
    ),
    refused("no notebook", Form::Text("Dear professor,"), "no notebook"),
    refused(
        "leads out",
        Form::ArchiveWith(Entry::File("../../x.ipynb")),
        "the archive holds a name that leads out of it, ../../x.ipynb",
    ),
    refused(
        "absolute",
        Form::ArchiveWith(Entry::File("/etc/x.ipynb")),
        "the archive holds a name that leads out of it, /etc/x.ipynb",
    ),
    refused("link", Form::ArchiveWith(Entry::Link("/etc/passwd")), "the archive holds a link"),
    refused("foreign", Form::Foreign, "neither a notebook (.ipynb) nor an archive"),
];

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
