//! The backward pass, equation by equation. Examples are columns, so δ^l is n_l × N.

use crate::error::Error;
use crate::network::layer::{Layer, Trace, forward};
use crate::network::loss::Loss;
use crate::network::scalar::Scalar;
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

impl Gradient {
    /// Lists ∂C/∂W row by row, then ∂C/∂b.
    pub fn to_vec(&self) -> Vec<f64> {
        self.w.iter().chain(&self.b).map(|&derivative| derivative.into()).collect()
    }
}

/// Checks that there is a gradient for each layer, shaped like it.
pub(crate) fn check_gradients(
    what: &'static str,
    layers: &[Layer],
    gradients: &[Gradient],
) -> Result<(), Error> {
    let wrong = |expected, found| Err(Error::Shape { what, expected, found });
    if gradients.len() != layers.len() {
        return wrong(format!("{}, one a layer", layers.len()), gradients.len().to_string());
    }
    let shape = |w: &Array2<f32>, b: &Array1<f32>| {
        format!("W of {} × {} and b of {}", w.nrows(), w.ncols(), b.len())
    };
    for (l, (layer, gradient)) in (1..).zip(zip(layers, gradients)) {
        if gradient.w.dim() != layer.w.dim() || gradient.b.len() != layer.b.len() {
            let expected = format!("{} in layer {l}", shape(&layer.w, &layer.b));
            return wrong(expected, shape(&gradient.w, &gradient.b));
        }
    }
    Ok(())
}

/// Carries the error ∂C/∂a^L of the output back to every layer: δ^l = ∂C/∂z^l, first layer to output.
pub(crate) fn deltas<A: Scalar>(
    layers: &[Layer<A>],
    traces: &[Trace<A>],
    output_error: Array2<A>,
) -> Vec<Array2<A>> {
    let (Some(output), Some(trace)) = (layers.last(), traces.last()) else { return Vec::new() };
    let mut delta = output.activation.backward(output_error, &trace.z, &trace.a); // δ^L = ∂C/∂a^L ⊙ σ′(z^L)
    let mut deltas = Vec::with_capacity(layers.len());
    for (above, (layer, trace)) in zip(layers.iter().skip(1), zip(layers, traces)).rev() {
        let grad_a = above.w.t().dot(&delta); // ∂C/∂a^l = (W^(l+1))ᵀ δ^(l+1)
        deltas.push(delta);
        delta = layer.activation.backward(grad_a, &trace.z, &trace.a); // δ^l = ∂C/∂a^l ⊙ σ′(z^l)
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
