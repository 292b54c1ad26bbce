//! The fast path beside the general one, with all instructions of this processor.

use super::*;
use crate::data::{Batch, Data, Dataset, Pixels};
use crate::network::activation::Activation;
use crate::network::init::Initializer;
use crate::training::optimizer::{Optimizer, OptimizerState};
use crate::training::weight_decay::decay;
use ndarray::Array2;
use std::iter::zip;

/// Both paths round in f32, in another order: a few units of the last place of numbers up to 10, over
/// the steps of a test.
const TOLERANCE: f32 = 2e-5;

struct Case {
    sizes: Vec<usize>,
    hidden: Activation,
    loss: Loss,
    optimizer: Optimizer,
    weight_decay: f32,
}

impl Case {
    fn new(sizes: &[usize], hidden: Activation, loss: Loss, optimizer: Optimizer) -> Case {
        Case { sizes: sizes.to_vec(), hidden, loss, optimizer, weight_decay: 0.0 }
    }

    fn network(&self) -> Network {
        let builder = Network::builder(&self.sizes).hidden(self.hidden).seed(5);
        builder.output(self.loss.output_activation()).build().unwrap()
    }

    /// Trains the general way: the losses, the network, and how the optimizer was left.
    fn general(&self, set: &Dataset, batches: &[&[usize]]) -> (Vec<f32>, Network, OptimizerState) {
        let (mut network, mut descent) = (self.network(), OptimizerState::new(self.optimizer));
        let losses = batches.iter().map(|indices| {
            let Batch { x, y } = set.batch(indices);
            let (loss, mut gradients) = network.backpropagate(&x, &y, self.loss).unwrap();
            decay(&mut gradients, &network.layers, self.weight_decay);
            descent.take_step(&mut network, &gradients);
            loss as f32
        });
        (losses.collect(), network, descent)
    }

    /// Trains on the fast path, in two goes: what the first hands back the second takes over.
    fn fast(
        &self,
        isa: Isa,
        set: &Dataset,
        batches: &[&[usize]],
    ) -> (Vec<f32>, Network, OptimizerState) {
        let (mut network, mut descent) = (self.network(), OptimizerState::new(self.optimizer));
        assert!(takes(&network, self.loss));
        let mut losses = Vec::new();
        for some in batches.chunks(batches.len().div_ceil(2)) {
            let mut training =
                Training::new(isa, &network, &descent, set, BATCH, self.weight_decay);
            losses.extend(some.iter().map(|indices| training.batch(indices, &[])));
            training.finish(&mut network, &mut descent);
        }
        (losses, network, descent)
    }
}

const BATCH: usize = 21;

/// Digits, of which an eighth is ink, and noise, which is all ink.
fn sets() -> [Dataset; 2] {
    let data = Data::digits(100, 30).unwrap().with_pixels(Pixels::Standard);
    let noise = |i: usize, k: usize| ((i * 7919 + k * k * 104_729 + 31) % 256) as u8;
    let pixels = Array2::from_shape_fn((100, 784), |(i, k)| noise(i, k));
    let labels = data.train.labels().to_vec();
    let noise = Dataset::new(pixels, labels, (28, 28), data.train.classes().to_vec()).unwrap();
    assert!(data.train.ink().is_some() && noise.ink().is_none());
    [data.train, noise]
}

fn cases() -> Vec<Case> {
    use Activation::{Elu, Gelu, Identity, LeakyRelu, Relu, Sigmoid, Silu, Tanh};
    let (nll, sgd) = (Loss::NegativeLogLikelihood, Optimizer::sgd(0.02, 0.9));
    let mut cases: Vec<Case> = [Sigmoid, Relu, Tanh, LeakyRelu, Elu, Gelu, Silu, Identity]
        .map(|hidden| Case::new(&[784, 30, 10], hidden, nll, sgd))
        .into();
    // Layers of one panel and of several, narrow and wide, and no hidden layer at all.
    for sizes in [&[784, 10][..], &[784, 16, 33, 10], &[784, 70, 5, 31, 10]] {
        cases.push(Case::new(sizes, Sigmoid, nll, sgd));
        cases.push(Case::new(sizes, Tanh, Loss::Quadratic, sgd));
    }
    // Adagrad's first step is α for every parameter, whatever its gradient: a rounding decides the sign.
    for optimizer in [Optimizer::rms_prop(0.001), Optimizer::adam(0.001), Optimizer::sgd(0.1, 0.0)]
    {
        cases.push(Case::new(&[784, 30, 10], Sigmoid, nll, optimizer));
    }
    cases.push(Case { weight_decay: 0.1, ..Case::new(&[784, 20, 10], Sigmoid, nll, sgd) });
    cases
}

fn assert_near(found: &[f32], expected: &[f32], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (i, (found, expected)) in zip(found, expected).enumerate() {
        let apart = (found - expected).abs() / expected.abs().max(1.0);
        assert!(apart < TOLERANCE, "{what} {i}: expected {expected}, found {found}");
    }
}

#[test]
fn training_comes_to_the_same_numbers_on_every_path() {
    let order: Vec<usize> = (0..100).map(|i| i * 37 % 100).collect();
    let batches: Vec<&[usize]> = order.chunks(BATCH).collect(); // the last one has 16
    for (set, name) in zip(&sets(), ["digits", "noise"]) {
        for case in cases() {
            let (losses, network, descent) = case.general(set, &batches);
            for isa in Isa::all() {
                let what = |of: &str| {
                    let Case { sizes, hidden, loss, optimizer, .. } = &case;
                    let isa = isa.name();
                    format!("{isa}, {name}, {sizes:?}, {hidden}, {loss}, {optimizer}: {of}")
                };
                let (fast_losses, fast, fast_descent) = case.fast(isa, set, &batches);
                assert_near(&fast_losses, &losses, &what("loss"));
                assert_near(&fast.parameters(), &network.parameters(), &what("parameter"));
                assert_eq!(fast_descent.steps(), descent.steps());
                for (fast, general) in zip(&fast_descent.first, &descent.first) {
                    assert_near(
                        &fast.w.flatten().to_vec(),
                        &general.w.flatten().to_vec(),
                        &what("memory"),
                    );
                    assert_near(&fast.b.to_vec(), &general.b.to_vec(), &what("memory"));
                }
            }
        }
    }
}

/// What `cargo lab check` allows for relies on it: docs/results.md, "Other processors".
#[test]
fn processors_that_multiply_and_add_at_once_come_to_the_same_bits() {
    let order: Vec<usize> = (0..100).map(|i| i * 37 % 100).collect();
    let batches: Vec<&[usize]> = order.chunks(BATCH).collect();
    let fused: Vec<Isa> = Isa::all().filter(|isa| isa.name() != "plain").collect();
    for set in &sets() {
        for case in cases() {
            let runs = fused.iter().map(|&isa| {
                let (losses, network, _) = case.fast(isa, set, &batches);
                let (score, norms) = evaluate(isa, &network, set, 70, true);
                (losses, network.parameters(), score.loss, norms)
            });
            let runs: Vec<_> = runs.collect();
            let Case { sizes, hidden, .. } = &case;
            assert!(runs.windows(2).all(|pair| pair[0] == pair[1]), "{sizes:?}, {hidden}");
        }
    }
}

#[test]
fn evaluation_comes_to_the_same_numbers_on_every_path() {
    for set in &sets() {
        for case in cases() {
            let network = case.network();
            let Batch { x, y } = set.batch(&(0..70).collect::<Vec<_>>());
            let (_, gradients) = network.backpropagate(&x, &y, case.loss).unwrap();
            let answers = network.predict_batch(&x).unwrap();
            let right = zip(&answers, set.labels()).filter(|&(&a, &l)| a == l).count();
            let (loss, _) = network.backpropagate(&x, &y, case.loss).unwrap();
            for isa in Isa::all() {
                let (score, norms) = evaluate(isa, &network, set, 70, true);
                assert_eq!(score.accuracy, right as f64 / 70.0);
                assert_near(&[score.loss as f32], &[loss as f32], "loss");
                for (norm, gradient) in zip(norms, &gradients) {
                    assert_near(&[norm as f32], &[gradient.b.dot(&gradient.b).sqrt()], "norm");
                }
            }
        }
    }
}

#[test]
fn a_loss_that_is_not_finite_leaves_the_network_as_it_was() {
    let set = &sets()[0];
    let case = &cases()[0];
    for isa in Isa::all() {
        let mut network = case.network();
        network.layers[0].b[0] = f32::NAN;
        network.layers[1].w.fill(f32::NAN);
        let mut descent = OptimizerState::new(case.optimizer);
        let mut training = Training::new(isa, &network, &descent, set, BATCH, 0.0);
        assert!(training.batch(&[0, 1, 2], &[]).is_nan());
        let before = network.layers[0].w.clone();
        training.finish(&mut network, &mut descent);
        assert_eq!((network.layers[0].w.clone(), descent.steps()), (before, 0));
    }
}

#[test]
fn what_is_no_plain_chain_goes_the_general_way() {
    use Activation::{LogSoftmax, Relu, Sigmoid};
    let (nll, quadratic) = (Loss::NegativeLogLikelihood, Loss::Quadratic);
    let plain = |output| {
        Network::builder(&[4, 3, 2])
            .hidden(Relu)
            .output(output)
            .initializer(Initializer::He)
            .build()
            .unwrap()
    };
    assert!(takes(&plain(LogSoftmax), nll) && takes(&plain(Sigmoid), quadratic));
    assert!(!takes(&plain(LogSoftmax), quadratic) && !takes(&plain(Sigmoid), nll));
    let residual = Network::builder(&[4, 4, 2])
        .hidden(Relu)
        .initializer(Initializer::He)
        .residual()
        .build()
        .unwrap();
    assert!(!takes(&residual, nll));
}
