//! `cargo lab train`: the lab's training without a notebook.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use backprop::{
    Activation, Convolution, Data, DataSource, Evaluate, History, Initializer, Loss, Network,
    Outcome, Pixels, Progress, Trainer,
};
use backprop_report::files;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::interrupt::Interrupt;
use super::names::{self, MakeOptimizer};

/// Train a network by the lab's recipe, without a notebook
///
/// Ctrl-C stops after the current mini-batch and keeps what was measured.
#[derive(Args)]
pub struct Arguments {
    /// auto (MNIST where it is at hand, else digits), mnist, digits, chest-xray, chest-drawings,
    /// chest-drawings-confounded, pneumonia, or a folder with four IDX files or of images
    #[arg(long, default_value = "auto")]
    data: String,
    /// The widths of the hidden layers, separated by commas
    #[arg(long, default_value = "30", value_delimiter = ',', value_name = "WIDTHS")]
    hidden: Vec<usize>,
    /// The activation of the hidden layers
    #[arg(long, default_value = "sigmoid", value_parser = names::hidden_activation())]
    activation: Activation,
    /// Add its input to what a hidden layer passes on, where the widths agree
    #[arg(long)]
    residual: bool,
    /// Put convolutions before the hidden layers, with so many 5 × 5 kernels each and 2 × 2 max pooling
    /// behind each
    #[arg(long, value_delimiter = ',', value_name = "FILTERS", conflicts_with = "residual")]
    convolutions: Vec<usize>,
    /// The loss; the output layer is log-softmax for nll and sigmoid for quadratic
    #[arg(long, default_value = "nll", value_parser = names::loss())]
    loss: Loss,
    /// How often the training set is gone through
    #[arg(long, default_value_t = 15)]
    epochs: usize,
    /// Examples in a mini-batch
    #[arg(long, default_value_t = 64)]
    batch_size: usize,
    /// How a step is made of a gradient
    #[arg(long, default_value = "sgd", value_parser = names::optimizer())]
    optimizer: MakeOptimizer,
    /// The learning rate
    #[arg(long, default_value_t = 0.003)]
    learning_rate: f32,
    /// The momentum of sgd; 0 is plain gradient descent
    #[arg(long, default_value_t = 0.9)]
    momentum: f32,
    /// λ of the penalty λ/2 Σ w² over the weights
    #[arg(long, default_value_t = 0.0)]
    weight_decay: f32,
    /// The share of hidden neurons that is silenced in each mini-batch
    #[arg(long, default_value_t = 0.0)]
    dropout: f32,
    /// Stop after so many epochs without a lower loss on the validation set (the test set where the
    /// data have none), and keep the best epoch
    #[arg(long, value_name = "EPOCHS")]
    patience: Option<usize>,
    /// When the network is measured on the test set and on a sample of the training set: after every
    /// epoch, or at the end alone
    #[arg(long, default_value = "epoch", value_parser = names::evaluate())]
    evaluate: Evaluate,
    /// How the first weights and biases are drawn
    #[arg(long, default_value = "pytorch", value_parser = names::initializer())]
    init: Initializer,
    /// The seed of initialisation and shuffling
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// How pixels become inputs: p/127.5 − 1, p/255, or mean 0 and deviation 1
    #[arg(long, default_value = "symmetric", value_parser = names::pixels())]
    pixels: Pixels,
    /// Write the history to a file as JSON; `-` writes it to stdout and nothing else there
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let data = Data::load(&DataSource::parse(&arguments.data))?.with_pixels(arguments.pixels);
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
        Outcome::Completed | Outcome::StoppedEarly { .. } => ExitCode::SUCCESS,
        Outcome::Interrupted { .. } => ExitCode::from(130),
        Outcome::Diverged { .. } => {
            eprintln!("error: the loss is not finite any more; try a smaller --learning-rate");
            ExitCode::FAILURE
        }
    })
}

/// Trains with a progress bar, until the end or Ctrl-C.
fn train(trainer: &Trainer, network: &mut Network, data: &Data, quiet: bool) -> Result<History> {
    let interrupt = Interrupt::watch()?;
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
            Progress::Epoch(history, _) if !quiet => {
                bar.suspend(|| println!("{}", history.line(history.epochs())));
            }
            Progress::Epoch(..) => {}
        }
        interrupt.check()
    })?;
    bar.finish_and_clear();
    Ok(history)
}

impl Arguments {
    fn network(&self, data: &Data) -> Result<Network> {
        let (inputs, outputs) = (data.train.inputs(), data.train.classes().len());
        let sizes = [&[inputs], &self.hidden[..], &[outputs]].concat();
        let mut builder = Network::builder(&sizes)
            .hidden(self.activation)
            .output(self.loss.output_activation())
            .initializer(self.init)
            .seed(self.seed);
        if self.residual {
            builder = builder.residual();
        }
        if !self.convolutions.is_empty() {
            let of = |&filters| Convolution { filters, kernel: 5, pool: 2 };
            let convolutions: Vec<Convolution> = self.convolutions.iter().map(of).collect();
            builder = builder.convolutions(data.train.image_size(), &convolutions);
        }
        Ok(builder.build()?)
    }

    fn trainer(&self) -> Trainer {
        Trainer {
            loss: self.loss,
            epochs: self.epochs,
            batch_size: self.batch_size,
            optimizer: (self.optimizer)(self.learning_rate, self.momentum),
            shuffle: true,
            seed: self.seed,
            weight_decay: self.weight_decay,
            dropout: self.dropout,
            patience: self.patience,
            evaluate: self.evaluate,
        }
    }
}
