//! The pages of notebooks, with the course that they are handed in to at the head.

use std::path::{Path, PathBuf};

use anyhow::Result;
use backprop_report::export::{Exporter, Kind, Page, Source, View, Warning};

use super::course::Course;

/// Gives what is to be written of a notebook.
pub fn page(source: &Source, view: View) -> Result<Page<'_>> {
    let mut page = source.page(view);
    if let Some(course) = Course::of(&source.folder)? {
        page.header.facts.insert(0, ("Course".to_owned(), course.line()));
    }
    Ok(page)
}

/// Writes a notebook's file of a kind into a folder; gives its path and the warnings.
pub fn write(
    source: &Source,
    exporter: &Exporter,
    kind: Kind,
    view: View,
    folder: &Path,
) -> Result<(PathBuf, Vec<Warning>)> {
    source.export(&page(source, view)?, exporter, kind, folder)
}
