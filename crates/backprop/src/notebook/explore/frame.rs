//! A network at the end of an epoch, and the image that it is asked about.

use crate::network::activation::Activation;
use crate::network::{Network, highest};
use backprop_figures::parts::text::digits;
use ndarray::Array2;

/// The image that the network is asked about.
#[derive(Clone, Debug)]
pub(super) struct Image {
    pub(super) pixels: Vec<u8>,
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) class: String,
    pub(super) classes: Vec<String>,
    /// Its inputs, n_in × 1.
    pub(super) x: Array2<f32>,
}

/// The network at the end of an epoch; the first frame is from before the training.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// The weights of the first layer, a row for each neuron.
    pub(super) w: Array2<f32>,
    /// What the network says to the image, one value for each class; probabilities of log-softmax.
    pub(super) outputs: Vec<f64>,
    pub(super) answer: usize,
}

impl Frame {
    /// Asks the network about the image.
    pub(super) fn of(network: &Network, image: &Image) -> Frame {
        let a = network.forward(&image.x).expect("a network for the images that it explores");
        let probability = network.output_activation() == Activation::LogSoftmax;
        let output = |a: &f32| if probability { f64::from(*a).exp() } else { f64::from(*a) };
        Frame {
            w: network.layers[0].w.clone(),
            outputs: a.iter().map(output).collect(),
            answer: highest(&a)[0],
        }
    }
}

/// Writes an output of the network, which is 1 for a class that it is sure of.
pub(super) fn share(output: f64) -> String {
    if output.is_finite() { format!("{} %", (100.0 * output).round()) } else { digits(output, 2) }
}
