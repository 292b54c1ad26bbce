use crate::backprop::Gradient;
use crate::network::Network;
use ndarray::{Array, Dimension, Zip};
use std::iter::zip;

/// Stochastic gradient descent with momentum μ, as PyTorch's `SGD` (dampening 0):
/// v ← μ v + ∂C/∂w, then w ← w − α v, and the same for b. With μ = 0 it is plain gradient descent.
///
/// The velocities v belong to one network; they start at 0.
#[derive(Clone, Debug)]
pub struct Sgd {
    learning_rate: f32,
    momentum: f32,
    velocity: Vec<Gradient>,
}

impl Sgd {
    /// Makes an optimizer with learning rate α and momentum μ.
    pub fn new(learning_rate: f32, momentum: f32) -> Sgd {
        Sgd { learning_rate, momentum, velocity: Vec::new() }
    }

    /// Takes one step down the gradients, which are shaped like the network's layers.
    pub fn step(&mut self, network: &mut Network, gradients: &[Gradient]) {
        if self.velocity.is_empty() {
            let zero =
                |g: &Gradient| Gradient { w: Array::zeros(g.w.dim()), b: Array::zeros(g.b.dim()) };
            self.velocity = gradients.iter().map(zero).collect();
        }
        let (alpha, mu) = (self.learning_rate, self.momentum);
        for ((layer, v), gradient) in zip(zip(&mut network.layers, &mut self.velocity), gradients) {
            descend(&mut layer.w, &mut v.w, &gradient.w, alpha, mu);
            descend(&mut layer.b, &mut v.b, &gradient.b, alpha, mu);
        }
    }
}

fn descend<D: Dimension>(
    parameter: &mut Array<f32, D>,
    velocity: &mut Array<f32, D>,
    gradient: &Array<f32, D>,
    alpha: f32,
    mu: f32,
) {
    Zip::from(parameter).and(velocity).and(gradient).for_each(|w, v, &g| {
        *v = mu * *v + g; // v ← μ v + ∂C/∂w
        *w -= alpha * *v; // w ← w − α v
    });
}
