//! Making a network that looks at images through convolutions.

mod residual;

use crate::error::Error;
use crate::network::activation::Activation;
use crate::network::connection::Connection;
use crate::network::convolution::Convolution;
use crate::network::init::Initializer;
use crate::network::layer::Layer;
use crate::network::maps::MapShape;
use crate::network::{Initialization, Network};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

impl Network {
    /// Makes a network that looks at images of height × width pixels through `convolutions`, one behind
    /// the other, and then through fully connected layers of `sizes` neurons, outputs last.
    ///
    /// All layers but the last share one activation. Of a convolution the weights W are filters ×
    /// (channels · k²), each row a kernel; in [`Network::trace`] its z and a are filters × (positions · N).
    ///
    /// # Errors
    /// A size, a number of filters, a kernel or a pool of 0; kernels or pools larger than what they see.
    ///
    /// ```
    /// use backprop::prelude::*;
    /// let convolutions = [
    ///     Convolution { filters: 8, kernel: 5, pool: 2 },  // 28 × 28 → 8 maps of 24 × 24 → 12 × 12
    ///     Convolution { filters: 16, kernel: 5, pool: 2 }, // → 16 maps of 8 × 8 → 4 × 4
    /// ];
    /// let (hidden, output) = (Activation::Relu, Activation::LogSoftmax);
    /// let network =
    ///     Network::convolutional((28, 28), &convolutions, &[10], hidden, output, Initializer::PyTorch, 0)?;
    /// assert_eq!(network.sizes(), [784, 8 * 24 * 24, 16 * 8 * 8, 10]);
    /// assert_eq!(network.parameter_count(), (25 + 1) * 8 + (8 * 25 + 1) * 16 + (16 * 16 + 1) * 10);
    /// # Ok::<(), backprop::Error>(())
    /// ```
    pub fn convolutional(
        (height, width): (usize, usize),
        convolutions: &[Convolution],
        sizes: &[usize],
        hidden: Activation,
        output: Activation,
        initializer: Initializer,
        seed: u64,
    ) -> Result<Network, Error> {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut draw = |n_out, n_in, activation| {
            let (w, b) = initializer.draw(n_out, n_in, &mut rng);
            Layer { w, b, activation }
        };
        let (mut layers, mut connections) = (Vec::new(), Vec::new());
        let mut input = MapShape { channels: 1, height, width };
        for &convolution in convolutions {
            check(convolution, input)?;
            let Convolution { filters, kernel, pool } = convolution;
            layers.push(draw(filters, input.channels * kernel * kernel, hidden));
            connections.push(Connection::Convolution { convolution, input });
            input = input.convolved(convolution).pooled(pool);
        }
        if sizes.is_empty() || sizes.contains(&0) {
            return Err(Error::Setting {
                what: "sizes of the layers behind the convolutions",
                expected: "at least one, the outputs, each at least 1".to_owned(),
                found: format!("{sizes:?}"),
            });
        }
        let mut n_in = input.len();
        for (l, &n_out) in (1..).zip(sizes) {
            layers.push(draw(n_out, n_in, if l == sizes.len() { output } else { hidden }));
            connections.push(Connection::Plain);
            n_in = n_out;
        }
        let initialization = Some(Initialization { initializer, seed });
        Ok(Network { layers, connections, initialization })
    }
}

/// Checks that a convolution leaves something of the images or feature maps that it sees.
fn check(convolution: Convolution, input: MapShape) -> Result<(), Error> {
    let Convolution { filters, kernel, pool } = convolution;
    let side = input.height.min(input.width);
    let fits = 1 <= kernel && kernel <= side && 1 <= pool && pool <= side + 1 - kernel;
    if filters == 0 || !fits {
        return Err(Error::Setting {
            what: "convolution",
            expected: format!(
                "at least 1 filter, and a kernel and a pool, each at least 1, that fit in maps of {} × {}",
                input.height, input.width
            ),
            found: format!("filters: {filters}, kernel: {kernel}, pool: {pool}"),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
