//! Whole runs of ours and of peers, in turns.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::numbers::{median, spread};

const MEASURE: &str = include_str!("../../python/measure.py");

/// One of those who run.
pub struct Contestant {
    pub name: String,
    /// The command of a round. It prints JSON, with the `seconds` of each epoch where there is but one
    /// training.
    pub command: Box<dyn Fn(u16) -> Vec<OsString>>,
}

/// The runs of each contestant, a round after the other.
pub struct Contest<'a> {
    contestants: &'a [Contestant],
    runs: Vec<Vec<Run>>,
}

/// What one run took.
#[derive(Clone, Copy)]
struct Run {
    /// The median epoch, training alone; NaN where there are several trainings.
    epoch: f64,
    /// The whole process.
    process: f64,
    peak_mib: f64,
}

impl Contest<'_> {
    /// Lets them run in turns, one process at a time.
    pub fn run<'a>(
        python: &Path,
        contestants: &'a [Contestant],
        rounds: u16,
    ) -> Result<Contest<'a>> {
        let mut runs = vec![Vec::new(); contestants.len()];
        for round in 1..=rounds {
            for (contestant, runs) in contestants.iter().zip(&mut runs) {
                eprintln!("round {round} of {rounds}: {}", contestant.name);
                let command = (contestant.command)(round);
                let run = Run::of(python, &command)
                    .with_context(|| format!("{} did not run", contestant.name))?;
                runs.push(run);
            }
        }
        Ok(Contest { contestants, runs })
    }

    /// The seconds of an epoch in each run of a contestant.
    pub fn epochs(&self, contestant: usize) -> Vec<f64> {
        self.runs[contestant].iter().map(|run| run.epoch).collect()
    }

    /// Lays the medians side by side, with the ratio to one of them within each round.
    pub fn table(&self, reference: usize) -> String {
        let name = &self.contestants[reference].name;
        let mut lines = vec![
            format!(
                "| | s per epoch | of {name}'s | s, whole process | of {name}'s | peak MiB | of {name}'s |"
            ),
            "|---|---|---|---|---|---|---|".to_owned(),
        ];
        for (contestant, runs) in self.contestants.iter().zip(&self.runs) {
            let cells = [
                self.cells(runs, reference, |run| run.epoch, 3),
                self.cells(runs, reference, |run| run.process, 2),
                self.cells(runs, reference, |run| run.peak_mib, 0),
            ];
            lines.push(format!("| {} | {} |", contestant.name, cells.join(" | ")));
        }
        lines.join("\n")
    }

    /// The median of a measure, and its ratio to the reference's of the same round.
    fn cells(
        &self,
        runs: &[Run],
        reference: usize,
        measure: fn(&Run) -> f64,
        digits: usize,
    ) -> String {
        let ratios: Vec<f64> =
            runs.iter().zip(&self.runs[reference]).map(|(a, b)| measure(a) / measure(b)).collect();
        let values: Vec<f64> = runs.iter().map(measure).collect();
        match median(&values) {
            unknown if unknown.is_nan() => "– | –".to_owned(),
            median => format!("{median:.digits$} | {}", spread(&ratios)),
        }
    }
}

impl Run {
    /// Runs a command by way of the script that measures it.
    fn of(python: &Path, command: &[OsString]) -> Result<Run> {
        let output = Command::new(python)
            .args(["-I", "-c", MEASURE])
            .args(command)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()?;
        if !output.status.success() {
            bail!("it failed; what it said stands above");
        }
        let text = String::from_utf8_lossy(&output.stdout);
        Run::parse(&text).with_context(|| format!("it told: {text}"))
    }

    fn parse(text: &str) -> Result<Run> {
        let value: Value = serde_json::from_str(text)?;
        let number = |name: &str| value[name].as_f64().with_context(|| format!("no {name}"));
        let epochs = value["report"]["seconds"].as_array().into_iter().flatten();
        let epochs: Vec<f64> = epochs.filter_map(Value::as_f64).collect();
        Ok(Run {
            epoch: median(&epochs),
            process: number("seconds")?,
            peak_mib: number("peak_mib")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_epoch_of_a_run_is_read() -> Result<()> {
        let text =
            r#"{"seconds": 9.5, "peak_mib": 80, "report": {"seconds": [0.4, 0.1, 0.2, 0.3]}}"#;
        let run = Run::parse(text)?;
        assert_eq!((run.epoch, run.process, run.peak_mib), (0.25, 9.5, 80.0));
        let of_many = Run::parse(r#"{"seconds": 9.5, "peak_mib": 80, "report": {"runs": []}}"#)?;
        assert!(of_many.epoch.is_nan());
        assert!(Run::parse(r#"{"peak_mib": 80, "report": {"seconds": [1]}}"#).is_err());
        Ok(())
    }

    #[test]
    fn ratios_are_those_of_each_rounds_pair() {
        let contestant =
            |name: &str| Contestant { name: name.to_owned(), command: Box::new(|_| Vec::new()) };
        let runs =
            |epochs: [f64; 3]| epochs.map(|epoch| Run { epoch, process: 1.0, peak_mib: 80.0 });
        let contest = Contest {
            contestants: &[contestant("ours"), contestant("many"), contestant("numpy")],
            runs: vec![
                runs([1.0, 2.0, 9.0]).to_vec(),
                runs([f64::NAN; 3]).to_vec(),
                runs([2.0, 2.0, 3.0]).to_vec(),
            ],
        };
        let table = contest.table(2);
        let rows: Vec<&str> = table.lines().skip(2).collect();
        let rest = "1.00 | 1.00 (1.00 to 1.00) | 80 | 1.00 (1.00 to 1.00) |";
        assert_eq!(rows[0], format!("| ours | 2.000 | 1.00 (0.50 to 3.00) | {rest}"));
        assert_eq!(rows[1], format!("| many | – | – | {rest}"));
    }
}
