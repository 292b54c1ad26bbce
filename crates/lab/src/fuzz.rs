//! The readers of what students and instructors hand in, as functions of bytes: for the fuzz targets, and for the
//! test that reads their corpora again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::grade::marks::{Additions, Known};
use crate::hand_in::archive::Archive;
use crate::hand_in::submission;

/// A scratch folder with one file, and its path.
fn file(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("a scratch folder");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("a scratch file");
    (folder, path)
}

/// Archives that are handed in.
pub fn archive(bytes: &[u8]) {
    if let Ok(archive) = Archive::unpack_any(bytes) {
        archive.faults();
    }
    let (_folder, path) = file("report-ada-1a2b3c4d.zip", bytes);
    let found = submission::find(&[path]).expect("a file that is there");
    assert!(!found.is_empty(), "what was handed in is told, whatever it is");
}

/// Tables of marks and of extensions.
pub fn marks(bytes: &[u8]) {
    let (_folder, path) = file("table.csv", bytes);
    for [marks, extensions] in [[Some(&path), None], [None, Some(&path)]] {
        if let Ok(additions) = Additions::read(marks, extensions, None) {
            let known = Known {
                students: BTreeSet::from(["ada".to_owned()]),
                maximum: BTreeMap::from([("words".to_owned(), 5.0)]),
            };
            if let Err(error) = additions.check(&known) {
                assert!(!format!("{error:#}").is_empty());
            }
        }
    }
}
