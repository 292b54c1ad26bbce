//! Pieces of code laid into a source.

use std::collections::BTreeMap;

use ra_ap_syntax::TextSize;

/// Pieces of text to be laid into a source.
#[derive(Default)]
pub struct Insertions(BTreeMap<TextSize, String>);

impl Insertions {
    /// Adds a piece; of those at one place the first comes first.
    pub fn add(&mut self, place: TextSize, text: String) {
        self.0.entry(place).or_default().push_str(&text);
    }

    /// Lays the pieces into a text.
    pub fn into(self, text: &str) -> String {
        let mut whole = String::with_capacity(2 * text.len());
        let mut from = 0;
        for (place, piece) in self.0 {
            whole.push_str(&text[from..place.into()]);
            whole.push_str(&piece);
            from = place.into();
        }
        whole + &text[from..]
    }
}
