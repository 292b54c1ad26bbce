//! Versions that stand in more than one place, and what CI does.

use std::fs;

use super::{read, root};

/// The versions of the Python environments, the lab's and that of the tests.
const LAB_LOCK: &str = "crates/lab/python/requirements.lock";
const TESTS_LOCK: &str = "tests/python/requirements.lock";

/// Names and versions of the lines that list packages: `name=version`, or pip's `name==version`.
fn conda_pins() -> Vec<(String, String)> {
    let text = read("environment.yml");
    let pins =
        text.lines().filter_map(|line| line.trim_start().strip_prefix("- ")?.split_once('='));
    let version = |version: &str| version.trim_start_matches('=').to_owned();
    pins.map(|(name, rest)| (name.to_owned(), version(rest))).collect()
}

#[test]
fn condas_python_packages_are_those_of_the_pip_lock() {
    let lock = read(LAB_LOCK);
    let of_rust = ["python", "rust"];
    let pins: Vec<_> =
        conda_pins().into_iter().filter(|(n, _)| !of_rust.contains(&n.as_str())).collect();
    assert!(pins.len() >= 8, "{pins:?}");
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
    let pin = conda_pins().into_iter().find(|(name, _)| name == "rust");
    let (_, version) = pin.expect("environment.yml lists rust");
    assert!(toolchain.contains(&format!("channel = \"{version}\"")), "rust {version}");
}

#[test]
fn the_version_of_a_dependency_stands_once_for_all_crates() {
    let manifest = |path: &str| read(path).parse::<toml::Table>().unwrap();
    let workspace = manifest("Cargo.toml");
    let shared = workspace["workspace"]["dependencies"].as_table().unwrap();
    let mut used: Vec<String> = Vec::new();
    for path in manifests("crates") {
        let krate = manifest(&path);
        for kind in ["dependencies", "dev-dependencies"] {
            for (name, said) in
                krate.get(kind).and_then(toml::Value::as_table).into_iter().flatten()
            {
                let inherited = said.get("workspace").and_then(toml::Value::as_bool);
                assert_eq!(inherited, Some(true), "{path}: {name} has a version of its own");
                used.push(name.clone());
            }
        }
    }
    let unused = shared.keys().find(|name| !used.contains(name));
    assert_eq!(unused, None, "[workspace.dependencies] names what no crate needs");
}

/// The manifests of the workspace's crates below a folder; programs to compare with have locks of their own.
fn manifests(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        let path = format!("{folder}/{name}");
        if name == "Cargo.toml" {
            found.push(path);
        } else if root().join(&path).is_dir() && !["benches", "target"].contains(&name.as_str()) {
            found.extend(manifests(&path));
        }
    }
    found
}

#[test]
fn nothing_asks_for_rusts_own_sources() {
    for file in ["rust-toolchain.toml", "environment.yml", "README.md", ".ci/run"] {
        assert!(!read(file).contains("rust-src"), "{file}");
    }
}

/// Whatever a forge is to do stands in .ci/run, which works on any machine.
#[test]
fn the_forges_ci_runs_what_ci_runs_and_nothing_else() {
    let workflow = read(".github/workflows/ci.yml");
    let values = |key: &str| -> Vec<String> {
        let lines = workflow.lines().map(|line| line.trim().trim_start_matches("- "));
        lines.filter_map(|line| Some(line.strip_prefix(key)?.trim().to_owned())).collect()
    };
    assert_eq!(values("run:"), [".ci/run"]);
    let actions = values("uses:");
    let names: Vec<&str> = actions.iter().filter_map(|action| action.split('@').next()).collect();
    assert_eq!(names, ["actions/checkout", "actions/cache"]);
    for key in ["env:", "container:", "services:", "shell:"] {
        assert_eq!(values(key), Vec::<String>::new(), "{key} is for .ci/run to say");
    }
    assert!(workflow.contains("~/.cache/backprop-lab"), "the cache is kept between runs");
    let key = values("key:").concat();
    for lock in ["rust-toolchain.toml", "Cargo.lock", LAB_LOCK, TESTS_LOCK] {
        assert!(key.contains(&format!("'{lock}'")) && root().join(lock).is_file(), "{lock}");
    }
}
