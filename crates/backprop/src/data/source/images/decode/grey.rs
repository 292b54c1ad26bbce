//! Grey pixels, and how they come out of samples: luma, a ground under what is transparent, 16 bits in 8.

/// How pixels become grey, the same for all images of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Reading {
    /// What lies under transparent pixels, from 0 (black) to 255 (white).
    pub(in super::super) ground: u8,
    /// How many bits of a sample of 16 are in use.
    pub(in super::super) bits: u32,
}

impl Reading {
    /// As a viewer shows images: on white, and with 65,535 as white.
    pub(in super::super) const USUAL: Reading = Reading { ground: 255, bits: 16 };
}

/// Grey pixels, row by row, 0 to 255.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Grey {
    pub(in super::super) pixels: Vec<u8>,
    pub(in super::super) width: usize,
    pub(in super::super) height: usize,
}

/// What a decoder gives.
pub(super) struct Samples {
    /// Row by row; of 16 bits the upper eight first.
    pub(super) bytes: Vec<u8>,
    pub(super) width: usize,
    pub(super) height: usize,
    /// Samples a pixel: grey, grey and alpha, RGB, or RGB and alpha.
    pub(super) channels: usize,
    /// Whether a sample has 16 bits, else 8.
    pub(super) is_wide: bool,
    /// The orientation of EXIF, 1 to 8.
    pub(super) orientation: usize,
}

impl Samples {
    /// Whether any pixel lets the ground through.
    pub(super) fn is_transparent(&self) -> bool {
        let bytes = if self.is_wide { 2 } else { 1 };
        let pixels = || self.bytes.chunks_exact(self.channels * bytes);
        self.has_alpha() && pixels().any(|pixel| !pixel.ends_with(&[255; 2][..bytes]))
    }

    /// The largest sample of 16 bits, alpha aside.
    pub(super) fn largest(&self) -> Option<u16> {
        let of_colour = self.channels - usize::from(self.has_alpha());
        let samples = |pixel: &[u8]| {
            let pairs = pixel.chunks_exact(2).take(of_colour);
            pairs.map(|pair| u16::from_be_bytes([pair[0], pair[1]])).max()
        };
        let pixels = self.bytes.chunks_exact(self.channels * 2);
        if self.is_wide { pixels.filter_map(samples).max() } else { None }
    }

    /// The grey pixels.
    pub(super) fn grey(mut self, reading: Reading) -> Grey {
        if self.is_wide {
            self.narrow(reading.bits);
        }
        let pixel = |pixel: &[u8]| match *pixel {
            [grey] => grey,
            [grey, alpha] => over(reading.ground, grey, alpha),
            [red, green, blue] => luma(red, green, blue),
            [red, green, blue, alpha] => over(reading.ground, luma(red, green, blue), alpha),
            _ => unreachable!("one to four channels"),
        };
        let pixels = self.bytes.chunks_exact(self.channels).map(pixel).collect();
        Grey { pixels, width: self.width, height: self.height }
    }

    fn has_alpha(&self) -> bool {
        self.channels.is_multiple_of(2)
    }

    /// Makes samples of 8 bits of those of 16, of which `bits` are in use; alpha uses all.
    fn narrow(&mut self, bits: u32) {
        let (channels, has_alpha) = (self.channels, self.has_alpha());
        let narrow = |(i, pair): (usize, &[u8])| {
            let is_alpha = has_alpha && i % channels == channels - 1;
            let sample = u16::from_be_bytes([pair[0], pair[1]]);
            let sample = sample >> (if is_alpha { 16 } else { bits } - 8);
            u8::try_from(sample).unwrap_or(u8::MAX)
        };
        self.bytes = self.bytes.chunks_exact(2).enumerate().map(narrow).collect();
        self.is_wide = false;
    }
}

/// The luma of a colour.
///
/// Source: ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B, in whole thousandths.
fn luma(red: u8, green: u8, blue: u8) -> u8 {
    let [red, green, blue] = [red, green, blue].map(u32::from);
    ((299 * red + 587 * green + 114 * blue + 500) / 1000) as u8
}

/// A grey of some opacity over a ground, rounded.
fn over(ground: u8, grey: u8, alpha: u8) -> u8 {
    let [ground, grey, alpha] = [ground, grey, alpha].map(u32::from);
    ((grey * alpha + ground * (255 - alpha) + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(channels: usize, is_wide: bool, bytes: &[u8]) -> Samples {
        let width = bytes.len() / channels / if is_wide { 2 } else { 1 };
        Samples { bytes: bytes.to_vec(), width, height: 1, channels, is_wide, orientation: 1 }
    }

    #[test]
    fn what_is_transparent_shows_its_ground() {
        let half = || samples(2, false, &[0, 0, 0, 128, 0, 255, 100, 51]);
        assert!(half().is_transparent());
        assert_eq!(half().grey(Reading::USUAL).pixels, [255, 127, 0, 224]); // 100/5 + 255 · 4/5
        let black = Reading { ground: 0, ..Reading::USUAL };
        assert_eq!(half().grey(black).pixels, [0, 0, 0, 20]);
        assert!(!samples(2, false, &[7, 255]).is_transparent());
        assert!(!samples(3, false, &[7, 7, 0]).is_transparent());
        assert!(samples(2, true, &[7, 7, 255, 254]).is_transparent());
    }

    #[test]
    fn of_sixteen_bits_those_in_use_become_eight() {
        let wide = || samples(1, true, &[0x0f, 0xff, 0x00, 0x10, 0x12, 0x34]);
        assert_eq!(wide().largest(), Some(0x1234));
        assert_eq!(wide().grey(Reading::USUAL).pixels, [0x0f, 0x00, 0x12]);
        let twelve = Reading { bits: 12, ..Reading::USUAL };
        assert_eq!(wide().grey(twelve).pixels, [0xff, 0x01, 0xff]);
        let with_alpha = || samples(2, true, &[0x0f, 0x00, 0xff, 0xff]);
        assert_eq!(with_alpha().largest(), Some(0x0f00), "alpha is no brightness");
        assert_eq!(with_alpha().grey(twelve).pixels, [0xf0]);
    }
}
