//! The lab's training in candle: tensors that are loaded before, one thread, which is its fastest at
//! these sizes.
//!
//! Usage: candle_mlp FOLDER EPOCHS
//!
//! FOLDER holds the four IDX files of MNIST, gzipped or plain. Prints one JSON object: `seconds` of
//! each epoch (training alone), `running_loss` of each, `test_accuracy` at the end.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use candle_core::{D, DType, Device, Tensor, Var};
use candle_nn::{Linear, Module, loss, ops};
use flate2::read::GzDecoder;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};

const BATCH: usize = 64;
const LEARNING_RATE: f64 = 0.003;
const MOMENTUM: f64 = 0.9;
/// How many threads candle takes; it reads this before each product.
const THREADS: &str = "RAYON_NUM_THREADS";
const DEVICE: Device = Device::Cpu;

fn read(folder: &Path, name: &str, header: usize) -> Result<Vec<u8>> {
    let path = folder.join(name);
    let mut bytes = Vec::new();
    if path.exists() {
        bytes = fs::read(&path)?;
    } else {
        let path = folder.join(format!("{name}.gz"));
        let file = File::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
        GzDecoder::new(file).read_to_end(&mut bytes)?;
    }
    Ok(bytes.split_off(header))
}

/// Loads images, scaled to -1 to 1, and labels.
fn load(folder: &Path, half: &str) -> Result<(Tensor, Tensor)> {
    let pixels = read(folder, &format!("{half}-images-idx3-ubyte"), 16)?;
    let labels = read(folder, &format!("{half}-labels-idx1-ubyte"), 8)?;
    let n = labels.len();
    let x: Vec<f32> = pixels.into_iter().map(|p| f32::from(p) / 127.5 - 1.0).collect();
    let labels: Vec<u32> = labels.into_iter().map(u32::from).collect();
    Ok((Tensor::from_vec(x, (n, 784), &DEVICE)?, Tensor::from_vec(labels, n, &DEVICE)?))
}

/// Makes a layer that starts as PyTorch's do, and notes its parameters. candle's own generator takes no
/// seed on a CPU.
fn linear(n_in: usize, n_out: usize, rng: &mut StdRng, noted: &mut Vec<Var>) -> Result<Linear> {
    let bound = 1.0 / (n_in as f32).sqrt();
    let mut draw = |n| (0..n).map(|_| rng.random_range(-bound..bound)).collect::<Vec<f32>>();
    let w = Var::from_vec(draw(n_out * n_in), (n_out, n_in), &DEVICE)?;
    let b = Var::from_vec(draw(n_out), n_out, &DEVICE)?;
    let layer = Linear::new(w.as_tensor().clone(), Some(b.as_tensor().clone()));
    noted.extend([w, b]);
    Ok(layer)
}

/// Gradient descent with momentum, which candle's own optimizers lack.
struct Sgd {
    parameters: Vec<Var>,
    velocities: Vec<Tensor>,
}

impl Sgd {
    fn new(parameters: Vec<Var>) -> Result<Self> {
        let velocities = parameters.iter().map(|w| w.zeros_like());
        Ok(Sgd { velocities: velocities.collect::<Result<_, _>>()?, parameters })
    }

    fn step(&mut self, loss: &Tensor) -> Result<()> {
        let gradients = loss.backward()?;
        for (w, v) in self.parameters.iter().zip(&mut self.velocities) {
            let gradient = gradients.get(w).context("a parameter without gradient")?;
            *v = ((&*v * MOMENTUM)? + gradient)?;
            w.set(&(w.as_detached_tensor() - (&*v * LEARNING_RATE)?)?)?;
        }
        Ok(())
    }
}

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let folder = PathBuf::from(arguments.next().context("no FOLDER")?);
    let epochs = arguments.next().context("no EPOCHS")?;
    let epochs: usize = epochs.to_string_lossy().parse().context("EPOCHS is no number")?;
    if std::env::var_os(THREADS).is_none() {
        // SAFETY: no other thread runs yet.
        unsafe { std::env::set_var(THREADS, "1") };
    }

    let ((x, labels), (x_test, labels_test)) = (load(&folder, "train")?, load(&folder, "t10k")?);
    let (mut rng, mut parameters) = (StdRng::seed_from_u64(0), Vec::new());
    let hidden = linear(784, 30, &mut rng, &mut parameters)?;
    let output = linear(30, 10, &mut rng, &mut parameters)?;
    let forward = |x: &Tensor| -> Result<Tensor> {
        let a = ops::sigmoid(&hidden.forward(x)?)?;
        Ok(ops::log_softmax(&output.forward(&a)?, D::Minus1)?)
    };
    let mut optimizer = Sgd::new(parameters)?;

    let mut order: Vec<u32> = (0..x.dim(0)? as u32).collect();
    let (mut seconds, mut running_loss) = (Vec::new(), Vec::new());
    for _ in 0..epochs {
        let begun = Instant::now();
        order.shuffle(&mut rng);
        let mut losses = Vec::new();
        for chosen in order.chunks(BATCH) {
            let chosen = Tensor::new(chosen, &DEVICE)?;
            let log_p = forward(&x.index_select(&chosen, 0)?)?;
            let loss = loss::nll(&log_p, &labels.index_select(&chosen, 0)?)?;
            optimizer.step(&loss)?;
            losses.push(loss.to_scalar::<f32>()?);
        }
        seconds.push(begun.elapsed().as_secs_f64());
        running_loss.push(losses.iter().sum::<f32>() / losses.len() as f32);
    }
    let right = forward(&x_test)?.argmax(D::Minus1)?.eq(&labels_test)?;
    let accuracy = right.to_dtype(DType::F32)?.mean_all()?.to_scalar::<f32>()?;
    let report = serde_json::json!({
        "seconds": seconds, "running_loss": running_loss, "test_accuracy": accuracy,
    });
    println!("{report}");
    Ok(())
}
