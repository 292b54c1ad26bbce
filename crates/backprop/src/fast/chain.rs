//! A plain chain of layers in the layout of the fast path, and its two passes over a batch.

use super::buffer::Buffer;
use super::ink::InkBatch;
use super::neurons::{self, Outcome};
use super::panels::{BLOCK, Panels, Rows, padded};
use super::prefetch::prefetch;
use super::products::product;
use crate::data::{Dataset, Ink};
use crate::isa::MulAdd;
use crate::network::Network;
use crate::network::activation::Activation;

/// A layer, and the numbers of the batch that goes through it.
pub(super) struct Layer {
    pub(super) activation: Activation,
    /// Wᵀ, n_in × n_out.
    pub(super) w: Panels,
    /// b, filled up as a row is.
    pub(super) b: Buffer,
    /// W, n_out × n_in, for the backward pass; the first layer needs none.
    pub(super) back: Option<Panels>,
    pub(super) z: Rows,
    pub(super) a: Rows,
    pub(super) delta: Rows,
}

/// x of a batch.
pub(super) enum Input<'a> {
    /// All of it.
    Dense(Rows),
    /// Its ink.
    Ink {
        ink: &'a Ink,
        batch: InkBatch<'a>,
        /// Σ W over the inputs, for each neuron of the first layer.
        sums: Buffer,
        /// t Σ W + b.
        base: Buffer,
    },
}

pub(super) struct Chain<'a> {
    pub(super) set: &'a Dataset,
    pub(super) input: Input<'a>,
    pub(super) layers: Vec<Layer>,
}

impl<'a> Chain<'a> {
    /// Takes over a network's parameters, to run batches of up to so many examples of the set through it.
    pub(super) fn new(network: &Network, set: &'a Dataset, examples: usize) -> Chain<'a> {
        let layers = network.layers.iter().enumerate().map(|(l, layer)| {
            let (n_out, n_in) = layer.w.dim();
            let mut w = Panels::zeros(n_in, n_out);
            w.load(layer.w.view());
            let back = (l > 0).then(|| {
                let mut back = Panels::zeros(n_out, n_in);
                back.transpose(&w);
                back
            });
            let mut b = Buffer::zeros(padded(n_out));
            b.iter_mut().zip(&layer.b).for_each(|(b, &from)| *b = from);
            let rows = || Rows::zeros(examples, n_out);
            Layer { activation: layer.activation, w, b, back, z: rows(), a: rows(), delta: rows() }
        });
        let input = match set.ink() {
            None => Input::Dense(Rows::zeros(examples, set.inputs())),
            Some(ink) => {
                let neurons = network.layers[0].b.len();
                let mut sums = Buffer::zeros(padded(neurons));
                for (sum, w) in sums.iter_mut().zip(network.layers[0].w.rows()) {
                    *sum = w.sum();
                }
                let base = Buffer::zeros(padded(neurons));
                Input::Ink { ink, batch: InkBatch::default(), sums, base }
            }
        };
        Chain { set, input, layers: layers.collect() }
    }

    /// Runs the examples through the chain: z and a of every layer, and at the output the loss and δ.
    #[inline(always)]
    pub(super) fn forward<M: MulAdd>(&mut self, indices: &[usize], next: &[usize]) -> Outcome {
        let blocks = indices.len().div_ceil(BLOCK);
        let affine = self.set.affine();
        for l in 0..self.layers.len() {
            let is_output = l + 1 == self.layers.len();
            let (before, rest) = self.layers.split_at_mut(l);
            let Layer { activation, w, b, z, a, .. } = &mut rest[0];
            match (before.last(), &mut self.input) {
                (Some(before), _) => product::<M>(&before.a, w, Some(b), z, blocks),
                (None, Input::Dense(x)) => {
                    self.set.write_rows(indices, x.stride, &mut x.values);
                    product::<M>(x, w, Some(b), z, blocks);
                }
                (None, Input::Ink { ink, batch, sums, base }) => {
                    batch.load(ink, indices, next);
                    for (base, (&sum, &b)) in base.iter_mut().zip(sums.iter().zip(b.iter())) {
                        *base = M::mul_add(affine.shift, sum, b);
                    }
                    batch.product::<M>(w, affine.scale, base, z);
                }
            }
            if !is_output {
                neurons::activate::<M>(*activation, z, a, blocks);
            }
        }
        let Some(Layer { activation, z, a, delta, .. }) = self.layers.last_mut() else {
            unreachable!("a network has layers")
        };
        let labels = self.set.labels();
        let labels = indices.iter().map(|&i| labels[i]);
        // The next images are fetched here, where no other memory is waited for.
        let mut ahead = match &self.input {
            Input::Ink { batch, .. } => Some(batch.ahead()),
            Input::Dense(_) => None,
        };
        neurons::output::<M>(
            *activation,
            z,
            a,
            delta,
            labels,
            #[inline(always)]
            || ahead.as_mut().and_then(Iterator::next).into_iter().for_each(prefetch),
        )
    }

    /// Carries δ of the output back to all layers.
    #[inline(always)]
    pub(super) fn backward<M: MulAdd>(&mut self, examples: usize) {
        let blocks = examples.div_ceil(BLOCK);
        for l in (1..self.layers.len()).rev() {
            let (before, rest) = self.layers.split_at_mut(l);
            let (Some(below), Some(back)) = (before.last_mut(), &rest[0].back) else { return };
            let Layer { activation, z, a, delta, .. } = below;
            product::<M>(&rest[0].delta, back, None, delta, blocks); // ∂C/∂a^(l-1) = (W^l)ᵀ δ^l
            neurons::multiply_slope(*activation, z, a, delta, blocks); // δ^(l-1) = ∂C/∂a^(l-1) ⊙ σ′(z^(l-1))
        }
    }
}

/// Σ δ over the examples, for each neuron.
#[inline(always)]
pub(super) fn sum_rows(delta: &Rows, examples: usize, sums: &mut [f32]) {
    sums.fill(0.0);
    for row in delta.rows().take(examples) {
        for (sum, &delta) in sums.iter_mut().zip(row) {
            *sum += delta;
        }
    }
}
