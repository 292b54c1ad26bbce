//! A notebook's way out of the house: checked, packed, verified. The notebooks run on the real kernel,
//! so a bare `cargo test` leaves these tests out; `cargo lab test` runs them.

mod notebooks;

use notebooks::{code, markdown};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const IMPORT: &str = ":dep backprop = { path = \"../crates/backprop\" }\nuse backprop::prelude::*;";
const FIGURE: &str =
    "Curves::new(\"Loss\").x(\"epoch\").y(\"loss\").series(\"training\", &[2.0, 1.0, 0.5])";
const QUESTION: &str = "Question::new(\"1.1 A sum\").number(2.0, \"1 + 1\", 2.0, sum, 1e-9)";
/// Writes a file of results, and prints a time that no run prints again.
const RESULT: &str = "\
std::fs::create_dir_all(\"results\")?;
assert!(!std::path::Path::new(\"results/sum.json\").exists(), \"results of an earlier run\");
std::fs::write(\"results/sum.json\", format!(\"{sum}\"))?;
let begun: std::time::Instant = std::time::Instant::now();
println!(\"sum {sum}, in {} ns\", begun.elapsed().as_nanos());";

const NAME: &str = "Ada Lovelace";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn lab(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lab"))
        .args(arguments)
        .current_dir(folder)
        .env("BACKPROP_WORKSPACE", root())
        .env("XDG_CONFIG_HOME", folder.join("settings"))
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// What a command says: on stdout, and on stderr.
fn said(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

/// Writes a notebook and has it executed in its place, as a student does; gives the folder.
fn executed(cells: &[Value]) -> TempDir {
    let folder = TempDir::new().unwrap();
    notebooks::write(&folder.path().join("drafts/a.ipynb"), cells);
    let output = lab(&["run", "drafts/a.ipynb", "--out", "."], folder.path());
    assert!(folder.path().join("a.ipynb").is_file(), "{:?}", said(&output));
    fs::rename(folder.path().join("drafts/results"), folder.path().join("results")).unwrap();
    folder
}

fn answered() -> Vec<Value> {
    vec![
        markdown("# A sum\n\nWhat is $1 + 1$?"),
        code(IMPORT),
        code("let sum: f64 = 1.0 + 1.0;"),
        code(QUESTION),
        code(RESULT),
        code(FIGURE),
    ]
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn a_finished_notebook_passes_every_check_and_keeps_its_file() {
    let folder = executed(&answered());
    let before = fs::read(folder.path().join("a.ipynb")).unwrap();
    let output = lab(&["check", "a.ipynb"], folder.path());
    let (list, errors) = said(&output);
    assert!(output.status.success(), "{list}{errors}");
    let marks: Vec<&str> = list.lines().filter(|line| line.starts_with('✓')).collect();
    assert_eq!(marks.len(), 6, "{list}");
    assert!(list.contains("✓ the checks of the exercises pass: 2 of 2 points"), "{list}");
    assert_eq!(fs::read(folder.path().join("a.ipynb")).unwrap(), before);
    let page = fs::read_to_string(folder.path().join("a.check.html")).unwrap();
    assert!(page.contains("Check: ready to be handed in") && page.contains("results come again"));
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn what_is_open_is_told_with_its_cell_and_the_exit_status() {
    let mut cells = answered();
    cells[2] = code("let sum: f64 = 1.0 + 2.0;");
    cells.push(markdown("*Your answer here.*"));
    let folder = executed(&cells);
    let path = folder.path().join("a.ipynb");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("sum 3, in", "sum 4, in")).unwrap();
    let output = lab(&["check", "a.ipynb"], folder.path());
    let (list, errors) = said(&output);
    assert_eq!(output.status.code(), Some(1), "{list}{errors}");
    for line in [
        "✓ runs from top to bottom",
        "✗ every question is answered: not answered yet: cell 7 (cell-6)",
        "✗ the checks of the exercises pass: 0 of 2 points",
        "✗ results come again: cell [4]: 4 before, 3 now",
    ] {
        assert!(list.contains(line), "no {line:?} in {list}");
    }
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn a_hand_in_holds_everything_and_the_name_is_nowhere_else() {
    let folder = executed(&answered());
    let course = "title = \"Laboratory 10\"\ndue = 2001-01-01T00:00:00+01:00\naddress = \"lab@example.org\"\n";
    fs::write(folder.path().join("course.toml"), course).unwrap();
    let unknown = lab(&["submit", "a.ipynb"], folder.path());
    assert!(said(&unknown).1.contains("Give --name and --matriculation"), "{:?}", said(&unknown));

    let who = ["--name", NAME, "--matriculation", "12345678"];
    let output = lab(&[&["submit", "a.ipynb"], &who[..]].concat(), folder.path());
    let (told, errors) = said(&output);
    assert!(output.status.success(), "{told}{errors}");
    assert!(!told.contains(NAME) && !errors.contains(NAME), "{told}{errors}");
    let last = told.lines().last().unwrap();
    assert!(last.contains(" to lab@example.org by 2001-01-01 00:00 +01:00; it is "), "{last}");
    assert!(last.ends_with(" late"), "{last}");
    let archive = last.strip_prefix("Hand in: ").unwrap().split_once(" (").unwrap().0;
    for entry in fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()) {
        let holds_name = entry.is_file()
            && fs::read(&entry).unwrap().windows(NAME.len()).any(|it| it == NAME.as_bytes());
        assert!(!holds_name, "{}", entry.display());
    }

    let verified = lab(&["verify", archive], folder.path());
    let (told, errors) = said(&verified);
    assert!(verified.status.success(), "{told}{errors}");
    for part in ["✓ all 5 files are", NAME, "12345678", "Laboratory 10", "✓ results come again"]
    {
        assert!(told.contains(part), "no {part:?} in {told}");
    }
    assert_contents(&fs::read(folder.path().join(archive)).unwrap());

    let again = lab(&["submit", "a.ipynb"], folder.path());
    assert!(again.status.success(), "asked once, known from then on: {:?}", said(&again));
    let damaged = fs::read(folder.path().join(archive)).unwrap();
    fs::write(folder.path().join("cut.zip"), &damaged[..damaged.len() / 2]).unwrap();
    let (_, errors) = said(&lab(&["verify", "cut.zip"], folder.path()));
    assert!(errors.contains("cut.zip: no ZIP archive"), "{errors}");
}

/// The executed notebook, its page with the name at the head, its PDF, the check's list, the results.
fn assert_contents(archive: &[u8]) {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
    let mut read = |name: &str| {
        let mut content = Vec::new();
        std::io::copy(&mut zip.by_name(name).unwrap(), &mut content).unwrap();
        content
    };
    let page = String::from_utf8(read("a.html")).unwrap();
    assert!(page.contains("<dt>Who</dt><dd>Ada Lovelace, 12345678</dd>"));
    assert!(page.contains("<dt>Course</dt><dd>Laboratory 10, due 2001-01-01"));
    assert!(read("a.pdf").starts_with(b"%PDF-"));
    assert_eq!(read("results/sum.json"), b"2");
    assert!(serde_json::from_slice::<Value>(&read("a.ipynb")).unwrap()["cells"].is_array());
    assert!(!read("a.check.html").is_empty());
    let manifest: Value = serde_json::from_slice(&read("manifest.json")).unwrap();
    assert_eq!(manifest["files"]["a.pdf"].as_str().unwrap().len(), 64);
}
