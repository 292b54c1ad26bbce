//! What is to be written of a notebook, and what comes of it.

use std::path::Path;

use super::header::Header;
use super::warning::Warning;
use crate::notebook::Notebook;

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
