//! The machine that takes the picture: each hospital's has a look of its own.

use crate::data::random::Random;

/// The side of an image in pixels.
pub(in crate::data::source) const SIDE: usize = 28;

/// Brightness, contrast and grain of one picture.
pub(super) struct Film {
    /// The pixel, as a fraction of white, where the density is 1/2.
    brightness: f64,
    contrast: f64,
    /// How much brighter one side is than the other, which the position of the tube causes.
    slant: [f64; 2],
    grain: f64,
}

impl Film {
    /// Draws a film of hospital 0 or 1. Their machines differ on average; no single picture is sure to
    /// tell which of them took it.
    pub(super) fn draw(hospital: u8, random: &mut Random) -> Self {
        let sign = if hospital == 0 { 1.0 } else { -1.0 };
        Self {
            brightness: 0.43 + 0.055 * sign + 0.045 * random.bell(),
            contrast: 0.95 + 0.05 * sign + 0.08 * random.bell(),
            slant: [0.05 * random.bell(), 0.05 * random.bell()],
            grain: random.between(0.01, 0.03),
        }
    }

    /// Turns the density at each place of the unit square into the pixels of an image.
    pub(super) fn expose(
        &self,
        density: &dyn Fn(f64, f64) -> f64,
        random: &mut Random,
        image: &mut [u8],
    ) {
        for (i, pixel) in image.iter_mut().enumerate() {
            let (row, column) = ((i / SIDE) as f64, (i % SIDE) as f64);
            let [x, y] = [column + 0.5, row + 0.5].map(|place| place / SIDE as f64);
            let slant = self.slant[0] * (x - 0.5) + self.slant[1] * (y - 0.5);
            let contrast = self.contrast * (mean_density(density, row, column) - 0.5);
            let light = self.brightness + contrast + slant + self.grain * random.bell();
            *pixel = (light.clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
        }
    }
}

/// The mean density over a pixel, from `RAYS` × `RAYS` places of it.
fn mean_density(density: &dyn Fn(f64, f64) -> f64, row: f64, column: f64) -> f64 {
    const RAYS: usize = 3;
    let place = |at: f64, ray: usize| (at + (ray as f64 + 0.5) / RAYS as f64) / SIDE as f64;
    let mut sum = 0.0;
    for down in 0..RAYS {
        for across in 0..RAYS {
            sum += density(place(column, across), place(row, down));
        }
    }
    sum / (RAYS * RAYS) as f64
}
