//! What a training was, and how it went.

use crate::data::Description;
use crate::error::Error;
use crate::network::Network;
use crate::network::architecture::Architecture;
use crate::network::connection::Connection;
use crate::training::settings::{Evaluate, Trainer};
use backprop_protocol::files::write_whole;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::Path;

/// What a training run was, and how it went: one entry an epoch in each list.
///
/// Losses are means over the examples, in nats for the negative log-likelihood; accuracies are
/// fractions; times are seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// The version of this crate.
    pub crate_version: String,
    /// The data set.
    pub data: Description,
    /// The network.
    pub network: Architecture,
    /// The settings of the training, its seed among them.
    pub trainer: Trainer,
    /// The state before the first update.
    pub before: Evaluation,
    /// The mean of the epoch's batch losses, each taken before its update.
    pub running_loss: Vec<f64>,
    /// The loss on the test set after the epoch.
    #[serde(deserialize_with = "null::list")]
    pub test_loss: Vec<f64>,
    /// The accuracy on the test set after the epoch, a fraction.
    #[serde(deserialize_with = "null::list")]
    pub test_accuracy: Vec<f64>,
    /// The loss on the validation set after the epoch; empty where the data have none.
    #[serde(default, deserialize_with = "null::list")]
    pub validation_loss: Vec<f64>,
    /// The accuracy on the validation set after the epoch, a fraction.
    #[serde(default, deserialize_with = "null::list")]
    pub validation_accuracy: Vec<f64>,
    /// The loss on a fixed sample of the training set after the epoch.
    #[serde(deserialize_with = "null::list")]
    pub sample_loss: Vec<f64>,
    /// The accuracy on that sample after the epoch, a fraction.
    #[serde(deserialize_with = "null::list")]
    pub sample_accuracy: Vec<f64>,
    /// ‖∂C/∂b^l‖₂ over that sample after the epoch, one number a layer, first hidden layer to output:
    /// averaged over the examples first, then the norm.
    #[serde(deserialize_with = "null::lists")]
    pub gradient_norms: Vec<Vec<f64>>,
    /// The time that training took, without evaluation.
    pub seconds: Vec<f64>,
    /// The time that evaluation took.
    pub evaluation_seconds: Vec<f64>,
    /// The loss on the whole training set of the network as it is left.
    #[serde(deserialize_with = "null::number")]
    pub train_loss_after: f64,
    /// The accuracy on the whole training set of the network as it is left, a fraction.
    pub train_accuracy_after: f64,
    /// The loss on the test set of the network as it is left.
    #[serde(deserialize_with = "null::number")]
    pub test_loss_after: f64,
    /// The accuracy on the test set of the network as it is left, a fraction.
    pub test_accuracy_after: f64,
    /// The epoch, from 1, whose parameters early stopping has left the network with; none without it.
    #[serde(default)]
    pub best_epoch: Option<usize>,
    /// How the training ended.
    pub outcome: Outcome,
}

/// A network measured on the test set and on the fixed sample of the training set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The loss on the test set.
    #[serde(deserialize_with = "null::number")]
    pub test_loss: f64,
    /// The accuracy on the test set, a fraction.
    pub test_accuracy: f64,
    /// The loss on the validation set, where the data have one.
    #[serde(default)]
    pub validation_loss: Option<f64>,
    /// The accuracy on the validation set, a fraction.
    #[serde(default)]
    pub validation_accuracy: Option<f64>,
    /// The loss on the sample.
    #[serde(deserialize_with = "null::number")]
    pub sample_loss: f64,
    /// The accuracy on the sample, a fraction.
    pub sample_accuracy: f64,
    /// ‖∂C/∂b^l‖₂ over the sample, first hidden layer to output.
    #[serde(deserialize_with = "null::list")]
    pub gradient_norms: Vec<f64>,
}

impl Evaluation {
    /// That of a network of so many layers which nobody measured: NaN.
    pub(crate) fn unknown(layers: usize, has_validation: bool) -> Evaluation {
        let validation = has_validation.then_some(f64::NAN);
        Evaluation {
            test_loss: f64::NAN,
            test_accuracy: f64::NAN,
            validation_loss: validation,
            validation_accuracy: validation,
            sample_loss: f64::NAN,
            sample_accuracy: f64::NAN,
            gradient_norms: vec![f64::NAN; layers],
        }
    }
}

/// How a training ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// All epochs were trained.
    Completed,
    /// It was stopped; the network keeps what it had learnt by then.
    Interrupted {
        /// The epoch in which it was stopped, from 1.
        epoch: usize,
        /// The mini-batches of that epoch that were trained; they are in no list of the history.
        batches: usize,
    },
    /// Early stopping ended it: [`Trainer::patience`] epochs in a row had brought no lower loss.
    StoppedEarly {
        /// The last epoch that was trained, from 1; [`History::best_epoch`] is the one that was kept.
        epoch: usize,
    },
    /// The loss of a mini-batch was not finite, so that nothing could be learnt any more.
    Diverged {
        /// The epoch in which it happened, from 1.
        epoch: usize,
        /// The mini-batches of that epoch that were trained.
        batches: usize,
    },
}

impl History {
    /// Starts the record of a training.
    pub(crate) fn new(
        trainer: &Trainer,
        network: &Network,
        data: &Description,
        before: Evaluation,
    ) -> History {
        History {
            crate_version: env!("CARGO_PKG_VERSION").to_owned(),
            data: data.clone(),
            network: Architecture::of(network),
            trainer: trainer.clone(),
            before,
            running_loss: Vec::new(),
            test_loss: Vec::new(),
            test_accuracy: Vec::new(),
            validation_loss: Vec::new(),
            validation_accuracy: Vec::new(),
            sample_loss: Vec::new(),
            sample_accuracy: Vec::new(),
            gradient_norms: Vec::new(),
            seconds: Vec::new(),
            evaluation_seconds: Vec::new(),
            train_loss_after: f64::NAN,
            train_accuracy_after: f64::NAN,
            test_loss_after: f64::NAN,
            test_accuracy_after: f64::NAN,
            best_epoch: None,
            outcome: Outcome::Completed,
        }
    }

    /// Appends an epoch.
    pub(crate) fn push(
        &mut self,
        running_loss: f64,
        seconds: f64,
        after: Evaluation,
        evaluation_seconds: f64,
    ) {
        self.running_loss.push(running_loss);
        self.seconds.push(seconds);
        self.test_loss.push(after.test_loss);
        self.test_accuracy.push(after.test_accuracy);
        self.validation_loss.extend(after.validation_loss);
        self.validation_accuracy.extend(after.validation_accuracy);
        self.sample_loss.push(after.sample_loss);
        self.sample_accuracy.push(after.sample_accuracy);
        self.gradient_norms.push(after.gradient_norms);
        self.evaluation_seconds.push(evaluation_seconds);
    }

    /// The loss that early stopping watches, after the last epoch: on the validation set, or on the
    /// test set where the data have no validation set.
    pub(crate) fn watched_loss(&self) -> f64 {
        let watched = self.validation_loss.last().or(self.test_loss.last());
        watched.copied().unwrap_or(f64::NAN)
    }

    /// The number of epochs in the lists.
    pub fn epochs(&self) -> usize {
        self.running_loss.len()
    }

    /// The record as JSON, with the names of these fields; numbers that are not finite are null.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a history has no keys but strings")
    }

    /// Writes the JSON to a file, whole or not at all.
    ///
    /// # Errors
    /// When the file cannot be written; what it held before is kept.
    pub fn save(&self, path: &str) -> Result<(), Error> {
        let path = Path::new(path);
        write_whole(path, (self.to_json() + "\n").as_bytes()).map_err(Error::file(path))
    }

    /// What a figure of this run says of itself: data, architecture and seed.
    pub fn caption(&self) -> String {
        let sizes: Vec<String> = self.network.sizes.iter().map(usize::to_string).collect();
        let hidden = self.network.activations.first().map(ToString::to_string).unwrap_or_default();
        let Trainer { seed, weight_decay, dropout, .. } = self.trainer;
        let used = |name, value| match value {
            0.0 => String::new(),
            value => format!(", {name} {value}"),
        };
        let remedies = used("weight decay", weight_decay) + &used("dropout", dropout);
        let kind = match self.network.connections.as_slice() {
            [Connection::Convolution { .. }, ..] => "convolutional network",
            connections if connections.contains(&Connection::Residual) => "residual network",
            _ => "network",
        };
        format!("{} {kind}, {hidden}{remedies}, seed {seed}. Data: {}.", sizes.join("-"), self.data)
    }

    /// One line on epoch `epoch` (from 1), as the training prints it.
    ///
    /// # Panics
    /// When the history has no such epoch.
    #[track_caller]
    pub fn line(&self, epoch: usize) -> String {
        let all = self.epochs();
        assert!((1..=all).contains(&epoch), "epoch {epoch}: expected 1 to {all}");
        let i = epoch - 1;
        let (loss, accuracy) = (self.test_loss[i], 100.0 * self.test_accuracy[i]);
        let measured = match self.trainer.evaluate {
            Evaluate::LastEpoch if epoch < self.trainer.epochs => String::new(),
            _ => format!("test loss {loss:.4}  test accuracy {accuracy:.2} %  "),
        };
        format!(
            "epoch {epoch:>2}/{}  running loss {:.4}  {measured}{:.2} s",
            self.trainer.epochs, self.running_loss[i], self.seconds[i]
        )
    }
}

impl fmt::Display for History {
    /// The run in a few sentences.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.caption())?;
        match self.outcome {
            Outcome::Completed => {}
            Outcome::Interrupted { epoch, batches } => {
                writeln!(f, "Interrupted in epoch {epoch}, after {}.", mini_batches(batches))?;
            }
            Outcome::StoppedEarly { epoch } => {
                let set = if self.validation_loss.is_empty() { "test" } else { "validation" };
                let patience = self.trainer.patience.unwrap_or_default();
                writeln!(
                    f,
                    "Stopped early after epoch {epoch}: no lower loss on the {set} set in {patience} epochs."
                )?;
            }
            Outcome::Diverged { epoch, batches } => writeln!(
                f,
                "Stopped in epoch {epoch}, after {}: the loss is not finite; \
                 a smaller learning rate may help.",
                mini_batches(batches)
            )?,
        }
        if let Some(running_loss) = self.running_loss.last() {
            writeln!(f, "Running loss of epoch {}: {running_loss:.4}.", self.epochs())?;
        }
        if let Some(epoch) = self.best_epoch {
            writeln!(f, "The network keeps the parameters of epoch {epoch}, the best.")?;
        }
        write!(
            f,
            "Afterwards: loss {:.4} and accuracy {:.2} % on the training set, {:.4} and {:.2} % on the test set.",
            self.train_loss_after,
            100.0 * self.train_accuracy_after,
            self.test_loss_after,
            100.0 * self.test_accuracy_after
        )
    }
}

fn mini_batches(count: usize) -> String {
    if count == 1 { "1 mini-batch".to_owned() } else { format!("{count} mini-batches") }
}

/// Reads the null that JSON has for a number that is not finite, as not a number.
mod null {
    use serde::{Deserialize, Deserializer};

    pub(super) fn number<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
        Ok(Option::deserialize(from)?.unwrap_or(f64::NAN))
    }

    pub(super) fn list<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<f64>, D::Error> {
        Ok(filled(Vec::deserialize(from)?))
    }

    pub(super) fn lists<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Vec<f64>>, D::Error> {
        Ok(Vec::deserialize(from)?.into_iter().map(filled).collect())
    }

    fn filled(numbers: Vec<Option<f64>>) -> Vec<f64> {
        numbers.into_iter().map(|number| number.unwrap_or(f64::NAN)).collect()
    }
}
