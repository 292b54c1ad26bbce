//! A pass over the training set on the fast path.

use super::buffer::Buffer;
use super::chain::{Chain, Input, Layer, sum_rows};
use super::panels::{BLOCK, Panels, padded};
use super::products::gradient;
use super::step::{Rule, step_biases, step_weights};
use crate::data::Dataset;
use crate::isa::{Isa, MulAdd, Vectorized};
use crate::network::Network;
use crate::network::backprop::Gradient;
use crate::training::optimizer::OptimizerState;
use ndarray::Array1;
use std::iter::zip;

/// A network in training: its parameters in the layout of the fast path, until they are handed back.
pub(crate) struct Training<'a> {
    isa: Isa,
    chain: Chain<'a>,
    memories: Vec<Memory>,
    rule: Rule,
}

/// The gradient of a layer, and what the optimizer remembers of it.
struct Memory {
    g: Panels,
    m: Panels,
    s: Panels,
    grad_b: Buffer,
    m_b: Buffer,
    s_b: Buffer,
    /// Σ W over the inputs; only that of the first layer is needed.
    sums: Buffer,
}

impl<'a> Training<'a> {
    /// Takes over the parameters of a network and what its descent remembers.
    pub(crate) fn new(
        isa: Isa,
        network: &Network,
        descent: &OptimizerState,
        set: &'a Dataset,
        batch_size: usize,
        weight_decay: f32,
    ) -> Training<'a> {
        let (optimizer, t) = (descent.optimizer, descent.steps);
        let chain = Chain::new(network, set, batch_size.min(set.len()));
        let memories = chain.layers.iter().enumerate().map(|(l, layer)| {
            let mut memory = Memory::zeros(layer.w.n_in, layer.w.n_out);
            if let (Some(m), Some(s)) = (descent.first.get(l), descent.second.get(l)) {
                memory.load(m, s);
            }
            memory
        });
        let memories = memories.collect();
        Training { isa, chain, memories, rule: Rule { optimizer, weight_decay, t } }
    }

    /// Trains on a mini-batch and returns its loss, taken before the update. Where that is not finite,
    /// there is no update. `next` are the examples that will be asked for next.
    pub(crate) fn batch(&mut self, indices: &[usize], next: &[usize]) -> f32 {
        self.isa.run(Batch { training: self, indices, next })
    }

    /// Hands the parameters back, and what the optimizer remembers.
    pub(crate) fn finish(self, network: &mut Network, descent: &mut OptimizerState) {
        for (to, from) in zip(&mut network.layers, &self.chain.layers) {
            from.w.store(&mut to.w);
            store(&from.b, &mut to.b);
        }
        if self.rule.t > descent.steps {
            let (first, second) = self.memories.iter().map(Memory::store).unzip();
            (descent.first, descent.second, descent.steps) = (first, second, self.rule.t);
        }
    }
}

struct Batch<'t, 'a, 'i> {
    training: &'t mut Training<'a>,
    indices: &'i [usize],
    next: &'i [usize],
}

impl Vectorized for Batch<'_, '_, '_> {
    type Output = f32;

    #[inline(always)]
    fn run<M: MulAdd>(self) -> f32 {
        let Training { chain, memories, rule, .. } = self.training;
        let examples = self.indices.len();
        let loss = (chain.forward::<M>(self.indices, self.next).loss / examples as f64) as f32;
        if loss.is_finite() {
            rule.t = rule.t.saturating_add(1);
            chain.backward::<M>(examples);
            step::<M>(chain, memories, *rule, examples);
        }
        loss
    }
}

/// Makes the gradients of the batch and takes a step with every layer.
#[inline(always)]
fn step<M: MulAdd>(chain: &mut Chain, memories: &mut [Memory], rule: Rule, examples: usize) {
    let blocks = examples.div_ceil(BLOCK);
    for (l, Memory { g, m, s, grad_b, m_b, s_b, sums }) in memories.iter_mut().enumerate() {
        let (before, rest) = chain.layers.split_at_mut(l);
        let Layer { w, b, back, delta, .. } = &mut rest[0];
        sum_rows(delta, examples, grad_b); // ∂C/∂b^l = δ^l, summed over the examples
        let mut scaling = (1.0, 0.0);
        match (before.last(), &chain.input) {
            (Some(before), _) => gradient::<M>(&before.a, delta, g, blocks), // ∂C/∂W^l = δ^l (a^(l-1))ᵀ
            (None, Input::Dense(x)) => gradient::<M>(x, delta, g, blocks),
            (None, Input::Ink { batch, .. }) => {
                batch.gradient::<M>(delta, g);
                let affine = chain.set.affine();
                scaling = (affine.scale, affine.shift);
            }
        }
        step_weights(rule, [w, m, s], g, scaling, grad_b, sums);
        step_biases(rule, [b, m_b, s_b], grad_b);
        if let Some(back) = back {
            back.transpose(w);
        } else if let Input::Ink { sums: kept, .. } = &mut chain.input {
            kept.copy_from_slice(sums);
        }
    }
}

impl Memory {
    fn zeros(n_in: usize, n_out: usize) -> Memory {
        let (panels, row) = (|| Panels::zeros(n_in, n_out), || Buffer::zeros(padded(n_out)));
        let [g, m, s] = [panels(), panels(), panels()];
        let [grad_b, m_b, s_b, sums] = [row(), row(), row(), row()];
        Memory { g, m, s, grad_b, m_b, s_b, sums }
    }

    fn load(&mut self, m: &Gradient, s: &Gradient) {
        self.m.load(m.w.view());
        self.s.load(s.w.view());
        zip(&mut *self.m_b, &m.b).for_each(|(to, &from)| *to = from);
        zip(&mut *self.s_b, &s.b).for_each(|(to, &from)| *to = from);
    }

    fn store(&self) -> (Gradient, Gradient) {
        let gradient = |panels: &Panels, row: &Buffer| {
            let mut w = ndarray::Array2::zeros((panels.n_out, panels.n_in));
            panels.store(&mut w);
            let mut b = Array1::zeros(panels.n_out);
            store(row, &mut b);
            Gradient { w, b }
        };
        (gradient(&self.m, &self.m_b), gradient(&self.s, &self.s_b))
    }
}

fn store(from: &Buffer, to: &mut Array1<f32>) {
    zip(to, &**from).for_each(|(to, &from)| *to = from);
}
