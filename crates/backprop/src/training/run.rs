//! A training as it runs: epochs, mini-batches, and what is measured between them.

use crate::data::{Batch, Data, Dataset};
use crate::error::Error;
use crate::fast::{self, Training};
use crate::network::Network;
use crate::training::dropout::Dropout;
use crate::training::early_stopping::EarlyStopping;
use crate::training::history::{Evaluation, History, Outcome};
use crate::training::interrupt::Interrupt;
use crate::training::optimizer::OptimizerState;
use crate::training::settings::{Evaluate, Trainer};
use crate::training::weight_decay::decay;
use ndarray_rand::rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::thread;
use std::time::Instant;

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
    /// An epoch was trained and evaluated: the last entry of the history's lists, and the network as
    /// it is now.
    Epoch(&'a History, &'a Network),
}

/// The images of the training set on which the network is measured after each epoch.
const SAMPLE: usize = 5_000;

impl Trainer {
    /// Trains the network and reports each mini-batch and each epoch to `progress`, which can stop it;
    /// so can an interrupt of the notebook's kernel.
    ///
    /// Whatever the outcome, the network keeps its last parameters (with early stopping those of its best
    /// epoch) and the history what was measured.
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
            History::new(self, network, data.description(), self.measure(network, data));
        let mut descent = OptimizerState::new(self.optimizer);
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(self.seed);
        rng.long_jump(); // a stream apart from the one that an initialiser of the same seed uses
        let mut order: Vec<usize> = (0..data.train.len()).collect();
        let mut early = self.patience.map(EarlyStopping::new);
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
            let after = match self.evaluate {
                Evaluate::LastEpoch if epoch < self.epochs => {
                    Evaluation::unknown(network.layers.len(), data.validation.is_some())
                }
                _ => self.measure(network, data),
            };
            let evaluation_seconds = started.elapsed().as_secs_f64() - seconds;
            history.push(pass.mean_loss(), seconds, after, evaluation_seconds);
            let loss = history.watched_loss();
            let over = early.as_mut().is_some_and(|early| early.is_over(epoch, loss, network));
            let asked = progress(Progress::Epoch(&history, network)).is_break();
            if (asked || over) && epoch < self.epochs {
                history.outcome = match asked {
                    true => Outcome::Interrupted { epoch: epoch + 1, batches: 0 },
                    false => Outcome::StoppedEarly { epoch },
                };
                break;
            }
        }
        history.best_epoch = early.and_then(|early| early.restore(network));
        self.finish(&mut history, network, data);
        Ok(history)
    }

    /// Goes once through the training examples in the given order and returns the loss of each
    /// mini-batch, taken before its update.
    ///
    /// This is the whole of what [`Trainer::train`] does in an epoch, without its shuffling.
    ///
    /// # Errors
    /// A network that does not fit the images, the loss or the optimizer's state, or an index without an
    /// image; the network is left as it was.
    pub fn epoch(
        &self,
        network: &mut Network,
        descent: &mut OptimizerState,
        train: &Dataset,
        order: &[usize],
    ) -> Result<Vec<f64>, Error> {
        self.check_settings()?;
        self.check_network(network, train)?;
        descent.check(network)?;
        if let Some(index) = order.iter().find(|&&index| index >= train.len()) {
            return Err(Error::Shape {
                what: "order of the examples",
                expected: format!("indices below {}", train.len()),
                found: index.to_string(),
            });
        }
        let mut carry_on = |_| ControlFlow::Continue(());
        let pass = self.pass(network, descent, train, order, &mut carry_on);
        Ok(pass.losses.into_iter().map(f64::from).collect())
    }

    fn pass(
        &self,
        network: &mut Network,
        descent: &mut OptimizerState,
        train: &Dataset,
        order: &[usize],
        report: &mut dyn FnMut(usize) -> ControlFlow<()>,
    ) -> Pass {
        let path = fast::isa_for(network, self.loss).filter(|_| self.dropout == 0.0);
        let mut losses = Vec::with_capacity(order.len().div_ceil(self.batch_size));
        let mut each = |batch: &mut dyn FnMut(&[usize], &[usize]) -> f32| {
            let mut batches = order.chunks(self.batch_size).peekable();
            while let Some(indices) = batches.next() {
                let loss = batch(indices, batches.peek().copied().unwrap_or_default());
                if !loss.is_finite() {
                    return Some(Stop::NotFinite);
                }
                losses.push(loss);
                if report(losses.len()).is_break() {
                    return Some(Stop::Asked);
                }
            }
            None
        };
        let stopped = match path {
            Some(path) => {
                let (size, decay) = (self.batch_size, self.weight_decay);
                let mut training = Training::new(path, network, descent, train, size, decay);
                let stopped = each(&mut |indices, next| training.batch(indices, next));
                training.finish(network, descent);
                stopped
            }
            None => {
                let mut dropout = Dropout::new(self.dropout, self.seed, descent.steps());
                each(&mut |indices, _| self.batch(network, descent, train, &mut dropout, indices))
            }
        };
        Pass { losses, stopped }
    }

    /// Trains on a mini-batch and returns its loss, taken before the update. Where that is not finite,
    /// there is no update.
    fn batch(
        &self,
        network: &mut Network,
        descent: &mut OptimizerState,
        train: &Dataset,
        dropout: &mut Dropout,
        indices: &[usize],
    ) -> f32 {
        let Batch { x, y } = train.batch(indices);
        let masks = dropout.masks(network, indices.len());
        let (loss, mut gradients) =
            network.pass_with(&masks).backpropagate(x.view(), &y, self.loss);
        if loss.is_finite() {
            if self.weight_decay > 0.0 {
                decay(&mut gradients, &network.layers, self.weight_decay);
            }
            descent.take_step(network, &gradients);
        }
        loss
    }

    /// Measures the network, on the test set and on the sample of the training set at the same time.
    fn measure(&self, network: &Network, data: &Data) -> Evaluation {
        let count = data.train.len().min(SAMPLE);
        let (test, validation, (sample, gradient_norms)) = thread::scope(|scope| {
            let sample =
                scope.spawn(|| network.evaluate_with_gradient_norms(&data.train, count, self.loss));
            let evaluate = |set| network.score(set, self.loss);
            let (test, validation) = (evaluate(&data.test), data.validation.as_ref().map(evaluate));
            (test, validation, sample.join().unwrap_or_else(|panic| resume_unwind(panic)))
        });
        Evaluation {
            test_loss: test.loss,
            test_accuracy: test.accuracy,
            validation_loss: validation.map(|score| score.loss),
            validation_accuracy: validation.map(|score| score.accuracy),
            sample_loss: sample.loss,
            sample_accuracy: sample.accuracy,
            gradient_norms,
        }
    }

    /// Measures the network as it is left, on both whole sets at the same time.
    fn finish(&self, history: &mut History, network: &Network, data: &Data) {
        let (train, test) = thread::scope(|scope| {
            let test = scope.spawn(|| network.score(&data.test, self.loss));
            let train = network.score(&data.train, self.loss);
            (train, test.join().unwrap_or_else(|panic| resume_unwind(panic)))
        });
        history.train_loss_after = train.loss;
        history.train_accuracy_after = train.accuracy;
        history.test_loss_after = test.loss;
        history.test_accuracy_after = test.accuracy;
    }

    /// Checks that the settings make sense and that the network fits the data and the loss.
    pub(crate) fn check(&self, network: &Network, data: &Data) -> Result<(), Error> {
        self.check_settings()?;
        let sets = [Some(&data.train), Some(&data.test), data.validation.as_ref()];
        sets.into_iter().flatten().try_for_each(|set| self.check_network(network, set))
    }

    fn check_network(&self, network: &Network, set: &Dataset) -> Result<(), Error> {
        network.check_set(set)?;
        self.loss.check_output(network.output_activation())
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
