//! What a sweep has found.

use super::grid::{Experiment, Sweep};
use crate::data::Description;
use crate::training::history::{History, Outcome};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;

/// The runs of a sweep that are done, as its results file holds them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// The version of this crate.
    pub crate_version: String,
    /// The grid.
    pub sweep: Sweep,
    /// The data set.
    pub data: Description,
    /// The runs that have ended, in the order of the grid, whichever ended first.
    pub runs: Vec<Run>,
    #[serde(skip)]
    pub(super) path: PathBuf,
    #[serde(skip)]
    pub(super) sha256: String,
}

/// One experiment and how it went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The settings of this run.
    pub experiment: Experiment,
    /// Its record: completed, or diverged; one that was interrupted is run anew.
    pub history: History,
}

/// An experiment over all its seeds; runs that diverged are counted and left out of the means.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The settings, with the first seed.
    pub experiment: Experiment,
    /// What sets it apart from the others: "ReLU, 2 hidden layers".
    pub label: String,
    /// The number of runs that the sweep is to make of it, one a seed.
    pub planned: usize,
    /// The number of runs that were trained to their end.
    pub completed: usize,
    /// The number of runs whose loss was not finite any more.
    pub diverged: usize,
    /// The running loss of the last epoch.
    pub running_loss: Spread,
    /// The loss on the whole training set after the last update.
    pub train_loss: Spread,
    /// The loss on the test set after the last update.
    pub test_loss: Spread,
    /// The accuracy on the test set after the last update, a fraction.
    pub test_accuracy: Spread,
}

/// Mean and spread of a number over several runs: written "0.2132 ± 0.0026".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The number of values.
    pub count: usize,
    /// The mean; not a number where there is no value.
    pub mean: f64,
    /// The standard deviation √(Σ (xᵢ − mean)² / (count − 1)); 0 for a single value.
    pub deviation: f64,
}

impl Run {
    /// Whether the loss was not finite any more, so that the training stopped.
    pub fn has_diverged(&self) -> bool {
        matches!(self.history.outcome, Outcome::Diverged { .. })
    }
}

impl Results {
    /// Whether every experiment of the grid is done.
    pub fn is_complete(&self) -> bool {
        self.missing().is_empty()
    }

    /// The experiments that are not done yet.
    pub fn missing(&self) -> Vec<Experiment> {
        let done =
            |experiment: &Experiment| self.runs.iter().any(|run| run.experiment == *experiment);
        self.sweep.experiments().into_iter().filter(|experiment| !done(experiment)).collect()
    }

    /// The SHA-256 of the results file, in hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Sums up each experiment over its seeds, in the order of the grid.
    pub fn summaries(&self) -> Vec<Summary> {
        self.sweep.groups().iter().map(|group| self.summary(group)).collect()
    }

    fn summary(&self, group: &[Experiment]) -> Summary {
        let runs = self.runs.iter().filter(|run| group.contains(&run.experiment));
        let (diverged, completed): (Vec<&Run>, Vec<&Run>) =
            runs.partition(|run| run.has_diverged());
        let spread = |value: fn(&History) -> f64| {
            Spread::of(&completed.iter().map(|run| value(&run.history)).collect::<Vec<f64>>())
        };
        Summary {
            experiment: group[0],
            label: self.sweep.label(&group[0]),
            planned: group.len(),
            completed: completed.len(),
            diverged: diverged.len(),
            running_loss: spread(|history| {
                history.running_loss.last().copied().unwrap_or(f64::NAN)
            }),
            train_loss: spread(|history| history.train_loss_after),
            test_loss: spread(|history| history.test_loss_after),
            test_accuracy: spread(|history| history.test_accuracy_after),
        }
    }

    /// What a figure of these results says of itself: settings, seeds, data and results file.
    pub fn caption(&self) -> String {
        let Sweep { epochs, batch_size, seeds, .. } = &self.sweep;
        let seeds: Vec<String> = seeds.iter().map(u64::to_string).collect();
        let plural = if seeds.len() == 1 { "" } else { "s" };
        let mut common = self.sweep.common();
        if !common.is_empty() {
            common.push_str(", ");
        }
        format!(
            "{common}mini-batches of {batch_size}, {epochs} epochs, seed{plural} {}. Data: {}. {self}",
            seeds.join(", "),
            self.data
        )
    }
}

impl fmt::Display for Results {
    /// How much is done, and where it is kept.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let planned = self.sweep.experiments().len();
        let (path, hash) = (self.path.display(), &self.sha256[..12.min(self.sha256.len())]);
        write!(f, "{} of {planned} runs in {path}, SHA-256 {hash}….", self.runs.len())
    }
}

impl Spread {
    /// Measures the spread of a list of values.
    ///
    /// ```
    /// use backprop::Spread;
    /// let spread = Spread::of(&[1.0, 2.0, 3.0]);
    /// assert_eq!((spread.mean, spread.deviation), (2.0, 1.0));
    /// assert_eq!(format!("{spread:.2}"), "2.00 ± 1.00");
    /// ```
    pub fn of(values: &[f64]) -> Spread {
        let count = values.len();
        let mean = values.iter().sum::<f64>() / count as f64;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let deviation = (squares / count.saturating_sub(1).max(1) as f64).sqrt();
        Spread { count, mean, deviation }
    }

    /// The same in hundredths, for a fraction that is to be read as a percentage.
    pub fn percent(self) -> Spread {
        Spread { mean: 100.0 * self.mean, deviation: 100.0 * self.deviation, ..self }
    }
}

impl fmt::Display for Spread {
    /// With as many decimals as asked for, else four; a single value has no ±, none is a dash.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = f.precision().unwrap_or(4);
        let Spread { count, mean, deviation } = self;
        match count {
            0 => f.write_str("–"),
            1 => write!(f, "{mean:.decimals$}"),
            _ => write!(f, "{mean:.decimals$} ± {deviation:.decimals$}"),
        }
    }
}
