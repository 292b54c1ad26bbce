use crate::activation::Activation;
use crate::data::Description;
use crate::error::Error;
use crate::files::write_whole;
use crate::network::{Initialization, Network};
use crate::trainer::Trainer;
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
    pub test_loss: Vec<f64>,
    /// The accuracy on the test set after the epoch, a fraction.
    pub test_accuracy: Vec<f64>,
    /// The loss on a fixed sample of the training set after the epoch.
    pub sample_loss: Vec<f64>,
    /// The accuracy on that sample after the epoch, a fraction.
    pub sample_accuracy: Vec<f64>,
    /// ‖∂C/∂b^l‖₂ over that sample after the epoch, one number a layer, first hidden layer to output:
    /// averaged over the examples first, then the norm.
    pub gradient_norms: Vec<Vec<f64>>,
    /// The time that training took, without evaluation.
    pub seconds: Vec<f64>,
    /// The time that evaluation took.
    pub evaluation_seconds: Vec<f64>,
    /// The loss on the whole training set after the last update.
    pub train_loss_after: f64,
    /// The accuracy on the whole training set after the last update, a fraction.
    pub train_accuracy_after: f64,
    /// The loss on the test set after the last update.
    pub test_loss_after: f64,
    /// The accuracy on the test set after the last update, a fraction.
    pub test_accuracy_after: f64,
    /// How the training ended.
    pub outcome: Outcome,
}

/// The shape of a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Architecture {
    /// The number of neurons of each layer, inputs first.
    pub sizes: Vec<usize>,
    /// The activation of each layer, first hidden layer to output.
    pub activations: Vec<Activation>,
    /// How the first parameters were drawn, where that is known.
    pub initialization: Option<Initialization>,
}

impl Architecture {
    /// The shape of this network.
    pub fn of(network: &Network) -> Architecture {
        Architecture {
            sizes: network.sizes(),
            activations: network.layers.iter().map(|layer| layer.activation).collect(),
            initialization: network.initialization(),
        }
    }
}

/// A network measured on the test set and on the fixed sample of the training set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The loss on the test set.
    pub test_loss: f64,
    /// The accuracy on the test set, a fraction.
    pub test_accuracy: f64,
    /// The loss on the sample.
    pub sample_loss: f64,
    /// The accuracy on the sample, a fraction.
    pub sample_accuracy: f64,
    /// ‖∂C/∂b^l‖₂ over the sample, first hidden layer to output.
    pub gradient_norms: Vec<f64>,
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
            sample_loss: Vec::new(),
            sample_accuracy: Vec::new(),
            gradient_norms: Vec::new(),
            seconds: Vec::new(),
            evaluation_seconds: Vec::new(),
            train_loss_after: f64::NAN,
            train_accuracy_after: f64::NAN,
            test_loss_after: f64::NAN,
            test_accuracy_after: f64::NAN,
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
        self.sample_loss.push(after.sample_loss);
        self.sample_accuracy.push(after.sample_accuracy);
        self.gradient_norms.push(after.gradient_norms);
        self.evaluation_seconds.push(evaluation_seconds);
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
        write_whole(Path::new(path), (self.to_json() + "\n").as_bytes())
    }

    /// What a figure of this run says of itself: data, architecture and seed.
    pub fn caption(&self) -> String {
        let sizes: Vec<String> = self.network.sizes.iter().map(usize::to_string).collect();
        let hidden = self.network.activations.first().map(ToString::to_string).unwrap_or_default();
        let seed = self.trainer.seed;
        format!("{} network, {hidden}, seed {seed}. Data: {}.", sizes.join("-"), self.data)
    }

    /// One line on epoch `epoch` (from 1), as the training prints it.
    ///
    /// # Panics
    /// When the history has no such epoch.
    pub fn line(&self, epoch: usize) -> String {
        let i = epoch - 1;
        format!(
            "epoch {epoch:>2}/{}  running loss {:.4}  test loss {:.4}  test accuracy {:.2} %  {:.2} s",
            self.trainer.epochs,
            self.running_loss[i],
            self.test_loss[i],
            100.0 * self.test_accuracy[i],
            self.seconds[i]
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
                writeln!(f, "Interrupted in epoch {epoch}, after {batches} mini-batches.")?;
            }
            Outcome::Diverged { epoch, batches } => writeln!(
                f,
                "Stopped in epoch {epoch}, after {batches} mini-batches: the loss is not finite; \
                 a smaller learning rate may help."
            )?,
        }
        if let Some(running_loss) = self.running_loss.last() {
            writeln!(f, "Running loss of epoch {}: {running_loss:.4}.", self.epochs())?;
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
