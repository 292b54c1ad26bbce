//! What happens within a layer, number by number: σ, σ′, and the loss at the output.

use super::exp::{exp, sigmoid};
use super::panels::{BLOCK, Rows};
use crate::isa::MulAdd;
use crate::network::activation::Activation;
use crate::network::loss::Loss;
use std::iter::zip;

/// a = σ(z) for the examples in the first `blocks` blocks.
#[inline(always)]
pub(super) fn activate<M: MulAdd>(activation: Activation, z: &Rows, a: &mut Rows, blocks: usize) {
    let count = blocks * BLOCK * z.stride;
    let (z, a) = (&z.values[..count], &mut a.values[..count]);
    match activation {
        Activation::Sigmoid => each(z, a, sigmoid::<M>),
        Activation::Relu => each(z, a, |z| Activation::Relu.value(z)),
        other => each(z, a, |z| other.value(z)),
    }
}

#[inline(always)]
fn each(z: &[f32], a: &mut [f32], value: impl Fn(f32) -> f32) {
    for (a, &z) in zip(a, z) {
        *a = value(z);
    }
}

/// δ = ∂C/∂a ⊙ σ′(z), in place of ∂C/∂a, for the examples in the first `blocks` blocks.
#[inline(always)]
pub(super) fn multiply_slope(
    activation: Activation,
    z: &Rows,
    a: &Rows,
    delta: &mut Rows,
    blocks: usize,
) {
    let count = blocks * BLOCK * z.stride;
    let (z, a, delta) = (&z.values[..count], &a.values[..count], &mut delta.values[..count]);
    match activation {
        Activation::Sigmoid => slopes(z, a, delta, |z, a| Activation::Sigmoid.slope(z, a)),
        Activation::Relu => slopes(z, a, delta, |z, a| Activation::Relu.slope(z, a)),
        other => slopes(z, a, delta, |z, a| other.slope(z, a)),
    }
}

#[inline(always)]
fn slopes(z: &[f32], a: &[f32], delta: &mut [f32], slope: impl Fn(f32, f32) -> f32) {
    for (delta, (&z, &a)) in zip(delta, zip(z, a)) {
        *delta *= slope(z, a);
    }
}

/// What a batch came to at the output.
#[derive(Clone, Copy, Default)]
pub(super) struct Outcome {
    /// The sum of the examples' losses.
    pub(super) loss: f64,
    /// The examples whose highest output is their label's.
    pub(super) correct: usize,
}

/// Whether the loss is one that [`output`] has with this activation of the last layer.
pub(super) fn takes(activation: Activation, loss: Loss) -> bool {
    (loss == Loss::NegativeLogLikelihood) == (activation == Activation::LogSoftmax)
}

/// The loss of the examples, a row of z each, and δ = ∂C/∂z of their mean; `a` is scratch.
#[inline(always)]
pub(super) fn output<M: MulAdd>(
    activation: Activation,
    z: &Rows,
    a: &mut Rows,
    delta: &mut Rows,
    labels: impl ExactSizeIterator<Item = usize>,
    mut meanwhile: impl FnMut(),
) -> Outcome {
    let n = labels.len();
    let blocks = n.div_ceil(BLOCK);
    if activation != Activation::LogSoftmax {
        activate::<M>(activation, z, a, blocks);
    }
    let mut outcome = Outcome::default();
    let mut logarithms = Logarithms { sum: 0.0, product: 1.0 };
    let width = z.width;
    let rows = zip(z.rows(), zip(a.rows_mut(), delta.rows_mut()));
    for ((z, (a, delta)), label) in zip(rows, labels) {
        meanwhile();
        let loss = match activation {
            Activation::LogSoftmax => {
                log_softmax::<M>(z, a, delta, width, label, n, &mut logarithms)
            }
            _ => quadratic(a, delta, width, label, n), // ∂C/∂a^L
        };
        outcome.loss += loss;
        let answers = if activation == Activation::LogSoftmax { z } else { a };
        outcome.correct += usize::from(highest(&answers[..width]) == label);
    }
    outcome.loss += logarithms.total();
    delta.values[n * delta.stride..blocks * BLOCK * delta.stride].fill(0.0);
    if activation != Activation::LogSoftmax {
        multiply_slope(activation, z, a, delta, blocks); // δ^L = ∂C/∂a^L ⊙ σ′(z^L)
    }
    outcome
}

/// −ln softmax(z) of the label, but for its part ln Σ exp(z), which is added to `logarithms`; and
/// δ = (softmax(z) − y) / n: what log-softmax and the negative log-likelihood leave of each other.
#[inline(always)]
fn log_softmax<M: MulAdd>(
    z: &[f32],
    e: &mut [f32],
    delta: &mut [f32],
    width: usize,
    label: usize,
    n: usize,
    logarithms: &mut Logarithms,
) -> f64 {
    let highest = z[..width].iter().fold(f32::NEG_INFINITY, |highest, &z| highest.max(z));
    each(z, e, |z| exp::<M>(z - highest));
    let sum: f32 = e[..width].iter().sum();
    let (share, n) = (1.0 / (sum * n as f32), 1.0 / n as f32);
    for (delta, &e) in zip(&mut delta[..width], &e[..width]) {
        *delta = e * share;
    }
    delta[label] -= n;
    logarithms.add(sum);
    f64::from(highest - z[label])
}

/// Σ ln x of numbers x ≥ 1: the logarithm of their product, one instead of many.
struct Logarithms {
    sum: f64,
    product: f64,
}

impl Logarithms {
    #[inline(always)]
    fn add(&mut self, x: f32) {
        self.product *= f64::from(x);
        if self.product > 1e200 {
            self.sum += self.product.ln(); // before it is too large for an f64
            self.product = 1.0;
        }
    }

    #[inline(always)]
    fn total(&self) -> f64 {
        self.sum + self.product.ln()
    }
}

/// ½ ‖y − a‖², and ∂C/∂a = (a − y) / n.
#[inline(always)]
fn quadratic(a: &[f32], grad_a: &mut [f32], width: usize, label: usize, n: usize) -> f64 {
    let mut loss = 0.0;
    for (class, (grad, &a)) in zip(grad_a, a).take(width).enumerate() {
        let off = a - f32::from(u8::from(class == label));
        loss += off * off;
        *grad = off / n as f32;
    }
    f64::from(0.5 * loss)
}

/// The first of the highest.
#[inline(always)]
fn highest(z: &[f32]) -> usize {
    let first = |best: (usize, f32), (i, &z): (usize, &f32)| if z > best.1 { (i, z) } else { best };
    z.iter().enumerate().fold((0, f32::NEG_INFINITY), first).0
}
