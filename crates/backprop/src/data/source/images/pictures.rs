//! The images of a folder, all read in the same way: over one ground, with as many bits in use.

use super::decode::{self, Picture, Reading};
use super::entry::Entry;
use super::square;
use crate::error::Error;
use std::path::Path;

/// The squares of all images, and what a reader of results should know of how they were read.
pub(super) struct Pictures {
    pub(super) squares: Vec<Square>,
    pub(super) notes: Vec<String>,
}

/// An image as it comes into the set.
pub(super) struct Square {
    pub(super) pixels: Vec<u8>,
    /// The same for images of the same pixels before they were resized.
    pub(super) fingerprint: u64,
    is_transparent: bool,
    is_flat: bool,
    largest: Option<u16>,
}

/// The bits that scanners use of sixteen. Where the whole set keeps within one of these, its last value is white.
const BITS: [u32; 4] = [8, 10, 12, 14];

impl Pictures {
    /// Reads all images, as viewers show them; those that need it a second time, in another way.
    pub(super) fn read(folder: &Path, entries: &[Entry], side: usize) -> Result<Pictures, Error> {
        let read = |entry: &Entry, reading| -> Result<Square, Error> {
            Ok(Square::of(&decode::read(&entry.path, reading)?, side))
        };
        let usual = entries.iter().map(|entry| read(entry, Reading::USUAL));
        let mut squares = usual.collect::<Result<Vec<_>, _>>()?;
        let mut notes = Vec::new();
        let bits = bits_in_use(&squares);
        if bits < 16 {
            let reading = Reading { bits, ..Reading::USUAL };
            for (square, entry) in squares.iter_mut().zip(entries) {
                if square.largest.is_some() {
                    *square = read(entry, reading)?;
                }
            }
            let count = squares.iter().filter(|square| square.largest.is_some()).count();
            let white = (1_u32 << bits) - 1;
            notes.push(format!(
                "images of 16 bits use {bits} of them ({count} images): {white} is white"
            ));
        }
        if squares.iter().any(|square| square.is_transparent) {
            let on_black = Reading { ground: 0, bits };
            let other = |(square, entry): (&Square, &Entry)| match square.is_transparent {
                true => read(entry, on_black).map(Some),
                false => Ok(None),
            };
            let others = squares.iter().zip(entries).map(other).collect::<Result<Vec<_>, _>>()?;
            notes.push(choose_ground(folder, entries, &mut squares, others));
        }
        Ok(Pictures { squares, notes })
    }
}

impl Square {
    fn of(picture: &Picture, side: usize) -> Square {
        Square {
            pixels: square::resize(&picture.grey, side),
            fingerprint: picture.fingerprint(),
            is_transparent: picture.is_transparent,
            is_flat: picture.is_flat(),
            largest: picture.largest,
        }
    }
}

/// The bits that all images of 16 bits of a set keep within.
fn bits_in_use(squares: &[Square]) -> u32 {
    match squares.iter().filter_map(|square| square.largest).max() {
        Some(largest) => {
            BITS.into_iter().find(|&bits| u32::from(largest) < 1 << bits).unwrap_or(16)
        }
        None => 16,
    }
}

/// Takes the images over black where more of them show something there than over white, and tells which it was.
fn choose_ground(
    folder: &Path,
    entries: &[Entry],
    squares: &mut [Square],
    on_black: Vec<Option<Square>>,
) -> String {
    let transparent = squares.iter().filter(|square| square.is_transparent).count();
    let unseen = |square: &&Square| square.is_transparent && square.is_flat;
    let is_black =
        on_black.iter().flatten().filter(unseen).count() < squares.iter().filter(unseen).count();
    if is_black {
        for (square, other) in squares.iter_mut().zip(on_black) {
            if let Some(other) = other {
                *square = other;
            }
        }
    }
    let ground = if is_black { "black" } else { "white" };
    let told = format!("transparent pixels over {ground} ({transparent} images)");
    let mut nothing = squares.iter().zip(entries).filter(|(square, _)| unseen(square));
    match nothing.next() {
        Some((_, entry)) => {
            let path = entry.path.strip_prefix(folder).unwrap_or(&entry.path).display();
            format!(
                "{told}; images that show nothing there: {}, such as {path}",
                1 + nothing.count()
            )
        }
        None => told,
    }
}
