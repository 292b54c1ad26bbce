//! Networks that are more than a plain chain: the same equations, with a connection from layer to layer.
//!
//! Layer l passes h^l on to layer l + 1. In a plain chain, which `network/mod.rs` and `backprop.rs` run,
//! h^l = a^l; here h^l = m^l ⊙ a^l with the masks m^l of dropout, a residual layer adds h^(l−1), and a
//! convolution gathers patches of h^(l−1) and pools a^l. A test holds the two together.

use crate::network::activation::Activation;
use crate::network::backprop::{self, Gradient, gradient};
use crate::network::convolution::Convolution;
use crate::network::layer::{self, Layer, Trace};
use crate::network::loss::Loss;
use crate::network::maps::MapShape;
use crate::network::scalar::Scalar;
use ndarray::{Array2, ArrayView2};
use serde::{Deserialize, Serialize};
use std::iter::zip;

/// How a layer is joined to the layers around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Connection {
    /// h^l = a^l: the next layer sees the activations.
    Plain,
    /// h^l = a^l + h^(l−1): the next layer sees this one's input too, past its weights, so that
    /// ∂C/∂h^(l−1) = (W^l)ᵀ δ^l + ∂C/∂h^l does not vanish. Inputs and neurons are as many.
    /// Source: He, Zhang, Ren, Sun 2015, arXiv:1512.03385.
    Residual,
    /// h^l = the highest of each square of a^l, which W^l makes of patches of h^(l−1).
    Convolution {
        /// Its kernels and its pooling.
        convolution: Convolution,
        /// What it sees: h^(l−1) of one example.
        input: MapShape,
    },
}

impl Connection {
    /// The connection of layer `l`, counted from 0; a plain chain lists none.
    pub(crate) fn of(list: &[Connection], l: usize) -> Connection {
        list.get(l).copied().unwrap_or(Connection::Plain)
    }

    /// The activation of a layer, and what sets the layer apart: "ReLU", "ReLU (residual)".
    pub(crate) fn described(self, activation: Activation) -> String {
        match self.words() {
            Some(words) => format!("{activation} ({words})"),
            None => activation.to_string(),
        }
    }

    /// What sets the layer apart from a fully connected one.
    fn words(self) -> Option<String> {
        match self {
            Connection::Plain => None,
            Connection::Residual => Some("residual".to_owned()),
            Connection::Convolution { convolution, .. } => {
                let Convolution { filters, kernel, pool } = convolution;
                let pooled = match pool {
                    1 => String::new(),
                    pool => format!(", pooled {pool} × {pool}"),
                };
                Some(format!("kernels: {filters} of {kernel} × {kernel}{pooled}"))
            }
        }
    }

    /// The numbers of an example that the layer sees, h^(l−1), for W^l of n_out × n_in.
    pub(crate) fn inputs(self, n_in: usize) -> usize {
        match self {
            Connection::Plain | Connection::Residual => n_in,
            Connection::Convolution { input, .. } => input.len(),
        }
    }

    /// The numbers in a^l of an example.
    pub(crate) fn neurons(self, n_out: usize) -> usize {
        match self {
            Connection::Plain | Connection::Residual => n_out,
            Connection::Convolution { convolution, input } => input.convolved(convolution).len(),
        }
    }

    /// What W^l multiplies: h^(l−1) or its patches.
    fn gather<A: Scalar>(self, h: Array2<A>) -> Array2<A> {
        match self {
            Connection::Plain | Connection::Residual => h,
            Connection::Convolution { convolution, input } => input.patches(&h, convolution.kernel),
        }
    }

    /// ∂C/∂h^(l−1) from the gradient of what [`Connection::gather`] gave.
    fn gather_back<A: Scalar>(self, grad: Array2<A>) -> Array2<A> {
        match self {
            Connection::Plain | Connection::Residual => grad,
            Connection::Convolution { convolution, input } => {
                input.patches_back(&grad, convolution.kernel)
            }
        }
    }

    /// What is passed on of a^l: all of it, or the highest of each square.
    fn pass<A: Scalar>(self, a: &Array2<A>) -> Array2<A> {
        match self {
            Connection::Plain | Connection::Residual => a.clone(),
            Connection::Convolution { convolution, input } => {
                input.convolved(convolution).pool(a, convolution.pool)
            }
        }
    }

    /// ∂C/∂a^l from the gradient of what [`Connection::pass`] gave.
    fn pass_back<A: Scalar>(self, grad: Array2<A>, a: &Array2<A>) -> Array2<A> {
        match self {
            Connection::Plain | Connection::Residual => grad,
            Connection::Convolution { convolution, input } => {
                input.convolved(convolution).pool_back(&grad, a, convolution.pool)
            }
        }
    }
}

/// The layers of a network, and what is between them.
#[derive(Clone, Copy)]
pub(crate) struct Pass<'a, A> {
    pub(crate) layers: &'a [Layer<A>],
    /// One for each layer; empty where all are plain.
    pub(crate) connections: &'a [Connection],
    /// The masks of dropout, one for each hidden layer; empty where nothing is dropped.
    pub(crate) masks: &'a [Array2<A>],
}

/// What the forward pass keeps of one layer.
struct LayerCache<A> {
    /// h^(l−1) or its patches, which W^l multiplies.
    input: Array2<A>,
    trace: Trace<A>,
}

impl<A: Scalar> Pass<'_, A> {
    fn is_plain(self) -> bool {
        self.connections.is_empty() && self.masks.is_empty()
    }

    pub(crate) fn connection_of(self, l: usize) -> Connection {
        Connection::of(self.connections, l)
    }

    /// Runs x (n_in × N) through the layers and keeps z and a of each.
    pub(crate) fn trace(self, x: ArrayView2<A>) -> Vec<Trace<A>> {
        if self.is_plain() {
            return layer::forward(self.layers, x);
        }
        self.forward(x).into_iter().map(|cache| cache.trace).collect()
    }

    /// The output a^L of a batch and δ^l = ∂C/∂z^l of every layer, first layer to output.
    pub(crate) fn output_and_deltas(
        self,
        x: ArrayView2<A>,
        y: &Array2<A>,
        loss: Loss,
    ) -> (Array2<A>, Vec<Array2<A>>) {
        if self.is_plain() {
            let traces = layer::forward(self.layers, x);
            let a = traces.last().map_or(x, |trace| trace.a.view());
            let deltas = backprop::deltas(self.layers, &traces, loss.derivative(a, y));
            return (a.to_owned(), deltas);
        }
        let caches = self.forward(x);
        let a = caches.last().map_or(x, |cache| cache.trace.a.view());
        let deltas = self.deltas(&caches, loss.derivative(a, y));
        (a.to_owned(), deltas)
    }

    /// The loss of a batch and its gradient: one forward and one backward pass.
    pub(crate) fn backpropagate(
        self,
        x: ArrayView2<A>,
        y: &Array2<A>,
        loss: Loss,
    ) -> (A, Vec<Gradient<A>>) {
        if self.is_plain() {
            return backprop::backpropagate(self.layers, x, y, loss);
        }
        let caches = self.forward(x);
        let a = caches.last().map_or(x, |cache| cache.trace.a.view());
        let deltas = self.deltas(&caches, loss.derivative(a, y));
        let gradients = zip(&caches, &deltas)
            .map(|(cache, delta)| gradient(cache.input.view(), delta)) // ∂C/∂W^l = δ^l (h^(l-1))ᵀ
            .collect();
        (loss.value(a, y), gradients)
    }

    fn forward(self, x: ArrayView2<A>) -> Vec<LayerCache<A>> {
        let mut caches = Vec::with_capacity(self.layers.len());
        let mut h = x.to_owned(); // h⁰ = x
        for (l, layer) in self.layers.iter().enumerate() {
            let connection = self.connection_of(l);
            let input = connection.gather(h);
            let trace = layer.forward(input.view()); // z^l = W^l h^(l-1) + b^l, a^l = σ(z^l)
            h = connection.pass(&trace.a); // h^l = a^l
            if let Some(mask) = self.masks.get(l) {
                h *= mask; // h^l = m^l ⊙ a^l
            }
            if connection == Connection::Residual {
                h += &input; // h^l = m^l ⊙ a^l + h^(l-1)
            }
            caches.push(LayerCache { input, trace });
        }
        caches
    }

    /// Carries ∂C/∂h^L = ∂C/∂a^L back to every layer.
    fn deltas(self, caches: &[LayerCache<A>], output_error: Array2<A>) -> Vec<Array2<A>> {
        let mut deltas = Vec::with_capacity(self.layers.len());
        let mut grad_h = output_error;
        for (l, (layer, cache)) in zip(self.layers, caches).enumerate().rev() {
            let connection = self.connection_of(l);
            let past_the_weights = (connection == Connection::Residual).then(|| grad_h.clone());
            if let Some(mask) = self.masks.get(l) {
                grad_h *= mask; // ∂C/∂a^l = m^l ⊙ ∂C/∂h^l
            }
            let grad_a = connection.pass_back(grad_h, &cache.trace.a);
            let delta = layer.activation.backward(grad_a, &cache.trace.z, &cache.trace.a); // δ^l = ∂C/∂a^l ⊙ σ′(z^l)
            if l == 0 {
                deltas.push(delta);
                break; // nobody asks for ∂C/∂x
            }
            grad_h = connection.gather_back(layer.w.t().dot(&delta)); // ∂C/∂h^(l-1) = (W^l)ᵀ δ^l
            if let Some(grad) = past_the_weights {
                grad_h += &grad; // ∂C/∂h^(l-1) = (W^l)ᵀ δ^l + ∂C/∂h^l
            }
            deltas.push(delta);
        }
        deltas.reverse();
        deltas
    }
}
