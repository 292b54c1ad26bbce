//! The runs of a notebook's sweeps, made once for all who handed it in. They take most of a report's time,
//! and they are the same for everybody who asks for the same experiment: same settings, seed, data, crate and
//! machine give the same bits. So the instructor's own notebook is executed first, and the box shows the
//! results of its sweeps, read-only. Whoever asks for another experiment has it trained.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::assignment::Assignment;
use super::class::Job;
use crate::execute::Execution;
use crate::hand_in::check::Scratch;

/// From how many hand-ins on it pays to execute the instructor's notebook as well.
const PAYS_FROM: usize = 3;
/// What a notebook has a sweep by.
const SWEEP: &str = "Sweep";

/// A folder of results, as the library reads them.
pub struct KnownRuns {
    folder: TempDir,
}

impl KnownRuns {
    pub fn new() -> Result<KnownRuns> {
        let folder = tempfile::tempdir().context("cannot make a folder for known runs")?;
        // Who reads it in a box is another user.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755))?;
        Ok(KnownRuns { folder })
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Executes the instructor's notebook and keeps the results of its sweeps.
    pub fn add(
        &self,
        assignment: &Assignment,
        execute: impl FnOnce(&Scratch) -> Result<Execution>,
    ) -> Result<Execution> {
        let own = tempfile::tempdir()?;
        let path = own.path().join(format!("{}.ipynb", assignment.name));
        fs::write(&path, assignment.notebook.to_text())?;
        let scratch = Scratch::new(&path)?;
        let outcome = execute(&scratch)?;
        for (name, results) in scratch.results()? {
            let copy = self.folder().join(format!("{}-{name}", assignment.name));
            fs::copy(&results, &copy)?;
            fs::set_permissions(&copy, Permissions::from_mode(0o644))?;
        }
        Ok(outcome)
    }
}

/// Gives the assignments whose runs it pays to know before these hand-ins are graded.
pub fn worth_knowing<'a>(jobs: &[Job<'a>]) -> Vec<&'a Assignment> {
    let mut found: Vec<&Assignment> = Vec::new();
    for job in jobs {
        let is_same = |other: &&Assignment| other.name == job.assignment.name;
        let count = jobs.iter().filter(|other| is_same(&other.assignment)).count();
        if count >= PAYS_FROM && has_sweep(job.assignment) && !found.iter().any(is_same) {
            found.push(job.assignment);
        }
    }
    found
}

fn has_sweep(assignment: &Assignment) -> bool {
    let mut code = assignment.notebook.cells.iter().filter(|cell| cell.is_code());
    code.any(|cell| cell.source.contains(SWEEP))
}
