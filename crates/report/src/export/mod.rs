//! A notebook as a document: one HTML page that needs nothing else, or a PDF.
//!
//! `document` reads a notebook into parts: prose, code and outputs, in order. `prose` reads Markdown and
//! HTML into a tree, `output` takes the outputs apart, `formula` readies formulas for pandoc. `html` and
//! `pdf` write the parts down, `html_prose` and `typst` the tree. What others wrote comes through
//! `prose::reader` and `sanitize` before it gets to a page; scripts never do, but for the lab's own
//! (`motion`).

use std::path::{Path, PathBuf};

use anyhow::Result;

use self::document::Document;
pub use self::header::Header;
pub use self::markup::escape;
use self::pandoc::Pandoc;
pub use self::picture::NoPicture;
pub use self::source::{FileKind, Source, folder_of};
pub use self::warning::{Flaw, Place, Warning};
use crate::notebook::Notebook;

mod ansi;
mod document;
mod formula;
mod header;
mod html;
mod html_prose;
mod markup;
mod motion;
mod output;
mod pandoc;
mod pdf;
mod picture;
mod prose;
mod sanitize;
mod source;
mod terminal;
mod typst;
mod typst_table;
mod warning;

/// What is to be written of a notebook.
pub struct Page<'a> {
    /// The notebook, with its outputs.
    pub notebook: &'a Notebook,
    /// The folder that relative paths of pictures begin in; pictures elsewhere are left out.
    pub folder: &'a Path,
    /// What stands above it.
    pub header: Header,
    /// How much of it is shown.
    pub view: View,
}

/// How much of a notebook is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum View {
    /// Figures, answers and discussion: other code is folded, in a PDF left out, and cells are hidden
    /// as their tags say.
    Report,
    /// Every cell, its code and its outputs.
    Full,
}

/// A file's content, and what its reader or the notebook's author should know about it.
pub struct Exported {
    /// The file's bytes.
    pub content: Vec<u8>,
    /// In the order of the cells.
    pub warnings: Vec<Warning>,
}

/// Writes notebooks down; made once, used for many.
pub struct Exporter {
    pandoc: Pandoc,
    python: PathBuf,
}

impl Exporter {
    /// Makes an exporter with the tools of the lab's Python environment.
    pub fn new(python: &Path) -> Result<Exporter> {
        Ok(Exporter { pandoc: Pandoc::of(python)?, python: python.to_owned() })
    }

    /// Gives the notebook as one HTML page that loads nothing from anywhere.
    pub fn html(&self, page: &Page) -> Result<Exported> {
        Ok(html::write(&Document::read(page, &self.pandoc, true)?, page))
    }

    /// Gives the notebook as a PDF for A4, tagged for those who listen to it.
    pub fn pdf(&self, page: &Page) -> Result<Exported> {
        let document = Document::read(page, &self.pandoc, false)?;
        pdf::write(&document, page, &self.pandoc, &self.python)
    }
}
