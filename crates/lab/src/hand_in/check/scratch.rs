//! A folder in which a notebook runs as if nobody had run it before.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use backprop_report::export::folder_of;
use backprop_report::files;
use tempfile::TempDir;

/// What notebooks write their results to, in the folder that they lie in.
pub const RESULTS: &str = "results";

/// A temporary folder that shows what lies beside the notebook, but not the results of earlier runs:
/// a sweep would go on where it stopped, instead of being done again.
pub struct Scratch {
    folder: TempDir,
    /// The copy of the notebook, to be executed.
    pub notebook: PathBuf,
}

impl Scratch {
    pub fn new(notebook: &Path) -> Result<Scratch> {
        let make = || -> std::io::Result<Scratch> {
            let folder = TempDir::new()?;
            let name = notebook.file_name().unwrap_or_default();
            let beside = folder_of(notebook).canonicalize()?;
            for entry in fs::read_dir(&beside)? {
                let entry = entry?;
                if entry.file_name() != RESULTS && entry.file_name() != name {
                    symlink(entry.path(), folder.path().join(entry.file_name()))?;
                }
            }
            fs::create_dir(folder.path().join(OUT))?;
            fs::copy(notebook, folder.path().join(name))?;
            let notebook = folder.path().join(name);
            Ok(Scratch { folder, notebook })
        };
        make().with_context(|| format!("cannot copy {} to run it", notebook.display()))
    }

    /// The folder for the executed notebook.
    pub fn out(&self) -> PathBuf {
        self.folder.path().join(OUT)
    }

    /// Gives the files of results, in order, with their names.
    pub fn results(&self) -> Result<Vec<(String, PathBuf)>> {
        let folder = self.folder.path().join(RESULTS);
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for path in files::list_own(&folder).context("cannot list the results")? {
            if path.is_file() {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                found.push((name, path));
            }
        }
        Ok(found)
    }
}

/// No notebook has a file of this name beside it.
const OUT: &str = ".backprop-lab-executed";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scratch_folder_shows_all_but_earlier_results() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let notebook = folder.path().join("a.ipynb");
        fs::write(&notebook, "{}")?;
        fs::write(folder.path().join("image.png"), "picture")?;
        fs::create_dir(folder.path().join(RESULTS))?;
        fs::write(folder.path().join("results/old.json"), "1")?;
        let scratch = Scratch::new(&notebook)?;
        let beside = folder_of(&scratch.notebook);
        assert_eq!(fs::read_to_string(beside.join("image.png"))?, "picture");
        assert_eq!(scratch.results()?, []);
        fs::create_dir(beside.join(RESULTS))?;
        fs::write(beside.join("results/new.json"), "2")?;
        assert_eq!(scratch.results()?[0].0, "new.json");
        assert!(!folder.path().join("results/new.json").exists());
        Ok(())
    }
}
