//! JPEG files, grey or in colour, baseline or progressive; what is cut off or damaged is refused.

use super::grey::Samples;
use super::limit;
use super::orientation;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;

/// A bit is the least that a block of 8 × 8 pixels takes; some components have fewer blocks than pixels ask for.
const PIXELS_OF_A_BYTE: usize = 8 * 64 * 4;

pub(super) fn decode(bytes: &[u8]) -> Result<Samples, String> {
    if !has_end(bytes) {
        return Err(format!("a JPEG file that is cut off: {} bytes without an end", bytes.len()));
    }
    let mut decoder = JpegDecoder::new(ZCursor::new(bytes)); // into RGB, which a grey one is too
    decoder.decode_headers().map_err(|error| format!("{error:?}"))?;
    // Between headers cameras leave bytes that mean nothing; but pixels that are missing are not made up.
    decoder.set_options(decoder.options().set_strict_mode(true));
    let info = decoder.info().ok_or("no header")?;
    let (width, height) = (info.width.into(), info.height.into());
    let blocks = |side: usize| side.next_multiple_of(8);
    limit::check(blocks(width), blocks(height), bytes.len().saturating_mul(PIXELS_OF_A_BYTE))?;
    let pixels = decoder.decode().map_err(|error| format!("{error:?}"))?;
    let orientation = decoder.exif().map_or(1, |exif| orientation::of_exif(exif));
    Ok(Samples { bytes: pixels, width, height, channels: 3, is_wide: false, orientation })
}

/// Whether the segments of a file lead to the marker of its end, which a thumbnail within one of them has as
/// well.
fn has_end(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[first, marker]) = bytes.get(at..at + 2) {
        at += match (first, marker) {
            (0xff, 0xd9) => return true,
            // Scanned data, a byte that fills, and markers without a length.
            (0..0xff, _) | (0xff, 0xff) => 1,
            (0xff, 0x00 | 0x01 | 0xd0..=0xd8) => 2,
            (0xff, _) => match bytes.get(at + 2..at + 4) {
                Some(&[high, low]) => 2 + usize::from(u16::from_be_bytes([high, low])).max(2),
                _ => return false,
            },
        };
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_thumbnail_is_not_the_end_of_the_file() {
        let thumbnail = [0xff, 0xe1, 0, 6, 0xff, 0xd8, 0xff, 0xd9];
        let scan = [0xff, 0xda, 0, 2, 1, 2, 0xff, 0x00, 3, 0xff, 0xd0, 4];
        let whole =
            [&[0xff, 0xd8][..], &thumbnail, &[0xff], &scan, &[0xff, 0xd9], &[0, 0]].concat();
        assert!(has_end(&whole), "with bytes after its end");
        for length in 0..whole.len() - 2 {
            assert!(!has_end(&whole[..length]), "{length}");
        }
    }
}
