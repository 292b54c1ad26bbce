//! Networks: what they are, how they are run, and the room of all that they are made of.

pub(crate) mod activation;
pub(crate) mod architecture;
pub(crate) mod backprop;
pub(crate) mod build;
pub(crate) mod connection;
pub(crate) mod convolution;
pub(crate) mod evaluation;
pub(crate) mod init;
pub(crate) mod layer;
mod log_softmax;
pub(crate) mod loss;
pub(crate) mod maps;
pub(crate) mod scalar;
pub(crate) mod score;

use crate::error::Error;
use crate::network::activation::Activation;
use crate::network::backprop::Gradient;
use crate::network::connection::{Connection, Pass};
use crate::network::init::Initializer;
use crate::network::layer::{Layer, LayerMut, Trace, fill, flatten};
use crate::network::loss::Loss;
use ndarray::{Array2, ArrayView2, Axis};
use serde::{Deserialize, Serialize};

/// A network, a^L = f^L(… f²(f¹(x))): layers in the order of the forward pass.
///
/// [`Network::new`] makes a plain chain of fully connected layers, [`Network::builder`] what else there is, and
/// [`Network::from_layers`] one of layers that are at hand. Whatever was made stays in its shape: layers fit each
/// other and how they are connected, and only the numbers in them change.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// First hidden layer to output.
    pub(crate) layers: Vec<Layer>,
    /// One for each layer; empty for a plain chain.
    connections: Vec<Connection>,
    initialization: Option<Initialization>,
}

/// How the first parameters of a network were drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Initialization {
    /// The distribution.
    pub initializer: Initializer,
    /// The seed of the random numbers.
    pub seed: u64,
}

impl Network {
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
    /// assert_eq!(network.forward(&array![[3.0], [1.0]])?, array![[2.5]]);
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

    /// The layers, first hidden layer to output.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The weights and biases of each layer, to change their numbers; their shapes stay.
    ///
    /// ```
    /// use backprop::prelude::*;
    /// let mut network = Network::new(&[2, 3, 1])?;
    /// for layer in &mut network.layers_mut() {
    ///     layer.b.fill(0.5);
    /// }
    /// assert_eq!(network.layers()[1].b, array![0.5]);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn layers_mut(&mut self) -> Vec<LayerMut<'_>> {
        self.layers.iter_mut().map(Layer::numbers_mut).collect()
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
    pub fn output_activation(&self) -> Activation {
        self.layers[self.layers.len() - 1].activation
    }

    /// Computes the network's output a^L (n_out × N) for the examples in the columns of x (n_in × N).
    ///
    /// # Errors
    /// When x has not one row for each input, or no column.
    pub fn forward(&self, x: &Array2<f32>) -> Result<Array2<f32>, Error> {
        self.check_inputs(x.dim())?;
        Ok(self.output(x.view()))
    }

    /// Runs the forward pass for the examples in the columns of x (n_in × N) and keeps z and a of every layer.
    ///
    /// # Errors
    /// As [`Network::forward`].
    pub fn trace(&self, x: &Array2<f32>) -> Result<Vec<Trace>, Error> {
        self.check_inputs(x.dim())?;
        Ok(self.pass_with(&[]).trace(x.view()))
    }

    /// Names the class of each example in the columns of x (n_in × N): the output with the highest activation.
    /// [`Network::predict`] does so for a data set.
    ///
    /// # Errors
    /// As [`Network::forward`].
    pub fn predict_batch(&self, x: &Array2<f32>) -> Result<Vec<usize>, Error> {
        Ok(highest(&self.forward(x)?))
    }

    /// Computes the loss C of a batch and its gradients, layer by layer, by backpropagation.
    ///
    /// x is n_in × N, y is n_out × N, one-hot; examples are columns.
    /// The loss is a mean over the batch (in nats for the negative log-likelihood), and so are the gradients.
    ///
    /// # Errors
    /// When x or y has another number of rows than the network has inputs or outputs, when their
    /// numbers of examples differ, or when there is none.
    ///
    /// Source: Rumelhart, Hinton, Williams 1986, doi:10.1038/323533a0.
    pub fn backpropagate(
        &self,
        x: &Array2<f32>,
        y: &Array2<f32>,
        loss: Loss,
    ) -> Result<(f64, Vec<Gradient>), Error> {
        self.check_batch(x.dim(), y.dim())?;
        let (loss, gradients) = self.pass_with(&[]).backpropagate(x.view(), y, loss);
        Ok((loss.into(), gradients))
    }

    /// The output of a batch that fits.
    pub(crate) fn output(&self, x: ArrayView2<f32>) -> Array2<f32> {
        let output = self.pass_with(&[]).trace(x).pop();
        output.map_or_else(|| x.to_owned(), |trace| trace.a)
    }

    /// Checks that x has a row for each input.
    fn check_inputs(&self, x: (usize, usize)) -> Result<(), Error> {
        let sizes = self.sizes();
        match x.0 == sizes[0] && x.1 > 0 {
            true => Ok(()),
            false => Err(Error::Shape {
                what: "batch of examples in columns",
                expected: format!("x of {} × N, N ≥ 1, for a network of sizes {sizes:?}", sizes[0]),
                found: format!("x of {} × {}", x.0, x.1),
            }),
        }
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

    /// The network as forward and backward pass of `connection.rs` take it, with the masks of dropout.
    pub(crate) fn pass_with<'a>(&'a self, masks: &'a [Array2<f32>]) -> Pass<'a, f32> {
        Pass { layers: &self.layers, connections: &self.connections, masks }
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
