//! What can follow what has been typed.

use ra_ap_syntax::{TextRange, TextSize};

use crate::Source;

/// What a name stands for, as far as a front end tells it apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A function or method.
    Function,
    /// A type or trait.
    Type,
    /// A module or crate.
    Module,
    /// A variable, field, constant or variant.
    Value,
    /// A macro.
    Macro,
}

/// A name that can stand where the cursor is.
#[derive(Clone, Debug)]
pub struct Name {
    /// The name.
    pub text: String,
    /// What it stands for.
    pub kind: Kind,
}

/// The names that can stand at a place, and what they would replace.
#[derive(Debug)]
pub struct Found {
    /// What has been typed of a name.
    pub replaced: TextRange,
    /// The names, best first.
    pub names: Vec<Name>,
}

/// Gives the names that can stand at a place of the source.
pub fn at(_source: &Source, place: TextSize) -> Found {
    Found { replaced: TextRange::empty(place), names: Vec::new() }
}
