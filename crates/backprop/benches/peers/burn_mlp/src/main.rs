//! The lab's training in burn on its backend flex: tensors that are loaded before, one thread, which is
//! its fastest at these sizes.
//!
//! Usage: burn_mlp FOLDER EPOCHS
//!
//! FOLDER holds the four IDX files of MNIST, gzipped or plain. Prints one JSON object: `seconds` of
//! each epoch (training alone), `running_loss` of each, `test_accuracy` at the end.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{Linear, LinearConfig};
use burn::optim::momentum::MomentumConfig;
use burn::optim::{GradientsParams, SgdConfig};
use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Int, Tensor, TensorData};
use flate2::read::GzDecoder;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

const BATCH: usize = 64;
const LEARNING_RATE: f64 = 0.003;
const MOMENTUM: f64 = 0.9;

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
fn load(folder: &Path, half: &str, device: &Device) -> Result<(Tensor<2>, Tensor<1, Int>)> {
    let pixels = read(folder, &format!("{half}-images-idx3-ubyte"), 16)?;
    let labels = read(folder, &format!("{half}-labels-idx1-ubyte"), 8)?;
    let n = labels.len();
    let x: Vec<f32> = pixels.into_iter().map(|p| f32::from(p) / 127.5 - 1.0).collect();
    let labels: Vec<i32> = labels.into_iter().map(i32::from).collect();
    let x = Tensor::from_data(TensorData::new(x, [n, 784]), device);
    Ok((x, Tensor::from_data(TensorData::new(labels, [n]), device)))
}

#[derive(Module, Debug)]
struct Network {
    hidden: Linear,
    output: Linear,
}

impl Network {
    fn new(device: &Device) -> Self {
        let linear = |n_in, n_out| LinearConfig::new(n_in, n_out).init(device);
        Network { hidden: linear(784, 30), output: linear(30, 10) }
    }

    /// Gives z of the output; the loss takes its log-softmax.
    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.output.forward(sigmoid(self.hidden.forward(x)))
    }
}

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let folder = PathBuf::from(arguments.next().context("no FOLDER")?);
    let epochs = arguments.next().context("no EPOCHS")?;
    let epochs: usize = epochs.to_string_lossy().parse().context("EPOCHS is no number")?;

    let plain = Device::flex();
    let device = plain.clone().autodiff();
    device.seed(0);
    let (x, labels) = load(&folder, "train", &device)?;
    let (x_test, labels_test) = load(&folder, "t10k", &plain)?;
    let mut network = Network::new(&device);
    let momentum = MomentumConfig { momentum: MOMENTUM, dampening: 0.0, nesterov: false };
    let mut optimizer = SgdConfig::new().with_momentum(Some(momentum)).init();
    let criterion = CrossEntropyLossConfig::new().init(&device);

    let mut order: Vec<i32> = (0..x.dims()[0] as i32).collect();
    let mut rng = StdRng::seed_from_u64(0);
    let (mut seconds, mut running_loss) = (Vec::new(), Vec::new());
    for _ in 0..epochs {
        let begun = Instant::now();
        order.shuffle(&mut rng);
        let mut losses = Vec::new();
        for chosen in order.chunks(BATCH) {
            let chosen = Tensor::<1, Int>::from_data(chosen, &device);
            let z = network.forward(x.clone().select(0, chosen.clone()));
            let loss = criterion.forward(z, labels.clone().select(0, chosen));
            let gradients = GradientsParams::from_grads(loss.backward(), &network);
            network = optimizer.step(LEARNING_RATE, network, gradients);
            losses.push(loss.into_scalar::<f32>());
        }
        seconds.push(begun.elapsed().as_secs_f64());
        running_loss.push(losses.iter().sum::<f32>() / losses.len() as f32);
    }
    let found = network.valid().forward(x_test).argmax(1).squeeze_dim::<1>(1);
    let accuracy = found.equal(labels_test).float().mean().into_scalar::<f32>();
    let report = serde_json::json!({
        "seconds": seconds, "running_loss": running_loss, "test_accuracy": accuracy,
    });
    println!("{report}");
    Ok(())
}
