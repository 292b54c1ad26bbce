//! Replays an epoch that PyTorch trained, batch by batch, and compares the losses.
//!
//! The fixtures of the repository are on the built-in digits. `BACKPROP_FIXTURES` names a folder with more,
//! on MNIST, which `BACKPROP_DATA` must have then. A fixture is a folder with
//! - `init.f32`, `after.f32`: the parameters before and after (little-endian; W¹ row by row, b¹, W², …);
//! - `order.u32`: the training examples in the order of the epoch;
//! - `meta.json`: settings, and PyTorch's `batch_losses` in float32 and float64.

use backprop::prelude::*;
use serde::Deserialize;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
struct Meta {
    depth: usize,
    act: String,
    lr: f32,
    momentum: f32,
    batch: usize,
    float64: Run,
    /// "digits" where the fixture is on the built-in digits, and how many of them.
    #[serde(default)]
    data: String,
    #[serde(default)]
    train: usize,
    #[serde(default)]
    test: usize,
}

#[derive(Deserialize)]
struct Run {
    batch_losses: Vec<f64>,
    test_loss: f64,
    test_correct: usize,
}

/// How far a batch loss may be from PyTorch's in float64. PyTorch's own float32 stays within 6e-7. With
/// ReLU a rounding flip at the kink sends a run another way, which has been seen to drift to 2e-3.
fn bound(activation: Activation) -> f64 {
    if activation == Activation::Relu { 5e-3 } else { 1e-5 }
}

#[test]
fn the_repository_fixtures_on_the_built_in_digits() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    assert_eq!(replay_all(&folder), 2, "fixtures in {}", folder.display());
}

#[test]
fn the_fixtures_that_the_environment_names() {
    let Some(folder) = env::var_os("BACKPROP_FIXTURES").map(PathBuf::from) else {
        eprintln!("skipped: BACKPROP_FIXTURES names no folder with fixtures on MNIST");
        return;
    };
    let found = replay_all(&folder);
    assert!(found > 0, "BACKPROP_FIXTURES names {}, which has no fixture", folder.display());
}

/// Replays every fixture below a folder and returns their number.
fn replay_all(folder: &Path) -> usize {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut fixtures: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.join("meta.json").is_file())
        .collect();
    fixtures.sort();
    fixtures.iter().for_each(|fixture| replay(fixture));
    fixtures.len()
}

fn replay(folder: &Path) {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let meta: Meta = serde_json::from_slice(&read(folder, "meta.json")).expect("meta.json");
    let data = match meta.data.as_str() {
        "digits" => Data::digits(meta.train, meta.test),
        _ => Data::load(&DataSource::Mnist),
    }
    .unwrap_or_else(|error| panic!("{name}: {error}"));
    let activation = if meta.act == "relu" { Activation::Relu } else { Activation::Sigmoid };
    let sizes = [vec![784], vec![30; meta.depth], vec![10]].concat();
    let mut network = Network::builder(&sizes).hidden(activation).build().unwrap();
    network.set_parameters(&f32s(&read(folder, "init.f32"))).unwrap();
    let order: Vec<usize> = u32s(&read(folder, "order.u32")).map(|index| index as usize).collect();

    let trainer = Trainer {
        batch_size: meta.batch,
        optimizer: Optimizer::sgd(meta.lr, meta.momentum),
        ..Trainer::default()
    };
    let mut optimizer = OptimizerState::new(trainer.optimizer);
    let losses = trainer.epoch(&mut network, &mut optimizer, &data.train, &order).unwrap();

    assert_eq!(losses.len(), meta.float64.batch_losses.len(), "{name}: number of mini-batches");
    let gap = |(ours, theirs): (&f64, &f64)| (ours - theirs).abs();
    let largest = losses.iter().zip(&meta.float64.batch_losses).map(gap).fold(0.0, f64::max);
    let after = f32s(&read(folder, "after.f32"));
    let drift =
        network.parameters().iter().zip(&after).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    let test = network.evaluate(&data.test, Loss::NegativeLogLikelihood).unwrap();
    println!(
        "{name} on {}: largest deviation of {} batch losses {largest:.1e} (bound {:.0e}), of a parameter {drift:.1e}, \
         of the test loss {:.1e}",
        data.name(),
        losses.len(),
        bound(activation),
        (test.loss - meta.float64.test_loss).abs()
    );
    assert!(largest < bound(activation), "{name}: batch losses deviate by {largest:.1e}");
    let bound = bound(activation);
    assert!((test.loss - meta.float64.test_loss).abs() < bound, "{name}: test loss {}", test.loss);
    let correct = (test.accuracy * data.test.len() as f64).round();
    // A drifted ReLU run may tip some examples; a sigmoid run at most one that sits on the fence.
    let tipped = if activation == Activation::Relu { 0.002 * data.test.len() as f64 } else { 1.0 };
    assert!(
        (correct - meta.float64.test_correct as f64).abs() <= tipped,
        "{name}: {correct} test examples right"
    );
}

fn read(folder: &Path, file: &str) -> Vec<u8> {
    let path = folder.join(file);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn u32s(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

fn f32s(bytes: &[u8]) -> Vec<f32> {
    u32s(bytes).map(f32::from_bits).collect()
}
