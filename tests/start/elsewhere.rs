//! Copies outside of the checkout, and a reader who stops reading.

use super::*;

/// A checkout with the crates of this one, and with a few digits under the name of MNIST.
fn workspace_with_crates(cells: &[Value]) -> TempDir {
    let folder = workspace(&[("01-a.ipynb", cells)]);
    for part in ["Cargo.toml", "crates"] {
        let path = folder.path().join(part);
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.unwrap();
    }
    fs::create_dir(folder.path().join("data")).unwrap();
    for part in ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "crates", "data/digits"] {
        symlink(root().join(part), folder.path().join(part)).unwrap();
    }
    Data::digits(640, 100).unwrap().save(&folder.path().join("data/mnist")).unwrap();
    folder
}

/// The checkout that the cache names to kernels outside of any, after a command in `workspace`.
fn noted_workspace(workspace: &Path) -> PathBuf {
    let mut lab = Command::new(env!("CARGO_BIN_EXE_lab"));
    let output = lab.arg("env").env("BACKPROP_WORKSPACE", workspace).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let cache = text.lines().find_map(|line| line.strip_prefix("cache=")).expect("a cache");
    let note = fs::read_to_string(Path::new(cache).join("workspace")).unwrap_or_default();
    note.trim_end().into()
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn a_copy_anywhere_runs_on_the_crate_and_the_data_of_the_checkout() {
    let dep = ":dep backprop = { path = \"../crates/backprop\" }\nuse backprop::prelude::*;";
    let lab = workspace_with_crates(&[
        code("data", &format!("{dep}\nprintln!(\"{{}}\", Data::auto()?.description());")),
        solved("0.25"),
    ]);
    let elsewhere = TempDir::new().unwrap();
    let folder = elsewhere.path().join("Meine Übung");
    lines(lab.path(), &folder);
    let output = Command::new(env!("CARGO_BIN_EXE_lab"))
        .arg("run")
        .arg(folder.join("01-a.ipynb"))
        .arg("--out")
        .arg(elsewhere.path().join("report"))
        .env("BACKPROP_WORKSPACE", lab.path())
        .env_remove("BACKPROP_DATA")
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains("cell [2]"), "{errors}");
    assert!(errors.contains("This question is not answered yet."), "{errors}");
    let executed = read(&elsewhere.path().join("report/01-a.ipynb"));
    let data = executed["cells"][0]["outputs"].to_string();
    assert!(data.contains("MNIST (640 training and 100 test images"), "{data}");
    assert_ne!(noted_workspace(lab.path()), lab.path(), "named for these commands alone");
}

/// As `head` does when it has seen enough.
#[test]
fn a_reader_who_stops_reading_ends_it_quietly_and_the_copies_are_whole() {
    let lab = workspace(&[("01-a.ipynb", &[solved("1.0")]), ("02-b.ipynb", &[solved("2.0")])]);
    let folder = lab.path().join("mine");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = Command::new(env!("CARGO_BIN_EXE_lab"))
        .arg("start")
        .arg(&folder)
        .env("BACKPROP_WORKSPACE", lab.path())
        .stdout(writer)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(141)); // 128 + SIGPIPE
    assert_eq!(lines(lab.path(), &folder), ["unchanged  01-a.ipynb", "unchanged  02-b.ipynb"]);
}
