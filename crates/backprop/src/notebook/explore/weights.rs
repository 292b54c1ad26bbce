//! The first layer's weights of all frames, small enough for a page.

use super::frame::Frame;
use backprop_figures::parts::palette::{BLUE_TO_RED, Rgb, shade};
use backprop_figures::parts::raster::{indexed_png, paste};
use base64::prelude::{BASE64_STANDARD, Engine};
use flate2::{Compression, write::ZlibEncoder};
use std::io::Write;

/// Levels on either side of zero.
const LEVELS: f32 = 31.0;
/// The most that all frames may take, as base64.
const MOST: usize = 140_000;
/// The index of the paper between the images in the palette.
const PAPER: u8 = 255;

/// The frames' weights as levels, 0 to 62, of which 31 is no weight.
pub(super) struct Weights {
    /// Neurons that are shown: all, or as many as fit.
    pub(super) neurons: usize,
    pub(super) largest: f32,
    /// Zlib in base64: each frame less the one before, neuron by neuron.
    pub(super) packed: String,
}

impl Weights {
    pub(super) fn of(frames: &[Frame]) -> Weights {
        let all = frames.iter().flat_map(|frame| &frame.w).map(|w| w.abs());
        let largest = all.filter(|w| w.is_finite()).fold(0.0, f32::max);
        let mut neurons = frames[0].w.nrows();
        loop {
            let packed = pack(frames, neurons, largest);
            if packed.len() <= MOST || neurons == 1 {
                return Weights { neurons, largest, packed };
            }
            // In proportion, and at least one less.
            neurons = (neurons * MOST / packed.len()).clamp(1, neurons - 1);
        }
    }
}

/// Gives a weight's level; what is not finite has none.
fn level(w: f32, largest: f32) -> u8 {
    let scaled = if largest > 0.0 && w.is_finite() { LEVELS * w / largest } else { 0.0 };
    (LEVELS + scaled).round() as u8
}

/// Gives the levels of the first neurons of a frame.
fn levels(frame: &Frame, neurons: usize, largest: f32) -> Vec<u8> {
    let weights = frame.w.iter().take(neurons * frame.w.ncols());
    weights.map(|w| level(*w, largest)).collect()
}

fn pack(frames: &[Frame], neurons: usize, largest: f32) -> String {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let mut before = vec![0; neurons * frames[0].w.ncols()];
    for frame in frames {
        let now = levels(frame, neurons, largest);
        let change: Vec<u8> = now.iter().zip(&before).map(|(n, b)| n.wrapping_sub(*b)).collect();
        encoder.write_all(&change).expect("zlib writes into memory");
        before = now;
    }
    BASE64_STANDARD.encode(encoder.finish().expect("zlib writes into memory"))
}

/// Where the neurons' images stand, in pixels of the weights, one apart.
#[derive(Clone, Copy)]
pub(super) struct Mosaic {
    pub(super) columns: usize,
    /// Height and width of a neuron's image.
    pub(super) image: (usize, usize),
    pub(super) wide: usize,
    pub(super) tall: usize,
}

impl Mosaic {
    /// Lays out the images so that they fill an area (width, height) best.
    pub(super) fn new(neurons: usize, image: (usize, usize), area: (f64, f64)) -> Mosaic {
        let layouts = (1..=neurons).map(|columns| Mosaic::of_columns(neurons, image, columns));
        let best = layouts.max_by(|a, b| a.scale(area).total_cmp(&b.scale(area)));
        best.unwrap_or_else(|| Mosaic::of_columns(neurons, image, 1))
    }

    fn of_columns(neurons: usize, (height, width): (usize, usize), columns: usize) -> Mosaic {
        let (wide, tall) =
            (columns * (width + 1) - 1, neurons.div_ceil(columns) * (height + 1) - 1);
        Mosaic { columns, image: (height, width), wide, tall }
    }

    /// How much the mosaic can be enlarged within an area (width, height).
    pub(super) fn scale(&self, (wide, tall): (f64, f64)) -> f64 {
        (wide / self.wide as f64).min(tall / self.tall as f64)
    }

    /// Draws one frame as a PNG in base64.
    pub(super) fn png(&self, frame: &Frame, weights: &Weights) -> String {
        let (height, width) = self.image;
        let mut pixels = vec![PAPER; self.wide * self.tall];
        let levels = levels(frame, weights.neurons, weights.largest);
        for (index, image) in levels.chunks(height * width).enumerate() {
            let (row, column) = (index / self.columns, index % self.columns);
            let corner = (column * (width + 1), row * (height + 1));
            paste(&mut pixels, self.wide, corner, image, width, 1);
        }
        indexed_png(&pixels, &palette(), self.wide, self.tall)
    }
}

/// Gives the colour of each level, and white for all that is none.
pub(super) fn palette() -> Vec<Rgb> {
    let color = |index: u8| match f32::from(index) / (2.0 * LEVELS) {
        share if share <= 1.0 => shade(&BLUE_TO_RED, f64::from(share)),
        _ => [255, 255, 255],
    };
    (0..=PAPER).map(color).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn levels_are_symmetric_about_zero() {
        let levels = [-2.0, -1.0, 0.0, 1.0, 2.0, f32::NAN].map(|w| level(w, 2.0));
        assert_eq!(levels, [0, 16, 31, 47, 62, 31], "−15.5 and 15.5 are rounded away from zero");
        assert_eq!(level(0.0, 0.0), 31);
    }

    #[test]
    fn unpacking_gives_every_frame_back() {
        let frame = |w| Frame { w, outputs: vec![], answer: 0 };
        let frames =
            [frame(array![[0.5, -1.0], [0.0, 1.0]]), frame(array![[0.25, 1.0], [0.0, 0.9]])];
        let weights = Weights::of(&frames);
        let packed = BASE64_STANDARD.decode(&weights.packed).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::ZlibDecoder::new(&packed[..]), &mut bytes)
            .unwrap();
        let mut now = vec![0_u8; 4];
        for (frame, change) in frames.iter().zip(bytes.chunks(4)) {
            now = now.iter().zip(change).map(|(now, change)| now.wrapping_add(*change)).collect();
            assert_eq!(now, levels(frame, 2, weights.largest));
        }
        assert_eq!(bytes.len(), 8);
    }

    #[test]
    fn no_other_number_of_columns_fills_the_area_better() {
        let (image, area) = ((28, 28), (400.0, 250.0));
        for neurons in [1, 2, 30, 100] {
            let best = Mosaic::new(neurons, image, area);
            assert!(best.columns * neurons.div_ceil(best.columns) >= neurons, "all have a place");
            for columns in 1..=neurons {
                let other = Mosaic::of_columns(neurons, image, columns);
                assert!(best.scale(area) >= other.scale(area), "{neurons} in {columns} columns");
            }
        }
    }

    #[test]
    fn a_wide_layer_is_shown_in_part() {
        let mut state: u64 = 1;
        let mut noise = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 40) as f32 / (1 << 24) as f32
        };
        let mut frame = || Frame {
            w: ndarray::Array2::from_shape_simple_fn((300, 784), &mut noise),
            outputs: vec![],
            answer: 0,
        };
        let frames = [frame(), frame(), frame()];
        let weights = Weights::of(&frames);
        // 3 · 784 levels of at most 6 bits a neuron, 4/3 in base64: some 2.4 kB a neuron.
        assert!(weights.packed.len() <= MOST, "{}", weights.packed.len());
        assert!((50..80).contains(&weights.neurons), "{}", weights.neurons);
    }
}
