//! A made-up class, graded: what each student did must come to the points and words of the table in
//! `class.rs`, and nothing of this machine may be touched.

#[path = "cases.rs"]
mod cases;
#[path = "known_runs.rs"]
mod known_runs;

use crate::class::CLASS;
use crate::course::{Course, lab, read, write};
use crate::jupyter::{outcome, root};
use crate::student::Student;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Says what a result does not say as the table wants it.
fn fault(student: &Student, result: Option<&Value>) -> Option<String> {
    let Some(result) = result else { return Some(format!("{}: no result", student.name)) };
    let questions = result["questions"].as_array().unwrap();
    let points: Vec<f64> =
        questions[..3].iter().map(|question| question["points"].as_f64().unwrap()).collect();
    let expected = student.points.unwrap_or([0.0; 3]);
    let is_refused = !result["problem"].is_null();
    let text = result.to_string();
    let says = student.says.replace('"', "\\\"");
    let is_right =
        points == expected && is_refused == student.points.is_none() && text.contains(&says);
    (!is_right).then(|| {
        format!("{}: expected {expected:?}, {says:?}; found {points:?}, {text}", student.name)
    })
}

/// Runs the grading, kills it in the middle as soon as some results are there, and gives these.
fn kill_in_the_middle(course: &Course) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut grading = course.grade().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while course.result_files().len() < 12 && begun.elapsed() < Duration::from_secs(300) {
        assert!(grading.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::sleep(Duration::from_millis(200));
    }
    grading.kill().unwrap();
    grading.wait().unwrap();
    course.result_files()
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn a_class_gets_the_points_that_it_earned() {
    let course = Course::new();
    CLASS.iter().for_each(|student| course.hand_in(student));
    let first = kill_in_the_middle(&course);
    assert!(first.len() >= 12, "{} results before the end", first.len());
    let (succeeded, said) = outcome(&mut course.grade());
    assert!(succeeded, "{said}");
    println!("{said}");

    let results = course.results();
    let faults: Vec<String> =
        CLASS.iter().filter_map(|student| fault(student, results.get(student.name))).collect();
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), CLASS.len(), faults.join("\n"));
    let all = course.result_files();
    assert!(first.iter().all(|(path, text)| all.get(path) == Some(text)), "a result was made anew");

    // The machine, and the instructor's files.
    assert_eq!(
        fs::read_dir(course.path("outside")).unwrap().count(),
        0,
        "something was written outside"
    );
    assert_eq!(
        fs::read_to_string(course.path("secret/answers.txt")).unwrap(),
        "the instructor's own"
    );
    for student in CLASS.iter().filter(|student| student.name != "perfect") {
        assert!(!said.contains(student.name), "{} is named: {said}", student.name);
    }
    assert_eq!(left_behind(), Vec::<String>::new(), "something outlived its grading");
    let table = table_of(&course);
    assert_eq!(points_in(&table), expected_table());
    look_at_what_is_shown(&course, &table);
    grade_one_again(&course, &table);
}

/// Gives the command lines of what gradings have started and left behind: nobody of this test is its
/// ancestor any more, as is one of the boxes that the tests beside this one have open.
fn left_behind() -> Vec<String> {
    let processes = fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let folder = entry.unwrap().path();
        let text = fs::read(folder.join("cmdline")).ok()?;
        Some((folder, String::from_utf8_lossy(&text).replace('\0', " ")))
    });
    processes
        .filter(|(_, text)| text.starts_with("sleep 600 ") || text.contains("/run/backprop-kernel"))
        .filter(|(folder, _)| !descends_from_this_test(folder))
        .map(|(_, text)| text)
        .collect()
}

/// Whether this process is among the ancestors of one in `/proc`; one that has just ended counts too.
fn descends_from_this_test(folder: &Path) -> bool {
    let Ok(status) = fs::read_to_string(folder.join("status")) else { return true };
    let parent = status.lines().find_map(|line| line.strip_prefix("PPid:")).unwrap().trim();
    match parent.parse::<u32>().unwrap() {
        0 => false,
        parent if parent == std::process::id() => true,
        parent => descends_from_this_test(&Path::new("/proc").join(parent.to_string())),
    }
}

/// The table of points without what keeps its texts whole.
fn table_of(course: &Course) -> String {
    plain(&course.path("graded/grades.csv"))
}

fn plain(path: &Path) -> String {
    fs::read_to_string(path).unwrap().replace(['"', '\u{feff}'], "")
}

/// The table by students: what stands in it, and what the class has earned.
fn points_in(table: &str) -> BTreeMap<String, String> {
    let lines = table.lines().skip(1).map(|line| line.trim_start_matches('\'').to_owned());
    let student = |line: String| {
        let (name, rest) = line.split_once(',').unwrap();
        (name.to_owned(), rest.split_once(',').unwrap().0.to_owned())
    };
    lines.map(student).collect()
}

fn expected_table() -> BTreeMap<String, String> {
    let points =
        |student: &Student| student.points.map_or(0.0, |points| points.iter().sum::<f64>());
    CLASS.iter().map(|student| (student.name.to_owned(), points(student).to_string())).collect()
}

/// Grading one again, with marks of a person's, touches that one only and keeps its earlier result.
fn grade_one_again(course: &Course, table: &str) {
    let before = course.result_files();
    let marks = course.path("marks.csv");
    let to_mark = plain(&course.path("graded/to-mark.csv"));
    assert!(to_mark.contains("perfect,words,,"), "{to_mark}");
    write(&marks, "student,question,points,comment\nperfect,words,1,Because it is so.\n");
    let mut command = course.grade();
    command.args(["--again", "perfect", "--marks", marks.to_str().unwrap()]);
    let (succeeded, said) = outcome(&mut command);
    assert!(succeeded && said.contains(" 1 to grade"), "{said}");
    let changed: Vec<PathBuf> = course
        .result_files()
        .into_iter()
        .filter(|(path, text)| before.get(path) != Some(text))
        .map(|(path, _)| path)
        .collect();
    let own = course.path("graded/results/perfect/small.json");
    assert!(changed.iter().all(|path| *path == own), "{changed:?}");
    assert_eq!(fs::read(own.with_extension("json.1")).unwrap(), before[&own]);
    let marked = table_of(course);
    let (before, after) = ("perfect,9,10,1,0,,,3,2,4,\r\n", "perfect,10,10,0,0,,,3,2,4,1\r\n");
    assert!(table.contains(before), "{table}");
    assert_eq!(marked, table.replace(before, after));
}

/// What spreadsheets, students and the instructor get to see.
fn look_at_what_is_shown(course: &Course, table: &str) {
    assert!(table.contains("'=cmd(),9,10,1"), "{table}");
    assert!(table.contains("Zoë Größe-Łąka,9,10,1,0,30 min late"), "{table}");
    let summary = fs::read_to_string(course.path("graded/summary.html")).unwrap();
    assert!(summary.contains("3 gradient: one example"), "{summary}");
    let page = |student: &str| {
        let path = course.path(&format!("graded/feedback/{student}/small.html"));
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let script = page("Zoë Größe-Łąka");
    assert!(script.contains("Because of me.") && script.contains("30 min late"), "{script}");
    assert!(!script.contains("<script") && !script.contains("<img"), "{script}");
    assert!(script.contains("default-src 'none'"), "{script}");
    assert!(page("without the derivative").contains("what one gets without σ′"));
    for student in CLASS.iter().filter(|student| student.points.is_some()) {
        let name = if student.name == "=cmd()" { continue } else { student.name };
        let page = page(name);
        assert!(!page.contains("unseen</td>") && !page.contains("double(-1)"), "{name}");
    }
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn shares_of_the_hand_ins_are_merged() {
    let course = Course::new();
    let share = [("no notebook", "old format"), ("perfect", "leads out")];
    let (mut out, mut expected) = (String::new(), Vec::new());
    for (first, second) in share {
        let _ = fs::remove_dir_all(course.path("submitted"));
        for student in CLASS.iter().filter(|one| [first, second].contains(&one.name)) {
            course.hand_in(student);
            expected.push(student.name);
        }
        let (succeeded, said) = outcome(&mut course.grade());
        assert!(succeeded && said.contains("2 hand-ins, 2 to grade"), "{said}");
        out = said;
    }
    let merged = course.text("graded");
    let own = course.text("own");
    let (succeeded, said) = outcome(&mut lab(&["grade", "--out", &merged, "--hidden", &own]));
    assert!(succeeded, "{said}{out}");
    let table = table_of(&course);
    expected.sort_unstable();
    assert_eq!(points_in(&table).into_keys().collect::<Vec<_>>(), expected);
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn solutions_get_all_points_and_released_notebooks_none() {
    let notebooks = names_of_the_notebooks();
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let released = path("released");
    let (succeeded, said) = outcome(&mut lab(&["release", "--out", &released]));
    assert!(succeeded, "{said}");
    for name in &notebooks {
        let solution = root().join(format!("notebooks/{name}.ipynb"));
        let solution = fs::read_to_string(solution).unwrap();
        write(&folder.path().join(format!("submitted/solved-{name}.ipynb")), &solution);
        let released = fs::read_to_string(format!("{released}/{name}.ipynb")).unwrap();
        write(&folder.path().join(format!("submitted/released-{name}.ipynb")), &released);
    }
    let (submitted, out) = (path("submitted"), path("graded"));
    let (succeeded, said) =
        outcome(&mut lab(&["grade", &submitted, "--out", &out, "--data", "digits", "--jobs", "2"]));
    assert!(succeeded, "{said}");
    for name in &notebooks {
        for (kind, share) in [("solved", 1.0), ("released", 0.0)] {
            let result = read(&PathBuf::from(format!("{out}/results/{kind}-{name}/{name}.json")));
            for question in result["questions"].as_array().unwrap() {
                let (points, maximum) =
                    (&question["points"], question["maximum"].as_f64().unwrap());
                let expected = if question["is_open"] == true { 0.0 } else { share * maximum };
                assert_eq!(points.as_f64(), Some(expected), "{kind}, {question}");
            }
        }
    }
}

fn names_of_the_notebooks() -> Vec<String> {
    let files = fs::read_dir(root().join("notebooks")).unwrap().map(|entry| entry.unwrap().path());
    let notebooks = files.filter(|path| path.extension().is_some_and(|end| end == "ipynb"));
    let names: Vec<String> =
        notebooks.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    assert!(names.len() >= 11, "{names:?}");
    names
}
