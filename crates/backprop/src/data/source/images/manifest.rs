//! manifest.csv: of which class and patient each image is, and for which set.

use super::entry::{Entry, Set};
use crate::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// The images that a manifest lists.
#[derive(Debug)]
pub(super) struct Manifest {
    pub(super) entries: Vec<Entry>,
    /// Whether it says for which set each image is.
    pub(super) has_split: bool,
}

/// Where the columns that are used stand.
struct Columns {
    path: usize,
    class: usize,
    patient: Option<usize>,
    split: Option<usize>,
    count: usize,
}

impl Manifest {
    pub(super) fn path(folder: &Path) -> PathBuf {
        folder.join("manifest.csv")
    }

    /// Reads the manifest of a folder, where it has one.
    pub(super) fn find(folder: &Path) -> Result<Option<Manifest>, Error> {
        let path = Manifest::path(folder);
        if !path.is_file() {
            return Ok(None);
        }
        let text = fs::read_to_string(&path).map_err(Error::file(&path))?;
        parse(folder, &text).map(Some).map_err(|(line, expected, found)| Error::Line {
            path,
            line,
            expected,
            found,
        })
    }
}

/// What is wrong with a line: its number, what was expected, what stands there.
type Complaint = (usize, String, String);

/// Parses lines of fields with commas between them; fields in quotes are refused, not misread.
fn parse(folder: &Path, text: &str) -> Result<Manifest, Complaint> {
    let mut lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    let header = lines.next().map_or("", |(line, _)| line.trim_start_matches('\u{feff}'));
    let columns = Columns::of(header)?;
    let entries = lines.map(|(line, number)| columns.entry(folder, line, number));
    Ok(Manifest { entries: entries.collect::<Result<_, _>>()?, has_split: columns.split.is_some() })
}

impl Columns {
    fn of(header: &str) -> Result<Columns, Complaint> {
        let names: Vec<&str> = header.split(',').map(str::trim).collect();
        let place = |name: &str| names.iter().position(|found| *found == name);
        let need = |name: &str| {
            place(name).ok_or_else(|| (1, format!("a column \"{name}\""), format!("\"{header}\"")))
        };
        Ok(Columns {
            path: need("path")?,
            class: need("class")?,
            patient: place("patient_id"),
            split: place("split"),
            count: names.len(),
        })
    }

    fn entry(&self, folder: &Path, line: &str, number: usize) -> Result<Entry, Complaint> {
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        if fields.len() != self.count || line.contains('"') {
            let expected = format!("{} fields without quotes", self.count);
            return Err((number, expected, format!("\"{line}\"")));
        }
        let text = |place: usize, what: &str| match fields[place] {
            "" => Err((number, what.to_owned(), "an empty field".to_owned())),
            field => Ok(field.to_owned()),
        };
        let set = |place: usize| match fields[place] {
            "train" => Ok(Set::Train),
            "test" => Ok(Set::Test),
            other => Err((number, "the split train or test".to_owned(), format!("\"{other}\""))),
        };
        Ok(Entry {
            path: folder.join(text(self.path, "a path")?),
            class: text(self.class, "a class")?,
            patient: self.patient.map(|place| text(place, "a patient")).transpose()?,
            set: self.split.map(set).transpose()?,
        })
    }
}
