//! Short names for what something is made of.

use sha2::{Digest, Sha256};

/// Hashes pieces of which each begins with its length, so that no two lists of pieces look the same.
#[derive(Clone, Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Adds a piece.
    pub fn add(&mut self, piece: &[u8]) {
        self.0.update((piece.len() as u64).to_le_bytes());
        self.0.update(piece);
    }

    /// Gives the first hexadecimal digits of the hash.
    pub fn first_digits(self, digits: usize) -> String {
        let hash = self.0.finalize();
        let mut text: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        text.truncate(digits);
        text
    }
}
