//! The settings of a training.

use crate::error::Error;
use crate::isa::Isa;
use crate::network::loss::Loss;
use crate::training::optimizer::Optimizer;
use serde::{Deserialize, Serialize};

/// Trains a network by stochastic gradient descent on mini-batches.
///
/// The default is the recipe of Laboratory 10. The same seed on the same machine gives the same bits.
///
/// ```
/// use backprop::prelude::*;
/// let data = Data::digits(2000, 500)?;
/// let mut network = Network::new(&[784, 30, 10])?;
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
    /// The seed of the shuffling and of dropout.
    pub seed: u64,
    /// λ of the L2 penalty λ/2 Σ w² over all weights, not the biases: every gradient ∂C/∂W becomes
    /// ∂C/∂W + λ W before the optimizer sees it, as with PyTorch's `weight_decay`. The losses that are
    /// reported are C alone. 0 is off.
    #[serde(default)]
    pub weight_decay: f32,
    /// p of dropout: the share of the neurons of each hidden layer that is silenced, anew in each
    /// mini-batch; the others are multiplied by 1/(1 − p). The seed decides. The running loss is then that
    /// of the thinned networks; evaluation uses all neurons. 0 is off.
    #[serde(default)]
    pub dropout: f32,
    /// Early stopping: the number of epochs in a row without a lower loss on the validation set (on the
    /// test set where the data have none) after which the training ends. Whenever it ends, the network
    /// gets the parameters of its best epoch back. None is off.
    #[serde(default)]
    pub patience: Option<usize>,
    /// After which epochs the network is measured.
    #[serde(default)]
    pub evaluate: Evaluate,
}

/// After which epochs a network in training is measured on the test set and on a sample of the training
/// set. It always is before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evaluate {
    /// After each.
    #[default]
    EveryEpoch,
    /// After the last one alone; the history has NaN (in JSON null) for the others.
    LastEpoch,
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
            weight_decay: 0.0,
            dropout: 0.0,
            patience: None,
            evaluate: Evaluate::EveryEpoch,
        }
    }
}

impl Trainer {
    /// Checks that the settings make sense.
    pub(super) fn check_settings(&self) -> Result<(), Error> {
        let setting = |what, expected: &str, found: String| {
            Err(Error::Setting { what, expected: expected.to_owned(), found })
        };
        if self.batch_size == 0 {
            return setting("batch size", "at least 1", self.batch_size.to_string());
        }
        if !(self.weight_decay.is_finite() && self.weight_decay >= 0.0) {
            return setting("weight decay", "at least 0", self.weight_decay.to_string());
        }
        if !(0.0..1.0).contains(&self.dropout) {
            return setting("dropout", "at least 0 and below 1", self.dropout.to_string());
        }
        if self.patience == Some(0) {
            return setting("patience", "at least 1", "0".to_owned());
        }
        if self.patience.is_some() && self.evaluate == Evaluate::LastEpoch {
            let expected = "every epoch, since early stopping (patience) goes by it";
            return setting("evaluation", expected, "the last epoch alone".to_owned());
        }
        Isa::choose()?;
        self.optimizer.check()
    }
}
