//! From a gradient to new parameters.

use super::panels::{NARROW, Panels, WIDE};
use crate::training::optimizer::{Optimizer, Parameters};
use std::iter::zip;

/// What makes a step of a sum over the examples.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    pub(super) optimizer: Optimizer,
    /// λ of the L2 penalty, for weights.
    pub(super) weight_decay: f32,
    /// t, the number of this step, from 1.
    pub(super) t: i32,
}

/// Takes a step with the weights of a layer: ∂C/∂W = scale · g + shift · ∂C/∂b + λ w. Writes Σ w over the
/// inputs, for each neuron, to `sums`.
#[inline(always)]
pub(super) fn step_weights(
    rule: Rule,
    [w, m, s]: [&mut Panels; 3],
    g: &Panels,
    (scale, shift): (f32, f32),
    grad_b: &[f32],
    sums: &mut [f32],
) {
    match w.lanes {
        NARROW => step_lanes::<NARROW>(rule, [w, m, s], g, (scale, shift), grad_b, sums),
        _ => step_lanes::<WIDE>(rule, [w, m, s], g, (scale, shift), grad_b, sums),
    }
}

#[inline(always)]
fn step_lanes<const L: usize>(
    rule: Rule,
    [w, m, s]: [&mut Panels; 3],
    g: &Panels,
    (scale, shift): (f32, f32),
    grad_b: &[f32],
    sums: &mut [f32],
) {
    let n_in = w.n_in;
    let panels = zip(w.panels_mut::<L>(), zip(m.panels_mut::<L>(), s.panels_mut::<L>()));
    let columns = zip(grad_b.as_chunks::<L>().0, sums.as_chunks_mut::<L>().0);
    for (((w, (m, s)), g), (grad_b, sums)) in zip(zip(panels, g.panels::<L>()), columns) {
        let decay = rule.weight_decay;
        let gradient = |l: usize, g: f32, w: f32| scale * g + shift * grad_b[l] + decay * w;
        let (w, m, s, g) = (&mut w[..n_in], &mut m[..n_in], &mut s[..n_in], &g[..n_in]);
        *sums = rule.optimizer.step(rule.t, LaneRows { w, m, s, g, gradient });
    }
}

/// Takes a step with the biases of a layer.
#[inline(always)]
pub(super) fn step_biases(rule: Rule, [b, m, s]: [&mut [f32]; 3], g: &[f32]) {
    let [w, m, s] = [b, m, s].map(|values| values.as_chunks_mut::<NARROW>().0);
    let g = g.as_chunks::<NARROW>().0;
    rule.optimizer.step(rule.t, LaneRows { w, m, s, g, gradient: |_, g, _| g });
}

/// Parameters in rows of L, and how their gradient comes from the lane, g and w.
struct LaneRows<'a, const L: usize, F> {
    w: &'a mut [[f32; L]],
    m: &'a mut [[f32; L]],
    s: &'a mut [[f32; L]],
    g: &'a [[f32; L]],
    gradient: F,
}

/// Rows whose sums are taken apart, so that a long column loses no digits.
const ROWS: usize = 32;

impl<const L: usize, F: Fn(usize, f32, f32) -> f32> Parameters for LaneRows<'_, L, F> {
    /// The sum of each column, after the step.
    type Output = [f32; L];

    #[inline(always)]
    fn for_each(self, step: impl Fn(&mut f32, &mut f32, &mut f32, f32)) -> [f32; L] {
        let mut total = [0.0; L];
        let rows =
            zip(self.w.chunks_mut(ROWS), zip(self.m.chunks_mut(ROWS), self.s.chunks_mut(ROWS)));
        for ((w, (m, s)), g) in zip(rows, self.g.chunks(ROWS)) {
            let mut part = [0.0; L];
            for ((w, (m, s)), g) in zip(zip(w, zip(m, s)), g) {
                for l in 0..L {
                    let g = (self.gradient)(l, g[l], w[l]);
                    step(&mut w[l], &mut m[l], &mut s[l], g);
                }
                part = add_rows(part, w);
            }
            total = add_rows(total, &part);
        }
        total
    }
}

#[inline(always)]
fn add_rows<const L: usize>(mut a: [f32; L], b: &[f32; L]) -> [f32; L] {
    for l in 0..L {
        a[l] += b[l];
    }
    a
}
