//! Set-up, run and report where the user's folders hold nothing of the lab.
//!
//! What this proves: the command needs nothing from a home, be it a file, a setting or a cache, and puts
//! what it makes into the cache alone. It runs the kernel that is there already, with the kernel's template,
//! for their compiling takes minutes: links lead to them. That the compiling works is proved by whoever runs the tests with an empty cache, as CI does. The Python environment cannot be
//! copied, as it holds its own path: it is made anew, which needs the network or pip's own settings.
//! Rust's folders are the user's own, so that neither a toolchain nor a crate is downloaded.

mod notebooks;

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Gives a folder below the home, or the one that a variable names.
fn folder(variable: &str, below_home: &str) -> PathBuf {
    let home = || PathBuf::from(env::var_os("HOME").expect("a home")).join(below_home);
    env::var_os(variable).map_or_else(home, PathBuf::from)
}

/// Gives the cache of the user, after setting that up.
fn users_cache() -> PathBuf {
    let mut lab = Command::new(env!("CARGO_BIN_EXE_lab"));
    let output = lab.arg("env").env("BACKPROP_WORKSPACE", root()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let cache = text.lines().find_map(|line| line.strip_prefix("cache="));
    cache.unwrap_or_else(|| panic!("`cargo lab env` names no cache: {text}")).into()
}

/// Links what took minutes to compile into another cache.
fn share_kernel(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name == "templates" || name == "snapshots" {
            symlink(from.join(&name), to.join(&name)).unwrap(); // their paths are compiled in
        } else if name.starts_with("kernel-") {
            let mut copy = Command::new("cp");
            let status = copy.arg("-rl").arg(from.join(&name)).arg(to.join(&name)).status();
            assert!(status.unwrap().success(), "cannot link {name}");
        }
    }
}

/// Runs the command in a home of its own, which holds nothing.
fn lab(home: &Path, arguments: &[&str]) -> Output {
    let mut lab = Command::new(env!("CARGO_BIN_EXE_lab"));
    lab.args(arguments).current_dir(root()).env_clear();
    for variable in ["PATH", "LANG", "RUSTUP_TOOLCHAIN", "PIP_INDEX_URL", "PIP_CONFIG_FILE"] {
        lab.envs(env::var_os(variable).map(|value| (variable, value)));
    }
    let cargo_home = folder("CARGO_HOME", ".cargo");
    lab.env("CARGO_HOME", cargo_home).env("RUSTUP_HOME", folder("RUSTUP_HOME", ".rustup"));
    for (variable, name) in [("HOME", ""), ("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data")]
    {
        lab.env(variable, home.join(name));
    }
    lab.env("XDG_CACHE_HOME", home.join("cache")).output().unwrap()
}

/// What lies in a folder, by name.
fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn an_empty_home_suffices_for_a_report() {
    let folder = TempDir::new().unwrap();
    let home = folder.path().join("home");
    share_kernel(&users_cache(), &home.join("cache/backprop-lab"));
    let path = folder.path().join("small.ipynb");
    let dep = ":dep backprop = { path = \"../crates/backprop\" }\nuse backprop::prelude::*;";
    let cell = "println!(\"{}\", Data::digits(20, 10)?.description());";
    notebooks::write(&path, &[notebooks::code(dep), notebooks::code(cell)]);

    let report = folder.path().join("report");
    let arguments = ["run", path.to_str().unwrap(), "--out", report.to_str().unwrap()];
    let output = lab(&home, &arguments);
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}");
    assert!(errors.contains("[1/1] Python environment"), "the rest was shared: {errors}");
    let last = said.lines().last().unwrap_or_default();
    assert!(last.starts_with("1 of 1 notebooks passed in "), "{said}");
    assert!(last.ends_with("report/index.html"), "{said}");
    let index = fs::read_to_string(report.join("index.html")).unwrap();
    assert!(index.contains("1 notebooks, all passed"), "{index}");
    let page = fs::read_to_string(report.join("small.html")).unwrap();
    assert!(page.contains("20 training and 10 test images"), "{page}");

    let again = lab(&home, &["env"]);
    assert_eq!(String::from_utf8_lossy(&again.stderr), "", "all is there, so nothing is told");
    let made: Vec<String> = names_in(&home)
        .into_iter()
        .filter(|name| !["cache", "data", "config"].contains(&name.as_str()))
        .collect();
    assert!(made.iter().all(|name| name.starts_with('.')), "{made:?}");
}

/// Everything that is missing is told in one message, before anything is done.
#[test]
fn a_machine_without_anything_is_told_all_that_it_lacks_at_once() {
    let folder = TempDir::new().unwrap();
    let lab = Command::new(env!("CARGO_BIN_EXE_lab"))
        .arg("run")
        .arg("--out")
        .arg(folder.path().join("report"))
        .env_clear()
        .env("PATH", "/nonexistent")
        .env("BACKPROP_CACHE", folder.path().join("cache"))
        .env("BACKPROP_WORKSPACE", root())
        .output()
        .unwrap();
    assert_eq!(lab.status.code(), Some(1));
    let errors = String::from_utf8_lossy(&lab.stderr);
    for missing in ["rustup.rs", "no cargo", "build-essential", "python3-venv", "brew install"] {
        assert!(errors.contains(missing), "{missing}: {errors}");
    }
    assert!(
        errors.starts_with("error: no notebook was executed: 4 things are missing"),
        "{errors}"
    );
    assert_eq!(names_in(&folder.path().join("cache")), [""; 0], "nothing was begun");
}
