use crate::activation::Activation;
use crate::backprop::backpropagate;
use crate::data::{Data, Dataset};
use crate::error::Error;
use crate::history::{Evaluation, History, Outcome};
use crate::interrupt::Interrupt;
use crate::loss::Loss;
use crate::network::Network;
use crate::optimizer::{Descent, Optimizer};
use ndarray_rand::rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;
use std::time::Instant;

/// Trains a network by stochastic gradient descent on mini-batches.
///
/// The default is the recipe of Laboratory 10. The same seed on the same machine gives the same bits.
///
/// ```
/// use backprop::prelude::*;
/// let data = Data::digits(2000, 500)?;
/// let mut network = Network::new(&[784, 30, 10], Activation::Sigmoid, Activation::LogSoftmax, Initializer::PyTorch, 0)?;
/// let trainer = Trainer { epochs: 2, optimizer: Optimizer::sgd(0.1, 0.9), ..Trainer::default() };
/// let history = trainer.train(&mut network, &data)?;
/// assert!(history.running_loss[1] < history.running_loss[0]);
/// # Ok::<(), backprop::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trainer {
    /// The loss to bring down.
    pub loss: Loss,
    /// How often the training set is gone through.
    pub epochs: usize,
    /// Examples in a mini-batch, from 1; the last batch of an epoch may be smaller.
    pub batch_size: usize,
    /// How a step is made of a gradient.
    pub optimizer: Optimizer,
    /// Whether the training examples are shuffled before each epoch.
    pub shuffle: bool,
    /// The seed of the shuffling.
    pub seed: u64,
}

impl Default for Trainer {
    fn default() -> Trainer {
        Trainer {
            loss: Loss::NegativeLogLikelihood,
            epochs: 15,
            batch_size: 64,
            optimizer: Optimizer::sgd(0.003, 0.9),
            shuffle: true,
            seed: 0,
        }
    }
}

/// Where a training is.
#[derive(Clone, Copy, Debug)]
pub enum Progress<'a> {
    /// A mini-batch was trained.
    Batch {
        /// The epoch, from 1.
        epoch: usize,
        /// The mini-batches of this epoch that are done.
        batch: usize,
        /// The mini-batches of an epoch.
        batches: usize,
    },
    /// An epoch was trained and evaluated: the last entry of the history's lists.
    Epoch(&'a History),
}

/// The images of the training set on which the network is measured after each epoch.
const SAMPLE: usize = 5_000;

impl Trainer {
    /// Trains the network and reports each mini-batch and each epoch to `progress`, which can stop it;
    /// so can an interrupt of the notebook's kernel.
    ///
    /// Whatever the outcome, the network keeps its last parameters and the history what was measured.
    ///
    /// # Errors
    /// Settings that make no sense, or a network that does not fit the data or the loss; the network is
    /// left as it was.
    pub fn train_with(
        &self,
        network: &mut Network,
        data: &Data,
        progress: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
    ) -> Result<History, Error> {
        self.check(network, data)?;
        let mut history =
            History::new(self, network, data.description(), self.evaluate(network, data));
        let mut descent = Descent::new(self.optimizer);
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(self.seed);
        rng.long_jump(); // a stream apart from the one that an initialiser of the same seed uses
        let mut order: Vec<usize> = (0..data.train.len()).collect();
        let interrupt = Interrupt::watch();
        for epoch in 1..=self.epochs {
            let started = Instant::now();
            if self.shuffle {
                order.shuffle(&mut rng);
            }
            let batches = order.len().div_ceil(self.batch_size);
            let mut report = |batch| match interrupt.is_asked() {
                true => ControlFlow::Break(()),
                false => progress(Progress::Batch { epoch, batch, batches }),
            };
            let pass = self.pass(network, &mut descent, &data.train, &order, &mut report);
            if let Some(outcome) = pass.outcome(epoch) {
                history.outcome = outcome;
                break;
            }
            let seconds = started.elapsed().as_secs_f64();
            let after = self.evaluate(network, data);
            let evaluation_seconds = started.elapsed().as_secs_f64() - seconds;
            history.push(pass.mean_loss(), seconds, after, evaluation_seconds);
            if progress(Progress::Epoch(&history)).is_break() && epoch < self.epochs {
                history.outcome = Outcome::Interrupted { epoch: epoch + 1, batches: 0 };
                break;
            }
        }
        self.finish(&mut history, network, data);
        Ok(history)
    }

    /// Goes once through the training examples in the given order and returns the loss of each
    /// mini-batch, taken before its update.
    ///
    /// This is the whole of what [`Trainer::train`] does in an epoch, without its shuffling.
    ///
    /// # Errors
    /// A network that does not fit the images or the loss, or an index without an image; the network is
    /// left as it was.
    pub fn epoch(
        &self,
        network: &mut Network,
        descent: &mut Descent,
        train: &Dataset,
        order: &[usize],
    ) -> Result<Vec<f32>, Error> {
        self.check_settings()?;
        self.check_network(network, train)?;
        if let Some(index) = order.iter().find(|&&index| index >= train.len()) {
            return Err(Error::Shape {
                what: "order of the examples",
                expected: format!("indices below {}", train.len()),
                found: index.to_string(),
            });
        }
        let mut carry_on = |_| ControlFlow::Continue(());
        Ok(self.pass(network, descent, train, order, &mut carry_on).losses)
    }

    fn pass(
        &self,
        network: &mut Network,
        descent: &mut Descent,
        train: &Dataset,
        order: &[usize],
        report: &mut dyn FnMut(usize) -> ControlFlow<()>,
    ) -> Pass {
        let mut losses = Vec::with_capacity(order.len().div_ceil(self.batch_size));
        for indices in order.chunks(self.batch_size) {
            let (x, y) = train.batch(indices);
            let (loss, gradients) = backpropagate(&network.layers, x.view(), &y, self.loss);
            if !loss.is_finite() {
                return Pass { losses, stopped: Some(Stop::NotFinite) };
            }
            descent.step(network, &gradients);
            losses.push(loss);
            if report(losses.len()).is_break() {
                return Pass { losses, stopped: Some(Stop::Asked) };
            }
        }
        Pass { losses, stopped: None }
    }

    fn evaluate(&self, network: &Network, data: &Data) -> Evaluation {
        let test = network.evaluate(&data.test, self.loss);
        let count = data.train.len().min(SAMPLE);
        let (sample, gradient_norms) =
            network.evaluate_with_gradient_norms(&data.train, count, self.loss);
        Evaluation {
            test_loss: test.loss,
            test_accuracy: test.accuracy,
            sample_loss: sample.loss,
            sample_accuracy: sample.accuracy,
            gradient_norms,
        }
    }

    /// Measures what the last update left, on both whole sets.
    fn finish(&self, history: &mut History, network: &Network, data: &Data) {
        let train = network.evaluate(&data.train, self.loss);
        let test = network.evaluate(&data.test, self.loss);
        history.train_loss_after = train.loss;
        history.train_accuracy_after = train.accuracy;
        history.test_loss_after = test.loss;
        history.test_accuracy_after = test.accuracy;
    }

    fn check(&self, network: &Network, data: &Data) -> Result<(), Error> {
        self.check_settings()?;
        self.check_network(network, &data.train)?;
        self.check_network(network, &data.test)
    }

    fn check_settings(&self) -> Result<(), Error> {
        let setting = |what, expected: &str, found: String| {
            Err(Error::Setting { what, expected: expected.to_owned(), found })
        };
        if self.batch_size == 0 {
            return setting("batch size", "at least 1", self.batch_size.to_string());
        }
        self.optimizer.check()
    }

    fn check_network(&self, network: &Network, set: &Dataset) -> Result<(), Error> {
        network.check_batch((set.inputs(), 1), (set.classes().len(), 1))?;
        let output = network.output_activation();
        if self.loss == Loss::NegativeLogLikelihood && output != Some(Activation::LogSoftmax) {
            return Err(Error::Setting {
                what: "output layer for the negative log-likelihood, which takes log-probabilities",
                expected: Activation::LogSoftmax.to_string(),
                found: output.map_or("no layer".to_owned(), |activation| activation.to_string()),
            });
        }
        Ok(())
    }
}

/// One way through the training set, or the part of it that was done.
struct Pass {
    losses: Vec<f32>,
    stopped: Option<Stop>,
}

enum Stop {
    Asked,
    NotFinite,
}

impl Pass {
    /// How the training ends, where this pass was stopped.
    fn outcome(&self, epoch: usize) -> Option<Outcome> {
        let batches = self.losses.len();
        self.stopped.as_ref().map(|stop| match stop {
            Stop::Asked => Outcome::Interrupted { epoch, batches },
            Stop::NotFinite => Outcome::Diverged { epoch, batches },
        })
    }

    fn mean_loss(&self) -> f64 {
        self.losses.iter().map(|&loss| f64::from(loss)).sum::<f64>() / self.losses.len() as f64
    }
}
