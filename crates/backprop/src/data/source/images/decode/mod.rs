//! From a PNG or JPEG file to grey pixels.

mod grey;
mod jpeg;
mod limit;
mod orientation;
mod png;

pub(super) use grey::{Grey, Reading};

use crate::error::Error;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// An image as it is read.
pub(super) struct Picture {
    pub(super) grey: Grey,
    /// Whether a ground shows through any of its pixels.
    pub(super) is_transparent: bool,
    /// The largest sample of an image of 16 bits.
    pub(super) largest: Option<u16>,
}

impl Picture {
    /// Whether all pixels are the same, so that nothing is seen.
    pub(super) fn is_flat(&self) -> bool {
        let pixels = &self.grey.pixels;
        pixels.iter().all(|pixel| pixel == &pixels[0])
    }

    /// A number that is the same for the same pixels.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.grey.pixels, self.grey.width).hash(&mut hasher);
        hasher.finish()
    }
}

/// Reads an image, upright; its first bytes tell of which format it is.
pub(super) fn read(path: &Path, reading: Reading) -> Result<Picture, Error> {
    let bytes = fs::read(path).map_err(Error::file(path))?;
    let decoded = match &bytes[..] {
        [0x89, b'P', b'N', b'G', ..] => png::decode(&bytes),
        [0xff, 0xd8, 0xff, ..] => jpeg::decode(&bytes),
        [] => Err("an empty file".to_owned()),
        _ => Err("neither a PNG nor a JPEG file".to_owned()),
    };
    let samples = decoded.map_err(|reason| Error::Image { path: path.to_owned(), reason })?;
    let (is_transparent, largest) = (samples.is_transparent(), samples.largest());
    let turned = samples.orientation;
    let grey = orientation::upright(samples.grey(reading), turned);
    Ok(Picture { grey, is_transparent, largest })
}
