//! The sources that a template is built from: the crate and those of the checkout that it depends on. And the
//! key that says exactly which they are.

use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use toml::{Table, Value};

use crate::compile::store;
use crate::files;
use crate::hash::Hasher;
use crate::startup::{self, CARGO_CONFIG, PRELUDE};
use crate::toolchain::Toolchain;

/// What of the workspace's manifest the crate inherits or obeys.
const WORKSPACE_KEYS: [&str; 5] = ["resolver", "members", "package", "dependencies", "lints"];
/// What of the crate's manifest a dependent's build reads; its tests and benches it does not.
const CRATE_KEYS: [&str; 7] =
    ["package", "lib", "features", "dependencies", "build-dependencies", "target", "lints"];
/// Parts of the crate's folder that no dependent's build reads.
const LEFT_OUT: [&str; 4] = ["tests", "benches", "examples", "target"];

/// The crate that cells use.
const CRATE: &str = "crates/backprop";

/// The files of a small workspace that holds the crate `backprop`, and what it depends on.
pub struct Snapshot {
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl Snapshot {
    /// Reads them from the workspace.
    pub fn read(workspace: &Path) -> Result<Self> {
        let crates = crates(workspace)?;
        let root = reduced_workspace(&workspace.join("Cargo.toml"), &crates)?;
        let mut files = vec![
            ("Cargo.toml".into(), root.into_bytes()),
            ("Cargo.lock".into(), reduced_lock(&workspace.join("Cargo.lock"))?.into_bytes()),
        ];
        for krate in &crates {
            let manifest = krate.join("Cargo.toml");
            let reduced = reduced_crate(&workspace.join(&manifest))?;
            files.push((manifest, reduced.into_bytes()));
            for name in files::names_in(&workspace.join(krate)) {
                if name != "Cargo.toml" && !LEFT_OUT.contains(&name.as_str()) {
                    collect(workspace, &krate.join(name), &mut files)?;
                }
            }
        }
        let digits = Path::new("data/digits");
        if workspace.join(digits).is_dir() {
            collect(workspace, digits, &mut files)?;
        }
        Ok(Snapshot { files })
    }

    /// Gives the name under which this snapshot and its template are kept.
    ///
    /// Its first part stands for all but the crate's own sources: where it is the same, an older
    /// template's compiled dependencies can be used.
    pub fn name(&self, toolchain: &Toolchain) -> String {
        let mut base = Hasher::default();
        base.add(toolchain.version.as_bytes());
        base.add(env!("CARGO_PKG_VERSION").as_bytes());
        base.add(startup::init().as_bytes());
        base.add(PRELUDE.as_bytes());
        base.add(CARGO_CONFIG.as_bytes());
        base.add(store::SOURCE.as_bytes());
        base.add(self.lock_file());
        let mut all = base.clone();
        for (path, bytes) in &self.files {
            all.add(path.as_os_str().as_encoded_bytes());
            all.add(bytes);
        }
        format!("{}-{}", base.first_digits(8), all.first_digits(16))
    }

    /// Writes the files into `folder`.
    pub fn write(&self, folder: &Path) -> Result<()> {
        self.files.iter().try_for_each(|(path, bytes)| files::write(&folder.join(path), bytes))
    }

    /// Gives the workspace's lock file.
    pub fn lock_file(&self) -> &[u8] {
        let lock = self.files.iter().find(|(path, _)| path == Path::new("Cargo.lock"));
        lock.map_or(&[], |(_, bytes)| bytes)
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Collects a file, or all files of a folder in the order of their names.
fn collect(workspace: &Path, path: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) -> Result<()> {
    let found = workspace.join(path);
    if !found.is_dir() {
        files.push((path.to_owned(), read(&found)?));
        return Ok(());
    }
    files::names_in(&found)
        .into_iter()
        .try_for_each(|name| collect(workspace, &path.join(name), files))
}

/// Gives the folders, below the workspace, of the crate and of those that it depends on there.
fn crates(workspace: &Path) -> Result<Vec<PathBuf>> {
    let mut crates = vec![PathBuf::from(CRATE)];
    let mut next = 0;
    while let Some(krate) = crates.get(next).cloned() {
        next += 1;
        let manifest = manifest(&workspace.join(&krate).join("Cargo.toml"))?;
        let dependencies = manifest.get("dependencies").and_then(Value::as_table);
        for dependency in dependencies.into_iter().flat_map(Table::values) {
            let Some(path) = dependency.get("path").and_then(Value::as_str) else { continue };
            let folder = without_detours(&krate.join(path));
            if !crates.contains(&folder) {
                crates.push(folder);
            }
        }
    }
    Ok(crates)
}

/// Resolves `..` in a path below the workspace by its names alone: `crates` may be a link to another checkout's.
fn without_detours(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut found, part| {
        match part {
            Component::ParentDir => drop(found.pop()),
            part => found.push(part),
        }
        found
    })
}

fn reduced_workspace(path: &Path, crates: &[PathBuf]) -> Result<String> {
    let mut manifest = manifest(path)?;
    if let Some(workspace) = manifest.get_mut("workspace").and_then(Value::as_table_mut) {
        workspace.retain(|key, _| WORKSPACE_KEYS.contains(&key));
        let members = crates.iter().map(|krate| krate.to_string_lossy().into_owned());
        workspace.insert("members".into(), Value::from(members.collect::<Vec<_>>()));
    }
    manifest.retain(|key, _| key == "workspace");
    Ok(toml::to_string(&manifest)?)
}

/// Keeps the packages that the crate needs: another crate's dependency changes no template.
fn reduced_lock(path: &Path) -> Result<String> {
    let mut lock = manifest(path)?;
    let Some(packages) = lock.get_mut("package").and_then(Value::as_array_mut) else {
        return Ok(toml::to_string(&lock)?);
    };
    let text = |package: &Value, key| package.get(key).and_then(Value::as_str).map(str::to_owned);
    let mut open = vec!["backprop".to_owned()];
    let mut needed: Vec<bool> = vec![false; packages.len()];
    while let Some(dependency) = open.pop() {
        // "name", or "name version" where there are several.
        let (name, version) = match dependency.split_once(' ') {
            Some((name, version)) => (name, version.split(' ').next()),
            None => (dependency.as_str(), None),
        };
        for (package, needed) in packages.iter().zip(&mut needed) {
            let is_it = text(package, "name").is_some_and(|found| found == name)
                && version
                    .is_none_or(|version| text(package, "version").as_deref() == Some(version));
            if is_it && !*needed {
                *needed = true;
                let more = package.get("dependencies").and_then(Value::as_array);
                open.extend(
                    more.into_iter().flatten().filter_map(|one| Some(one.as_str()?.to_owned())),
                );
            }
        }
    }
    let mut needed = needed.into_iter();
    packages.retain(|_| needed.next().unwrap_or_default());
    Ok(toml::to_string(&lock)?)
}

fn reduced_crate(path: &Path) -> Result<String> {
    let mut manifest = manifest(path)?;
    manifest.retain(|key, _| CRATE_KEYS.contains(&key));
    Ok(toml::to_string(&manifest)?)
}

fn manifest(path: &Path) -> Result<Table> {
    let text = String::from_utf8(read(path)?)?;
    text.parse().with_context(|| format!("{} is no TOML", path.display()))
}

#[cfg(test)]
mod tests {
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
        let toolchain = Toolchain {
            version: "rustc 1.95.0".into(),
            sysroot: "/".into(),
            libraries: "/".into(),
        };
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
        let toolchain = Toolchain {
            version: "rustc 1.96.0".into(),
            sysroot: "/".into(),
            libraries: "/".into(),
        };
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
}
