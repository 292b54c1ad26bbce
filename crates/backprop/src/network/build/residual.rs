//! Which layers of a residual network are residual, and their smaller first parameters.

use crate::network::connection::Connection;
use crate::network::layer::Layer;
use std::iter::zip;

/// Makes every plain hidden layer residual that has as many neurons as inputs.
pub(super) fn join(layers: &mut [Layer], connections: &mut [Connection]) {
    let Some((_, hidden)) = layers.split_last_mut() else { return };
    let fits = |(layer, connection): &(&mut Layer, &mut Connection)| {
        **connection == Connection::Plain && layer.w.is_square()
    };
    let residual: Vec<(&mut Layer, &mut Connection)> =
        zip(hidden, connections).filter(fits).collect();
    let share = 1.0 / residual.len() as f32;
    for (layer, connection) in residual {
        *connection = Connection::Residual;
        layer.w *= share;
        layer.b *= share;
    }
}
