//! `cargo lab start`, which needs neither Python nor the kernel, and its copies on the kernel.

#[path = "start/elsewhere.rs"]
mod elsewhere;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use backprop::Data;
use serde_json::{Value, json};
use tempfile::TempDir;

const STUB: &str = "panic!(\"This question is not answered yet.\");";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A checkout with these notebooks and nothing else.
fn workspace(notebooks: &[(&str, &[Value])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for file in ["Cargo.toml", "crates/backprop/Cargo.toml"] {
        fs::create_dir_all(folder.path().join(file).parent().unwrap()).unwrap();
        fs::write(folder.path().join(file), "").unwrap();
    }
    fs::create_dir(folder.path().join("notebooks")).unwrap();
    for (name, cells) in notebooks {
        write(&folder.path().join("notebooks").join(name), cells);
    }
    folder
}

fn write(path: &Path, cells: &[Value]) {
    let kernelspec = json!({"name": "backprop-lab", "display_name": "Rust (Backprop Lab)"});
    let notebook = json!({"nbformat": 4, "nbformat_minor": 5, "cells": cells,
                          "metadata": {"kernelspec": kernelspec}});
    fs::write(path, notebook.to_string()).unwrap();
}

fn code(id: &str, source: &str) -> Value {
    json!({"cell_type": "code", "id": id, "metadata": {}, "source": source,
           "execution_count": 3, "outputs": [{"output_type": "stream", "name": "stdout",
                                              "text": "the solution's output"}]})
}

fn prose(id: &str, source: &str) -> Value {
    json!({"cell_type": "markdown", "id": id, "metadata": {}, "source": source})
}

fn solved(answer: &str) -> Value {
    code(
        "answer",
        &format!("let a: f32 = {{\n    // BEGIN SOLUTION\n    {answer}\n    // END SOLUTION\n}};"),
    )
}

fn start(workspace: &Path, folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lab"))
        .arg("start")
        .arg(folder)
        .env("BACKPROP_WORKSPACE", workspace)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// The lines about notebooks that a run prints.
fn lines(workspace: &Path, folder: &Path) -> Vec<String> {
    let output = start(workspace, folder);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let shown = String::from_utf8(output.stdout).unwrap();
    let (notebooks, hint) = shown.split_once("\n\n").unwrap_or_else(|| panic!("{shown}"));
    assert!(hint.starts_with("Open them with: cargo lab open "), "{shown}");
    notebooks.lines().map(str::to_owned).collect()
}

fn error(workspace: &Path, folder: &Path) -> String {
    let output = start(workspace, folder);
    assert!(!output.status.success() && output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// Changes a cell's source and saves as JupyterLab does: its own key order, outputs, metadata.
fn edit(path: &Path, cell: usize, source: &str) {
    let mut notebook = read(path);
    notebook["cells"][cell]["source"] = source.into();
    notebook["metadata"]["language_info"] = json!({"name": "rust"});
    fs::write(path, notebook.to_string()).unwrap();
}

#[test]
fn copies_hold_stubs_for_solutions_and_no_outputs() {
    let lab = workspace(&[(
        "01-a.ipynb",
        &[
            solved("0.25"),
            prose("why", "Why?\n\n<!-- BEGIN SOLUTION -->\nσ′ ≤ 1/4.\n<!-- END SOLUTION -->"),
            code("test", "assert_eq!(a, 0.25);"),
        ],
    )]);
    let folder = lab.path().join("Meine Übung/Teil 1");
    assert_eq!(lines(lab.path(), &folder), ["new        01-a.ipynb"]);
    insta::assert_snapshot!(fs::read_to_string(folder.join("01-a.ipynb")).unwrap(), @r###"
{
 "cells": [
  {
   "cell_type": "code",
   "execution_count": null,
   "id": "answer",
   "metadata": {},
   "outputs": [],
   "source": [
    "let a: f32 = {\n",
    "    panic!(\"This question is not answered yet.\");\n",
    "};"
   ]
  },
  {
   "cell_type": "markdown",
   "id": "why",
   "metadata": {},
   "source": [
    "Why?\n",
    "\n",
    "*Your answer here.*"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": null,
   "id": "test",
   "metadata": {},
   "outputs": [],
   "source": [
    "assert_eq!(a, 0.25);"
   ]
  }
 ],
 "metadata": {
  "kernelspec": {
   "display_name": "Rust (Backprop Lab)",
   "name": "backprop-lab"
  }
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
"###);
}

#[test]
fn the_labs_own_notebooks_have_solutions_in_order_and_no_copy_gives_one_away() {
    let folder = TempDir::new().unwrap();
    let lines = lines(&root(), folder.path());
    assert!(lines.len() >= 2, "{lines:?}");
    for line in lines {
        let name = line.strip_prefix("new        ").unwrap_or_else(|| panic!("{line}"));
        let text = fs::read_to_string(folder.path().join(name)).unwrap();
        assert!(!text.contains("SOLUTION"), "{name}");
    }
}

#[test]
fn each_notebook_gets_the_line_of_what_became_of_it() {
    let lab = workspace(&[
        ("01-untouched.ipynb", &[solved("1.0")]),
        ("02-changed.ipynb", &[solved("2.0"), prose("note", "old")]),
        ("03-executed.ipynb", &[solved("3.0"), prose("note", "old")]),
        ("04-gone.ipynb", &[solved("4.0")]),
        ("05-deleted.ipynb", &[solved("5.0")]),
    ]);
    let (notebooks, folder) = (lab.path().join("notebooks"), lab.path().join("my-lab"));
    lines(lab.path(), &folder);
    edit(&folder.join("02-changed.ipynb"), 0, "let a: f32 = 2.0;");
    edit(&folder.join("03-executed.ipynb"), 1, "old");
    fs::remove_file(folder.join("05-deleted.ipynb")).unwrap();
    fs::remove_file(notebooks.join("04-gone.ipynb")).unwrap();
    for name in ["02-changed.ipynb", "03-executed.ipynb"] {
        write(&notebooks.join(name), &[solved("9.0"), prose("note", "new")]);
    }
    insta::assert_snapshot!(lines(lab.path(), &folder).join("\n"), @r"
    unchanged  01-untouched.ipynb
    kept       02-changed.ipynb, changed by you; its new version is 02-changed.new.ipynb
    updated    03-executed.ipynb
    new        05-deleted.ipynb
    kept       04-gone.ipynb, which is no longer part of the lab
    ");

    let source =
        |name: &str, cell: usize| read(&folder.join(name))["cells"][cell]["source"].clone();
    assert_eq!(source("02-changed.ipynb", 0), "let a: f32 = 2.0;");
    assert_eq!(source("02-changed.new.ipynb", 1), json!(["new"]));
    assert_eq!(source("03-executed.ipynb", 1), json!(["new"]));
    assert!(folder.join("04-gone.ipynb").is_file());
    insta::assert_snapshot!(lines(lab.path(), &folder).join("\n"), @r"
    unchanged  01-untouched.ipynb
    kept       02-changed.ipynb, changed by you
    unchanged  03-executed.ipynb
    unchanged  05-deleted.ipynb
    kept       04-gone.ipynb, which is no longer part of the lab
    ");
}

#[test]
fn without_a_folder_the_copies_go_to_my_lab_in_the_current_one() {
    let lab = workspace(&[("01-a.ipynb", &[solved("1.0")])]);
    let status = Command::new(env!("CARGO_BIN_EXE_lab"))
        .arg("start")
        .current_dir(lab.path())
        .env_remove("BACKPROP_WORKSPACE")
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    let copy = read(&lab.path().join("my-lab/01-a.ipynb"));
    assert_eq!(copy["cells"][0]["source"][1], format!("    {STUB}\n"));
}

#[test]
fn a_solution_out_of_order_is_named_and_nothing_is_written() {
    let cases = [
        ("// BEGIN SOLUTION\n1", "without `// END SOLUTION` after it"),
        ("1\n// END SOLUTION", "without `// BEGIN SOLUTION` before it"),
        ("// BEGIN SOLUTION\n// BEGIN SOLUTION\n// END SOLUTION", "within the part that begins so"),
    ];
    for (source, expected) in cases {
        let lab = workspace(&[
            ("01-fine.ipynb", &[solved("1.0")]),
            ("02-broken.ipynb", &[prose("title", "# A"), code("bad", source)]),
        ]);
        let folder = lab.path().join("my-lab");
        let error = error(lab.path(), &folder);
        let place = "error: notebooks/02-broken.ipynb: cell 2 (id bad): line ";
        assert!(error.starts_with(place) && error.contains(expected), "{error}");
        assert!(!folder.exists());
    }
}

#[test]
fn a_folder_that_cannot_be_is_refused_with_the_reason() {
    let lab = workspace(&[("01-a.ipynb", &[solved("1.0")])]);
    let file = lab.path().join("file");
    fs::write(&file, "mine").unwrap();
    let message = error(lab.path(), &file);
    assert!(message.contains("file is a file; expected a folder"), "{message}");
    let message = error(lab.path(), &file.join("below"));
    assert!(message.contains("cannot make the folder") && message.contains("below"), "{message}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");

    let own = lab.path().join("notebooks");
    let message = error(lab.path(), &own);
    assert!(message.contains("holds the lab's own notebooks"), "{message}");
    assert_eq!(fs::read_dir(own).unwrap().count(), 1);

    let folder = lab.path().join("my-lab");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join(".backprop-lab.json"), "{").unwrap();
    let message = error(lab.path(), &folder);
    assert!(message.contains(".backprop-lab.json is damaged; delete it"), "{message}");
}

#[test]
fn a_folder_without_permission_is_named() {
    let lab = workspace(&[("01-a.ipynb", &[solved("1.0")])]);
    let folder = lab.path().join("locked");
    fs::create_dir(&folder).unwrap();
    let mut permissions = fs::metadata(&folder).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&folder, permissions).unwrap();
    if fs::write(folder.join("try"), "").is_ok() {
        eprintln!("skipped: this user may write into every folder");
        return;
    }
    let message = error(lab.path(), &folder);
    assert!(message.contains("locked/01-a.ipynb: Permission denied"), "{message}");
}
