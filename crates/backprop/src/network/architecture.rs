//! The shape of a network, as histories, figures and a cell's result tell it.

use crate::network::activation::Activation;
use crate::network::connection::Connection;
use crate::network::{Initialization, Network};
use backprop_figures::parts::text::number;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::zip;

/// The shape of a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Architecture {
    /// The number of neurons of each layer, inputs first.
    pub sizes: Vec<usize>,
    /// The activation of each layer, first hidden layer to output.
    pub activations: Vec<Activation>,
    /// How each layer is joined to those around it; empty for a plain chain.
    #[serde(default, rename = "wiring", skip_serializing_if = "Vec::is_empty")]
    // as files have it
    pub connections: Vec<Connection>,
    /// How the first parameters were drawn, where that is known.
    pub initialization: Option<Initialization>,
}

impl Architecture {
    /// The shape of this network.
    pub fn of(network: &Network) -> Architecture {
        Architecture {
            sizes: network.sizes(),
            activations: network.layers.iter().map(|layer| layer.activation).collect(),
            connections: network.connections().to_vec(),
            initialization: network.initialization(),
        }
    }
}

impl fmt::Display for Architecture {
    /// The layers, from the inputs on: "784 → 30 sigmoid → 10 log-softmax".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |size: usize| number(size as f64);
        let (inputs, neurons) = self.sizes.split_first().unwrap_or((&0, &[]));
        write!(f, "{}", count(*inputs))?;
        for (l, (&size, &activation)) in zip(neurons, &self.activations).enumerate() {
            let layer = Connection::of(&self.connections, l).described(activation);
            write!(f, " → {} {layer}", count(size))?;
        }
        Ok(())
    }
}

impl fmt::Display for Network {
    /// The layers and the number of parameters: "784 → 30 sigmoid → 10 log-softmax, 23,860 parameters".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parameters = number(self.parameter_count() as f64);
        write!(f, "{}, {parameters} parameters", Architecture::of(self))
    }
}
