//! The grid: every combination of the values on the axes.

use crate::data::Data;
use crate::error::Error;
use crate::network::Network;
use crate::network::activation::Activation;
use crate::network::init::Initializer;
use crate::network::loss::Loss;
use crate::training::optimizer::Optimizer;
use crate::training::settings::Trainer;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;

/// A grid of experiments: every combination of the values in its lists, each trained the same way.
///
/// The default is the one experiment of Laboratory 10's first part.
///
/// ```
/// use backprop::prelude::*;
///
/// let sweep = Sweep {
///     depths: vec![1, 2, 3, 4, 5],
///     activations: vec![Activation::Sigmoid, Activation::Relu],
///     ..Sweep::default()
/// };
/// assert_eq!(sweep.experiments().len(), 10);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sweep {
    /// The activations of the hidden layers.
    pub activations: Vec<Activation>,
    /// The numbers of hidden layers.
    pub depths: Vec<usize>,
    /// The numbers of neurons in each hidden layer.
    pub widths: Vec<usize>,
    /// How the first parameters are drawn.
    pub initializers: Vec<Initializer>,
    /// How steps are made of gradients.
    pub optimizers: Vec<Optimizer>,
    /// The fractions of the training images that are used, above 0 to 1; see [`Data::subset_fraction`].
    pub fractions: Vec<f64>,
    /// The seeds of initialisation, shuffling and the choice of images: repetitions, over which figures
    /// take the mean.
    pub seeds: Vec<u64>,
    /// How often each run goes through the training set.
    pub epochs: usize,
    /// Examples in a mini-batch.
    pub batch_size: usize,
    /// The loss of all runs; the output layer is log-softmax for the negative log-likelihood and
    /// sigmoid for the quadratic cost.
    pub loss: Loss,
}

impl Default for Sweep {
    fn default() -> Sweep {
        let Experiment { activation, depth, width, initializer, optimizer, fraction, seed } =
            Experiment::default();
        let Trainer { epochs, batch_size, loss, .. } = Trainer::default();
        Sweep {
            activations: vec![activation],
            depths: vec![depth],
            widths: vec![width],
            initializers: vec![initializer],
            optimizers: vec![optimizer],
            fractions: vec![fraction],
            seeds: vec![seed],
            epochs,
            batch_size,
            loss,
        }
    }
}

/// One point of the grid: what sets one run apart from the others of its sweep.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Experiment {
    /// The activation of the hidden layers.
    pub activation: Activation,
    /// The number of hidden layers.
    pub depth: usize,
    /// The number of neurons in each hidden layer.
    pub width: usize,
    /// How the first parameters are drawn.
    pub initializer: Initializer,
    /// How a step is made of a gradient.
    pub optimizer: Optimizer,
    /// The fraction of the training images that is used.
    pub fraction: f64,
    /// The seed of initialisation, shuffling and the choice of images.
    pub seed: u64,
}

impl Default for Experiment {
    fn default() -> Experiment {
        let Trainer { optimizer, seed, .. } = Trainer::default();
        Experiment {
            activation: Activation::Sigmoid,
            depth: 1,
            width: 30,
            initializer: Initializer::PyTorch,
            optimizer,
            fraction: 1.0,
            seed,
        }
    }
}

impl Experiment {
    /// The settings in words, one phrase for each axis but the seed.
    pub(crate) fn phrases(&self) -> Vec<String> {
        let layers = if self.depth == 1 { "layer" } else { "layers" };
        vec![
            self.activation.to_string(),
            format!("{} hidden {layers}", self.depth),
            format!("{} neurons a hidden layer", self.width),
            format!("{} initialisation", self.initializer),
            self.optimizer.to_string(),
            match self.fraction {
                1.0 => "all training images".to_owned(),
                fraction => format!("{} % of the training images", percent(fraction)),
            },
        ]
    }

    /// Whether the two differ in nothing but the seed.
    pub(crate) fn repeats(&self, other: &Experiment) -> bool {
        Experiment { seed: other.seed, ..*self } == *other
    }
}

impl Sweep {
    /// Lists the experiments of the grid; the seed varies fastest, the activation slowest.
    pub fn experiments(&self) -> Vec<Experiment> {
        let grid = vec![Experiment::default()];
        let grid = vary(grid, &self.activations, |experiment, value| experiment.activation = value);
        let grid = vary(grid, &self.depths, |experiment, value| experiment.depth = value);
        let grid = vary(grid, &self.widths, |experiment, value| experiment.width = value);
        let grid =
            vary(grid, &self.initializers, |experiment, value| experiment.initializer = value);
        let grid = vary(grid, &self.optimizers, |experiment, value| experiment.optimizer = value);
        let grid = vary(grid, &self.fractions, |experiment, value| experiment.fraction = value);
        vary(grid, &self.seeds, |experiment, value| experiment.seed = value)
    }

    /// Lists the experiments in groups that differ in nothing but the seed.
    pub(crate) fn groups(&self) -> Vec<Vec<Experiment>> {
        self.experiments().chunk_by(Experiment::repeats).map(<[Experiment]>::to_vec).collect()
    }

    /// Says in words what sets an experiment apart from the others but its seed: "ReLU, 2 hidden layers".
    pub fn label(&self, experiment: &Experiment) -> String {
        self.phrases_that_vary(experiment, true).join(", ")
    }

    /// Says in words what all experiments have in common.
    pub(crate) fn common(&self) -> String {
        let first = self.experiments().first().copied().unwrap_or_default();
        self.phrases_that_vary(&first, false).join(", ")
    }

    fn phrases_that_vary(&self, experiment: &Experiment, vary: bool) -> Vec<String> {
        let all: Vec<Vec<String>> = self.experiments().iter().map(Experiment::phrases).collect();
        let varies = |axis: usize| all.iter().any(|phrases| phrases[axis] != all[0][axis]);
        let phrases = experiment.phrases().into_iter().enumerate();
        phrases.filter(|(axis, _)| varies(*axis) == vary).map(|(_, phrase)| phrase).collect()
    }

    /// Makes the network of an experiment, with fresh parameters.
    pub(crate) fn network(&self, experiment: &Experiment, data: &Data) -> Result<Network, Error> {
        let Experiment { activation, depth, width, initializer, seed, .. } = *experiment;
        let hidden = vec![width; depth];
        let sizes = [&[data.train.inputs()], &hidden[..], &[data.train.classes().len()]].concat();
        let output = self.loss.output_activation();
        let builder = Network::builder(&sizes).hidden(activation).output(output);
        builder.initializer(initializer).seed(seed).build()
    }

    /// Takes the data of an experiment.
    pub(crate) fn data<'a>(
        &self,
        experiment: &Experiment,
        data: &'a Data,
    ) -> Result<Cow<'a, Data>, Error> {
        match experiment.fraction {
            1.0 => Ok(Cow::Borrowed(data)),
            fraction => data.subset_fraction(fraction, experiment.seed).map(Cow::Owned),
        }
    }

    /// Makes the trainer of an experiment.
    pub(crate) fn trainer(&self, experiment: &Experiment) -> Trainer {
        Trainer {
            loss: self.loss,
            epochs: self.epochs,
            batch_size: self.batch_size,
            optimizer: experiment.optimizer,
            seed: experiment.seed,
            ..Trainer::default()
        }
    }

    /// Checks before anything is run that every experiment can be.
    pub(crate) fn check(&self, data: &Data) -> Result<(), Error> {
        self.check_axes()?;
        for experiment in &self.experiments() {
            let data = self.data(experiment, data)?;
            self.trainer(experiment).check(&self.network(experiment, &data)?, &data)?;
        }
        Ok(())
    }

    fn check_axes(&self) -> Result<(), Error> {
        for (axis, values) in self.fields() {
            let Value::Array(list) = &values else { continue };
            let repeated = (1..list.len()).any(|i| list[..i].contains(&list[i]));
            if list.is_empty() || repeated {
                return Err(Error::Setting {
                    what: "list of a sweep",
                    expected: format!("at least one value in `{axis}`, and each once"),
                    found: values.to_string(),
                });
            }
        }
        Ok(())
    }

    /// The settings as the results file has them, by name.
    fn fields(&self) -> serde_json::Map<String, Value> {
        // By way of text: a Value made of an f32 directly has other digits than the file.
        let text = serde_json::to_string(self).expect("a sweep has no keys but strings");
        serde_json::from_str(&text).expect("a sweep is an object")
    }
}

/// Writes a fraction in hundredths, without the digits that are rounding: 0.001 is 0.1.
fn percent(fraction: f64) -> f64 {
    (fraction * 1e8).round() / 1e6
}

/// Multiplies a grid by the values of one more axis.
fn vary<T: Copy>(
    grid: Vec<Experiment>,
    values: &[T],
    set: fn(&mut Experiment, T),
) -> Vec<Experiment> {
    let mut varied = Vec::with_capacity(grid.len() * values.len());
    for experiment in grid {
        for &value in values {
            let mut experiment = experiment;
            set(&mut experiment, value);
            varied.push(experiment);
        }
    }
    varied
}
