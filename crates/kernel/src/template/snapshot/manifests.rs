//! What of the checkout's manifests and of its lock file stands in a snapshot.

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

pub(super) fn reduced_workspace(path: &Path, crates: &[PathBuf]) -> Result<String> {
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
