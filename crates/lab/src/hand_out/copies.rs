//! A student's folder: what it holds, and what becomes of each notebook in it.

use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context, Result, bail};
use backprop_report::files::{self, Key};
use backprop_report::notebook::Notebook;

use super::manifest::Manifest;
use crate::workspace::Workspace;

/// The notebooks in a student's folder.
pub struct Copies {
    folder: PathBuf,
    manifest: Manifest,
}

/// What became of a notebook.
#[derive(Debug, PartialEq)]
pub enum Fate {
    /// There was none: it is written.
    New,
    /// It is the lab's present version.
    Unchanged,
    /// It was an earlier version, which the student had not changed.
    Updated,
    /// The student changed it, and has been given the lab's present version before.
    Kept,
    /// The student changed it; the lab's present version is written under this name beside it.
    KeptBeside(String),
}

impl Copies {
    pub fn open(folder: &Path) -> Result<Copies> {
        Ok(Copies { folder: folder.to_path_buf(), manifest: Manifest::read(folder)? })
    }

    /// Brings a notebook into the folder, unless that would overwrite what the student did.
    pub fn place(&mut self, name: &str, notebook: &Notebook) -> Result<Fate> {
        let (present, version) = (self.present(name)?, notebook.version());
        let fate = match present {
            None => Fate::New,
            Some(present) if present == version => Fate::Unchanged,
            Some(present) if self.was_given(name, &present) => Fate::Updated,
            Some(_) if self.was_given(name, &version) => Fate::Kept,
            Some(_) => Fate::KeptBeside(self.name_beside(name)?),
        };
        match &fate {
            Fate::New | Fate::Updated => self.write(name, notebook)?,
            Fate::KeptBeside(beside) => self.write(beside, notebook)?,
            Fate::Unchanged | Fate::Kept => {}
        }
        self.manifest.add(name, version);
        Ok(fate)
    }

    /// Gives the notebooks that are here and were given, but are not among the lab's any more.
    pub fn no_longer_among(&self, notebooks: &[(String, Notebook)]) -> Vec<String> {
        let is_gone = |name: &&str| notebooks.iter().all(|(other, _)| other != name);
        let is_here = |name: &&str| self.folder.join(name).is_file();
        self.manifest.names().filter(is_gone).filter(is_here).map(str::to_owned).collect()
    }

    /// Notes in the folder what was written there.
    pub fn note(&self) -> Result<()> {
        self.manifest.write()
    }

    fn write(&self, name: &str, notebook: &Notebook) -> Result<()> {
        files::write_whole(&self.folder.join(name), notebook.to_text().as_bytes(), 0o644)
    }

    fn was_given(&self, name: &str, version: &str) -> bool {
        self.manifest.versions(name).iter().any(|given| given == version)
    }

    /// Gives the version of what is there under a name. What is no notebook counts by its bytes.
    fn present(&self, name: &str) -> Result<Option<String>> {
        let path = self.folder.join(name);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(match Notebook::parse(&bytes) {
                Ok(notebook) => notebook.version(),
                Err(_) => Key::default().with(&bytes).finish(),
            })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// Gives the first of `NAME.new.ipynb`, `NAME.new-2.ipynb` … that holds nothing of the student's.
    fn name_beside(&self, name: &str) -> Result<String> {
        let stem = name.trim_end_matches(".ipynb");
        let mut beside = format!("{stem}.new.ipynb");
        for number in 2.. {
            match self.present(&beside)? {
                Some(present) if !self.was_given(name, &present) => {
                    beside = format!("{stem}.new-{number}.ipynb");
                }
                _ => break,
            }
        }
        Ok(beside)
    }
}

/// Makes the folder; it must not be that of the lab's own notebooks.
pub fn make_folder(folder: &Path, workspace: &Workspace) -> Result<()> {
    match fs::create_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            bail!("{} is a file; expected a folder, or a name that is free", folder.display());
        }
        result => result.with_context(|| format!("cannot make the folder {}", folder.display()))?,
    }
    if folder.canonicalize()? == workspace.notebooks() {
        bail!("{} holds the lab's own notebooks; choose another folder", folder.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use tempfile::TempDir;

    const NAME: &str = "06-train.ipynb";

    fn notebook(source: &str) -> Notebook {
        let cell = json!({"cell_type": "markdown", "id": "a", "metadata": {}, "source": source});
        let file = json!({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]});
        Notebook::parse(file.to_string().as_bytes()).unwrap()
    }

    /// What a run of the command makes of a notebook of this one cell.
    fn place(folder: &TempDir, source: &str) -> Fate {
        let mut copies = Copies::open(folder.path()).unwrap();
        let fate = copies.place(NAME, &notebook(source)).unwrap();
        copies.note().unwrap();
        fate
    }

    fn write(folder: &TempDir, name: &str, source: &str) {
        fs::write(folder.path().join(name), notebook(source).to_text()).unwrap();
    }

    fn read(folder: &TempDir, name: &str) -> String {
        Notebook::read(&folder.path().join(name)).unwrap().cells[0].source.clone()
    }

    fn beside(name: &str) -> Fate {
        Fate::KeptBeside(name.to_owned())
    }

    #[test]
    fn an_untouched_notebook_follows_the_labs() {
        let folder = TempDir::new().unwrap();
        assert_eq!(place(&folder, "1"), Fate::New);
        assert_eq!(place(&folder, "1"), Fate::Unchanged);
        assert_eq!(place(&folder, "2"), Fate::Updated);
        assert_eq!(read(&folder, NAME), "2");
        assert_eq!(place(&folder, "1"), Fate::Updated, "the lab may go back");
        assert_eq!(read(&folder, NAME), "1");
    }

    #[test]
    fn a_changed_notebook_is_kept_and_gets_each_new_version_beside_it_once() {
        let folder = TempDir::new().unwrap();
        place(&folder, "1");
        write(&folder, NAME, "mine");
        assert_eq!(place(&folder, "1"), Fate::Kept);
        assert_eq!(place(&folder, "2"), beside("06-train.new.ipynb"));
        assert_eq!(place(&folder, "2"), Fate::Kept);
        assert_eq!(read(&folder, "06-train.new.ipynb"), "2");
        assert_eq!(place(&folder, "3"), beside("06-train.new.ipynb"), "over what was untouched");
        assert_eq!(read(&folder, "06-train.new.ipynb"), "3");
        assert_eq!(read(&folder, NAME), "mine");
    }

    #[test]
    fn a_new_version_that_was_changed_is_kept_as_well() {
        let folder = TempDir::new().unwrap();
        place(&folder, "1");
        write(&folder, NAME, "mine");
        place(&folder, "2");
        write(&folder, "06-train.new.ipynb", "mine again");
        assert_eq!(place(&folder, "3"), beside("06-train.new-2.ipynb"));
        write(&folder, "06-train.new-2.ipynb", "and again");
        assert_eq!(place(&folder, "4"), beside("06-train.new-3.ipynb"));
        let files = [NAME, "06-train.new.ipynb", "06-train.new-2.ipynb", "06-train.new-3.ipynb"];
        assert_eq!(files.map(|name| read(&folder, name)), ["mine", "mine again", "and again", "4"]);
    }

    #[test]
    fn a_notebook_that_was_renamed_or_deleted_comes_anew() {
        let folder = TempDir::new().unwrap();
        place(&folder, "1");
        write(&folder, NAME, "mine");
        fs::rename(folder.path().join(NAME), folder.path().join("mine.ipynb")).unwrap();
        assert_eq!(place(&folder, "1"), Fate::New);
        assert_eq!(read(&folder, "mine.ipynb"), "mine");
    }

    #[test]
    fn what_was_never_given_counts_as_the_students() {
        let folder = TempDir::new().unwrap();
        write(&folder, NAME, "mine");
        assert_eq!(place(&folder, "1"), beside("06-train.new.ipynb"));
        assert_eq!(read(&folder, NAME), "mine");
        fs::write(folder.path().join(NAME), "<<<<<<< no notebook").unwrap();
        assert_eq!(place(&folder, "1"), Fate::Kept);
        assert_eq!(place(&folder, "2"), beside("06-train.new.ipynb"));
        let kept = fs::read_to_string(folder.path().join(NAME)).unwrap();
        assert_eq!(kept, "<<<<<<< no notebook");
    }

    #[test]
    fn a_lost_manifest_costs_no_work() {
        let folder = TempDir::new().unwrap();
        place(&folder, "1");
        fs::remove_file(folder.path().join(".backprop-lab.json")).unwrap();
        assert_eq!(place(&folder, "1"), Fate::Unchanged);
        assert_eq!(place(&folder, "2"), Fate::Updated);
        write(&folder, NAME, "mine");
        fs::remove_file(folder.path().join(".backprop-lab.json")).unwrap();
        assert_eq!(place(&folder, "2"), beside("06-train.new.ipynb"));
        assert_eq!(read(&folder, NAME), "mine");
    }
}
