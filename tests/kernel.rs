//! `cargo lab run` on the real kernel. They need the set-up, so a bare `cargo test` leaves them out;
//! `cargo lab test` runs them.

mod notebooks;

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Writes a notebook of these code cells.
fn notebook(folder: &Path, name: &str, cells: &[&str]) -> PathBuf {
    let path = folder.join(format!("{name}.ipynb"));
    let cells: Vec<Value> = cells.iter().map(|source| notebooks::code(source)).collect();
    notebooks::write(&path, &cells);
    path
}

/// Runs notebooks in a workspace, with the report beside them.
fn run(workspace: &Path, notebooks: &[PathBuf]) -> Output {
    let out = notebooks[0].with_file_name("report");
    Command::new(env!("CARGO_BIN_EXE_lab"))
        .arg("run")
        .args(notebooks)
        .arg("--out")
        .arg(out)
        .env("BACKPROP_WORKSPACE", workspace)
        .output()
        .unwrap()
}

fn texts(path: &Path) -> String {
    notebooks::read(path)["cells"].to_string()
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn the_notebooks_of_the_lab_run_from_top_to_bottom() {
    let folder = TempDir::new().unwrap();
    let lab = Command::new(env!("CARGO_BIN_EXE_lab"))
        .arg("run")
        .arg("--out")
        .arg(folder.path())
        .env("BACKPROP_WORKSPACE", root())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&lab.stderr);
    assert!(lab.status.success(), "{errors}");
    for name in ["05-mnist-examples", "06-train-one-layer"] {
        let page = fs::read_to_string(folder.path().join(format!("{name}.html"))).unwrap();
        assert!(page.contains("<figcaption>"), "{name} has no figure");
        assert!(page.contains("SHA-256"), "{name} does not say which data it used");
    }
    let index = fs::read_to_string(folder.path().join("index.html")).unwrap();
    assert!(index.contains("06-train-one-layer.html"), "{index}");
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn cells_that_fail_stop_the_run_with_notebook_cell_and_message() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let cases = [
        ("panic", "assert_eq!(1 + 1, 3, \"sums\");", "sums"),
        ("early-return", "let five: i32 = \"five\".parse()?;", "invalid digit found in string"),
        ("compile-error", "let n: i32 = \"five\";", "mismatched types"),
        ("library-panic", "Data::digits(3, 1)?.train.image(7);", "expected an index below 3"),
    ];
    let notebooks: Vec<PathBuf> = cases
        .iter()
        .map(|(name, cell, _)| {
            notebook(folder, name, &["let a: i32 = 1;", cell, "println!(\"{a}\");"])
        })
        .collect();
    let lab = run(&root(), &notebooks);
    let errors = String::from_utf8_lossy(&lab.stderr);
    assert_eq!(lab.status.code(), Some(1), "{errors}");
    for (name, _, message) in cases {
        assert!(errors.contains(&format!("{name}.ipynb, cell [2]")), "{name}: {errors}");
        assert!(errors.contains(message), "{name}: {errors}");
        let executed = folder.join("report").join(format!("{name}.ipynb"));
        assert!(executed.is_file(), "{name}: the notebook up to its failure is kept");
    }
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn a_caught_panic_and_eprintln_are_no_failures_and_cells_run_in_the_notebooks_folder() {
    let folder = TempDir::new().unwrap();
    let cells = [
        "let caught: bool = std::panic::catch_unwind(|| panic!(\"on purpose\")).is_err();",
        "eprintln!(\"just a remark\"); println!(\"caught: {caught}\");",
        "println!(\"here: {}\", std::env::current_dir()?.display());",
    ];
    let path = notebook(folder.path(), "calm", &cells);
    let lab = run(&root(), std::slice::from_ref(&path));
    assert!(lab.status.success(), "{}", String::from_utf8_lossy(&lab.stderr));
    let executed = texts(&folder.path().join("report/calm.ipynb"));
    assert!(executed.contains("caught: true"), "{executed}");
    let here = format!("here: {}", folder.path().canonicalize().unwrap().display());
    assert!(executed.contains(&here), "{executed}");
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn notebooks_are_quick_only_where_the_run_is_and_the_report_says_so() {
    let folder = TempDir::new().unwrap();
    let path =
        notebook(folder.path(), "a", &["println!(\"{:?}\", std::env::var(\"BACKPROP_QUICK\"));"]);
    let report = folder.path().join("report");
    for (arguments, quick, shown) in [(&[][..], false, "NotPresent"), (&["--quick"], true, "Ok(")] {
        let lab = Command::new(env!("CARGO_BIN_EXE_lab"))
            .arg("run")
            .args(arguments)
            .arg(&path)
            .arg("--out")
            .arg(&report)
            .env("BACKPROP_WORKSPACE", root())
            .env("BACKPROP_QUICK", "a stray variable")
            .output()
            .unwrap();
        assert!(lab.status.success(), "{}", String::from_utf8_lossy(&lab.stderr));
        let executed: Value =
            serde_json::from_slice(&fs::read(report.join("a.ipynb")).unwrap()).unwrap();
        assert_eq!(executed["metadata"]["backprop_lab"]["quick"], quick);
        assert!(executed["cells"].to_string().contains(shown), "{}", executed["cells"]);
        let index = fs::read_to_string(report.join("index.html")).unwrap();
        assert_eq!(index.contains("1 of them quick: fewer repetitions"), quick, "{index}");
    }
}

/// Copies what the kernel reads of a checkout.
fn copy_of_the_workspace(to: &Path) {
    let copy = |from: &str| {
        let status =
            Command::new("cp").arg("-r").arg(root().join(from)).arg(to.join(from)).status();
        assert!(status.unwrap().success(), "cannot copy {from}");
    };
    fs::create_dir_all(to.join("data")).unwrap();
    for part in ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "crates", "data/digits"] {
        copy(part);
    }
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn the_next_kernel_sees_an_edit_of_the_crate_and_keeps_the_locked_versions() {
    let folder = TempDir::new().unwrap();
    let workspace = folder.path().join("workspace");
    copy_of_the_workspace(&workspace);
    let loss = workspace.join("crates/backprop/src/network/loss.rs");
    let text = fs::read_to_string(&loss).unwrap();
    fs::write(&loss, text.replace("\"quadratic cost\"", "\"the edited cost\"")).unwrap();

    let cells = ["println!(\"{}\", Loss::Quadratic);"];
    let path = notebook(folder.path(), "edited", &cells);
    let lab = run(&workspace, &[path]);
    assert!(lab.status.success(), "{}", String::from_utf8_lossy(&lab.stderr));
    let executed = texts(&folder.path().join("report/edited.ipynb"));
    assert!(executed.contains("the edited cost"), "{executed}");
}
