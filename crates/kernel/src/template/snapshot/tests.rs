//! A snapshot of a small workspace, and what its name follows.

use std::fs;

use toml::Value;

use super::manifests::{crates, manifest, reduced_lock};
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
