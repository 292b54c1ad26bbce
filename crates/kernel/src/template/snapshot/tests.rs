//! A snapshot of a small workspace, and what its name follows.

use std::fs;
use std::process::Command;

use toml::Value;

use super::manifests::{crates, manifest, reduced_lock, reduced_workspace};
use super::*;
use crate::files::write;

const MANIFEST: &str = "[package]\nname = \"backprop\"\nversion.workspace = true\n[[bench]]\nname = \"speed\"\n\
                        [dependencies]\nwords = { path = \"../words\" }\n";

fn workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = "[workspace]\nmembers = [\"crates/*\"]\ndefault-members = [\"crates/lab\"]\n\
                [workspace.package]\nversion = \"1.0.0\"\n[profile.dev]\nopt-level = 1\n";
    let files = [
        ("Cargo.toml", root),
        ("Cargo.lock", "version = 4\n"),
        ("crates/backprop/Cargo.toml", MANIFEST),
        ("crates/backprop/src/lib.rs", "//! One\n"),
        ("crates/words/Cargo.toml", "[package]\nname = \"words\"\n"),
        ("crates/words/src/lib.rs", "//! One\n"),
        ("crates/backprop/src/data/mod.rs", ""),
        ("crates/backprop/tests/parity.rs", "one"),
        ("data/digits/strokes.txt", "0 1 2"),
    ];
    for (path, text) in files {
        write(&folder.path().join(path), text.as_bytes()).unwrap();
    }
    folder
}

fn name(workspace: &Path) -> String {
    let toolchain =
        Toolchain { version: "rustc 1.95.0".into(), sysroot: "/".into(), libraries: "/".into() };
    Snapshot::read(workspace).unwrap().name(&toolchain)
}

/// Says which parts of the name change when `text` is written to `path`.
fn changes(path: &str, text: &str) -> (bool, bool) {
    let folder = workspace();
    let before = name(folder.path());
    write(&folder.path().join(path), text.as_bytes()).unwrap();
    let after = name(folder.path());
    (before[..8] != after[..8], before[8..] != after[8..])
}

#[test]
fn the_name_follows_all_that_a_build_reads() {
    assert_eq!(changes("crates/backprop/src/lib.rs", "//! One\n"), (false, false));
    assert_eq!(changes("crates/backprop/src/lib.rs", "//! Two\n"), (false, true));
    assert_eq!(changes("crates/backprop/src/new.rs", ""), (false, true));
    assert_eq!(changes("crates/words/src/lib.rs", "//! Two\n"), (false, true));
    assert_eq!(changes("data/digits/strokes.txt", "0 1 3"), (false, true));
    assert_eq!(changes("Cargo.lock", "version = 5\n"), (true, true));

    assert_eq!(changes("crates/backprop/tests/parity.rs", "two"), (false, false));
    assert_eq!(changes("crates/lab/src/main.rs", "two"), (false, false));
    assert_eq!(changes("data/mnist/train", "two"), (false, false));
    let other_bench = MANIFEST.replace("speed", "size");
    assert_eq!(changes("crates/backprop/Cargo.toml", &other_bench), (false, false));
    let other_package = MANIFEST.replace("\nversion", "\nautobins = false\nversion");
    assert_eq!(changes("crates/backprop/Cargo.toml", &other_package), (false, true));
}

#[test]
fn crates_may_be_a_link_to_another_checkouts() {
    let (folder, other) = (tempfile::tempdir().unwrap(), workspace());
    for file in ["Cargo.toml", "Cargo.lock"] {
        fs::copy(other.path().join(file), folder.path().join(file)).unwrap();
    }
    files::link(&other.path().join("crates"), &folder.path().join("crates")).unwrap();
    assert_eq!(
        crates(folder.path()).unwrap(),
        ["crates/backprop", "crates/words"].map(PathBuf::from)
    );
    Snapshot::read(folder.path()).unwrap();
}

#[test]
fn the_name_follows_the_versions_of_what_the_crate_needs() {
    let lock = |of_crate: &str, of_other: &str| {
        let package = |name: &str, version: &str, dependencies: &str| {
            format!(
                "[[package]]\nname = {name:?}\nversion = {version:?}\ndependencies = [{dependencies}]\n"
            )
        };
        [
            "version = 4\n".to_owned(),
            package("backprop", "0.1.0", "\"arrays\""),
            package("arrays", of_crate, "\"shared 1.0.0\""),
            package("shared", "1.0.0", ""),
            package("shared", "2.0.0", ""),
            package("other", of_other, "\"shared 2.0.0\""),
        ]
        .concat()
    };
    let folder = workspace();
    let named = |text: String| {
        write(&folder.path().join("Cargo.lock"), text.as_bytes()).unwrap();
        name(folder.path())
    };
    let before = named(lock("1.0.0", "1.0.0"));
    assert_eq!(named(lock("1.0.0", "1.1.0")), before);
    assert_ne!(named(lock("1.1.0", "1.0.0"))[..8], before[..8]);
    let lock = reduced_lock(&folder.path().join("Cargo.lock")).unwrap();
    assert!(lock.contains("1.0.0") && !lock.contains("2.0.0"), "{lock}");
}

#[test]
fn the_name_follows_the_compiler() {
    let folder = workspace();
    let toolchain =
        Toolchain { version: "rustc 1.96.0".into(), sysroot: "/".into(), libraries: "/".into() };
    let newer = Snapshot::read(folder.path()).unwrap().name(&toolchain);
    assert_ne!(newer[..8], name(folder.path())[..8]);
}

#[test]
fn a_written_snapshot_is_a_workspace_of_the_crate_and_its_own() {
    let (folder, copy) = (workspace(), tempfile::tempdir().unwrap());
    let snapshot = Snapshot::read(folder.path()).unwrap();
    snapshot.write(copy.path()).unwrap();

    let root = manifest(&copy.path().join("Cargo.toml")).unwrap();
    assert_eq!(root.keys().collect::<Vec<_>>(), ["workspace"]);
    let members = Value::from(vec!["crates/backprop", "crates/words"]);
    assert_eq!(root["workspace"]["members"], members);
    assert!(root["workspace"].get("default-members").is_none());
    assert_eq!(root["workspace"]["package"]["version"].as_str(), Some("1.0.0"));
    assert!(!copy.path().join("crates/backprop/tests").exists());
    assert_eq!(name(copy.path()), name(folder.path()), "reading it again gives the same");
}

/// A workspace whose crates inherit: the crate by a path of the workspace's, one more for one platform.
fn inheriting_workspace() -> tempfile::TempDir {
    let folder = workspace();
    let root = "[workspace]\nmembers = [\"crates/*\"]\n[workspace.package]\nversion = \"1.0.0\"\n\
                [workspace.dependencies]\nwords = { path = \"crates/words\" }\nonly-unix = \"1\"\n\
                numbers = { path = \"crates/numbers\" }\nof-lab = \"1\"\n";
    let krate = "[package]\nname = \"backprop\"\nversion.workspace = true\n\
                 [dependencies]\nwords.workspace = true\n\
                 [target.'cfg(unix)'.dependencies]\nonly-unix = { workspace = true, features = [\"std\"] }\n";
    let words = "[package]\nname = \"words\"\n[dependencies]\nnumbers.workspace = true\n";
    let files = [
        ("Cargo.toml", root),
        ("crates/backprop/Cargo.toml", krate),
        ("crates/words/Cargo.toml", words),
        ("crates/numbers/Cargo.toml", "[package]\nname = \"numbers\"\n"),
        ("crates/numbers/src/lib.rs", "//! One\n"),
    ];
    for (path, text) in files {
        write(&folder.path().join(path), text.as_bytes()).unwrap();
    }
    folder
}

#[test]
fn crates_that_are_inherited_from_the_workspace_are_in_the_snapshot() {
    let (folder, copy) = (inheriting_workspace(), tempfile::tempdir().unwrap());
    let expected = ["crates/backprop", "crates/words", "crates/numbers"].map(PathBuf::from);
    assert_eq!(crates(folder.path()).unwrap(), expected);

    Snapshot::read(folder.path()).unwrap().write(copy.path()).unwrap();
    assert!(copy.path().join("crates/numbers/src/lib.rs").is_file());
    assert_eq!(name(copy.path()), name(folder.path()), "reading it again gives the same");
}

#[test]
fn a_snapshot_holds_what_its_crates_inherit_and_nothing_that_others_do() {
    let folder = inheriting_workspace();
    let shared = |folder: &Path| {
        let root = reduced_workspace(folder, &crates(folder).unwrap()).unwrap();
        let root: toml::Table = root.parse().unwrap();
        root["workspace"]["dependencies"].as_table().unwrap().clone()
    };
    let names: Vec<String> = shared(folder.path()).keys().cloned().collect();
    assert_eq!(names, ["numbers", "only-unix", "words"]);

    let root = fs::read_to_string(folder.path().join("Cargo.toml")).unwrap();
    let rename = |from: &str, to: &str| {
        let before = name(folder.path());
        write(&folder.path().join("Cargo.toml"), root.replace(from, to).as_bytes()).unwrap();
        name(folder.path()) != before
    };
    assert!(!rename("of-lab = \"1\"", "of-lab = \"2\""));
    assert!(rename("only-unix = \"1\"", "only-unix = \"2\""));
}

/// Cargo itself reads the snapshot of this checkout: what its crates inherit is there.
#[test]
fn cargo_accepts_the_snapshot_of_this_checkout() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let copy = tempfile::tempdir().unwrap();
    Snapshot::read(&root).unwrap().write(copy.path()).unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--format-version=1", "--no-deps", "--offline"]);
    let output = cargo.current_dir(copy.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let backprop = packages.iter().find(|package| package["name"] == "backprop").unwrap();
    let dependencies = backprop["dependencies"].as_array().unwrap();
    let requirement =
        |name: &str| dependencies.iter().find(|one| one["name"] == name).unwrap()["req"].clone();
    assert!(requirement("ndarray").as_str().unwrap().starts_with("^0."), "a version inherited");
    assert_eq!(requirement("backprop-protocol"), "*", "a path inherited");
}
