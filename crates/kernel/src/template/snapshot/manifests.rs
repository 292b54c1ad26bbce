//! What of the checkout's manifests and of its lock file stands in a snapshot.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use toml::{Table, Value};

use crate::files;

/// The crate that cells use.
const CRATE: &str = "crates/backprop";
/// What of the workspace's manifest the crate inherits or obeys.
const WORKSPACE_KEYS: [&str; 5] = ["resolver", "members", "package", "dependencies", "lints"];
/// What of the crate's manifest a dependent's build reads; its tests and benches it does not.
const CRATE_KEYS: [&str; 7] =
    ["package", "lib", "features", "dependencies", "build-dependencies", "target", "lints"];

/// Gives the folders, below the workspace, of the crate and of those that it depends on there.
pub(super) fn crates(workspace: &Path) -> Result<Vec<PathBuf>> {
    let root = manifest(&workspace.join("Cargo.toml"))?;
    let mut crates = vec![PathBuf::from(CRATE)];
    let mut next = 0;
    while let Some(krate) = crates.get(next).cloned() {
        next += 1;
        let manifest = manifest(&workspace.join(&krate).join("Cargo.toml"))?;
        for (name, dependency) in dependencies(&manifest) {
            // A path stands below the manifest that says it: the crate's, or the workspace's.
            let (above, said) = match is_inherited(dependency) {
                true => (Path::new(""), shared(&root).and_then(|shared| shared.get(name))),
                false => (krate.as_path(), Some(dependency)),
            };
            let path = said.and_then(|said| said.get("path")).and_then(Value::as_str);
            let folder = path.map(|path| without_detours(&above.join(path)));
            crates.extend(folder.filter(|folder| !crates.contains(folder)));
        }
    }
    Ok(crates)
}

/// Gives the dependencies that a dependent's build reads, those of single platforms among them.
fn dependencies(manifest: &Table) -> Vec<(&String, &Value)> {
    let table = |key: &str| manifest.get(key).and_then(Value::as_table);
    let own = ["dependencies", "build-dependencies"].into_iter().filter_map(table).flatten();
    let platforms = table("target").into_iter().flat_map(Table::values);
    own.chain(platforms.filter_map(Value::as_table).flat_map(dependencies)).collect()
}

/// Says whether the workspace's manifest has a dependency's version or path.
fn is_inherited(dependency: &Value) -> bool {
    dependency.get("workspace").and_then(Value::as_bool) == Some(true)
}

/// Gives what the workspace's manifest has for its crates to inherit.
fn shared(root: &Table) -> Option<&Table> {
    root.get("workspace")?.get("dependencies")?.as_table()
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

/// Keeps what these crates inherit or obey: another crate's dependency changes no template.
pub(super) fn reduced_workspace(workspace: &Path, crates: &[PathBuf]) -> Result<String> {
    let mut inherited = BTreeSet::new();
    for krate in crates {
        let manifest = manifest(&workspace.join(krate).join("Cargo.toml"))?;
        let of_crate = dependencies(&manifest).into_iter().filter(|(_, one)| is_inherited(one));
        inherited.extend(of_crate.map(|(name, _)| name.clone()));
    }
    let mut root = manifest(&workspace.join("Cargo.toml"))?;
    root.retain(|key, _| key == "workspace");
    if let Some(table) = root.get_mut("workspace").and_then(Value::as_table_mut) {
        table.retain(|key, _| WORKSPACE_KEYS.contains(&key));
        let members = crates.iter().map(|krate| krate.to_string_lossy().into_owned());
        table.insert("members".into(), Value::from(members.collect::<Vec<_>>()));
        if let Some(shared) = table.get_mut("dependencies").and_then(Value::as_table_mut) {
            shared.retain(|name, _| inherited.contains(name));
        }
    }
    Ok(toml::to_string(&root)?)
}

/// Keeps the packages that the crate needs, for the same reason.
pub(super) fn reduced_lock(path: &Path) -> Result<String> {
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

pub(super) fn reduced_crate(path: &Path) -> Result<String> {
    let mut manifest = manifest(path)?;
    manifest.retain(|key, _| CRATE_KEYS.contains(&key));
    Ok(toml::to_string(&manifest)?)
}

pub(super) fn manifest(path: &Path) -> Result<Table> {
    let text = String::from_utf8(files::read(path)?)?;
    text.parse().with_context(|| format!("{} is no TOML", path.display()))
}
