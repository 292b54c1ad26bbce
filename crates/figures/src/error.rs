//! What can go wrong with a figure.

use std::io;
use std::path::{Path, PathBuf};

/// A figure could not be saved.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}", path.display())]
pub struct SaveError {
    /// The file.
    pub path: PathBuf,
    /// What the system said. It is no `source`: the text tells it, and chains would tell it twice.
    pub reason: io::Error,
}

impl SaveError {
    /// An error of the system, at a path.
    pub(crate) fn file(path: &Path) -> impl FnOnce(io::Error) -> SaveError {
        let path = path.to_owned();
        move |reason| SaveError { path, reason }
    }
}
