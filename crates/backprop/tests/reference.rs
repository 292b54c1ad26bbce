//! The first gradients on MNIST, beside those of PyTorch.
//!
//! `cargo test --release -p backprop --test reference -- --nocapture` prints them.

use backprop::prelude::*;
use std::iter::zip;

mod pytorch;

const SEEDS: u32 = 10;
/// How far the mean of PyTorch's own networks may be from the printed one, as a share of it: that has two
/// digits, and rounding 1.05 to 1.0 changes it by 5 %.
const ROUNDING: f64 = 0.05;
/// The same for networks that we draw: the norm of one network spreads by about 28 % (200 seeds), the
/// difference of two means of 10 by 28 % · √(2/10) = 12.5 %; three times that.
const SPREAD: f64 = 0.375;

/// ‖∂C/∂b^l‖₂ at initialisation, first hidden layer to output, for 1 to 5 hidden layers: PyTorch 2.15,
/// mean of the seeds 0 to 9, over the whole training set.
const SIGMOID: [&[f64]; 5] = [
    &[1.12e-2, 7.8e-2],
    &[1.7e-3, 1.2e-2, 8.0e-2],
    &[2.8e-4, 2.0e-3, 1.4e-2, 9.4e-2],
    &[3.5e-5, 2.5e-4, 1.8e-3, 1.4e-2, 8.8e-2],
    &[5.9e-6, 4.3e-5, 3.1e-4, 2.2e-3, 1.6e-2, 1.0e-1],
];
const RELU: [&[f64]; 5] = [
    &[3.5e-2, 6.3e-2],
    &[1.4e-2, 2.7e-2, 4.3e-2],
    &[5.1e-3, 1.1e-2, 2.3e-2, 3.9e-2],
    &[1.7e-3, 4.4e-3, 9.0e-3, 1.6e-2, 3.1e-2],
    &[6.8e-4, 1.6e-3, 3.3e-3, 5.5e-3, 1.4e-2, 3.3e-2],
];

#[test]
fn first_gradients_of_pytorchs_networks_are_pytorchs() {
    compare("PyTorch's networks", ROUNDING, &pytorch::network);
}

#[test]
fn first_gradients_of_our_networks_are_like_pytorchs() {
    compare("our networks", SPREAD, &|sizes, activation, seed| {
        let (output, init) = (Activation::LogSoftmax, Initializer::PyTorch);
        Network::builder(sizes)
            .hidden(activation)
            .output(output)
            .initializer(init)
            .seed(seed.into())
            .build()
            .unwrap()
    });
}

#[test]
fn pytorchs_networks_are_drawn_as_pytorch_draws_them() {
    // What PyTorch 2.15 drew for the seed 1986, by fixtures/make.py.
    let expected: Vec<f32> = include_bytes!("fixtures/digits_d1_sigmoid/init.f32")
        .chunks_exact(4)
        .map(|bytes| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
        .collect();
    let found = pytorch::network(&[784, 30, 10], Activation::Sigmoid, 1986).parameters();
    assert_eq!(found.len(), expected.len());
    for (one, other) in zip(&found, &expected) {
        assert!((one - other).abs() < 2e-8, "{one}, {other}"); // PyTorch fuses product and sum
    }
}

#[test]
fn the_mersenne_twister_is_the_standards() {
    // ISO C++ says so of std::mt19937, whose default seed is 5489.
    let mut twister = pytorch::MersenneTwister::new(5489);
    let ten_thousandth = (0..10_000).map(|_| twister.next_u32()).last();
    assert_eq!(ten_thousandth, Some(4_123_659_995));
}

type Draw = dyn Fn(&[usize], Activation, u32) -> Network;

fn compare(whose: &str, bound: f64, draw: &Draw) {
    let Ok(data) = Data::load(&DataSource::Mnist) else {
        println!("skipped: MNIST is not at hand");
        return;
    };
    for (activation, references) in [(Activation::Sigmoid, &SIGMOID), (Activation::Relu, &RELU)] {
        for (depth, expected) in (1..).zip(references) {
            let sizes = [&[784], &vec![30; depth][..], &[10]].concat();
            let of_seed = |seed| norms(&draw(&sizes, activation, seed), &data.train);
            let seeds: Vec<Vec<f64>> = (0..SEEDS).map(of_seed).collect();
            for (l, &expected) in expected.iter().enumerate() {
                let norms: Vec<f64> = seeds.iter().map(|norms| norms[l]).collect();
                let ratio = Spread::of(&norms).mean / expected;
                let told = format!(
                    "{whose}, {activation} {depth}, layer {}: {:.2e}, PyTorch {expected:.1e}, ratio {ratio:.2}",
                    l + 1,
                    Spread::of(&norms).mean,
                );
                println!("{told}");
                assert!((1.0 - bound..=1.0 + bound).contains(&ratio), "{told}");
            }
        }
    }
}

/// ‖∂C/∂b^l‖₂ over all examples: the mean over the examples first, then the norm.
fn norms(network: &Network, set: &Dataset) -> Vec<f64> {
    let all: Vec<usize> = (0..set.len()).collect();
    let mut means: Vec<Array1<f64>> =
        network.layers().iter().map(|layer| Array1::zeros(layer.b.len())).collect();
    for chunk in all.chunks(1_000) {
        let Batch { x, y } = set.batch(chunk);
        let (_, gradients) = network.backpropagate(&x, &y, Loss::NegativeLogLikelihood).unwrap();
        let share = chunk.len() as f64 / set.len() as f64;
        for (mean, gradient) in zip(&mut means, &gradients) {
            *mean += &gradient.b.mapv(|g| share * f64::from(g));
        }
    }
    means.iter().map(|mean| mean.dot(mean).sqrt()).collect()
}
