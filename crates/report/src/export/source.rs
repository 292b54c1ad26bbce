//! A notebook's file, and the files that are made of it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::exporter::Exporter;
use super::header::Header;
use super::page::{Exported, Page, View};
use super::warning::Warning;
use crate::files;
use crate::notebook::Notebook;

/// A notebook as it lies in its file.
pub struct Source {
    /// Where the file is.
    pub path: PathBuf,
    /// The folder that its pictures are looked for in.
    pub folder: PathBuf,
    /// What the file holds.
    pub bytes: Vec<u8>,
    /// The notebook that was read from it.
    pub notebook: Notebook,
}

/// A kind of file that a notebook is written as.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FileKind {
    /// One page that loads nothing.
    Html,
    /// A document for A4.
    Pdf,
}

impl Source {
    /// Reads a notebook.
    ///
    /// # Errors
    /// A file that cannot be read, or is no notebook of format 4: its path and what is wrong.
    pub fn read(path: &Path) -> Result<Source> {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let notebook = Notebook::parse(&bytes).with_context(|| path.display().to_string())?;
        Ok(Source { path: path.to_owned(), folder: folder_of(path), bytes, notebook })
    }

    /// What is to be written of it, with what the file says of itself at the head.
    pub fn page(&self, view: View) -> Page<'_> {
        let header = Header::of(&self.path, &self.bytes, &self.notebook);
        Page { notebook: &self.notebook, folder: &self.folder, header, view }
    }

    /// The path of the file of a kind that is made of it in a folder.
    pub fn path_in(&self, folder: &Path, kind: FileKind) -> PathBuf {
        let extension = match kind {
            FileKind::Html => "html",
            FileKind::Pdf => "pdf",
        };
        let name = self.path.with_extension(extension);
        folder.join(name.file_name().unwrap_or_default())
    }

    /// Writes a page of it into a folder as a file of a kind, whole or not at all; gives its path and the
    /// warnings.
    pub fn export(
        &self,
        page: &Page,
        exporter: &Exporter,
        kind: FileKind,
        folder: &Path,
    ) -> Result<(PathBuf, Vec<Warning>)> {
        let Exported { content, warnings } = match kind {
            FileKind::Html => exporter.html(page),
            FileKind::Pdf => exporter.pdf(page),
        }
        .with_context(|| format!("cannot export {}", self.path.display()))?;
        let path = self.path_in(folder, kind);
        files::write_whole(&path, &content, 0o644)?;
        Ok((path, warnings))
    }
}

/// Gives the folder that a file lies in.
pub fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}
