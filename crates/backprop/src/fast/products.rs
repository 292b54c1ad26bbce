//! The three products of a layer, for examples in rows: z = x Wᵀ + b, ∂C/∂x = δ W, ∂C/∂Wᵀ = xᵀ δ.
//!
//! The sums of [`BLOCK`] rows and one panel stay in registers, which then take two loads for each
//! eight or sixteen multiplications.

use super::panels::{BLOCK, NARROW, Panels, Rows, WIDE};
use crate::isa::MulAdd;
use std::array::from_fn;
use std::iter::zip;

/// z = x w + b for the examples in the first `blocks` blocks; without b, z = x w.
#[inline(always)]
pub(super) fn product<M: MulAdd>(
    x: &Rows,
    w: &Panels,
    b: Option<&[f32]>,
    z: &mut Rows,
    blocks: usize,
) {
    match w.lanes {
        NARROW => product_lanes::<M, NARROW>(x, w, b, z, blocks),
        _ => product_lanes::<M, WIDE>(x, w, b, z, blocks),
    }
}

#[inline(always)]
fn product_lanes<M: MulAdd, const L: usize>(
    x: &Rows,
    w: &Panels,
    b: Option<&[f32]>,
    z: &mut Rows,
    blocks: usize,
) {
    let (x_stride, z_stride) = (x.stride, z.stride);
    for (p, panel) in w.panels::<L>().enumerate() {
        let n = w.n_in;
        let panel = &panel[..n];
        let start = b.map_or([0.0; L], |b| from_fn(|l| b[p * L + l]));
        let x = x.values.chunks_exact(BLOCK * x_stride);
        let z = z.values.chunks_exact_mut(BLOCK * z_stride);
        for (x, z) in zip(x, z).take(blocks) {
            let x = rows(x, x_stride, n);
            let mut sums = [start; BLOCK];
            for k in 0..n {
                for r in 0..BLOCK {
                    sums[r] = add::<M, L>(sums[r], x[r][k], &panel[k]);
                }
            }
            for (r, sum) in sums.iter().enumerate() {
                z[r * z_stride + p * L..][..L].copy_from_slice(sum);
            }
        }
    }
}

/// g = xᵀ δ, over the examples in the first `blocks` blocks.
#[inline(always)]
pub(super) fn gradient<M: MulAdd>(x: &Rows, delta: &Rows, g: &mut Panels, blocks: usize) {
    match g.lanes {
        NARROW => gradient_lanes::<M, NARROW>(x, delta, g, blocks),
        _ => gradient_lanes::<M, WIDE>(x, delta, g, blocks),
    }
}

#[inline(always)]
fn gradient_lanes<M: MulAdd, const L: usize>(
    x: &Rows,
    delta: &Rows,
    g: &mut Panels,
    blocks: usize,
) {
    for (p, panel) in g.panels_mut::<L>().enumerate() {
        // The rows of a block are a stripe apart: side by side, the compiler would take eight of x for
        // a vector, and shuffle the sums.
        let stripe = panel.len() / BLOCK;
        for k in 0..stripe {
            let mut sums = [[0.0; L]; BLOCK];
            for (x, delta) in zip(x.rows(), delta.rows()).take(blocks * BLOCK) {
                let delta: &[f32; L] = &delta.as_chunks().0[p];
                let stripes = rows(x, stripe, stripe);
                for r in 0..BLOCK {
                    sums[r] = add::<M, L>(sums[r], stripes[r][k], delta);
                }
            }
            for r in 0..BLOCK {
                panel[r * stripe + k] = sums[r];
            }
        }
    }
}

/// The first n numbers of each row of a block. Not by `from_fn`: the compiler would call that, no longer
/// know how long the rows are, and check it at each number.
#[inline(always)]
fn rows(values: &[f32], stride: usize, n: usize) -> [&[f32]; BLOCK] {
    let mut rows = [&values[..n]; BLOCK];
    for r in 0..BLOCK {
        rows[r] = &values[r * stride..][..n];
    }
    rows
}

/// sum + x · row, lane by lane. By value and by index: so the compiler keeps the sums in registers.
#[inline(always)]
pub(super) fn add<M: MulAdd, const L: usize>(
    mut sum: [f32; L],
    x: f32,
    row: &[f32; L],
) -> [f32; L] {
    for l in 0..L {
        sum[l] = M::mul_add(x, row[l], sum[l]);
    }
    sum
}
