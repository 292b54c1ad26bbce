use crate::network::Trace;
use crate::scalar::Scalar;
use ndarray::{Array2, Axis, Zip};
use serde::{Deserialize, Serialize};
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

/// Shifts each column by its maximum first, so that no exponential overflows.
fn log_softmax<A: Scalar>(z: &Array2<A>) -> Array2<A> {
    let mut a = z.clone();
    for mut column in a.axis_iter_mut(Axis(1)) {
        let highest = column.fold(A::neg_infinity(), |highest, &z| highest.max(z));
        let log_sum = highest + column.iter().map(|&z| (z - highest).exp()).sum::<A>().ln();
        column.mapv_inplace(|z| z - log_sum);
    }
    a
}

impl Activation {
    /// a = σ(z), for z of n_out × N.
    pub(crate) fn forward<A: Scalar>(self, z: &Array2<A>) -> Array2<A> {
        match self {
            Activation::Sigmoid => z.mapv(sigmoid),
            Activation::Relu => z.mapv(relu),
            Activation::Identity => z.clone(),
            Activation::LogSoftmax => log_softmax(z),
        }
    }

    /// δ = ∂C/∂z from ∂C/∂a: the product with σ′(z), or with log-softmax's Jacobian.
    pub(crate) fn backward<A: Scalar>(self, grad_a: Array2<A>, trace: &Trace<A>) -> Array2<A> {
        let mut delta = grad_a;
        match self {
            // δ = ∂C/∂a ⊙ σ′(z)
            Activation::Sigmoid => {
                delta.zip_mut_with(&trace.a, |d, &a| *d *= sigmoid_derivative(a))
            }
            Activation::Relu => delta.zip_mut_with(&trace.z, |d, &z| *d *= relu_derivative(z)),
            Activation::Identity => {}
            // ∂aⱼ/∂zₖ = [j = k] − e^{aₖ}, so δₖ = ∂C/∂aₖ − e^{aₖ} Σⱼ ∂C/∂aⱼ.
            // With the negative log-likelihood that is the well-known (e^a − y) / N.
            Activation::LogSoftmax => {
                let sums = delta.sum_axis(Axis(0));
                Zip::from(&mut delta)
                    .and(&trace.a)
                    .and_broadcast(&sums)
                    .for_each(|d, &a, &sum| *d -= a.exp() * sum);
            }
        }
        delta
    }

    /// σ(z) of one neuron; log-softmax of a single neuron is 0.
    ///
    /// ```
    /// use backprop::Activation;
    /// assert_eq!(Activation::Sigmoid.apply(0.0), 0.5);
    /// assert_eq!(Activation::Relu.apply(-2.0), 0.0);
    /// ```
    pub fn apply(self, z: f64) -> f64 {
        match self {
            Activation::Sigmoid => sigmoid(z),
            Activation::Relu => relu(z),
            Activation::Identity => z,
            Activation::LogSoftmax => 0.0,
        }
    }

    /// σ′(z) of one neuron; ReLU has 0 at its kink, as PyTorch does.
    ///
    /// ```
    /// use backprop::Activation;
    /// assert_eq!(Activation::Sigmoid.derivative(0.0), 0.25);
    /// ```
    pub fn derivative(self, z: f64) -> f64 {
        match self {
            Activation::Sigmoid => sigmoid_derivative(sigmoid(z)),
            Activation::Relu => relu_derivative(z),
            Activation::Identity => 1.0,
            Activation::LogSoftmax => 0.0,
        }
    }
}

impl fmt::Display for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Activation::Sigmoid => "sigmoid",
            Activation::Relu => "ReLU",
            Activation::Identity => "identity",
            Activation::LogSoftmax => "log-softmax",
        })
    }
}
