//! A file has one subject, and so is short.

use std::fs;
use std::path::Path;

use super::root;

/// The lines of the longest file that may be, with its tests.
const LONGEST: usize = 350;

/// Collects the sources below a folder, Rust's and Python's, with the number of their lines.
fn collect(folder: &Path, found: &mut Vec<(String, usize)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["target", "node_modules"].contains(&name.as_str()) {
                collect(&path, found);
            }
        } else if [".rs", ".py"].iter().any(|end| name.ends_with(end)) {
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            found.push((path.display().to_string(), lines));
        }
    }
}

#[test]
fn no_file_is_too_long_to_be_read_at_once() {
    let mut found = Vec::new();
    for folder in ["crates", "tests"] {
        collect(&root().join(folder), &mut found);
    }
    assert!(found.len() > 300, "{} files", found.len());
    found.retain(|(_, lines)| *lines > LONGEST);
    assert!(found.is_empty(), "longer than {LONGEST} lines, split them by subject: {found:?}");
}
