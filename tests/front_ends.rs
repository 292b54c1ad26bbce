//! nbconvert and papermill on the real kernel, and a notebook of the lab on plain evcxr. They need the
//! set-up, so a bare `cargo test` leaves them out; `cargo lab test` runs them.

mod jupyter;
mod notebooks;

use jupyter::{outcome, program, root};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Takes the compiler longer than the kernel waits before it tells that it is compiling.
const SLOW_TO_COMPILE: &str = "\
#[allow(long_running_const_eval)]
const SUM: u64 = { let mut sum = 0; while sum < 10_000_000 { sum += 1; } sum };
println!(\"{SUM}\");";

/// Has nbconvert or papermill execute a notebook; gives whether that succeeded, what was said, and the
/// executed notebook.
fn execute(name: &str, notebook: &Path) -> (bool, String, PathBuf) {
    let folder = notebook.parent().unwrap();
    let file = notebook.file_name().unwrap().to_str().unwrap();
    let executed = format!("{name}-{file}");
    let arguments = match name {
        "papermill" => vec![file, &executed],
        _ => vec!["--to=notebook", "--execute", file, "--output", &executed],
    };
    let (succeeded, said) = outcome(&mut program(name, &arguments, folder));
    (succeeded, said, folder.join(executed))
}

fn outputs(executed: &Path) -> Vec<Value> {
    let notebook = notebooks::read(executed);
    let cells = notebook["cells"].as_array().unwrap().iter();
    cells.filter(|cell| cell["cell_type"] == "code").map(|cell| cell["outputs"].clone()).collect()
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn a_good_notebook_passes_and_holds_nothing_but_its_outputs() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("good.ipynb");
    let cells = ["let a: i32 = 1;", SLOW_TO_COMPILE, "assert_eq!(a, 1);\na + 1"];
    notebooks::write(&path, &cells.map(notebooks::code));
    let expected = [
        json!([]),
        json!([{"output_type": "stream", "name": "stdout", "text": ["10000000\n"]}]),
        json!([{"output_type": "execute_result", "execution_count": 3, "metadata": {},
                "data": {"text/plain": ["2"]}}]),
    ];
    for name in ["nbconvert", "papermill"] {
        let (succeeded, said, executed) = execute(name, &path);
        assert!(succeeded, "{name}: {said}");
        assert_eq!(outputs(&executed), expected, "{name}");
    }
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn a_failed_assert_stops_nbconvert_and_papermill() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("bad.ipynb");
    let cells = ["let a: i32 = 1;", "assert_eq!(a, 2, \"sums\");", "println!(\"{a}\");"];
    notebooks::write(&path, &cells.map(notebooks::code));
    for name in ["nbconvert", "papermill"] {
        let (succeeded, said, executed) = execute(name, &path);
        assert!(!succeeded, "{name}: {said}");
        assert!(said.contains("sums") && said.contains("in cell [2], line 1"), "{name}: {said}");
        // nbconvert keeps no notebook that failed.
        if name == "papermill" {
            let outputs = outputs(&executed);
            assert_eq!(outputs[1][0]["ename"], "Panic", "{outputs:?}");
            assert_eq!(outputs[2], json!([]), "cells behind the failed one do not run");
        }
    }
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn a_notebook_of_the_lab_runs_on_plain_evcxr() {
    let folder = TempDir::new().unwrap();
    let into = format!("--output-dir={}", folder.path().display());
    let arguments = [
        "--to=notebook",
        "--execute",
        "05-mnist-examples.ipynb",
        &into,
        "--ExecutePreprocessor.startup_timeout=600",
    ];
    let mut nbconvert = program("nbconvert", &arguments, &root().join("notebooks"));
    // evcxr compiles the crate for itself; what is asked is whether it runs, not how fast.
    nbconvert.env("CARGO_PROFILE_DEV_OPT_LEVEL", "1");
    let (succeeded, said) = outcome(nbconvert.env("BACKPROP_KERNEL_STOCK", "1"));
    assert!(succeeded, "{said}");
    let executed = folder.path().join("05-mnist-examples.ipynb");
    let language = &notebooks::read(&executed)["metadata"]["language_info"]["name"];
    assert_eq!(language, "Rust", "evcxr's spelling: the lab's kernel calls it rust");
    let shown: Vec<Value> = outputs(&executed);
    let figures = shown.iter().filter(|outputs| outputs.to_string().contains("<figcaption>"));
    assert!(figures.count() >= 5, "{shown:?}");
}
