//! Products of a first layer that never touch the background of an image.
//!
//! An input is x = s p + t, and the background is p = 0. So
//! z = Σ (s p) W + (t Σ W + b) and ∂C/∂W = s Σ p δ + t Σ δ,
//! where only the ink, p > 0, takes part in the sums over p. Both are exact.

use super::panels::{NARROW, Panels, Rows, WIDE};
use super::products::add;
use crate::data::{Ink, InkOfImage};
use crate::isa::MulAdd;
use std::iter::zip;

/// The pixels of this many sums are added to at a time, since one addition waits for the one before.
const CHAINS: usize = 4;

const _: () = assert!(Ink::MULTIPLE.is_multiple_of(CHAINS));

/// The ink of a batch's images.
#[derive(Default)]
pub(super) struct InkBatch<'a> {
    images: Vec<InkOfImage<'a>>,
    /// What will be read of the next batch's images.
    next: Vec<&'a [u8]>,
}

impl<'a> InkBatch<'a> {
    #[inline(always)]
    pub(super) fn load(&mut self, ink: &'a Ink, indices: &[usize], next: &[usize]) {
        self.images.clear();
        self.images.extend(indices.iter().map(|&i| ink.image(i)));
        self.next.clear();
        self.next.extend(next.iter().map(|&i| ink.bytes(i)));
    }

    /// What will be read of each of the next batch's images.
    #[inline(always)]
    pub(super) fn ahead(&self) -> impl Iterator<Item = &'a [u8]> {
        self.next.iter().copied()
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
        for (number, (panel, b)) in zip(w.panels::<L>(), b).enumerate() {
            for (image, z) in zip(&self.images, z.rows_mut()) {
                let mut sums = [[0.0; L]; CHAINS];
                for pixels in image.chunks::<CHAINS>() {
                    for c in 0..CHAINS {
                        let (k, p) = pixels[c];
                        sums[c] = add::<M, L>(sums[c], p, &panel[k]);
                    }
                }
                let z: &mut [f32; L] = &mut z.as_chunks_mut().0[number];
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
        for (number, panel) in g.panels_mut::<L>().enumerate() {
            panel.fill([0.0; L]);
            for (image, delta) in zip(&self.images, delta.rows()) {
                let delta: [f32; L] = delta.as_chunks().0[number];
                for (k, p) in image.pixels() {
                    let g = &mut panel[k];
                    *g = add::<M, L>(*g, p, &delta);
                }
            }
        }
    }
}
