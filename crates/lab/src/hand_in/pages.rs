//! The pages of notebooks, with the course that they are handed in to at the head.

use std::path::{Path, PathBuf};

use anyhow::Result;
use backprop_report::export::{Exporter, FileKind, Page, Source, View, Warning, folder_of};

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
    kind: FileKind,
    view: View,
    folder: &Path,
) -> Result<(PathBuf, Vec<Warning>)> {
    source.export(&page(source, view)?, exporter, kind, folder)
}

/// Writes the page of a notebook that was executed into the folder `out`; gives what its author should know.
pub fn write_executed(exporter: &Exporter, notebook: &Path, out: &Path) -> Result<Vec<Warning>> {
    let executed = out.join(notebook.file_name().unwrap_or_default());
    if !executed.is_file() {
        return Ok(Vec::new()); // the kernel did not start; the summary tells
    }
    // Its pictures lie beside the notebook that was executed.
    let source = Source { folder: folder_of(notebook), ..Source::read(&executed)? };
    Ok(write(&source, exporter, FileKind::Html, View::Full, out)?.1)
}
