//! The backward pass, equation by equation. Examples are columns, so δ^l is n_l × N.

use crate::error::Error;
use crate::network::loss::Loss;
use crate::network::scalar::Scalar;
use crate::network::{Layer, Network, Trace, forward};
use ndarray::{Array1, Array2, ArrayView2, Axis};
use std::iter::{once, zip};

/// The partial derivatives of the loss by one layer's parameters, shaped like them.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient<A = f32> {
    /// ∂C/∂W, n_out × n_in.
    pub w: Array2<A>,
    /// ∂C/∂b, n_out.
    pub b: Array1<A>,
}

/// Carries the error ∂C/∂a^L of the output back to every layer: δ^l = ∂C/∂z^l, first layer to output.
pub(crate) fn deltas<A: Scalar>(
    layers: &[Layer<A>],
    traces: &[Trace<A>],
    output_error: Array2<A>,
) -> Vec<Array2<A>> {
    let (Some(output), Some(trace)) = (layers.last(), traces.last()) else { return Vec::new() };
    let mut delta = output.activation.backward(output_error, trace); // δ^L = ∂C/∂a^L ⊙ σ′(z^L)
    let mut deltas = Vec::with_capacity(layers.len());
    for (above, (layer, trace)) in zip(layers.iter().skip(1), zip(layers, traces)).rev() {
        let grad_a = above.w.t().dot(&delta); // ∂C/∂a^l = (W^(l+1))ᵀ δ^(l+1)
        deltas.push(delta);
        delta = layer.activation.backward(grad_a, trace); // δ^l = ∂C/∂a^l ⊙ σ′(z^l)
    }
    deltas.push(delta);
    deltas.reverse();
    deltas
}

/// Turns a layer's δ and input into its gradient.
pub(crate) fn gradient<A: Scalar>(a_prev: ArrayView2<A>, delta: &Array2<A>) -> Gradient<A> {
    Gradient {
        w: delta.dot(&a_prev.t()),  // ∂C/∂W^l = δ^l (a^(l-1))ᵀ
        b: delta.sum_axis(Axis(1)), // ∂C/∂b^l = δ^l, summed over the examples
    }
}

/// The gradient of every layer; x is the input of the first.
pub(crate) fn gradients<A: Scalar>(
    x: ArrayView2<A>,
    traces: &[Trace<A>],
    deltas: &[Array2<A>],
) -> Vec<Gradient<A>> {
    let inputs = once(x).chain(traces.iter().map(|trace| trace.a.view()));
    zip(inputs, deltas).map(|(a_prev, delta)| gradient(a_prev, delta)).collect()
}

/// The loss of a batch and its gradient, for a plain chain: one forward and one backward pass.
pub(crate) fn backpropagate<A: Scalar>(
    layers: &[Layer<A>],
    x: ArrayView2<A>,
    y: &Array2<A>,
    loss: Loss,
) -> (A, Vec<Gradient<A>>) {
    let traces = forward(layers, x);
    let a = traces.last().map_or(x, |trace| trace.a.view());
    let deltas = deltas(layers, &traces, loss.derivative(a, y));
    (loss.value(a, y), gradients(x, &traces, &deltas))
}

impl Network {
    /// Computes the loss C of a batch and its gradients, layer by layer, by backpropagation.
    ///
    /// x is n_in × N, y is n_out × N, one-hot; examples are columns.
    /// The loss is a mean over the batch (in nats for the negative log-likelihood), and so are the gradients.
    ///
    /// # Errors
    /// When x or y has another number of rows than the network has inputs or outputs, or when their
    /// numbers of examples differ.
    ///
    /// Source: Rumelhart, Hinton, Williams 1986, doi:10.1038/323533a0.
    pub fn backpropagate(
        &self,
        x: &Array2<f32>,
        y: &Array2<f32>,
        loss: Loss,
    ) -> Result<(f32, Vec<Gradient>), Error> {
        self.check_batch(x.dim(), y.dim())?;
        Ok(self.pass_with(&[]).backpropagate(x.view(), y, loss))
    }

    /// Checks that a batch of shapes x and y fits the network.
    pub(crate) fn check_batch(&self, x: (usize, usize), y: (usize, usize)) -> Result<(), Error> {
        let sizes = self.sizes();
        let (inputs, outputs) = (sizes.first().copied(), sizes.last().copied());
        if inputs != Some(x.0) || outputs != Some(y.0) || x.1 != y.1 || x.1 == 0 {
            return Err(Error::Shape {
                what: "batch of examples in columns",
                expected: format!(
                    "x of {} × N and y of {} × N, N ≥ 1, for a network of sizes {sizes:?}",
                    inputs.unwrap_or(0),
                    outputs.unwrap_or(0)
                ),
                found: format!("x of {} × {} and y of {} × {}", x.0, x.1, y.0, y.1),
            });
        }
        Ok(())
    }
}
