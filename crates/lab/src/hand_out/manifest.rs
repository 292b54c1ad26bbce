//! The note in a student's folder of what was written there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context, Result};
use backprop_report::files;

const NAME: &str = ".backprop-lab.json";

/// The versions that a folder was given, of each notebook, by its file's name.
///
/// A file that is one of them was not changed by the student, however old it is.
pub struct Manifest {
    path: PathBuf,
    versions: BTreeMap<String, Vec<String>>,
}

impl Manifest {
    /// Reads a folder's manifest; without one, nothing was written there.
    pub fn read(folder: &Path) -> Result<Manifest> {
        let path = folder.join(NAME);
        let versions = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).with_context(|| {
                format!(
                    "{} is damaged; delete it and run this again: changed notebooks are kept",
                    path.display()
                )
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", path.display()));
            }
        };
        Ok(Manifest { path, versions })
    }

    pub fn write(&self) -> Result<()> {
        let text = serde_json::to_string_pretty(&self.versions)? + "\n";
        files::write_whole(&self.path, text.as_bytes(), 0o644)
    }

    /// The versions of a notebook that the folder was given.
    pub fn versions(&self, name: &str) -> &[String] {
        self.versions.get(name).map_or(&[], Vec::as_slice)
    }

    pub fn add(&mut self, name: &str, version: String) {
        let versions = self.versions.entry(name.to_owned()).or_default();
        if !versions.contains(&version) {
            versions.push(version);
        }
    }

    /// The names of all notebooks that the folder was given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.versions.keys().map(String::as_str)
    }
}
