//! The shape of a network, as histories and figures tell it.

use crate::network::activation::Activation;
use crate::network::connection::Connection;
use crate::network::{Initialization, Network};
use serde::{Deserialize, Serialize};

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
