//! A sweep as a notebook shows it: a line for each run, or curves that grow while it runs.

use super::live::Live;
use super::results::{curves, losses};
use super::training::{PAUSE, bar, left_in_words};
use crate::data::Data;
use crate::error::Error;
use crate::sweep::{Experiment, Results, Run, Sweep, SweepProgress};
use crate::training::history::Outcome;
use backprop_figures::Figure;
use std::ops::ControlFlow;
use std::thread::available_parallelism;
use std::time::Instant;

impl Sweep {
    /// Runs the experiments that the file at `path` lacks, on all cores, and shows how it goes.
    ///
    /// The file is written as each run ends, and read again the next time: only what is missing is run.
    /// On the lab's kernel a figure grows while the cell runs: the losses so far, and how much is left.
    /// Elsewhere a line is printed for each run.
    ///
    /// # Errors
    /// As [`Sweep::run_with`].
    ///
    /// ```no_run
    /// use backprop::prelude::*;
    /// let data = Data::auto()?;
    /// let sweep = Sweep { depths: vec![1, 2, 3], ..Sweep::default() };
    /// let results: Results = sweep.run(&data, "results/depth.json")?;
    /// println!("{}", results.table().text());
    /// # Ok::<(), backprop::Error>(())
    /// ```
    pub fn run(&self, data: &Data, path: &str) -> Result<Results, Error> {
        let results = match Live::open() {
            Some(live) => self.run_live(data, path, live)?,
            None => self.run_with(data, path, cores(), &mut |progress| {
                if let Some(run) = progress.ended {
                    println!("{}", progress.results.line(run));
                }
                ControlFlow::Continue(())
            })?,
        };
        println!("{results}");
        if !results.is_complete() {
            println!(
                "Stopped before its end; run again, it goes on with the runs that are missing."
            );
        }
        Ok(results)
    }

    fn run_live(&self, data: &Data, path: &str, live: Live) -> Result<Results, Error> {
        let mut shown: Option<Instant> = None;
        let results = self.run_with(data, path, cores(), &mut |progress| {
            if shown.is_none_or(|shown| shown.elapsed() >= PAUSE) {
                shown = Some(Instant::now());
                live.show(&picture(progress));
            }
            ControlFlow::Continue(())
        })?;
        if has_epochs(&losses(&results.runs)) {
            live.show(&results.curves().draw());
        }
        Ok(results)
    }
}

fn cores() -> usize {
    available_parallelism().map_or(1, usize::from)
}

/// A bar, and below it the losses so far.
fn picture(progress: SweepProgress<'_>) -> Figure {
    let results = progress.results;
    let progress_bar = bar(progress.share, &progress.words());
    let losses = [losses(&results.runs), progress.unfinished.to_vec()].concat();
    match has_epochs(&losses) {
        true => progress_bar.above(&curves(&results.sweep, &losses).draw()),
        false => progress_bar,
    }
}

impl SweepProgress<'_> {
    /// How many runs have ended, and how long the others will take: "3 of 10 runs, 12 s left".
    pub fn words(&self) -> String {
        let (done, missing) = (self.results.runs.len(), self.results.missing().len());
        let left = left_in_words(self.seconds_left);
        format!("{done} of {} runs{left}", done + missing)
    }
}

impl Results {
    /// One line on a run, as the sweep prints it when the run has ended.
    pub fn line(&self, run: &Run) -> String {
        let history = &run.history;
        let label = match self.sweep.label(&run.experiment) {
            label if label.is_empty() => label,
            label => format!("{label}, "),
        };
        let seconds: f64 = history.seconds.iter().chain(&history.evaluation_seconds).sum();
        let end = match (&history.outcome, history.running_loss.last()) {
            (Outcome::Diverged { epoch, .. }, _) => format!("diverged in epoch {epoch}"),
            (_, Some(loss)) => {
                let accuracy = 100.0 * history.test_accuracy_after;
                format!("running loss {loss:.4}, test accuracy {accuracy:.2} %")
            }
            (_, None) => "measured before any training".to_owned(),
        };
        format!("{label}seed {}: {end}, {seconds:.1} s", run.experiment.seed)
    }
}

/// Whether there is something to draw.
fn has_epochs(losses: &[(Experiment, Vec<f64>)]) -> bool {
    losses.iter().any(|(_, losses)| !losses.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::activation::Activation;

    #[test]
    fn the_picture_grows_from_a_bar_to_the_losses_of_all_runs() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("results.json");
        let activations = vec![Activation::Sigmoid, Activation::Relu];
        let sweep = Sweep { activations, widths: vec![4], epochs: 2, ..Sweep::default() };
        let data = Data::digits(64, 10).unwrap();
        let mut alts = Vec::new();
        let results = sweep.run_with(&data, path.to_str().unwrap(), 1, &mut |progress| {
            alts.push(picture(progress).alt());
            ControlFlow::Continue(())
        });
        let results = results.unwrap();
        // Two epochs and the end of the run, twice.
        assert!(alts.len() >= 6, "{alts:?}");
        assert!(alts[0].contains("0 of 2 runs"), "{}", alts[0]);
        let (last, label) = (alts.last().unwrap(), sweep.label(&results.runs[1].experiment));
        assert!(last.starts_with("100 % of the training is done: 2 of 2 runs, 0 s left"), "{last}");
        assert!(last.contains("sigmoid") && last.contains(&label), "{last}");
    }

    #[test]
    fn before_the_first_epoch_there_is_the_bar_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("results.json");
        let data = Data::digits(64, 10).unwrap();
        let sweep = Sweep { epochs: 0, ..Sweep::default() };
        let stop = &mut |_: SweepProgress<'_>| ControlFlow::Break(());
        let results = sweep.run_with(&data, path.to_str().unwrap(), 1, stop).unwrap();
        let (ended, unfinished) = (None, &[][..]);
        let seconds_left = f64::INFINITY;
        let progress =
            SweepProgress { results: &results, ended, unfinished, share: 0.0, seconds_left };
        assert_eq!(picture(progress).alt(), "0 % of the training is done: 1 of 1 runs.");
    }
}
