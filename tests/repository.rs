//! What must hold of the files in the repository: notebooks without outputs, pins that agree.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn notebooks() -> Vec<(String, Value)> {
    let entries = fs::read_dir(root().join("notebooks")).unwrap();
    let mut found: Vec<(String, Value)> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ipynb"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = fs::read(&path).unwrap();
            let notebook = serde_json::from_slice(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
            (name, notebook)
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(found.len() >= 2, "notebooks in notebooks/");
    found
}

#[test]
fn notebooks_in_git_hold_no_outputs() {
    for (name, notebook) in notebooks() {
        for cell in notebook["cells"].as_array().expect("cells") {
            if cell["cell_type"] == "code" {
                assert_eq!(cell["outputs"], Value::Array(Vec::new()), "{name}: a cell has outputs");
                assert_eq!(cell["execution_count"], Value::Null, "{name}: a cell has a count");
            }
        }
    }
}

#[test]
fn notebooks_are_of_format_4_5_for_the_labs_kernel() {
    for (name, notebook) in notebooks() {
        assert_eq!((&notebook["nbformat"], &notebook["nbformat_minor"]), (&4.into(), &5.into()));
        assert_eq!(notebook["metadata"]["kernelspec"]["name"], "backprop-lab", "{name}");
        let mut ids: Vec<&str> = notebook["cells"]
            .as_array()
            .expect("cells")
            .iter()
            .map(|cell| cell["id"].as_str().unwrap_or_else(|| panic!("{name}: a cell without id")))
            .collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "{name}: two cells with one id");
    }
}

/// `name=version` of the lines that list conda packages.
fn conda_pins() -> Vec<(String, String)> {
    let text = read("environment.yml");
    let pins = text.lines().filter_map(|line| line.strip_prefix("  - ")?.split_once('='));
    pins.map(|(name, version)| (name.to_owned(), version.to_owned())).collect()
}

#[test]
fn condas_python_packages_are_those_of_the_pip_lock() {
    let lock = read("crates/lab/python/requirements.lock");
    let of_rust = ["python", "rust", "rust-src"];
    let pins: Vec<_> =
        conda_pins().into_iter().filter(|(n, _)| !of_rust.contains(&n.as_str())).collect();
    assert!(pins.len() >= 6, "{pins:?}");
    for (name, version) in pins {
        let name = name.replace('_', "-");
        // Where the lock has several, conda's Python 3.12 gets the one for 3.12.
        let is_it = |line: &str| {
            line.strip_prefix(&format!("{name}=="))
                .is_some_and(|rest| rest.split([' ', ';']).next() == Some(&version))
        };
        assert!(lock.lines().any(is_it), "{name} {version} is not in requirements.lock");
    }
}

#[test]
fn condas_rust_is_the_toolchain_files() {
    let toolchain = read("rust-toolchain.toml");
    for name in ["rust", "rust-src"] {
        let pin = conda_pins().into_iter().find(|(pinned, _)| pinned == name);
        let (_, version) = pin.unwrap_or_else(|| panic!("environment.yml lists no {name}"));
        assert!(toolchain.contains(&format!("channel = \"{version}\"")), "{name} {version}");
    }
}
