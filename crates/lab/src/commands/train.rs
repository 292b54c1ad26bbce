//! `cargo lab train`: the lab's training without a notebook.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use backprop::{
    Activation, Data, DataSource, History, Initializer, Loss, Network, Optimizer, Outcome, Pixels,
    Progress, Trainer,
};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use crate::files;

/// Train a network by the lab's recipe, without a notebook
///
/// Ctrl-C stops after the current mini-batch and keeps what was measured.
#[derive(Args)]
pub struct Arguments {
    /// auto (MNIST where it is at hand, else digits), mnist, digits, or a folder with four IDX files
    #[arg(long, default_value = "auto")]
    data: String,
    /// The widths of the hidden layers, separated by commas
    #[arg(long, default_value = "30", value_delimiter = ',', value_name = "WIDTHS")]
    hidden: Vec<usize>,
    /// The activation of the hidden layers
    #[arg(long, default_value = "sigmoid")]
    activation: HiddenActivation,
    /// The loss; the output layer is log-softmax for nll and sigmoid for quadratic
    #[arg(long, default_value = "nll")]
    loss: LossName,
    /// How often the training set is gone through
    #[arg(long, default_value_t = 15)]
    epochs: usize,
    /// Examples in a mini-batch
    #[arg(long, default_value_t = 64)]
    batch_size: usize,
    /// How a step is made of a gradient
    #[arg(long, default_value = "sgd")]
    optimizer: OptimizerName,
    /// The learning rate
    #[arg(long, default_value_t = 0.003)]
    learning_rate: f32,
    /// The momentum of sgd; 0 is plain gradient descent
    #[arg(long, default_value_t = 0.9)]
    momentum: f32,
    /// How the first weights and biases are drawn
    #[arg(long, default_value = "pytorch")]
    init: InitName,
    /// The seed of initialisation and shuffling
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// How pixels become inputs: p/127.5 − 1, p/255, or mean 0 and deviation 1
    #[arg(long, default_value = "symmetric")]
    pixels: PixelsName,
    /// Write the history to a file as JSON; `-` writes it to stdout and nothing else there
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum HiddenActivation {
    Sigmoid,
    Relu,
    Identity,
}

#[derive(Clone, Copy, ValueEnum)]
enum LossName {
    Nll,
    Quadratic,
}

#[derive(Clone, Copy, ValueEnum)]
enum OptimizerName {
    Sgd,
    Adagrad,
    RmsProp,
    Adam,
}

#[derive(Clone, Copy, ValueEnum)]
enum InitName {
    Pytorch,
    Xavier,
    He,
    Gaussian,
}

#[derive(Clone, Copy, ValueEnum)]
enum PixelsName {
    Symmetric,
    Unit,
    Standard,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let data = Data::load(&DataSource::parse(&arguments.data))?.with_pixels(arguments.pixels());
    let mut network = arguments.network(&data)?;
    let trainer = arguments.trainer();
    let quiet = arguments.json.as_deref() == Some(Path::new("-"));
    if !quiet {
        println!("{}", data.description());
    }
    let history = train(&trainer, &mut network, &data, quiet)?;
    match &arguments.json {
        Some(_) if quiet => println!("{}", history.to_json()),
        Some(path) => {
            let text = history.to_json() + "\n";
            files::write_whole(path, text.as_bytes(), 0o644)
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        None => {}
    }
    if !quiet {
        println!("{history}");
    }
    Ok(match history.outcome {
        Outcome::Completed => ExitCode::SUCCESS,
        Outcome::Interrupted { .. } => ExitCode::from(130),
        Outcome::Diverged { .. } => {
            eprintln!("error: the loss is not finite any more; try a smaller --learning-rate");
            ExitCode::FAILURE
        }
    })
}

/// Trains with a progress bar, until the end or Ctrl-C.
fn train(trainer: &Trainer, network: &mut Network, data: &Data, quiet: bool) -> Result<History> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    ctrlc::set_handler(move || asked.store(true, Ordering::Relaxed))
        .context("cannot watch for Ctrl-C")?;
    let bar = ProgressBar::new(0);
    bar.set_style(ProgressStyle::with_template(
        "{msg} {bar:30} {pos}/{len} mini-batches, {eta} left",
    )?);
    let history = trainer.train_with(network, data, &mut |progress| {
        match progress {
            Progress::Batch { epoch, batch, batches } => {
                if batch == 1 {
                    bar.set_length((batches * trainer.epochs) as u64);
                    bar.set_message(format!("epoch {epoch}/{}", trainer.epochs));
                }
                bar.set_position(((epoch - 1) * batches + batch) as u64);
            }
            Progress::Epoch(history) if !quiet => {
                bar.suspend(|| println!("{}", history.line(history.epochs())));
            }
            Progress::Epoch(_) => {}
        }
        if stop.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    bar.finish_and_clear();
    Ok(history)
}

impl Arguments {
    fn network(&self, data: &Data) -> Result<Network> {
        let (inputs, outputs) = (data.train.inputs(), data.train.classes().len());
        let sizes = [&[inputs], &self.hidden[..], &[outputs]].concat();
        let hidden = match self.activation {
            HiddenActivation::Sigmoid => Activation::Sigmoid,
            HiddenActivation::Relu => Activation::Relu,
            HiddenActivation::Identity => Activation::Identity,
        };
        let output = match self.loss {
            LossName::Nll => Activation::LogSoftmax,
            LossName::Quadratic => Activation::Sigmoid,
        };
        let initializer = match self.init {
            InitName::Pytorch => Initializer::PyTorch,
            InitName::Xavier => Initializer::Xavier,
            InitName::He => Initializer::He,
            InitName::Gaussian => Initializer::Gaussian,
        };
        Ok(Network::new(&sizes, hidden, output, initializer, self.seed)?)
    }

    fn trainer(&self) -> Trainer {
        Trainer {
            loss: match self.loss {
                LossName::Nll => Loss::NegativeLogLikelihood,
                LossName::Quadratic => Loss::Quadratic,
            },
            epochs: self.epochs,
            batch_size: self.batch_size,
            optimizer: match self.optimizer {
                OptimizerName::Sgd => Optimizer::sgd(self.learning_rate, self.momentum),
                OptimizerName::Adagrad => Optimizer::adagrad(self.learning_rate),
                OptimizerName::RmsProp => Optimizer::rms_prop(self.learning_rate),
                OptimizerName::Adam => Optimizer::adam(self.learning_rate),
            },
            shuffle: true,
            seed: self.seed,
        }
    }

    fn pixels(&self) -> Pixels {
        match self.pixels {
            PixelsName::Symmetric => Pixels::Symmetric,
            PixelsName::Unit => Pixels::Unit,
            PixelsName::Standard => Pixels::Standard,
        }
    }
}
