//! An image of a folder, and what it is for.

use std::path::PathBuf;

/// An image, before it is read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) path: PathBuf,
    pub(super) class: String,
    pub(super) patient: Option<String>,
    pub(super) set: Option<Set>,
}

/// What a manifest says an image is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    Train,
    Test,
}
