//! Networks: layers, the forward pass, and the room of all that they are made of.

pub(crate) mod activation;
pub(crate) mod backprop;
pub(crate) mod connection;
pub(crate) mod convolution;
pub(crate) mod evaluation;
pub(crate) mod init;
pub(crate) mod loss;
pub(crate) mod maps;
pub(crate) mod residual;
pub(crate) mod scalar;

use crate::error::Error;
use crate::network::activation::Activation;
use crate::network::connection::{Connection, Pass};
use crate::network::init::Initializer;
use crate::network::scalar::Scalar;
use ndarray::{Array1, Array2, ArrayView2, Axis};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};

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

/// A network, a^L = f^L(… f²(f¹(x))): layers in the order of the forward pass.
///
/// [`Network::new`] makes a plain chain of fully connected layers; [`Network::residual`] and
/// [`Network::convolutional`] make others.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// The layers, first hidden layer to output.
    pub layers: Vec<Layer>,
    /// One for each layer; empty for a plain chain.
    pub(crate) connections: Vec<Connection>,
    pub(crate) initialization: Option<Initialization>,
}

/// How the first parameters of a network were drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Initialization {
    /// The distribution.
    pub initializer: Initializer,
    /// The seed of the random numbers.
    pub seed: u64,
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

impl Network {
    /// Makes a network of the given `sizes`, pixels first, with fresh parameters.
    ///
    /// All hidden layers share one activation; the last layer has its own.
    /// The same `seed` gives the same parameters.
    ///
    /// # Errors
    /// Fewer than two sizes, or a size of 0.
    ///
    /// ```
    /// use backprop::{Activation, Initializer, Network};
    /// let network =
    ///     Network::new(&[784, 30, 10], Activation::Sigmoid, Activation::LogSoftmax, Initializer::PyTorch, 0)?;
    /// assert_eq!(network.parameter_count(), 784 * 30 + 30 + 30 * 10 + 10);
    /// # Ok::<(), backprop::Error>(())
    /// ```
    pub fn new(
        sizes: &[usize],
        hidden: Activation,
        output: Activation,
        initializer: Initializer,
        seed: u64,
    ) -> Result<Network, Error> {
        if sizes.len() < 2 || sizes.contains(&0) {
            return Err(Error::Setting {
                what: "sizes of a network",
                expected: "at least two, inputs and outputs, each at least 1".to_owned(),
                found: format!("{sizes:?}"),
            });
        }
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        let last = sizes.len() - 2;
        let layers = sizes.windows(2).enumerate().map(|(l, size)| {
            let (w, b) = initializer.draw(size[1], size[0], &mut rng);
            Layer { w, b, activation: if l == last { output } else { hidden } }
        });
        let initialization = Some(Initialization { initializer, seed });
        Ok(Network { layers: layers.collect(), connections: Vec::new(), initialization })
    }

    /// Makes a network of layers that are at hand, first hidden layer to output.
    ///
    /// # Errors
    /// No layer, a layer whose biases do not fit its weights, or one whose inputs are not the outputs of
    /// the layer before.
    ///
    /// ```
    /// use backprop::prelude::*;
    /// let layer = Layer { w: array![[1.0, -1.0]], b: array![0.5], activation: Activation::Identity };
    /// let network = Network::from_layers(vec![layer])?;
    /// assert_eq!(network.forward(&array![[3.0], [1.0]]), array![[2.5]]);
    /// # Ok::<(), backprop::Error>(())
    /// ```
    pub fn from_layers(layers: Vec<Layer>) -> Result<Network, Error> {
        let wrong = |expected: String, found: String| {
            Err(Error::Shape { what: "layers of a network", expected, found })
        };
        let Some(first) = layers.first() else {
            return wrong("at least one".to_owned(), "none".to_owned());
        };
        let mut outputs = first.w.ncols();
        for (l, Layer { w, b, .. }) in (1..).zip(&layers) {
            let (n_out, n_in) = w.dim();
            if n_in != outputs || b.len() != n_out || n_out == 0 || n_in == 0 {
                let expected = format!("W of n × {outputs} and b of n in layer {l}, n ≥ 1");
                return wrong(expected, format!("W of {n_out} × {n_in} and b of {}", b.len()));
            }
            outputs = n_out;
        }
        Ok(Network { layers, connections: Vec::new(), initialization: None })
    }

    /// How each layer is joined to those around it, first hidden layer to output; empty for a plain chain.
    pub fn connections(&self) -> &[Connection] {
        &self.connections
    }

    /// How the first parameters were drawn; nothing is known of layers that were given.
    pub fn initialization(&self) -> Option<Initialization> {
        self.initialization
    }

    /// The number of neurons of each layer, inputs first: `[784, 30, 10]`.
    pub fn sizes(&self) -> Vec<usize> {
        let neurons = |(l, layer): (usize, &Layer)| {
            self.pass_with(&[]).connection_of(l).neurons(layer.w.nrows())
        };
        let inputs = self.inputs().into_iter().take(1);
        inputs.chain(self.layers.iter().enumerate().map(neurons)).collect()
    }

    /// The numbers that each layer sees of an example, h^(l−1): in a plain chain those of the neurons
    /// before it.
    pub(crate) fn inputs(&self) -> Vec<usize> {
        let inputs = |(l, layer): (usize, &Layer)| {
            self.pass_with(&[]).connection_of(l).inputs(layer.w.ncols())
        };
        self.layers.iter().enumerate().map(inputs).collect()
    }

    /// The activation of the last layer.
    pub fn output_activation(&self) -> Option<Activation> {
        self.layers.last().map(|layer| layer.activation)
    }

    /// Computes the network's output a^L (n_out × N) for the examples in the columns of x (n_in × N).
    ///
    /// # Panics
    /// When x has not one row for each input.
    #[track_caller]
    pub fn forward(&self, x: &Array2<f32>) -> Array2<f32> {
        match self.trace(x).pop() {
            Some(output) => output.a,
            None => x.clone(),
        }
    }

    /// Runs the forward pass and keeps z and a of every layer.
    ///
    /// # Panics
    /// When x (n_in × N) has not one row for each input.
    #[track_caller]
    pub fn trace(&self, x: &Array2<f32>) -> Vec<Trace> {
        let inputs = self.layers.first().map_or(x.nrows(), |_| self.sizes()[0]);
        assert_eq!(x.nrows(), inputs, "rows of x, and inputs of the network");
        self.pass_with(&[]).trace(x.view())
    }

    /// The network as forward and backward pass of `connection.rs` take it, with the masks of dropout.
    pub(crate) fn pass_with<'a>(&'a self, masks: &'a [Array2<f32>]) -> Pass<'a, f32> {
        Pass { layers: &self.layers, connections: &self.connections, masks }
    }

    /// Names the class of each example in the columns of x (n_in × N): the output with the highest activation.
    ///
    /// # Panics
    /// When x has not one row for each input.
    #[track_caller]
    pub fn predict(&self, x: &Array2<f32>) -> Vec<usize> {
        highest(&self.forward(x))
    }

    /// The number of weights and biases.
    pub fn parameter_count(&self) -> usize {
        self.layers.iter().map(|layer| layer.w.len() + layer.b.len()).sum()
    }

    /// All parameters in one list, W¹ row by row, b¹, W², b², …, which is PyTorch's order too.
    pub fn parameters(&self) -> Vec<f32> {
        flatten(self.layers.iter().map(|layer| (&layer.w, &layer.b)))
    }

    /// Replaces all parameters by the list that [`Network::parameters`] gives.
    ///
    /// # Errors
    /// When the list has another length; the network is left as it was.
    pub fn set_parameters(&mut self, parameters: &[f32]) -> Result<(), Error> {
        if parameters.len() != self.parameter_count() {
            return Err(Error::Shape {
                what: "parameters",
                expected: format!("{} for sizes {:?}", self.parameter_count(), self.sizes()),
                found: parameters.len().to_string(),
            });
        }
        fill(&mut self.layers, parameters);
        Ok(())
    }
}

/// The row with the highest value, for each column.
pub(crate) fn highest(a: &Array2<f32>) -> Vec<usize> {
    let first_highest = |best: (usize, f32), (row, &value): (usize, &f32)| {
        if value > best.1 { (row, value) } else { best }
    };
    a.axis_iter(Axis(1))
        .map(|column| column.iter().enumerate().fold((0, f32::NEG_INFINITY), first_highest).0)
        .collect()
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
