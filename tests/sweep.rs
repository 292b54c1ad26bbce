//! `cargo lab sweep`, which needs neither Python nor the kernel.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use backprop::{Data, Results};
use tempfile::TempDir;

/// A folder with a few built-in digits under MNIST's names.
fn few_digits() -> TempDir {
    let folder = TempDir::new().unwrap();
    Data::digits(640, 100).unwrap().save(folder.path()).unwrap();
    folder
}

fn sweep(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
    command.args(["sweep", "--data"]).arg(folder).args(arguments).stdin(Stdio::null());
    command.arg("--output").arg(folder.join("results.json"));
    command
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn results(folder: &Path) -> Results {
    Results::load(folder.join("results.json").to_str().unwrap()).unwrap()
}

#[test]
fn a_results_folder_that_cannot_be_is_named_once() {
    let folder = few_digits();
    fs::write(folder.path().join("results"), "").unwrap();
    let mut lab = Command::new(env!("CARGO_BIN_EXE_lab"));
    lab.args(["sweep", "--depth", "1", "--epochs", "1", "--data"]).arg(folder.path());
    let output = lab.current_dir(folder.path()).stdin(Stdio::null()).output().unwrap();
    let errors = errors(&output);
    assert!(!output.status.success() && errors.starts_with("error: results"), "{errors}");
    assert_eq!(errors.matches("os error").count(), 1, "{errors}");
}

#[test]
fn the_terminal_gets_a_line_for_each_run_and_a_table() {
    let folder = few_digits();
    let settings = ["--depth", "1,2", "--width", "8", "--seed", "3,4", "--epochs", "1"];
    let output = sweep(folder.path(), &settings).output().unwrap();
    assert!(output.status.success(), "{}", errors(&output));
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    for line in ["sigmoid, 2 hidden layers, seed 3: running loss", "ReLU, 1 hidden layer, seed 4: "]
    {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    let results = results(folder.path());
    assert!(results.is_complete() && results.runs.len() == 8);
    assert!(shown.contains(&results.table().text()), "{shown}");
    assert!(shown.contains("640"), "it says which data it used: {shown}");
}

#[test]
fn json_is_all_that_it_prints_and_what_the_file_holds() {
    let folder = few_digits();
    let settings = ["--depth", "1", "--optimizer", "sgd,adam", "--learning-rate", "0.01,0.1"];
    let settings = [&settings[..], &["--epochs", "1", "--threads", "1", "--json"]].concat();
    let output = sweep(folder.path(), &settings).output().unwrap();
    assert!(output.status.success(), "{}", errors(&output));
    assert_eq!(output.stdout, fs::read(folder.path().join("results.json")).unwrap());
    assert_eq!(results(folder.path()).runs.len(), 8, "2 activations, 2 optimizers, 2 rates");
}

#[test]
fn ctrl_c_keeps_the_runs_that_have_ended() {
    let folder = few_digits();
    let child = sweep(folder.path(), &["--epochs", "1000000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    thread::sleep(Duration::from_secs(2));
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", errors(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains("0 of 10 runs in "));
    assert!(results(folder.path()).runs.is_empty());
}

#[test]
fn the_kernels_interrupt_stops_all_threads_and_the_next_call_goes_on() {
    let folder = few_digits();
    let asked = folder.path().join("interrupt");
    let settings = ["--depth", "1", "--epochs", "1", "--threads", "2"];
    let mut command = sweep(folder.path(), &settings);
    command.env("BACKPROP_INTERRUPT", &asked);
    fs::write(&asked, "").unwrap();
    assert_eq!(command.output().unwrap().status.code(), Some(130));
    assert!(results(folder.path()).runs.is_empty());
    fs::remove_file(&asked).unwrap();
    assert!(command.output().unwrap().status.success());
    assert!(results(folder.path()).is_complete());
}

#[test]
fn the_file_of_another_grid_is_not_overwritten() {
    let folder = few_digits();
    let path = folder.path().join("results.json");
    let settings = |depth| ["--depth", depth, "--activation", "relu", "--epochs", "1"];
    assert!(sweep(folder.path(), &settings("1")).output().unwrap().status.success());
    let before = fs::read(&path).unwrap();
    let output = sweep(folder.path(), &settings("1,2")).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = errors(&output);
    assert!(told.contains("depths of the sweep: expected [1,2], found [1]"), "{told}");
    assert!(told.contains("choose another path"), "{told}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_sweep_in_which_a_run_diverges_fails_and_says_so() {
    let folder = few_digits();
    let settings = ["--depth", "1", "--learning-rate", "0.003,1e38", "--activation", "relu"];
    let output = sweep(folder.path(), &settings).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(errors(&output).contains("the loss of 1 of 2 runs is not"), "{}", errors(&output));
    assert!(results(folder.path()).is_complete());
}
