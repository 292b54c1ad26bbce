//! A layer of neurons and its forward pass, and the parameters of several in one list.

use crate::network::activation::Activation;
use crate::network::scalar::Scalar;
use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut1, ArrayViewMut2, Axis};

/// One layer of neurons: a = σ(W a_prev + b).
///
/// Training takes the f32 of the type parameter's default; the gradient check runs the same code in f64.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer<A = f32> {
    /// The weights W, n_out × n_in: `w[[j, k]]` leads from neuron k of the layer before to neuron j.
    pub w: Array2<A>,
    /// The biases b, n_out.
    pub b: Array1<A>,
    /// The activation σ.
    pub activation: Activation,
}

/// The parameters of a layer of a network, to change their numbers and not their shapes.
#[derive(Debug, PartialEq)]
pub struct LayerMut<'a> {
    /// The weights W, as [`Layer::w`].
    pub w: ArrayViewMut2<'a, f32>,
    /// The biases b.
    pub b: ArrayViewMut1<'a, f32>,
}

impl Layer {
    pub(crate) fn numbers_mut(&mut self) -> LayerMut<'_> {
        LayerMut { w: self.w.view_mut(), b: self.b.view_mut() }
    }
}

/// What the forward pass keeps of one layer for the backward pass; examples are columns. Of a convolution
/// the columns are the positions of its kernels, at each those of all examples.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace<A = f32> {
    /// The pre-activation z = W a_prev + b, n_out × N.
    pub z: Array2<A>,
    /// The activation a = σ(z), n_out × N.
    pub a: Array2<A>,
}

impl<A: Scalar> Layer<A> {
    /// Computes z and a from the activations of the layer before (n_in × N).
    pub(crate) fn forward(&self, a_prev: ArrayView2<A>) -> Trace<A> {
        let b = self.b.view().insert_axis(Axis(1));
        let z = self.w.dot(&a_prev) + b; // z^l = W^l a^(l-1) + b^l
        let a = self.activation.forward(&z); // a^l = σ(z^l)
        Trace { z, a }
    }
}

/// Runs x (n_in × N) through the layers of a plain chain and keeps z and a of each.
pub(crate) fn forward<A: Scalar>(layers: &[Layer<A>], x: ArrayView2<A>) -> Vec<Trace<A>> {
    let mut traces: Vec<Trace<A>> = Vec::with_capacity(layers.len());
    for layer in layers {
        let a_prev = traces.last().map_or(x, |trace| trace.a.view());
        traces.push(layer.forward(a_prev));
    }
    traces
}

/// Lists (W, b) pairs one after the other, each W row by row.
pub(crate) fn flatten<'a, A: Scalar>(
    pairs: impl Iterator<Item = (&'a Array2<A>, &'a Array1<A>)>,
) -> Vec<A> {
    pairs.flat_map(|(w, b)| w.iter().chain(b).copied()).collect()
}

/// The inverse of [`flatten`]; the list has as many values as the layers have parameters.
pub(crate) fn fill<A: Scalar>(layers: &mut [Layer<A>], parameters: &[A]) {
    let mut parameters = parameters.iter();
    for layer in layers {
        for (old, &new) in layer.w.iter_mut().chain(&mut layer.b).zip(&mut parameters) {
            *old = new;
        }
    }
}
