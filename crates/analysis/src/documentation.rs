//! What a name stands for, in words.

use ra_ap_syntax::TextSize;

use crate::Source;

/// A text for people.
#[derive(Debug)]
pub struct Text {
    /// For a terminal.
    pub plain: String,
    /// For a page.
    pub markdown: String,
}

/// Gives the documentation of the name at a place of the source.
pub fn at(_source: &Source, _place: TextSize) -> Option<Text> {
    None
}
