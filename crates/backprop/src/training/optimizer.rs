//! How a step is made of a gradient, and what an optimizer remembers between two steps.

use crate::error::Error;
use crate::network::Network;
use crate::network::backprop::{Gradient, check_gradients};
use ndarray::{Array, Dimension, Zip};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::zip;

/// How a parameter w takes a step from its gradient g = ∂C/∂w; every parameter steps by itself.
///
/// Products, squares and roots of g are taken entry by entry.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Optimizer {
    /// v ← μ v + g, w ← w − α v: stochastic gradient descent with momentum, as PyTorch's `SGD`
    /// (dampening 0). With μ = 0 it is plain gradient descent.
    Sgd {
        /// The learning rate α.
        learning_rate: f32,
        /// The momentum μ.
        momentum: f32,
    },
    /// s ← s + g², w ← w − α g / (√s + ε). Source: Duchi, Hazan, Singer 2011, JMLR 12, 2121–2159.
    Adagrad {
        /// The learning rate α.
        learning_rate: f32,
        /// ε, which keeps the quotient finite.
        epsilon: f32,
    },
    /// s ← ρ s + (1 − ρ) g², w ← w − α g / (√s + ε). Source: Hinton 2012, lecture 6e of *Neural
    /// Networks for Machine Learning*.
    RmsProp {
        /// The learning rate α.
        learning_rate: f32,
        /// The decay ρ of the running mean of g².
        decay: f32,
        /// ε, which keeps the quotient finite.
        epsilon: f32,
    },
    /// m ← β₁ m + (1 − β₁) g, s ← β₂ s + (1 − β₂) g², and after step t
    /// w ← w − α m̂ / (√ŝ + ε) with m̂ = m / (1 − β₁ᵗ), ŝ = s / (1 − β₂ᵗ).
    /// Source: Kingma, Ba 2014, arXiv:1412.6980.
    Adam {
        /// The learning rate α.
        learning_rate: f32,
        /// The decay β₁ of the running mean of g.
        beta1: f32,
        /// The decay β₂ of the running mean of g².
        beta2: f32,
        /// ε, which keeps the quotient finite.
        epsilon: f32,
    },
}

impl Optimizer {
    /// Stochastic gradient descent with learning rate α and momentum μ.
    pub fn sgd(learning_rate: f32, momentum: f32) -> Optimizer {
        Optimizer::Sgd { learning_rate, momentum }
    }

    /// Adagrad with ε = 1e-10; α = 0.01 is usual.
    pub fn adagrad(learning_rate: f32) -> Optimizer {
        Optimizer::Adagrad { learning_rate, epsilon: 1e-10 }
    }

    /// RMSProp with ρ = 0.9 and ε = 1e-8; α = 0.001 is usual.
    pub fn rms_prop(learning_rate: f32) -> Optimizer {
        Optimizer::RmsProp { learning_rate, decay: 0.9, epsilon: 1e-8 }
    }

    /// Adam with the paper's β₁ = 0.9, β₂ = 0.999 and ε = 1e-8; the paper's α is 0.001.
    pub fn adam(learning_rate: f32) -> Optimizer {
        Optimizer::Adam { learning_rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
    }

    /// Checks that the settings make sense.
    pub(crate) fn check(self) -> Result<(), Error> {
        let check = |what, expected: &str, value: f32, fits: bool| match fits {
            true => Ok(()),
            false => {
                let (expected, found) = (expected.to_owned(), value.to_string());
                Err(Error::Setting { what, expected, found })
            }
        };
        let positive = |what, value: f32| {
            check(what, "a positive number", value, value.is_finite() && value > 0.0)
        };
        let share = |what, value: f32| {
            check(what, "at least 0 and below 1", value, (0.0..1.0).contains(&value))
        };
        match self {
            Optimizer::Sgd { learning_rate, momentum } => {
                positive("learning rate", learning_rate)?;
                share("momentum", momentum)
            }
            Optimizer::Adagrad { learning_rate, epsilon } => {
                positive("learning rate", learning_rate)?;
                positive("epsilon of Adagrad", epsilon)
            }
            Optimizer::RmsProp { learning_rate, decay, epsilon } => {
                positive("learning rate", learning_rate)?;
                share("decay of RMSProp", decay)?;
                positive("epsilon of RMSProp", epsilon)
            }
            Optimizer::Adam { learning_rate, beta1, beta2, epsilon } => {
                positive("learning rate", learning_rate)?;
                share("beta1 of Adam", beta1)?;
                share("beta2 of Adam", beta2)?;
                positive("epsilon of Adam", epsilon)
            }
        }
    }
}

impl fmt::Display for Optimizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Optimizer::Sgd { learning_rate, momentum: 0.0 } => {
                write!(f, "gradient descent, α = {learning_rate}")
            }
            Optimizer::Sgd { learning_rate, momentum } => {
                write!(f, "SGD, α = {learning_rate}, μ = {momentum}")
            }
            Optimizer::Adagrad { learning_rate, .. } => write!(f, "Adagrad, α = {learning_rate}"),
            Optimizer::RmsProp { learning_rate, .. } => write!(f, "RMSProp, α = {learning_rate}"),
            Optimizer::Adam { learning_rate, .. } => write!(f, "Adam, α = {learning_rate}"),
        }
    }
}

/// An optimizer on its way down with one network: what it remembers between steps starts at 0.
#[derive(Clone, Debug)]
pub struct OptimizerState {
    pub(crate) optimizer: Optimizer,
    /// v of SGD, m of Adam; empty before the first step.
    pub(crate) first: Vec<Gradient>,
    /// s of all that divide by the size of the gradients so far.
    pub(crate) second: Vec<Gradient>,
    /// The number t of steps taken.
    pub(crate) steps: i32,
}

impl OptimizerState {
    /// Starts at rest.
    pub fn new(optimizer: Optimizer) -> OptimizerState {
        OptimizerState { optimizer, first: Vec::new(), second: Vec::new(), steps: 0 }
    }

    /// The number of steps taken so far.
    pub(crate) fn steps(&self) -> u32 {
        self.steps.unsigned_abs()
    }

    /// Takes one step down the gradients, one for each layer, shaped like it.
    ///
    /// # Errors
    /// Gradients of other layers, or a network of other shapes than that of the steps before; network and
    /// state are left as they were.
    ///
    /// ```
    /// use backprop::prelude::*;
    /// let mut network = Network::new(&[2, 1])?;
    /// let mut state = OptimizerState::new(Optimizer::sgd(0.1, 0.9));
    /// let gradient = Gradient { w: array![[1.0, 0.0]], b: array![0.5, 0.5] };
    /// assert_eq!(
    ///     state.step(&mut network, &[gradient]).unwrap_err().to_string(),
    ///     "gradients of the layers: expected W of 1 × 2 and b of 1 in layer 1, found W of 1 × 2 and b of 2"
    /// );
    /// # Ok::<(), Error>(())
    /// ```
    pub fn step(&mut self, network: &mut Network, gradients: &[Gradient]) -> Result<(), Error> {
        check_gradients("gradients of the layers", network.layers(), gradients)?;
        self.check(network)?;
        self.take_step(network, gradients);
        Ok(())
    }

    /// Checks that what is remembered is of a network with these layers; before the first step nothing is.
    pub(crate) fn check(&self, network: &Network) -> Result<(), Error> {
        match self.first.is_empty() {
            true => Ok(()),
            false => check_gradients("memory of the optimizer", network.layers(), &self.first),
        }
    }

    /// Takes the step down gradients that fit.
    pub(crate) fn take_step(&mut self, network: &mut Network, gradients: &[Gradient]) {
        if self.steps == 0 {
            self.first = gradients.iter().map(zeros_like).collect();
            self.second = self.first.clone();
        }
        self.steps = self.steps.saturating_add(1);
        let (optimizer, t) = (self.optimizer, self.steps);
        let memory = zip(&mut self.first, &mut self.second);
        for ((layer, (m, s)), g) in zip(zip(&mut network.layers, memory), gradients) {
            let (w, b) = (&mut layer.w, &mut layer.b);
            optimizer.step(t, Arrays { w, m: &mut m.w, s: &mut s.w, g: &g.w });
            optimizer.step(t, Arrays { w: b, m: &mut m.b, s: &mut s.b, g: &g.b });
        }
    }
}

fn zeros_like(gradient: &Gradient) -> Gradient {
    Gradient { w: Array::zeros(gradient.w.dim()), b: Array::zeros(gradient.b.dim()) }
}

/// Parameters, each with its m and s, what the optimizer remembers of it, and its gradient g.
pub(crate) trait Parameters {
    /// What is learnt on the way through them.
    type Output;

    /// Takes the step of each, of (w, m, s, g).
    fn for_each(self, step: impl Fn(&mut f32, &mut f32, &mut f32, f32)) -> Self::Output;
}

impl Optimizer {
    /// Takes step t, counted from 1, with all parameters.
    #[inline(always)]
    pub(crate) fn step<P: Parameters>(self, t: i32, parameters: P) -> P::Output {
        match self {
            Optimizer::Sgd { learning_rate: alpha, momentum: mu } => {
                parameters.for_each(|w, v, _, g| {
                    *v = mu * *v + g; // v ← μ v + g
                    *w -= alpha * *v; // w ← w − α v
                })
            }
            Optimizer::Adagrad { learning_rate: alpha, epsilon } => {
                parameters.for_each(|w, _, s, g| {
                    *s += g * g; // s ← s + g²
                    *w -= alpha * g / (s.sqrt() + epsilon); // w ← w − α g / (√s + ε)
                })
            }
            Optimizer::RmsProp { learning_rate: alpha, decay: rho, epsilon } => {
                parameters.for_each(|w, _, s, g| {
                    *s = rho * *s + (1.0 - rho) * g * g; // s ← ρ s + (1 − ρ) g²
                    *w -= alpha * g / (s.sqrt() + epsilon); // w ← w − α g / (√s + ε)
                })
            }
            Optimizer::Adam { learning_rate: alpha, beta1, beta2, epsilon } => {
                let (bias1, bias2) = (1.0 - beta1.powi(t), 1.0 - beta2.powi(t));
                parameters.for_each(|w, m, s, g| {
                    *m = beta1 * *m + (1.0 - beta1) * g; // m ← β₁ m + (1 − β₁) g
                    *s = beta2 * *s + (1.0 - beta2) * g * g; // s ← β₂ s + (1 − β₂) g²
                    *w -= alpha * (*m / bias1) / ((*s / bias2).sqrt() + epsilon); // w ← w − α m̂ / (√ŝ + ε)
                })
            }
        }
    }
}

/// The parameters of one array.
struct Arrays<'a, D: Dimension> {
    w: &'a mut Array<f32, D>,
    m: &'a mut Array<f32, D>,
    s: &'a mut Array<f32, D>,
    g: &'a Array<f32, D>,
}

impl<D: Dimension> Parameters for Arrays<'_, D> {
    type Output = ();

    fn for_each(self, step: impl Fn(&mut f32, &mut f32, &mut f32, f32)) {
        let all = Zip::from(self.w).and(self.m).and(self.s).and(self.g);
        all.for_each(|w, m, s, &g| step(w, m, s, g));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::activation::Activation;
    use crate::network::layer::Layer;
    use ndarray::array;

    /// Steps down f(w) = w² / 2 and f(b) = 2 b² from w = 1, b = −1, whose gradients are w and 4 b.
    fn path(optimizer: Optimizer, steps: usize) -> Vec<(f32, f32)> {
        let layer = Layer { w: array![[1.0]], b: array![-1.0], activation: Activation::Identity };
        let mut network = Network::from_layers(vec![layer]).unwrap();
        let mut descent = OptimizerState::new(optimizer);
        (0..steps)
            .map(|_| {
                let (w, b) = (&network.layers[0].w, &network.layers[0].b);
                let gradient = Gradient { w: w.clone(), b: b * 4.0 };
                descent.step(&mut network, &[gradient]).unwrap();
                (network.layers[0].w[[0, 0]], network.layers[0].b[0])
            })
            .collect()
    }

    fn assert_path(optimizer: Optimizer, expected: &[(f32, f32)]) {
        for (step, (found, wanted)) in zip(path(optimizer, expected.len()), expected).enumerate() {
            let apart = (found.0 - wanted.0).abs().max((found.1 - wanted.1).abs());
            assert!(apart < 2e-6, "{optimizer}, step {step}: expected {wanted:?}, found {found:?}");
        }
    }

    #[test]
    fn sgd_follows_the_numbers_worked_by_hand() {
        // v: 1, then 0.5 · 1 + 0.9 = 1.4; w: 1 − 0.1, then 0.9 − 0.14.
        assert_path(Optimizer::sgd(0.1, 0.5), &[(0.9, -0.6), (0.76, -0.16)]);
    }

    #[test]
    fn adagrad_divides_by_the_root_of_all_squares_so_far() {
        // s: 1, then 1 + 0.81; w: 1 − 0.1, then 0.9 − 0.1 · 0.9 / √1.81. For b the 4 cancels.
        let second = 0.9 - 0.09 / 1.81_f32.sqrt();
        assert_path(Optimizer::adagrad(0.1), &[(0.9, -0.9), (second, -second)]);
    }

    #[test]
    fn rms_prop_divides_by_the_root_of_a_running_mean() {
        // s: 0.1, then 0.09 + 0.1 w²; the first step is 0.01 / √0.1.
        let first = 1.0 - 0.01 / 0.1_f32.sqrt();
        let second = first - 0.01 * first / (0.09 + 0.1 * first * first).sqrt();
        assert_path(Optimizer::rms_prop(0.01), &[(first, -first), (second, -second)]);
    }

    #[test]
    fn adams_first_step_is_the_learning_rate_and_the_second_as_worked_by_hand() {
        // t = 1: m̂ = g, ŝ = g². t = 2: m = 0.09 + 0.1 · 0.9, s = 0.000999 + 0.001 · 0.81.
        let (m, s) = (0.18 / 0.19_f32, (0.000_999 + 0.000_81) / 0.001_999_f32);
        let second = 0.9 - 0.1 * m / s.sqrt();
        assert_path(Optimizer::adam(0.1), &[(0.9, -0.9), (second, -second)]);
    }

    #[test]
    fn every_optimizer_finds_the_bottom() {
        for optimizer in [
            Optimizer::sgd(0.1, 0.9),
            Optimizer::adagrad(0.5),
            Optimizer::rms_prop(0.01),
            Optimizer::adam(0.05),
        ] {
            let (w, b) = *path(optimizer, 500).last().unwrap();
            assert!(w.abs() < 0.02 && b.abs() < 0.02, "{optimizer}: {w}, {b}");
        }
    }
}
