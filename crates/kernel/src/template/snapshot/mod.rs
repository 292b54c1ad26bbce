//! The sources that a template is built from: the crate and those of the checkout that it depends on. And the
//! key that says exactly which they are.

mod manifests;

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::compile::store;
use crate::files;
use crate::hash::Hasher;
use crate::startup::{self, CARGO_CONFIG, PRELUDE};
use crate::toolchain::Toolchain;

/// Parts of the crate's folder that no dependent's build reads.
const LEFT_OUT: [&str; 4] = ["tests", "benches", "examples", "target"];

/// The files of a small workspace that holds the crate `backprop`, and what it depends on.
pub struct Snapshot {
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl Snapshot {
    /// Reads them from the workspace.
    pub fn read(workspace: &Path) -> Result<Self> {
        let crates = manifests::crates(workspace)?;
        let root = manifests::reduced_workspace(workspace, &crates)?;
        let mut files = vec![
            ("Cargo.toml".into(), root.into_bytes()),
            (
                "Cargo.lock".into(),
                manifests::reduced_lock(&workspace.join("Cargo.lock"))?.into_bytes(),
            ),
        ];
        for krate in &crates {
            let manifest = krate.join("Cargo.toml");
            let reduced = manifests::reduced_crate(&workspace.join(&manifest))?;
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

/// Collects a file, or all files of a folder in the order of their names.
fn collect(workspace: &Path, path: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) -> Result<()> {
    let found = workspace.join(path);
    if !found.is_dir() {
        files.push((path.to_owned(), files::read(&found)?));
        return Ok(());
    }
    files::names_in(&found)
        .into_iter()
        .try_for_each(|name| collect(workspace, &path.join(name), files))
}

#[cfg(test)]
mod tests;
