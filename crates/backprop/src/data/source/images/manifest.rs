//! manifest.csv: of which class and patient each image is, and for which set.

use super::entry::{Entry, Listing, Set};
use super::names;
use super::table::{self, Complaint, Line};
use crate::error::Error;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the columns that are used stand.
struct Columns {
    path: usize,
    class: usize,
    patient: Option<usize>,
    split: Option<usize>,
    count: usize,
}

/// No message shows more characters of a line.
const MOST_SHOWN: usize = 100;

/// The path of a folder's manifest, whether there is one or not.
pub(super) fn path(folder: &Path) -> PathBuf {
    folder.join("manifest.csv")
}

/// Reads the manifest of a folder, where it has one.
pub(super) fn find(folder: &Path) -> Result<Option<Listing>, Error> {
    let path = path(folder);
    if !path.is_file() {
        return Ok(None);
    }
    let bytes = fs::read(&path).map_err(Error::file(&path))?;
    let listing = table::decode(&bytes).and_then(|text| parse(folder, &text));
    listing.map(Some).map_err(|(line, expected, found)| {
        let shown = match found.char_indices().nth(MOST_SHOWN) {
            Some((end, _)) => format!("{}…", &found[..end]),
            None => found,
        };
        Error::Line { path, line, expected, found: shown }
    })
}

/// Parses a table with a header; its paths lead from the folder.
fn parse(folder: &Path, text: &str) -> Result<Listing, Complaint> {
    let mut lines = table::lines(text, &|header| Columns::of(header).is_ok()).into_iter();
    let header = lines.next();
    let (number, names, shown) = header.as_ref().map_or((1, &[][..], "\"\"".to_owned()), |line| {
        (line.number, &line.fields[..], format!("\"{}\"", line.text))
    });
    let columns =
        Columns::of(names).map_err(|missing| (number, format!("a column \"{missing}\""), shown))?;
    let mut seen = HashMap::new();
    let mut listing = Listing::default();
    for line in lines {
        let entry = columns.entry(folder, &line)?;
        if let Some(before) = seen.insert(entry.path.clone(), line.number) {
            let found = format!("\"{}\" again, after line {before}", line.fields[columns.path]);
            return Err((line.number, "each image once".to_owned(), found));
        }
        listing.entries.push(entry);
    }
    listing.split = columns.split.map(|_| "split as in manifest.csv".to_owned());
    Ok(listing)
}

impl Columns {
    /// Finds the columns, or tells the name of one that is missing.
    fn of(header: &[String]) -> Result<Columns, &'static str> {
        // "Patient ID" is the column patient_id.
        let names: Vec<String> =
            header.iter().map(|name| name.to_lowercase().replace([' ', '-'], "_")).collect();
        let place = |name: &str| names.iter().position(|found| found == name);
        Ok(Columns {
            path: place("path").ok_or("path")?,
            class: place("class").ok_or("class")?,
            patient: place("patient_id").or_else(|| place("patient")),
            split: place("split"),
            count: names.len(),
        })
    }

    fn entry(&self, folder: &Path, line: &Line) -> Result<Entry, Complaint> {
        let wrong = |expected: &str, found: String| (line.number, expected.to_owned(), found);
        if line.fields.len() != self.count {
            return Err(wrong(&format!("{} fields", self.count), format!("\"{}\"", line.text)));
        }
        let text = |place: usize, what: &str| match line.fields[place].as_str() {
            "" => Err(wrong(what, "an empty field".to_owned())),
            field => Ok(field.to_owned()),
        };
        let set = |place: usize| {
            let word = &line.fields[place];
            let expected = "the split train, val or test";
            Set::of_word(word).ok_or_else(|| wrong(expected, format!("\"{word}\"")))
        };
        let path = text(self.path, "a path")?;
        Ok(Entry {
            path: names::file(folder, &path).ok_or_else(|| {
                let found = format!("\"{path}\", where there is no file");
                wrong("the path of an image below the folder, as normal/1.png", found)
            })?,
            class: text(self.class, "a class")?,
            patient: self.patient.map(|place| text(place, "a patient")).transpose()?,
            set: self.split.map(set).transpose()?,
        })
    }
}
