//! `cargo lab bench`: the lab's training beside a peer's, in one go.

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};
use backprop::Data;
use clap::Args;
use serde_json::Value;

use crate::setup;
use crate::workspace::Workspace;

const MEASURE: &str = include_str!("../../python/measure.py");
const NUMPY: &str = include_str!("../../../backprop/benches/peers/numpy_mlp.py");

/// Measure the lab's training against vectorised numpy
///
/// Both train 784-30-10 on the same files, in turns, one process at a time. What other programs do
/// meanwhile slows both, so the ratio within a round tells more than the seconds.
#[derive(Args)]
pub struct Arguments {
    /// How often each is run
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,
    /// The epochs of a run
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u16).range(1..))]
    epochs: u16,
}

/// What one run took.
struct Run {
    /// The median epoch, training alone.
    epoch: f64,
    /// The whole process.
    process: f64,
    peak_mib: f64,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let lab = setup::complete(Workspace::find()?)?;
    let folder = tempfile::tempdir()?;
    let data = Data::auto()?;
    data.save(folder.path())?;
    let script = folder.path().join("numpy_mlp.py");
    std::fs::write(&script, NUMPY)?;

    let ours = [&std::env::current_exe()?, Path::new("train"), Path::new("--json=-")];
    let (data_option, epochs) = (folder.path(), arguments.epochs.to_string());
    let mut runs: [Vec<Run>; 2] = [Vec::new(), Vec::new()];
    println!("{}", data.description());
    for round in 1..=arguments.rounds {
        eprintln!("round {round} of {}", arguments.rounds);
        let mut command = Command::new(&lab.python);
        command.args(["-I", "-c", MEASURE]).args(ours).arg("--data").arg(data_option);
        runs[0].push(Run::of(command.args(["--epochs", &epochs]))?);
        let mut command = Command::new(&lab.python);
        command.args(["-I", "-c", MEASURE]).arg(&lab.python).arg("-I").arg(&script);
        runs[1].push(Run::of(command.arg(data_option).arg(&epochs))?);
    }
    let [ours, numpy] = &runs;
    println!("{}", table(ours, numpy));
    Ok(ExitCode::SUCCESS)
}

impl Run {
    /// Runs a command by way of the script that measures it.
    fn of(command: &mut Command) -> Result<Run> {
        let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            bail!("a run of the benchmark failed; what it said stands above");
        }
        let text = String::from_utf8_lossy(&output.stdout);
        Run::parse(&text).with_context(|| format!("a run of the benchmark told: {text}"))
    }

    fn parse(text: &str) -> Result<Run> {
        let value: Value = serde_json::from_str(text)?;
        let epochs = value["report"]["seconds"].as_array().context("no seconds of the epochs")?;
        let epochs = epochs.iter().filter_map(Value::as_f64).collect();
        let number = |name: &str| value[name].as_f64().with_context(|| format!("no {name}"));
        Ok(Run {
            epoch: median(epochs),
            process: number("seconds")?,
            peak_mib: number("peak_mib")?,
        })
    }
}

/// Lays the medians side by side, with the ratio of each round's pair.
fn table(ours: &[Run], numpy: &[Run]) -> String {
    let row = |name: &str, measure: fn(&Run) -> f64| {
        let ratios: Vec<f64> =
            ours.iter().zip(numpy).map(|(a, b)| measure(a) / measure(b)).collect();
        let (low, high) = ratios.iter().fold((f64::INFINITY, 0.0), |(low, high), &ratio| {
            (f64::min(low, ratio), f64::max(high, ratio))
        });
        format!(
            "| {name} | {:.3} | {:.3} | {:.2} ({low:.2} to {high:.2}) |",
            median(ours.iter().map(measure).collect()),
            median(numpy.iter().map(measure).collect()),
            median(ratios),
        )
    };
    [
        "| median of the rounds | ours | numpy | ratio (range) |".to_owned(),
        "|---|---|---|---|".to_owned(),
        row("seconds per epoch", |run| run.epoch),
        row("seconds, whole process", |run| run.process),
        row("peak memory, MiB", |run| run.peak_mib),
    ]
    .join("\n")
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match (values.len() / 2, values.len() % 2) {
        (_, _) if values.is_empty() => f64::NAN,
        (middle, 1) => values[middle],
        (middle, _) => (values[middle - 1] + values[middle]) / 2.0,
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
        assert!(Run::parse(r#"{"seconds": 9.5, "peak_mib": 80, "report": {}}"#).is_err());
        Ok(())
    }

    #[test]
    fn ratios_are_those_of_each_rounds_pair() {
        let runs =
            |epochs: [f64; 3]| epochs.map(|epoch| Run { epoch, process: 1.0, peak_mib: 1.0 });
        let text = table(&runs([1.0, 2.0, 9.0]), &runs([2.0, 2.0, 3.0]));
        assert!(
            text.contains("| seconds per epoch | 2.000 | 2.000 | 1.00 (0.50 to 3.00) |"),
            "{text}"
        );
    }
}
