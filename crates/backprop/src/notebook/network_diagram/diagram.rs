//! What a diagram of a network shows.

use crate::network::Network;
use backprop_figures::Words;
use backprop_figures::parts::text::one_line;

/// Neurons in columns, inputs at the left; edges as wide as their weights, dashed where negative.
///
/// With an example the neurons are filled by its activations. A network of up to 3 neurons a layer
/// carries its numbers; of a layer of more than 10 the first and last 4 neurons stand for all.
///
/// ```
/// use backprop::prelude::*;
/// use backprop::view::NetworkDiagram;
///
/// let layer = Layer { w: array![[2.0, -1.0]], b: array![0.5], activation: Activation::Identity };
/// let network = Network::from_layers(vec![layer])?;
/// let figure = NetworkDiagram::new("One neuron", &network).example(&[1.0, 3.0]).draw();
/// assert_eq!(
///     figure.alt(),
///     "One neuron. Network 2-1 (identity) with 3 parameters. \
///      Layer 1: W = [2, −1], b = [0.5]. \
///      Activations of the example: inputs 1, 3; layer 1 −0.5."
/// );
/// # Ok::<(), backprop::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a diagram is shown by ending a cell with it"]
pub struct NetworkDiagram {
    pub(super) words: Words,
    pub(super) network: Network,
    pub(super) example: Option<Vec<f32>>,
    pub(super) input_names: Option<Vec<String>>,
    pub(super) output_names: Option<Vec<String>>,
}

/// Layers of up to so many neurons leave room for the numbers.
const MOST_NUMBERED: usize = 3;
/// The most room for the name of an input or output, in pixels.
pub(super) const NAME: f64 = 140.0;

impl NetworkDiagram {
    /// Takes the network as it is now.
    pub fn new(title: &str, network: &Network) -> Self {
        NetworkDiagram {
            words: Words::new(title),
            network: network.clone(),
            example: None,
            input_names: None,
            output_names: None,
        }
    }

    /// Fills the neurons by the activations of one example: its inputs x, one number each.
    pub fn example(mut self, x: &[f32]) -> Self {
        self.example = Some(x.to_vec());
        self
    }

    /// Names the inputs, from the top.
    pub fn inputs(mut self, names: &[&str]) -> Self {
        self.input_names = Some(names.iter().map(|name| one_line(name)).collect());
        self
    }

    /// Names the outputs, from the top.
    pub fn outputs(mut self, names: &[&str]) -> Self {
        self.output_names = Some(names.iter().map(|name| one_line(name)).collect());
        self
    }

    backprop_figures::common_methods!();

    /// Whether the network is small enough for its numbers.
    pub(super) fn is_numbered(&self) -> bool {
        let sizes = self.network.sizes();
        sizes.iter().all(|size| *size <= MOST_NUMBERED) && sizes.len() <= 4
    }
}
