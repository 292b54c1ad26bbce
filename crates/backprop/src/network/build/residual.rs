//! Making a network with residual layers.

use crate::error::Error;
use crate::network::Network;
use crate::network::activation::Activation;
use crate::network::connection::Connection;
use crate::network::init::Initializer;
use crate::network::layer::Layer;
use std::iter::zip;

impl Network {
    /// Makes a network as [`Network::new`] does, in which every hidden layer that has as many neurons as
    /// inputs is residual: it passes on a^l + h^(l−1), its input added to its activations, so that very
    /// deep networks train.
    ///
    /// The first parameters of the k residual layers are divided by k, so that together they change
    /// their input as much as one layer would, however many they are. Source: Hanin, Rolnick 2018,
    /// arXiv:1803.01719.
    ///
    /// # Errors
    /// As [`Network::new`].
    ///
    /// ```
    /// use backprop::prelude::*;
    /// let mut network =
    ///     Network::residual(&[1, 1, 1], Activation::Relu, Activation::Identity, Initializer::He, 0)?;
    /// network.set_parameters(&[2.0, 0.0, 3.0, 0.0])?; // w¹, b¹, w², b²
    /// assert_eq!(network.forward(&array![[1.0]]), array![[9.0]]); // 3 (2 · 1 + 1)
    /// # Ok::<(), backprop::Error>(())
    /// ```
    pub fn residual(
        sizes: &[usize],
        hidden: Activation,
        output: Activation,
        initializer: Initializer,
        seed: u64,
    ) -> Result<Network, Error> {
        let mut network = Network::new(sizes, hidden, output, initializer, seed)?;
        network.connections = vec![Connection::Plain; network.layers.len()];
        let (_, hidden_layers) = network.layers.split_last_mut().expect("a network has layers");
        let square =
            zip(hidden_layers, &mut network.connections).filter(|(layer, _)| layer.w.is_square());
        let residual: Vec<(&mut Layer, &mut Connection)> = square.collect();
        let share = 1.0 / residual.len() as f32;
        for (layer, connection) in residual {
            *connection = Connection::Residual;
            layer.w *= share;
            layer.b *= share;
        }
        Ok(network)
    }
}
