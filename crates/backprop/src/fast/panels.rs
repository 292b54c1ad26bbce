//! How weights and a batch lie in memory.

use super::buffer::Buffer;
use ndarray::{Array2, ArrayView2};
use std::iter::zip;

/// The neurons that a panel holds side by side where a layer has more than [`NARROW`].
pub(super) const WIDE: usize = 32;

/// The neurons of the only panel of a layer that has no more than these.
pub(super) const NARROW: usize = 16;

/// The rows that the products take at a time: numbers of rows are multiples of it, the last ones zero.
pub(super) const BLOCK: usize = 8;

/// A matrix of n_in × n_out, such as Wᵀ, cut into panels of as many columns as the processor adds to at
/// a time. A panel lies row by row; what fills it up is zero and stays so.
pub(super) struct Panels {
    pub(super) n_in: usize,
    pub(super) n_out: usize,
    /// Columns of a panel: [`NARROW`] or [`WIDE`].
    pub(super) lanes: usize,
    values: Buffer,
}

impl Panels {
    pub(super) fn zeros(n_in: usize, n_out: usize) -> Panels {
        let lanes = lanes(n_out);
        let values = Buffer::zeros(n_in.next_multiple_of(BLOCK) * padded(n_out));
        Panels { n_in, n_out, lanes, values }
    }

    /// Takes over W, which is n_out × n_in.
    pub(super) fn load(&mut self, w: ArrayView2<f32>) {
        for ((j, k), &w) in w.indexed_iter() {
            let i = self.index(k, j);
            self.values[i] = w;
        }
    }

    /// Gives W back.
    pub(super) fn store(&self, w: &mut Array2<f32>) {
        for ((j, k), w) in w.indexed_iter_mut() {
            *w = self.values[self.index(k, j)];
        }
    }

    /// Where row k and column j are.
    fn index(&self, k: usize, j: usize) -> usize {
        let panel = j / self.lanes * self.panel_len();
        panel + k * self.lanes + j % self.lanes
    }

    fn panel_len(&self) -> usize {
        self.n_in.next_multiple_of(BLOCK) * self.lanes
    }

    /// The rows of every panel; L is the number of lanes.
    #[inline(always)]
    pub(super) fn panels<const L: usize>(&self) -> impl Iterator<Item = &[[f32; L]]> {
        self.values.chunks_exact(self.panel_len()).map(|panel| panel.as_chunks().0)
    }

    #[inline(always)]
    pub(super) fn panels_mut<const L: usize>(&mut self) -> impl Iterator<Item = &mut [[f32; L]]> {
        let panel_len = self.panel_len();
        self.values.chunks_exact_mut(panel_len).map(|panel| panel.as_chunks_mut().0)
    }

    /// Takes over another matrix's transpose.
    #[inline(always)]
    pub(super) fn transpose(&mut self, of: &Panels) {
        match (self.lanes, of.lanes) {
            (NARROW, NARROW) => self.transpose_lanes::<NARROW, NARROW>(of),
            (NARROW, _) => self.transpose_lanes::<NARROW, WIDE>(of),
            (_, NARROW) => self.transpose_lanes::<WIDE, NARROW>(of),
            _ => self.transpose_lanes::<WIDE, WIDE>(of),
        }
    }

    #[inline(always)]
    fn transpose_lanes<const L: usize, const M: usize>(&mut self, of: &Panels) {
        let (n_in, n_out) = (self.n_in, self.n_out);
        for (to, columns) in zip(self.panels_mut::<L>(), (0..n_out).step_by(L)) {
            for (from, to) in zip(of.panels::<M>(), to[..n_in].chunks_mut(M)) {
                let from = &from[columns..n_out.min(columns + L)];
                for (j, to) in to.iter_mut().enumerate() {
                    for (to, from) in zip(to, from) {
                        *to = from[j];
                    }
                }
            }
        }
    }
}

fn lanes(n_out: usize) -> usize {
    if n_out <= NARROW { NARROW } else { WIDE }
}

/// The length of a row of n numbers with what fills up its last panel.
pub(super) fn padded(n: usize) -> usize {
    n.next_multiple_of(lanes(n))
}

/// Numbers of the examples of a batch, a row each, filled up with zeros to whole panels and [`BLOCK`]s.
pub(super) struct Rows {
    pub(super) width: usize,
    pub(super) stride: usize,
    pub(super) values: Buffer,
}

impl Rows {
    pub(super) fn zeros(examples: usize, width: usize) -> Rows {
        let stride = padded(width);
        Rows { width, stride, values: Buffer::zeros(examples.next_multiple_of(BLOCK) * stride) }
    }

    #[inline(always)]
    pub(super) fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.values.chunks_exact(self.stride)
    }

    #[inline(always)]
    pub(super) fn rows_mut(&mut self) -> impl Iterator<Item = &mut [f32]> {
        self.values.chunks_exact_mut(self.stride)
    }
}
