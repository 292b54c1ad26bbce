//! Products of a first layer that never touch the background of an image.
//!
//! An input is x = s p + t, and the background is p = 0. So
//! z = Σ (s p) W + (t Σ W + b) and ∂C/∂W = s Σ p δ + t Σ δ,
//! where only the ink, p > 0, takes part in the sums over p. Both are exact.

use super::panels::{NARROW, Panels, Rows, WIDE};
use super::path::MulAdd;
use super::products::add;
use crate::data::Ink;
use std::iter::zip;
use std::ops::Range;

/// The pixels of this many sums are added to at a time, since one addition waits for the one before.
const CHAINS: usize = 4;

const _: () = assert!(Ink::MULTIPLE.is_multiple_of(CHAINS));

/// The ink of a batch's images, one after the other.
#[derive(Default)]
pub(super) struct InkBatch {
    pixels: Vec<u16>,
    /// p of each, as a number to calculate with.
    values: Vec<f32>,
    /// Where each image's ink ends.
    ends: Vec<usize>,
    /// Where the ink of the next batch's images is.
    next: Vec<Range<usize>>,
}

impl InkBatch {
    #[inline(always)]
    pub(super) fn load(&mut self, ink: &Ink, indices: &[usize], next: &[usize]) {
        self.pixels.clear();
        self.values.clear();
        self.ends.clear();
        for &i in indices {
            let image = ink.image(i);
            self.pixels.extend(image.pixels());
            self.values.extend(image.values());
            self.ends.push(self.pixels.len());
        }
        self.next.clear();
        self.next.extend(next.iter().map(|&i| ink.range(i)));
    }

    /// The lists of the next batch's images.
    #[inline(always)]
    pub(super) fn ahead<'a>(&'a self, ink: &'a Ink) -> impl Iterator<Item = &'a [u8]> {
        self.next.iter().map(|image| ink.bytes(image.clone()))
    }

    /// The pixels and values of each image.
    #[inline(always)]
    fn images(&self) -> impl Iterator<Item = (&[u16], &[f32])> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let image = start..end;
            start = end;
            (&self.pixels[image.clone()], &self.values[image])
        })
    }

    /// z = s Σ p w + b.
    #[inline(always)]
    pub(super) fn product<M: MulAdd>(&self, w: &Panels, s: f32, b: &[f32], z: &mut Rows) {
        match w.lanes {
            NARROW => self.product_lanes::<M, NARROW>(w, s, b, z),
            _ => self.product_lanes::<M, WIDE>(w, s, b, z),
        }
    }

    #[inline(always)]
    fn product_lanes<M: MulAdd, const L: usize>(
        &self,
        w: &Panels,
        s: f32,
        b: &[f32],
        z: &mut Rows,
    ) {
        let b: &[[f32; L]] = b.as_chunks().0;
        for (p, (panel, b)) in zip(w.panels::<L>(), b).enumerate() {
            for ((pixels, values), z) in zip(self.images(), z.rows_mut()) {
                let mut sums = [[0.0; L]; CHAINS];
                let chunks = zip(pixels.as_chunks::<CHAINS>().0, values.as_chunks::<CHAINS>().0);
                for (pixels, values) in chunks {
                    for c in 0..CHAINS {
                        let w = &panel[usize::from(pixels[c])];
                        sums[c] = add::<M, L>(sums[c], values[c], w);
                    }
                }
                let z: &mut [f32; L] = &mut z.as_chunks_mut().0[p];
                for l in 0..L {
                    let sum = (sums[0][l] + sums[1][l]) + (sums[2][l] + sums[3][l]);
                    z[l] = M::mul_add(s, sum, b[l]);
                }
            }
        }
    }

    /// g = Σ p δ; what s and t add to it is left to the step.
    #[inline(always)]
    pub(super) fn gradient<M: MulAdd>(&self, delta: &Rows, g: &mut Panels) {
        match g.lanes {
            NARROW => self.gradient_lanes::<M, NARROW>(delta, g),
            _ => self.gradient_lanes::<M, WIDE>(delta, g),
        }
    }

    #[inline(always)]
    fn gradient_lanes<M: MulAdd, const L: usize>(&self, delta: &Rows, g: &mut Panels) {
        for (p, panel) in g.panels_mut::<L>().enumerate() {
            panel.fill([0.0; L]);
            for ((pixels, values), delta) in zip(self.images(), delta.rows()) {
                let delta: [f32; L] = delta.as_chunks().0[p];
                for (&k, &value) in zip(pixels, values) {
                    let g = &mut panel[usize::from(k)];
                    *g = add::<M, L>(*g, value, &delta);
                }
            }
        }
    }
}
