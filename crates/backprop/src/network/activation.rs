//! Activations: their values and derivatives, of a neuron and of a layer.

use crate::network::log_softmax;
use crate::network::scalar::Scalar;
use ndarray::{Array2, Zip};
use serde::{Deserialize, Serialize};
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};
use std::fmt;

/// What a layer does to its pre-activation: a = σ(z).
///
/// All but [`Activation::LogSoftmax`] act on each neuron by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// σ(z) = 1 / (1 + e⁻ᶻ), with σ′(z) = σ(z) (1 − σ(z)) ≤ 1/4.
    Sigmoid,
    /// σ(z) = max(0, z), with σ′(z) = 1 where z > 0, else 0.
    Relu,
    /// σ(z) = tanh(z), with σ′(z) = 1 − σ(z)².
    Tanh,
    /// σ(z) = z where z > 0, else 0.01 z, with σ′(z) = 1 or 0.01: ReLU whose neurons never fall silent.
    /// Source: Maas, Hannun, Ng 2013, ICML workshop on deep learning for audio, speech and language.
    LeakyRelu,
    /// σ(z) = z where z > 0, else eᶻ − 1, with σ′(z) = 1 or eᶻ.
    /// Source: Clevert, Unterthiner, Hochreiter 2015, arXiv:1511.07289.
    Elu,
    /// σ(z) = z Φ(z), with σ′(z) = Φ(z) + z φ(z), where Φ and φ are the standard normal distribution
    /// and its density. Source: Hendrycks, Gimpel 2016, arXiv:1606.08415.
    Gelu,
    /// σ(z) = z s(z), with σ′(z) = s(z) + z s(z) (1 − s(z)), where s is the sigmoid; also called swish.
    /// Source: Elfwing, Uchibe, Doya 2017, arXiv:1702.03118.
    Silu,
    /// σ(z) = z.
    Identity,
    /// log-softmax over the neurons of the layer: aⱼ = zⱼ − ln Σₖ e^{zₖ}, so that Σⱼ e^{aⱼ} = 1.
    LogSoftmax,
}

fn sigmoid<A: Scalar>(z: A) -> A {
    A::one() / (A::one() + (-z).exp())
}

/// σ′ from a = σ(z), which the forward pass has kept.
fn sigmoid_derivative<A: Scalar>(a: A) -> A {
    a * (A::one() - a)
}

fn relu<A: Scalar>(z: A) -> A {
    z.max(A::zero())
}

fn relu_derivative<A: Scalar>(z: A) -> A {
    if z > A::zero() { A::one() } else { A::zero() }
}

fn tanh<A: Scalar>(z: A) -> A {
    z.tanh()
}

/// σ′ from a = σ(z).
fn tanh_derivative<A: Scalar>(a: A) -> A {
    A::one() - a * a
}

/// The slope of leaky ReLU where z ≤ 0.
const LEAK: f64 = 0.01;

fn leaky_relu<A: Scalar>(z: A) -> A {
    if z > A::zero() { z } else { A::of(LEAK) * z }
}

fn leaky_relu_derivative<A: Scalar>(z: A) -> A {
    if z > A::zero() { A::one() } else { A::of(LEAK) }
}

fn elu<A: Scalar>(z: A) -> A {
    if z > A::zero() { z } else { z.exp_m1() }
}

fn elu_derivative<A: Scalar>(z: A) -> A {
    if z > A::zero() { A::one() } else { z.exp() }
}

fn gelu<A: Scalar>(z: A) -> A {
    z * normal_distribution(z)
}

fn gelu_derivative<A: Scalar>(z: A) -> A {
    normal_distribution(z) + z * normal_density(z)
}

/// Φ(z) = (1 + erf(z / √2)) / 2.
fn normal_distribution<A: Scalar>(z: A) -> A {
    A::of(0.5) * (A::one() + (z * A::of(FRAC_1_SQRT_2)).erf())
}

/// φ(z) = e^(−z²/2) / √(2π), the derivative of Φ.
fn normal_density<A: Scalar>(z: A) -> A {
    A::of(0.5 * FRAC_1_SQRT_2 * FRAC_2_SQRT_PI) * (-A::of(0.5) * z * z).exp()
}

fn silu<A: Scalar>(z: A) -> A {
    z * sigmoid(z)
}

fn silu_derivative<A: Scalar>(z: A) -> A {
    let a = sigmoid(z);
    a + z * sigmoid_derivative(a)
}

impl Activation {
    /// a = σ(z), for z of n_out × N.
    pub(crate) fn forward<A: Scalar>(self, z: &Array2<A>) -> Array2<A> {
        match self {
            Activation::LogSoftmax => log_softmax::forward(z),
            each => z.mapv(|z| each.value(z)),
        }
    }

    /// δ = ∂C/∂z from ∂C/∂a: the product with σ′(z), or with log-softmax's Jacobian.
    pub(crate) fn backward<A: Scalar>(
        self,
        mut grad_a: Array2<A>,
        z: &Array2<A>,
        a: &Array2<A>,
    ) -> Array2<A> {
        match self {
            Activation::LogSoftmax => log_softmax::backward(grad_a, a),
            each => {
                let neurons = Zip::from(&mut grad_a).and(z).and(a);
                neurons.for_each(|d, &z, &a| *d *= each.slope(z, a)); // δ = ∂C/∂a ⊙ σ′(z)
                grad_a
            }
        }
    }

    /// Whether each neuron goes by its own z alone: all but log-softmax, which has neither a value nor a
    /// derivative of one neuron.
    pub fn is_elementwise(self) -> bool {
        self != Activation::LogSoftmax
    }

    /// σ(z) of one neuron; of log-softmax, not a number.
    #[inline(always)]
    pub(crate) fn value<A: Scalar>(self, z: A) -> A {
        match self {
            Activation::Sigmoid => sigmoid(z),
            Activation::Relu => relu(z),
            Activation::Tanh => tanh(z),
            Activation::LeakyRelu => leaky_relu(z),
            Activation::Elu => elu(z),
            Activation::Gelu => gelu(z),
            Activation::Silu => silu(z),
            Activation::Identity => z,
            Activation::LogSoftmax => A::nan(),
        }
    }

    /// σ′(z) of one neuron, of z or of a = σ(z), whichever is simpler; of log-softmax, not a number.
    #[inline(always)]
    pub(crate) fn slope<A: Scalar>(self, z: A, a: A) -> A {
        match self {
            Activation::Sigmoid => sigmoid_derivative(a),
            Activation::Relu => relu_derivative(z),
            Activation::Tanh => tanh_derivative(a),
            Activation::LeakyRelu => leaky_relu_derivative(z),
            Activation::Elu => elu_derivative(z),
            Activation::Gelu => gelu_derivative(z),
            Activation::Silu => silu_derivative(z),
            Activation::Identity => A::one(),
            Activation::LogSoftmax => A::nan(),
        }
    }

    /// σ(z) of one neuron.
    ///
    /// # Panics
    /// For log-softmax, whose outputs go by all z of the layer: [`Activation::is_elementwise`] tells.
    ///
    /// ```
    /// use backprop::Activation;
    /// assert_eq!(Activation::Sigmoid.apply(0.0), 0.5);
    /// assert_eq!(Activation::Relu.apply(-2.0), 0.0);
    /// ```
    #[track_caller]
    pub fn apply(self, z: f64) -> f64 {
        self.assert_elementwise();
        self.value(z)
    }

    /// σ′(z) of one neuron; at their kinks ReLU has 0 and leaky ReLU 0.01, as in PyTorch.
    ///
    /// # Panics
    /// For log-softmax, whose derivative is a matrix, ∂aⱼ/∂zₖ = \[j = k\] − e^{aₖ}.
    ///
    /// ```
    /// use backprop::Activation;
    /// assert_eq!(Activation::Sigmoid.derivative(0.0), 0.25);
    /// ```
    #[track_caller]
    pub fn derivative(self, z: f64) -> f64 {
        self.assert_elementwise();
        self.slope(z, self.value(z))
    }

    /// The panic names the line that asked, in a notebook the cell's own: hence `track_caller`.
    #[track_caller]
    fn assert_elementwise(self) {
        assert!(
            self.is_elementwise(),
            "{self} of one neuron: expected an activation that goes by a single z, found one of a whole \
             layer, whose derivative is a matrix"
        );
    }
}

impl fmt::Display for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Activation::Sigmoid => "sigmoid",
            Activation::Relu => "ReLU",
            Activation::Tanh => "tanh",
            Activation::LeakyRelu => "leaky ReLU",
            Activation::Elu => "ELU",
            Activation::Gelu => "GELU",
            Activation::Silu => "SiLU",
            Activation::Identity => "identity",
            Activation::LogSoftmax => "log-softmax",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Activation::{Elu, Gelu, LeakyRelu, Relu, Sigmoid, Silu, Tanh};

    /// σ and σ′ at points where a table or a pocket calculator has them: tanh 1, e⁻¹, and of the normal
    /// distribution Φ(1) = 0.841345 and φ(1) = 0.241971; s(1) = 0.731059 is the sigmoid.
    const BY_HAND: [(Activation, f64, f64, f64); 16] = [
        (Sigmoid, 1.0, 0.731_058_578_630_004_9, 0.196_611_933_241_481_85),
        (Relu, -1.0, 0.0, 0.0),
        (Relu, 2.0, 2.0, 1.0),
        (Tanh, 0.0, 0.0, 1.0),
        (Tanh, 1.0, 0.761_594_155_955_764_9, 0.419_974_341_614_026_1),
        (LeakyRelu, 2.0, 2.0, 1.0),
        (LeakyRelu, 0.0, 0.0, 0.01),
        (LeakyRelu, -2.0, -0.02, 0.01),
        (Elu, 2.0, 2.0, 1.0),
        (Elu, -1.0, -0.632_120_558_828_557_7, 0.367_879_441_171_442_3),
        (Gelu, 0.0, 0.0, 0.5),
        (Gelu, 1.0, 0.841_344_746_068_542_9, 1.083_315_470_587_686_2),
        (Gelu, -1.0, -0.158_655_253_931_457_05, -0.083_315_470_587_686_3),
        (Silu, 0.0, 0.0, 0.5),
        (Silu, 1.0, 0.731_058_578_630_004_9, 0.927_670_511_871_486_8),
        (Silu, -1.0, -0.268_941_421_369_995_1, 0.072_329_488_128_513_2),
    ];

    #[test]
    fn activations_have_the_values_worked_by_hand() {
        for (activation, z, value, slope) in BY_HAND {
            let found = (activation.apply(z), activation.derivative(z));
            let apart = (found.0 - value).abs().max((found.1 - slope).abs());
            // A few roundings of numbers of order 1.
            assert!(apart < 1e-15, "{activation}({z}): expected {value}, {slope}, found {found:?}");
        }
    }

    #[test]
    fn a_layer_does_to_each_neuron_what_apply_does() {
        for (activation, z, value, slope) in BY_HAND {
            let z = Array2::from_elem((1, 1), z);
            let a = activation.forward(&z);
            let delta = activation.backward(Array2::ones((1, 1)), &z, &a);
            let apart = (a[[0, 0]] - value).abs().max((delta[[0, 0]] - slope).abs());
            assert!(apart < 1e-15, "{activation}: {a} and {value}, {delta} and {slope}");
        }
    }
}
