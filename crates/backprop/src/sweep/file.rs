//! The results file: one JSON, written whole, never over the results of something else.

use super::grid::Sweep;
use super::results::{Results, Run};
use crate::data::Description;
use crate::error::Error;
use crate::training::history::Outcome;
use backprop_protocol::files::write_whole;
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::path::Path;

/// What a results file says of itself, whichever version wrote it.
#[derive(Deserialize)]
struct Header {
    crate_version: String,
    sweep: Map<String, Value>,
    data: Map<String, Value>,
}

impl Results {
    /// Reads a results file.
    ///
    /// # Errors
    /// A file that cannot be read, or that does not hold results, with the place in it.
    pub fn load(path: &str) -> Result<Results, Error> {
        let path = Path::new(path);
        Results::parse(path, &fs::read(path).map_err(Error::file(path))?)
    }

    /// Reads the file in which a sweep over these data was begun, or begins it.
    pub(super) fn open(path: &str, sweep: &Sweep, data: &Description) -> Result<Results, Error> {
        let mut new = Results {
            crate_version: env!("CARGO_PKG_VERSION").to_owned(),
            sweep: sweep.clone(),
            data: data.clone(),
            runs: Vec::new(),
            path: path.into(),
            sha256: String::new(),
        };
        match fs::read(path) {
            Ok(bytes) => {
                new.check_is_the_same(&bytes)?;
                Results::parse(&new.path, &bytes)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                make_folder(&new.path)?;
                // Written at once, so that a path that cannot be written is found before hours of work.
                new.write()?;
                Ok(new)
            }
            Err(error) => Err(Error::file(path)(error)),
        }
    }

    /// Adds runs in their places, and writes the file.
    pub(super) fn add(&mut self, runs: Vec<Run>) -> Result<(), Error> {
        if runs.is_empty() {
            return Ok(());
        }
        let grid = self.sweep.experiments();
        self.runs.extend(runs);
        self.runs.sort_by_key(|run| grid.iter().position(|point| *point == run.experiment));
        self.write()
    }

    /// The results as JSON, as the file has them.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("results have no keys but strings") + "\n"
    }

    fn write(&mut self) -> Result<(), Error> {
        let text = self.to_json();
        write_whole(&self.path, text.as_bytes()).map_err(Error::file(&self.path))?;
        self.sha256 = sha256(text.as_bytes());
        Ok(())
    }

    fn parse(path: &Path, bytes: &[u8]) -> Result<Results, Error> {
        let mut results: Results =
            serde_json::from_slice(bytes).map_err(|error| damaged(path, bytes, &error))?;
        results.path = path.to_owned();
        results.sha256 = sha256(bytes);
        results.check_runs()?;
        Ok(results)
    }

    /// Checks that a file holds the same sweep over the same data by the same version.
    fn check_is_the_same(&self, bytes: &[u8]) -> Result<(), Error> {
        let header = serde_json::from_slice::<Header>;
        let found = header(bytes).map_err(|error| damaged(&self.path, bytes, &error))?;
        // Ours by way of text as well, since that is where an f32 gets its digits.
        let ours = header(self.to_json().as_bytes()).expect("our own header");
        let mut differences = differing("sweep", &ours.sweep, &found.sweep);
        differences.extend(differing("data", &ours.data, &found.data));
        if ours.crate_version != found.crate_version {
            let (ours, found) = (ours.crate_version, found.crate_version);
            differences.push(format!("version of backprop: expected {ours}, found {found}"));
        }
        self.refuse(differences)
    }

    /// Checks that the runs are experiments of the grid that were carried out, each once.
    fn check_runs(&self) -> Result<(), Error> {
        let grid = self.sweep.experiments();
        let mut differences = Vec::new();
        for (i, run) in self.runs.iter().enumerate() {
            let earlier = &self.runs[..i];
            let again = earlier.iter().any(|other| other.experiment == run.experiment);
            let cut_short = matches!(run.history.outcome, Outcome::Interrupted { .. });
            if again || cut_short || !grid.contains(&run.experiment) {
                differences.push(format!(
                    "run {}: expected an experiment of the grid, once, and not interrupted, found {}, seed {}",
                    i + 1,
                    run.experiment.phrases().join(", "),
                    run.experiment.seed
                ));
            }
        }
        self.refuse(differences)
    }

    fn refuse(&self, differences: Vec<String>) -> Result<(), Error> {
        match differences.is_empty() {
            true => Ok(()),
            false => Err(Error::OtherResults { path: self.path.clone(), differences }),
        }
    }
}

/// Lists the settings that differ, those that only one of the two has among them.
fn differing(of: &str, expected: &Map<String, Value>, found: &Map<String, Value>) -> Vec<String> {
    let only_found = found.keys().filter(|key| !expected.contains_key(*key));
    let keys = expected.keys().chain(only_found);
    let words = |value: Option<&Value>| value.map_or("nothing".to_owned(), Value::to_string);
    keys.filter(|key| expected.get(*key) != found.get(*key))
        .map(|key| {
            let (expected, found) = (words(expected.get(key)), words(found.get(key)));
            format!("{key} of the {of}: expected {expected}, found {found}")
        })
        .collect()
}

/// Makes the folder that a file is to lie in.
fn make_folder(path: &Path) -> Result<(), Error> {
    match path.parent() {
        Some(folder) => fs::create_dir_all(folder).map_err(Error::file(folder)),
        None => Ok(()),
    }
}

/// A file that is no results file, or not all of one.
fn damaged(path: &Path, bytes: &[u8], error: &serde_json::Error) -> Error {
    let lines_before =
        bytes.split_inclusive(|&byte| byte == b'\n').take(error.line().saturating_sub(1));
    let offset = lines_before.map(<[u8]>::len).sum::<usize>() + error.column();
    Error::Format {
        path: path.to_owned(),
        offset: offset as u64,
        expected: "the results of a sweep; the file is left as it is".to_owned(),
        found: error.to_string(),
    }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
