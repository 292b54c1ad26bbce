//! Making a network: from the sizes of its layers, and what else is said by name.

mod convolutions;
mod residual;
#[cfg(test)]
mod tests;

use crate::error::Error;
use crate::network::activation::Activation;
use crate::network::connection::Connection;
use crate::network::convolution::Convolution;
use crate::network::init::Initializer;
use crate::network::layer::Layer;
use crate::network::loss::Loss;
use crate::network::{Initialization, Network};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

/// What a network is to be; [`build`](NetworkBuilder::build) makes it.
///
/// What is not said is as in the lab's recipe: sigmoid in the hidden layers, log-softmax at the output,
/// PyTorch's initialisation, seed 0.
///
/// ```
/// use backprop::prelude::*;
/// let network = Network::builder(&[784, 30, 30, 10]).hidden(Activation::Relu).seed(3).build()?;
/// assert_eq!(
///     network.to_string(),
///     "784 → 30 ReLU → 30 ReLU → 10 log-softmax, 24,790 parameters"
/// );
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "`build` makes the network"]
pub struct NetworkBuilder {
    sizes: Vec<usize>,
    hidden: Activation,
    output: Activation,
    initializer: Initializer,
    seed: u64,
    is_residual: bool,
    convolutions: Option<Convolutions>,
}

/// What stands between the inputs and the fully connected layers.
#[derive(Clone, Debug, PartialEq)]
struct Convolutions {
    /// Height and width of an image, in pixels.
    image: (usize, usize),
    /// One behind the other.
    list: Vec<Convolution>,
}

impl Network {
    /// Makes a network of the given `sizes`, inputs first, as the lab's recipe has it: sigmoid in the hidden
    /// layers, log-softmax at the output, PyTorch's initialisation, seed 0. [`Network::builder`] makes others.
    ///
    /// # Errors
    /// Fewer than two sizes, or a size of 0.
    ///
    /// ```
    /// use backprop::Network;
    /// let network = Network::new(&[784, 30, 10])?;
    /// assert_eq!(network.parameter_count(), 784 * 30 + 30 + 30 * 10 + 10);
    /// # Ok::<(), backprop::Error>(())
    /// ```
    pub fn new(sizes: &[usize]) -> Result<Network, Error> {
        Network::builder(sizes).build()
    }

    /// Begins the description of a network of the given `sizes`, inputs first.
    pub fn builder(sizes: &[usize]) -> NetworkBuilder {
        NetworkBuilder {
            sizes: sizes.to_vec(),
            hidden: Activation::Sigmoid,
            output: Loss::NegativeLogLikelihood.output_activation(),
            initializer: Initializer::PyTorch,
            seed: 0,
            is_residual: false,
            convolutions: None,
        }
    }
}

impl NetworkBuilder {
    /// Sets the activation of all layers but the last.
    pub fn hidden(mut self, activation: Activation) -> NetworkBuilder {
        self.hidden = activation;
        self
    }

    /// Sets the activation of the last layer.
    pub fn output(mut self, activation: Activation) -> NetworkBuilder {
        self.output = activation;
        self
    }

    /// Sets how the first parameters are drawn.
    pub fn initializer(mut self, initializer: Initializer) -> NetworkBuilder {
        self.initializer = initializer;
        self
    }

    /// Sets the seed of the first parameters; the same seed gives the same ones.
    pub fn seed(mut self, seed: u64) -> NetworkBuilder {
        self.seed = seed;
        self
    }

    /// Makes every fully connected hidden layer residual that has as many neurons as inputs: it passes on
    /// a^l + h^(l−1), its input added to its activations, so that very deep networks train.
    ///
    /// The first parameters of the k residual layers are divided by k, so that on the way back they change
    /// the gradient together as much as one layer would, however many they are; activations that are not 0 at
    /// z = 0, such as the sigmoid's, add up all the same. Source: Hanin, Rolnick 2018, arXiv:1803.01719.
    ///
    /// ```
    /// use backprop::prelude::*;
    /// let builder = Network::builder(&[1, 1, 1]).hidden(Activation::Relu).output(Activation::Identity);
    /// let mut network = builder.residual().build()?;
    /// network.set_parameters(&[2.0, 0.0, 3.0, 0.0])?; // w¹, b¹, w², b²
    /// assert_eq!(network.forward(&array![[1.0]])?, array![[9.0]]); // 3 (2 · 1 + 1)
    /// # Ok::<(), Error>(())
    /// ```
    pub fn residual(mut self) -> NetworkBuilder {
        self.is_residual = true;
        self
    }

    /// Lets the network look at images of height × width pixels, its inputs, through `convolutions`, one behind
    /// the other. The fully connected layers, which the sizes behind the inputs describe, come after them.
    ///
    /// Of a convolution the weights W are filters × (channels · k²), each row a kernel; in [`Network::trace`]
    /// its z and a are filters × (positions · N).
    ///
    /// ```
    /// use backprop::prelude::*;
    /// let convolutions = [
    ///     Convolution { filters: 8, kernel: 5, pool: 2 },  // 28 × 28 → 8 maps of 24 × 24 → 12 × 12
    ///     Convolution { filters: 16, kernel: 5, pool: 2 }, // → 16 maps of 8 × 8 → 4 × 4
    /// ];
    /// let builder = Network::builder(&[784, 10]).convolutions((28, 28), &convolutions);
    /// let network = builder.hidden(Activation::Relu).build()?;
    /// assert_eq!(network.sizes(), [784, 8 * 24 * 24, 16 * 8 * 8, 10]);
    /// assert_eq!(network.parameter_count(), (25 + 1) * 8 + (8 * 25 + 1) * 16 + (16 * 16 + 1) * 10);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn convolutions(
        mut self,
        image: (usize, usize),
        convolutions: &[Convolution],
    ) -> NetworkBuilder {
        self.convolutions = Some(Convolutions { image, list: convolutions.to_vec() });
        self
    }

    /// Makes the network, with fresh parameters.
    ///
    /// # Errors
    /// Fewer than two sizes, or a size of 0; of convolutions, images that are not as many pixels as there are
    /// inputs, a number of filters, a kernel or a pool of 0, and kernels or pools larger than what they see.
    pub fn build(&self) -> Result<Network, Error> {
        if self.sizes.len() < 2 || self.sizes.contains(&0) {
            return Err(Error::Setting {
                what: "sizes of a network",
                expected: "at least two, inputs and outputs, each at least 1".to_owned(),
                found: format!("{:?}", self.sizes),
            });
        }
        let (inputs, neurons) = (self.sizes[0], &self.sizes[1..]);
        let (convolutions, mut n_in) = match &self.convolutions {
            Some(convolutions) => convolutions.on(inputs)?,
            None => (Vec::new(), inputs),
        };
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(self.seed);
        let mut draw = |n_out, n_in, activation| {
            let (w, b) = self.initializer.draw(n_out, n_in, &mut rng);
            Layer { w, b, activation }
        };
        let (mut layers, mut connections) = (Vec::new(), Vec::new());
        for (convolution, input) in convolutions {
            let of_patch = input.channels * convolution.kernel.pow(2);
            layers.push(draw(convolution.filters, of_patch, self.hidden));
            connections.push(Connection::Convolution { convolution, input });
        }
        for (l, &n_out) in (1..).zip(neurons) {
            let is_output = l == neurons.len();
            layers.push(draw(n_out, n_in, if is_output { self.output } else { self.hidden }));
            connections.push(Connection::Plain);
            n_in = n_out;
        }
        if self.is_residual {
            residual::join(&mut layers, &mut connections);
        } else if self.convolutions.is_none() {
            connections.clear();
        }
        let initialization =
            Some(Initialization { initializer: self.initializer, seed: self.seed });
        Ok(Network { layers, connections, initialization })
    }
}
