//! `cargo lab sweep`: a grid of trainings, in parallel, into one results file.

use std::num::NonZero;
use std::process::ExitCode;
use std::thread;

use anyhow::{Context, Result};
use backprop::{
    Activation, Data, DataSource, Initializer, Loss, Pixels, Results, Sweep, SweepProgress,
};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::interrupt::Interrupt;
use super::names::{self, MakeOptimizer};

/// Train every combination of some settings, in parallel, into one results file
///
/// Settings that take several values, separated by commas, span the grid. The file is written as each
/// run ends. Ctrl-C stops at the next mini-batch; the same command goes on with the runs that are
/// missing. A file of another grid or of other data is never overwritten.
#[derive(Args)]
pub struct Arguments {
    /// auto (MNIST where it is at hand, else digits), mnist, digits, or a folder with four IDX files
    #[arg(long, default_value = "auto")]
    data: String,
    /// The activations of the hidden layers
    #[arg(long, default_value = "sigmoid,relu", value_delimiter = ',', value_parser = names::hidden_activation())]
    activation: Vec<Activation>,
    /// The numbers of hidden layers
    #[arg(long, default_value = "1,2,3,4,5", value_delimiter = ',', value_name = "NUMBERS")]
    depth: Vec<usize>,
    /// The numbers of neurons in each hidden layer
    #[arg(long, default_value = "30", value_delimiter = ',', value_name = "NUMBERS")]
    width: Vec<usize>,
    /// How the first weights and biases are drawn
    #[arg(long, default_value = "pytorch", value_delimiter = ',', value_parser = names::initializer())]
    init: Vec<Initializer>,
    /// How a step is made of a gradient, each with every learning rate
    #[arg(long, default_value = "sgd", value_delimiter = ',', value_parser = names::optimizer())]
    optimizer: Vec<MakeOptimizer>,
    /// The learning rates
    #[arg(long, default_value = "0.003", value_delimiter = ',', value_name = "RATES")]
    learning_rate: Vec<f32>,
    /// The momentum of sgd; 0 is plain gradient descent
    #[arg(long, default_value_t = 0.9)]
    momentum: f32,
    /// The fractions of the training images, above 0 to 1
    #[arg(long, default_value = "1", value_delimiter = ',', value_name = "FRACTIONS")]
    fraction: Vec<f64>,
    /// The seeds of initialisation, shuffling and the choice of images
    #[arg(long, default_value = "0", value_delimiter = ',', value_name = "SEEDS")]
    seed: Vec<u64>,
    /// How often each run goes through the training set
    #[arg(long, default_value_t = 15)]
    epochs: usize,
    /// Examples in a mini-batch
    #[arg(long, default_value_t = 64)]
    batch_size: usize,
    /// The loss; the output layer is log-softmax for nll and sigmoid for quadratic
    #[arg(long, default_value = "nll", value_parser = names::loss())]
    loss: Loss,
    /// How pixels become inputs: p/127.5 − 1, p/255, or mean 0 and deviation 1
    #[arg(long, default_value = "symmetric", value_parser = names::pixels())]
    pixels: Pixels,
    /// How many runs go on at the same time; as many as there are cores, if not given
    #[arg(long)]
    threads: Option<NonZero<usize>>,
    /// The results file
    #[arg(long, default_value = "results/sweep.json", value_name = "FILE")]
    output: String,
    /// Print the results as JSON on stdout, and nothing else there
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let data = Data::load(&DataSource::parse(&arguments.data))?.with_pixels(arguments.pixels);
    if !arguments.json {
        println!("{}", data.description());
    }
    let results = sweep(arguments, &data)?;
    match arguments.json {
        true => print!("{}", results.to_json()),
        false => println!("{}", results.table().text()),
    }
    let diverged = results.runs.iter().filter(|run| run.has_diverged());
    Ok(match (results.is_complete(), diverged.count()) {
        (false, _) => ExitCode::from(130),
        (true, 0) => ExitCode::SUCCESS,
        (true, diverged) => {
            eprintln!(
                "error: the loss of {diverged} of {} runs is not finite any more; \
                 try a smaller --learning-rate",
                results.runs.len()
            );
            ExitCode::FAILURE
        }
    })
}

/// Runs the grid with a progress bar, until the end or Ctrl-C.
fn sweep(arguments: &Arguments, data: &Data) -> Result<Results> {
    let threads = arguments.threads.map_or_else(thread::available_parallelism, Ok);
    let interrupt = Interrupt::watch()?;
    let bar = ProgressBar::new(1000);
    bar.set_style(ProgressStyle::with_template("{bar:30} {percent} %, {msg}")?);
    let results = arguments.sweep().run_with(
        data,
        &arguments.output,
        threads.context("cannot count the cores; say --threads")?.get(),
        &mut |progress| {
            show(&bar, progress, arguments.json);
            interrupt.check()
        },
    );
    bar.finish_and_clear();
    Ok(results?)
}

fn show(bar: &ProgressBar, progress: SweepProgress<'_>, quiet: bool) {
    bar.set_position((1000.0 * progress.share) as u64);
    bar.set_message(progress.words());
    if let Some(run) = progress.ended
        && !quiet
    {
        bar.suspend(|| println!("{}", progress.results.line(run)));
    }
}

impl Arguments {
    fn sweep(&self) -> Sweep {
        let optimizers = self
            .optimizer
            .iter()
            .flat_map(|make| self.learning_rate.iter().map(|&rate| make(rate, self.momentum)));
        Sweep {
            activations: self.activation.clone(),
            depths: self.depth.clone(),
            widths: self.width.clone(),
            initializers: self.init.clone(),
            optimizers: optimizers.collect(),
            fractions: self.fraction.clone(),
            seeds: self.seed.clone(),
            epochs: self.epochs,
            batch_size: self.batch_size,
            loss: self.loss,
        }
    }
}
