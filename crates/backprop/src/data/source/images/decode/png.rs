//! PNG files: palettes, transparency, samples of 1 to 16 bits, interlaced or not.

use super::grey::Samples;
use super::limit::{self, MOST_BYTES};
use super::orientation;
use png::{BitDepth, ColorType, Decoder, Limits, Transformations};
use std::io::Cursor;

/// Deflate cannot pack more than 1032 bytes into one.
const DEEPEST_COMPRESSION: usize = 1032;

pub(super) fn decode(bytes: &[u8]) -> Result<Samples, String> {
    let limits = Limits { bytes: MOST_BYTES };
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), limits);
    // Palettes and 1, 2 or 4 bits become samples of 8 bits, a transparent colour becomes alpha.
    decoder.set_transformations(Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(|error| error.to_string())?;
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    let room = bytes.len().saturating_mul(DEEPEST_COMPRESSION * 8) / reader.info().bits_per_pixel();
    limit::check(width, height, room)?;
    let size = reader.output_buffer_size().filter(|&size| size <= MOST_BYTES);
    let mut pixels = vec![0; size.ok_or("more pixels than fit in memory")?];
    let frame = reader.next_frame(&mut pixels).map_err(|error| error.to_string())?;
    // To its end, where EXIF may stand too, and without which the file is cut off.
    reader.finish().map_err(|error| error.to_string())?;
    pixels.truncate(frame.buffer_size());
    let exif = reader.info().exif_metadata.as_deref();
    Ok(Samples {
        bytes: pixels,
        width,
        height,
        channels: match frame.color_type {
            ColorType::Grayscale | ColorType::Indexed => 1,
            ColorType::GrayscaleAlpha => 2,
            ColorType::Rgb => 3,
            ColorType::Rgba => 4,
        },
        is_wide: frame.bit_depth == BitDepth::Sixteen,
        orientation: exif.map_or(1, orientation::of_exif),
    })
}
