//! From a PNG or JPEG file to grey pixels.

use crate::error::Error;
use std::fs;
use std::io::Cursor;
use std::path::Path;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;

/// Grey pixels, row by row, 0 to 255.
pub(super) struct Grey {
    pub(super) pixels: Vec<u8>,
    pub(super) width: usize,
    pub(super) height: usize,
}

/// Decoded pixels of a size, with the number of bytes that each has.
type Decoded = (Vec<u8>, (usize, usize), usize);

/// No X-ray has more bytes; a header that claims more is not believed.
const MOST_BYTES: usize = 1 << 30;

/// Reads an image; its first bytes tell of which format it is.
pub(super) fn read(path: &Path) -> Result<Grey, Error> {
    let bytes = fs::read(path).map_err(Error::file(path))?;
    let decoded = match &bytes[..] {
        [0x89, b'P', b'N', b'G', ..] => decode_png(&bytes),
        [0xff, 0xd8, 0xff, ..] => decode_jpeg(&bytes),
        _ => Err("neither a PNG nor a JPEG file".to_owned()),
    };
    let (bytes, (width, height), channels) =
        decoded.map_err(|reason| Error::Image { path: path.to_owned(), reason })?;
    let pixels = bytes.chunks_exact(channels).map(grey).collect();
    Ok(Grey { pixels, width, height })
}

fn decode_png(bytes: &[u8]) -> Result<Decoded, String> {
    let limits = png::Limits { bytes: MOST_BYTES };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    // Palettes and 1, 2, 4 or 16 bits become 8 bits a channel.
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|error| error.to_string())?;
    let size = reader.output_buffer_size().filter(|&size| size <= MOST_BYTES);
    let mut pixels = vec![0; size.ok_or("more pixels than fit in memory")?];
    let info = reader.next_frame(&mut pixels).map_err(|error| error.to_string())?;
    pixels.truncate(info.buffer_size());
    Ok((pixels, (info.width as usize, info.height as usize), info.color_type.samples()))
}

fn decode_jpeg(bytes: &[u8]) -> Result<Decoded, String> {
    let mut decoder = JpegDecoder::new(ZCursor::new(bytes)); // into RGB, which a grey one is too
    let pixels = decoder.decode().map_err(|error| format!("{error:?}"))?;
    let info = decoder.info().ok_or("no header")?;
    Ok((pixels, (info.width.into(), info.height.into()), 3))
}

/// The luma of a pixel: grey, grey and alpha, RGB, or RGB and alpha.
///
/// Source: ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B, in whole thousandths.
fn grey(pixel: &[u8]) -> u8 {
    match *pixel {
        [red, green, blue, ..] => {
            let [red, green, blue] = [red, green, blue].map(u32::from);
            ((299 * red + 587 * green + 114 * blue + 500) / 1000) as u8
        }
        _ => pixel[0],
    }
}
