//! A made-up class: who did what, and what it must come to.

use crate::student::Edit::{Add, AnswerNothing, Delete, Duplicate, Move, Points, Write};
use crate::student::{Entry, Form, Student, refused, student};

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
