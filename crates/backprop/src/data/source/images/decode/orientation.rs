//! The orientation that a camera notes in EXIF, and images turned upright by it.
//!
//! Source: CIPA DC-008, *Exchangeable image file format* 2.32, section 4.6; TIFF 6.0, section 2.

use super::grey::Grey;

/// The tag of the orientation, and that of numbers of two bytes.
const ORIENTATION: usize = 0x0112;
const SHORT: usize = 3;

/// Reads the orientation, 1 to 8, of a block of EXIF; 1, which is upright, where it has none.
pub(super) fn of_exif(exif: &[u8]) -> usize {
    find(exif).filter(|orientation| (1..=8).contains(orientation)).unwrap_or(1)
}

/// Looks for the tag in the first directory: two bytes for the number of entries, then twelve bytes each.
fn find(exif: &[u8]) -> Option<usize> {
    let is_little = match exif.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let number = |at: usize, length: usize| {
        let bytes = exif.get(at..at.checked_add(length)?)?.iter().map(|&byte| usize::from(byte));
        let join = |number: usize, byte: usize| number << 8 | byte;
        Some(if is_little { bytes.rev().fold(0, join) } else { bytes.fold(0, join) })
    };
    let directory = number(4, 4)?;
    let entries = (0..number(directory, 2)?).map(|i| directory + 2 + 12 * i);
    let mut ours = entries.filter(|&at| number(at, 2) == Some(ORIENTATION));
    let entry = ours.next()?;
    (number(entry + 2, 2)? == SHORT).then(|| number(entry + 8, 2))?
}

/// Turns and mirrors an image, so that it is upright.
pub(super) fn upright(image: Grey, orientation: usize) -> Grey {
    if orientation == 1 {
        return image;
    }
    let (height, width) = (image.height, image.width);
    let is_on_its_side = orientation >= 5;
    let (rows, columns) = if is_on_its_side { (width, height) } else { (height, width) };
    let mut pixels = Vec::with_capacity(image.pixels.len());
    for row in 0..rows {
        for column in 0..columns {
            let (from_row, from_column) = match orientation {
                2 => (row, width - 1 - column),
                3 => (height - 1 - row, width - 1 - column),
                4 => (height - 1 - row, column),
                5 => (column, row),
                6 => (height - 1 - column, row),
                7 => (height - 1 - column, width - 1 - row),
                _ => (column, width - 1 - row),
            };
            pixels.push(image.pixels[from_row * width + from_column]);
        }
    }
    Grey { pixels, width: columns, height: rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// EXIF with one tag before the orientation.
    fn exif(is_little: bool, orientation: u16) -> Vec<u8> {
        let two = |n: u16| if is_little { n.to_le_bytes() } else { n.to_be_bytes() };
        let four = |n: u32| if is_little { n.to_le_bytes() } else { n.to_be_bytes() };
        let entry = |tag: u16, value: u16| {
            [&two(tag)[..], &two(3), &four(1), &two(value), &[0, 0]].concat()
        };
        let start = if is_little { b"II*\0" } else { b"MM\0*" };
        [&start[..], &four(8), &two(2), &entry(0x0100, 9), &entry(0x0112, orientation)].concat()
    }

    #[test]
    fn the_orientation_is_read_in_both_orders_of_bytes() {
        for orientation in 1..=8 {
            assert_eq!(of_exif(&exif(true, orientation)), usize::from(orientation));
            assert_eq!(of_exif(&exif(false, orientation)), usize::from(orientation));
        }
    }

    #[test]
    fn exif_that_is_broken_or_says_nothing_turns_nothing() {
        assert_eq!(of_exif(&exif(true, 0)), 1);
        assert_eq!(of_exif(&exif(true, 9)), 1);
        let whole = exif(false, 6);
        for length in 0..whole.len() - 2 {
            assert_eq!(of_exif(&whole[..length.min(whole.len() - 4)]), 1);
        }
        let far = [&b"II*\0"[..], &[0xff; 4]].concat();
        assert_eq!(of_exif(&far), 1);
    }

    /// The letter F in 2 × 3 cells, as each orientation stores it.
    #[test]
    fn each_orientation_becomes_upright() {
        let upright_pixels = [1, 2, 3, 4, 5, 6];
        let stored: [(usize, [u8; 6]); 8] = [
            (2, [1, 2, 3, 4, 5, 6]),
            (2, [2, 1, 4, 3, 6, 5]),
            (2, [6, 5, 4, 3, 2, 1]),
            (2, [5, 6, 3, 4, 1, 2]),
            (3, [1, 3, 5, 2, 4, 6]),
            (3, [2, 4, 6, 1, 3, 5]),
            (3, [6, 4, 2, 5, 3, 1]),
            (3, [5, 3, 1, 6, 4, 2]),
        ];
        for (i, (width, pixels)) in stored.into_iter().enumerate() {
            let image = Grey { pixels: pixels.to_vec(), width, height: 6 / width };
            let turned = upright(image, i + 1);
            let size = (turned.width, turned.height);
            assert_eq!((size, turned.pixels), ((2, 3), upright_pixels.to_vec()), "{}", i + 1);
        }
    }
}
