//! What must hold of the files in the repository: notebooks without outputs, whose exercises can be
//! graded, pins that agree, and a README that names what the machine must have.

#[path = "repository/notebooks.rs"]
mod notebooks;
#[path = "repository/pins.rs"]
mod pins;
#[path = "repository/programs.rs"]
mod programs;
#[path = "repository/sizes.rs"]
mod sizes;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn what_the_lab_and_its_peers_write_into_a_checkout_is_ignored_by_git() {
    if !root().join(".git").exists() {
        eprintln!("skipped: this is no clone");
        return;
    }
    let paths = [
        "report/index.html",
        "notebooks/results/a.json",
        "my-lab/01-a.ipynb",
        "crates/backprop/benches/peers/candle_mlp/target/release/candle_mlp",
    ];
    for path in paths {
        let mut git = Command::new("git");
        let status = git.args(["check-ignore", "--quiet", path]).current_dir(root()).status();
        assert!(status.unwrap().success(), "{path} is not in .gitignore");
    }
}
