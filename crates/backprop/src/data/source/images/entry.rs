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

/// What an image is for, where that is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Set {
    Train,
    Validation,
    Test,
}

impl Set {
    /// The set that a word stands for, as a folder's name or in a manifest.
    pub(super) fn of_word(word: &str) -> Option<Set> {
        match word.to_lowercase().as_str() {
            "train" | "training" => Some(Set::Train),
            "val" | "valid" | "validation" => Some(Set::Validation),
            "test" | "testing" => Some(Set::Test),
            _ => None,
        }
    }

    /// The set in a sentence: "training images".
    pub(super) fn adjective(self) -> &'static str {
        match self {
            Set::Train => "training",
            Set::Validation => "validation",
            Set::Test => "test",
        }
    }
}

/// The images of a folder, before they are read.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) entries: Vec<Entry>,
    /// How they are split into sets, where the folder says it.
    pub(super) split: Option<String>,
    /// What a reader of the results should know.
    pub(super) notes: Vec<String>,
}
