//! What students really hand in, after public bug reports: `tests/cases/G…`. All of it is graded as one class;
//! each must come to its points and notes, the same in a second run.

use crate::course::{lab, read};
use crate::jupyter::{outcome, root};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A student: of which case, the points of "double", the notes, and what the result says.
struct Case(&'static str, &'static str, f64, &'static [&'static str], &'static str);

const CASES: [Case; 12] = [
    Case("G01", "ada", 3.0, &["again"], "ada/small.ipynb counts, not ada/small (1).ipynb"),
    Case("G02", "bea", 3.0, &[], ""),
    Case("G03", "dan", 3.0, &[], ""),
    Case("G04", "eva", 3.0, &[], "\"sketch.png\""),
    Case("G05", "fay", 3.0, &["added"], "cell 8 holds text that belongs to words"),
    Case("G07", "gil", 3.0, &[], ""),
    Case("G08", "hal", 3.0, &["renamed"], "3 as double, 4 as double-test, 7 as words"),
    Case("G09", "ida", 3.0, &[], ""),
    Case("G10", "jon", 3.0, &[], "2026-01-12T09:30:00.123456+01:00"),
    Case("G10", "kim", 3.0, &[], "2026-01-12T08:30:00.123456+00:00"),
    Case("G12", "mia", 3.0, &[], ""),
    Case("G19", "", 3.0, &["repacked"], "packed anew, with the folder "),
];

/// Copies the hand-ins of all cases into one folder.
fn collect(to: &Path) {
    for Case(case, ..) in CASES {
        let from = root().join("tests/cases").join(case).join("hand-ins/.");
        let status = Command::new("cp").arg("-r").arg(from).arg(to).status();
        assert!(status.unwrap().success(), "cannot copy {case}");
    }
    // git ignores checkpoints, as everybody does.
    let folder = to.join("bea");
    fs::rename(folder.join("checkpoints"), folder.join(".ipynb_checkpoints")).unwrap();
}

fn fault(case: &Case, results: &[Value]) -> Option<String> {
    let Case(name, student, points, notes, says) = case;
    let is_of = |result: &&Value| match *student {
        "" => !CASES.iter().any(|case| result["student"] == case.1),
        student => result["student"] == student,
    };
    let Some(result) = results.iter().find(is_of) else {
        return Some(format!("{name}: no result"));
    };
    let found: Vec<&str> =
        result["findings"].as_array()?.iter().filter_map(|it| it["what"].as_str()).collect();
    let is_right = result["questions"][0]["points"] == *points
        && found == *notes
        && result.to_string().contains(says)
        && result["questions"][0]["message"] == "";
    (!is_right).then(|| format!("{name}: {result}"))
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn cases_from_life_come_to_their_points_in_each_run() {
    let folder = TempDir::new().unwrap();
    let (submitted, out) = (folder.path().join("submitted"), folder.path().join("graded"));
    fs::create_dir(&submitted).unwrap();
    collect(&submitted);
    let hidden = root().join("tests/cases/lab-hidden");
    let grade = |jobs: &str| {
        let paths = [&submitted, &hidden, &out].map(|path| path.to_str().unwrap());
        let arguments = ["grade", paths[0], "--hidden", paths[1], "--out", paths[2]];
        let mut command = lab(&arguments);
        outcome(command.args(["--notebook", "small", "--jobs", jobs]))
    };
    let (succeeded, said) = grade("2");
    assert!(succeeded && said.contains("12 hand-ins, 12 to grade"), "{said}");
    let students = fs::read_dir(out.join("results")).unwrap();
    let results: Vec<Value> =
        students.map(|folder| read(&folder.unwrap().path().join("small.json"))).collect();
    assert_eq!(results.len(), CASES.len());
    let faults: Vec<String> = CASES.iter().filter_map(|case| fault(case, &results)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));

    let page = |student: &str| {
        fs::read_to_string(out.join(format!("feedback/{student}/small.html"))).unwrap()
    };
    assert!(
        page("eva").contains("data:image/png;base64,"),
        "G04: the sketch is not in the feedback"
    );
    let late = fs::read_to_string(out.join("grades.csv")).unwrap();
    let of = |student: &str| {
        let start = format!("\"{student}\",");
        late.lines().find(|line| line.starts_with(&start)).unwrap().replacen(student, "", 1)
    };
    assert_eq!(of("jon"), of("kim"), "one moment, in two zones");

    // Nothing is graded again, whoever's turn it would be.
    fs::write(submitted.join("kim/small/timestamp.txt"), "2026-01-13 09:30:00 CET\n").unwrap();
    let (succeeded, said) = grade("1");
    assert!(succeeded && said.contains("12 hand-ins, 0 to grade"), "{said}");
    let kim = read(&out.join("results/kim/small.json"));
    assert_eq!(kim["handed_in"], "2026-01-13T09:30:00+01:00", "a mended time takes effect");
}
