//! `cargo lab train` and `cargo lab data`, which need neither Python nor the kernel.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use backprop::Data;
use serde_json::Value;
use tempfile::TempDir;

fn lab(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
    command.args(arguments).stdin(Stdio::null());
    command
}

/// A folder with a few built-in digits under MNIST's names.
fn few_digits() -> TempDir {
    let folder = TempDir::new().unwrap();
    Data::digits(640, 100).unwrap().save(folder.path()).unwrap();
    folder
}

fn train(folder: &Path, arguments: &[&str]) -> Output {
    lab(&["train", "--data"]).arg(folder).args(arguments).output().unwrap()
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {}", String::from_utf8_lossy(&output.stdout));
    })
}

#[test]
fn the_history_is_all_that_json_dash_prints() {
    let folder = few_digits();
    let settings = ["--epochs", "3", "--hidden", "12,7", "--activation", "relu", "--json", "-"];
    let history = json(&train(folder.path(), &settings));
    for list in ["running_loss", "test_accuracy", "seconds"] {
        let list = history[list].as_array().unwrap_or_else(|| panic!("no list {list}"));
        assert_eq!(list.len(), 3);
        assert!(list.iter().all(|value| value.as_f64().is_some_and(|value| value >= 0.0)));
    }
    assert!(history["test_accuracy"][2].as_f64().unwrap() <= 1.0, "a fraction");
    assert!(history["train_loss_after"].as_f64().unwrap() > 0.0);
    assert_eq!(
        history["gradient_norms"][0].as_array().unwrap().len(),
        3,
        "one norm for each layer"
    );
}

#[test]
fn the_seed_decides_and_nothing_else_does() {
    let folder = few_digits();
    let losses = |seed| {
        let settings = ["--epochs", "2", "--seed", seed, "--json", "-"];
        json(&train(folder.path(), &settings))["running_loss"].to_string()
    };
    assert_eq!(losses("5"), losses("5"));
    assert_ne!(losses("5"), losses("6"));
}

#[test]
fn a_file_gets_the_history_and_the_terminal_a_line_for_each_epoch() {
    let folder = few_digits();
    let path = folder.path().join("results/history.json");
    let output = train(folder.path(), &["--epochs", "2", "--json", path.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let history: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    assert_eq!(history["running_loss"].as_array().unwrap().len(), 2);
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(shown.contains("epoch  1/2") && shown.contains("epoch  2/2"), "{shown}");
    assert!(shown.contains("640"), "it says which data it used: {shown}");
}

#[test]
fn wrong_settings_and_missing_data_are_said_on_stderr() {
    let folder = few_digits();
    let cases: [(&[&str], &str); 9] = [
        (&["--batch-size", "0"], "batch size"),
        (&["--learning-rate", "0"], "learning rate"),
        (&["--momentum", "1"], "momentum"),
        (&["--weight-decay=-1"], "weight decay"),
        (&["--dropout", "1"], "dropout"),
        (&["--patience", "0"], "patience"),
        (&["--convolutions", "4,0"], "filters: 0"),
        (&["--hidden", "30,0"], "sizes of a network"),
        (&["--hidden", "30,many"], "many"),
    ];
    for (settings, expected) in cases {
        let output = train(folder.path(), &[settings, &["--json", "-"]].concat());
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && errors.contains(expected), "{settings:?}: {errors}");
        assert!(output.stdout.is_empty(), "{settings:?}: nothing on stdout");
    }
    fs::remove_file(folder.path().join("t10k-labels-idx1-ubyte")).unwrap();
    let output = train(folder.path(), &[]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && errors.contains("t10k-labels-idx1-ubyte"), "{errors}");
}

#[test]
fn an_interrupted_training_keeps_what_it_measured() {
    let folder = few_digits();
    let child = lab(&["train", "--epochs", "1000000", "--json", "-", "--data"])
        .arg(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    thread::sleep(Duration::from_secs(2));
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let history: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(!history["running_loss"].as_array().unwrap().is_empty());
    assert!(history["outcome"].to_string().contains("interrupted"), "{}", history["outcome"]);
}

#[test]
fn the_kernels_interrupt_stops_at_the_next_mini_batch() {
    let folder = few_digits();
    let asked = folder.path().join("interrupt");
    let outcome = || {
        let output = lab(&["train", "--epochs", "2", "--json", "-", "--data"])
            .arg(folder.path())
            .env("BACKPROP_INTERRUPT", &asked)
            .output()
            .unwrap();
        let history: Value = serde_json::from_slice(&output.stdout).unwrap();
        history["outcome"].clone()
    };
    assert_eq!(outcome(), "completed");
    fs::write(&asked, "").unwrap();
    assert_eq!(outcome()["interrupted"]["batches"], 1);
}

#[test]
fn the_list_of_data_says_where_it_looked() {
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join("crates/backprop")).unwrap();
    for file in ["Cargo.toml", "crates/backprop/Cargo.toml"] {
        fs::write(folder.path().join(file), "").unwrap();
    }
    let list = || {
        let output = lab(&["data"])
            .env("BACKPROP_WORKSPACE", folder.path())
            .env_remove("BACKPROP_DATA")
            .output()
            .unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    // What is said of a data set: the lines from its name to the next one.
    let said_of = |name: &str| {
        let (shown, start) = (list(), format!("{name} "));
        let mut lines = shown.lines().skip_while(|line| !line.starts_with(&start));
        let first = lines.next().unwrap_or_else(|| panic!("nothing on {name}: {shown}")).to_owned();
        lines.take_while(|line| line.starts_with(' ')).fold(first, |said, line| said + line)
    };
    for (name, mend) in [
        ("mnist", "cargo lab data mnist"),
        ("pneumonia", "cargo lab data pneumonia"),
        ("chest-xray", "data/README.md"),
    ] {
        let said = said_of(name);
        assert!(said.contains("not at hand") && said.contains(mend), "{said}");
        assert!(said.contains("looked in") && said.contains(&format!("data/{name}")), "{said}");
    }
    Data::digits(3, 2).unwrap().save(&folder.path().join("data/mnist")).unwrap();
    fs::create_dir(folder.path().join("data/pneumonia")).unwrap();
    fs::write(folder.path().join("data/pneumonia/pneumoniamnist.npz"), "").unwrap();
    for (name, licence) in [("mnist", "CC BY-SA 3.0"), ("pneumonia", "not COVID-19")] {
        let said = said_of(name);
        assert!(!said.contains("not at hand") && said.contains(licence), "{said}");
    }
}

#[test]
fn the_download_of_pneumonia_mnist_is_checked_by_its_md5() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mirror = format!("http://{}/files/", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = String::new();
        BufReader::new(stream.try_clone().unwrap()).read_line(&mut request).unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother").unwrap();
        request
    });
    let folder = TempDir::new().unwrap();
    let output = lab(&["data", "pneumonia", "--mirror", &mirror, "--out"])
        .arg(folder.path())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    assert!(errors.contains("wrong MD5: expected 28209eda62fecd6e6a2d98b1501bb15f"), "{errors}");
    assert!(server.join().unwrap().starts_with("GET /files/pneumoniamnist.npz "));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left");
}
