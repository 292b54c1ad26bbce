//! Images of which only a part is kept, to ask where a network finds what it goes by.

use crate::data::sets::Data;
use crate::error::Error;

impl Data {
    /// Keeps the frame of `width` pixels round every image, of all sets, and greys out what it encloses.
    ///
    /// A network that still tells the classes apart goes by something other than what is in the middle.
    ///
    /// # Errors
    /// A width of 0, or one that leaves nothing to grey out.
    pub fn frame_only(&self, width: usize) -> Result<Data, Error> {
        let (height, across) = self.train.image_size();
        check("width of the frame", width, height.min(across).saturating_sub(1) / 2)?;
        let inside = |at: usize, size: usize| (width..size - width).contains(&at);
        let kept = |row, column| !(inside(row, height) && inside(column, across));
        Ok(self.keep(&kept, format!("only the frame of {width} pixels")))
    }

    /// Keeps the square of `side` × `side` pixels in the middle of every image, of all sets, and greys
    /// out what is around it.
    ///
    /// # Errors
    /// A side of 0, or larger than the image.
    pub fn centre_only(&self, side: usize) -> Result<Data, Error> {
        let (height, across) = self.train.image_size();
        check("side of the centre", side, height.min(across))?;
        let inside = |at: usize, size: usize| {
            let start = (size - side) / 2;
            (start..start + side).contains(&at)
        };
        let kept = |row, column| inside(row, height) && inside(column, across);
        Ok(self.keep(&kept, format!("only the centre of {side} × {side} pixels")))
    }

    fn keep(&self, kept: &dyn Fn(usize, usize) -> bool, change: String) -> Data {
        let mut data = self.clone();
        data.train.grey_out(kept);
        data.test.grey_out(kept);
        if let Some(validation) = &mut data.validation {
            validation.grey_out(kept);
        }
        data.describe_change(change)
    }
}

fn check(what: &'static str, pixels: usize, most: usize) -> Result<(), Error> {
    match (1..=most).contains(&pixels) {
        true => Ok(()),
        false => Err(Error::Setting {
            what,
            expected: format!("1 to {most} pixels"),
            found: pixels.to_string(),
        }),
    }
}
