//! Backpropagation beside numerical gradients, for every activation, loss and connection.

use super::*;
use crate::network::activation::Activation::{
    self, Elu, Gelu, Identity, LeakyRelu, LogSoftmax, Relu, Sigmoid, Silu, Tanh,
};
use crate::network::backprop::{backpropagate, deltas, gradients};
use crate::network::connection::Connection::{Plain, Residual};
use crate::network::convolution::Convolution;
use crate::network::init::Initializer;
use crate::network::layer::{Trace, forward};
use crate::network::loss::Loss::{NegativeLogLikelihood, Quadratic};
use crate::network::scalar::Scalar;
use crate::training::weight_decay::decay;
use ndarray::{Axis, array};

/// Odd sizes, so that a missing transpose cannot hide; two examples.
const INPUTS: usize = 3;
const HIDDEN: [usize; 3] = [2, 5, 4];
const OUTPUTS: usize = 4;

fn check_layers(
    layers: &[Layer<f64>],
    gradients: &[Gradient<f64>],
    x: &Array2<f64>,
    y: &Array2<f64>,
    loss: Loss,
) -> GradientCheck {
    compare_with_differences(Pass { layers, connections: &[], masks: &[] }, gradients, x, y, loss)
}

/// ReLU and its kin need pre-activations that the [`STEP`] cannot move over the kink.
const OFF_THE_KINK: f64 = 1e-2;

fn is_off_the_kink<A: Scalar>(trace: &Trace<A>) -> bool {
    trace.z.iter().all(|z| z.abs() > A::of(OFF_THE_KINK))
}

fn batch() -> (Array2<f64>, Array2<f64>) {
    let x = array![[0.5, -0.9], [-0.3, 0.8], [0.9, 0.1]];
    let y = array![[0.0, 1.0], [1.0, 0.0], [0.0, 0.0], [0.0, 0.0]];
    (x, y)
}

/// The first network, by seed, whose pre-activations are all off the kink.
///
/// PyTorch's parameters are small enough that no neuron saturates: where all gradients are nearly 0,
/// central differences have no digits left.
fn layers(depth: usize, hidden: Activation, output: Activation) -> Vec<Layer<f64>> {
    let sizes = [&[INPUTS], &HIDDEN[..depth], &[OUTPUTS]].concat();
    let off_the_kink =
        |layers: &Vec<Layer<f64>>| forward(layers, batch().0.view()).iter().all(is_off_the_kink);
    let builder = Network::builder(&sizes).hidden(hidden).output(output);
    (0..1000)
        .map(|seed| in_f64(&builder.clone().seed(seed).build().unwrap()))
        .find(off_the_kink)
        .expect("one of a thousand networks is off the kink")
}

#[test]
fn backpropagation_agrees_for_every_activation_loss_and_depth() {
    let (x, y) = batch();
    let all = [Sigmoid, Relu, Tanh, LeakyRelu, Elu, Gelu, Silu, Identity, LogSoftmax];
    for hidden in all {
        for output in all {
            for loss in [Quadratic, NegativeLogLikelihood] {
                for depth in 1..=3 {
                    let layers = layers(depth, hidden, output);
                    let (_, gradients) = backpropagate(&layers, x.view(), &y, loss);
                    let check = check_layers(&layers, &gradients, &x, &y, loss);
                    assert!(check.passes(), "{depth} × {hidden}, {output}, {loss}: {check}");
                }
            }
        }
    }
}

/// The recursion with one error planted in it.
fn corrupted(
    error: &str,
    layers: &[Layer<f64>],
    x: &Array2<f64>,
    y: &Array2<f64>,
) -> Vec<Gradient<f64>> {
    let traces = forward(layers, x.view());
    let a = &traces.last().unwrap().a;
    let mut grad_a = Quadratic.derivative(a.view(), y);
    let mut deltas: Vec<Array2<f64>> = Vec::new();
    for (layer, trace) in zip(layers, &traces).rev() {
        let delta = match error {
            "missing σ′" => grad_a,
            _ => layer.activation.backward(grad_a, &trace.z, &trace.a),
        };
        grad_a = match error {
            "missing transpose" => layer.w.dot(&delta),
            "sign" => -layer.w.t().dot(&delta),
            _ => layer.w.t().dot(&delta),
        };
        deltas.insert(0, delta);
    }
    let mut gradients = gradients(x.view(), &traces, &deltas);
    if error == "sum instead of mean" {
        gradients.iter_mut().for_each(|gradient| gradient.w *= x.ncols() as f64);
    }
    gradients
}

#[test]
fn the_gradient_of_the_penalty_agrees_and_is_lambda_w() {
    const LAMBDA: f64 = 0.3;
    let (x, y) = batch();
    let layers = layers(2, Tanh, LogSoftmax);
    let (_, plain) = backpropagate(&layers, x.view(), &y, NegativeLogLikelihood);
    let mut gradients = plain.clone();
    decay(&mut gradients, &layers, LAMBDA);
    assert_eq!(gradients[1].w[[0, 0]], plain[1].w[[0, 0]] + LAMBDA * layers[1].w[[0, 0]]);
    assert_eq!(gradients[1].b, plain[1].b, "biases go free");

    // C + λ/2 Σ w²
    let cost = |parameters: &[f64]| {
        let mut moved = layers.clone();
        fill(&mut moved, parameters);
        let a = &forward(&moved, x.view())[2].a;
        let squares: f64 = moved.iter().map(|layer| layer.w.mapv(|w| w * w).sum()).sum();
        NegativeLogLikelihood.value(a.view(), &y) + LAMBDA / 2.0 * squares
    };
    let gradient = flatten(gradients.iter().map(|gradient| (&gradient.w, &gradient.b)));
    let parameters = flatten(layers.iter().map(|layer| (&layer.w, &layer.b)));
    let check = check_gradient(&cost, &gradient, &parameters, STEP).unwrap();
    assert!(check.passes(), "{check}");
}

/// Fixed masks for the hidden layers of [`layers`] of depth 2 and for two examples, with p = 1/2.
fn masks() -> [Array2<f64>; 2] {
    [
        array![[0.0, 2.0], [2.0, 2.0]],
        array![[2.0, 2.0], [0.0, 2.0], [2.0, 0.0], [2.0, 2.0], [0.0, 0.0]],
    ]
}

#[test]
fn the_gradient_of_dropout_with_a_fixed_mask_agrees() {
    let (x, y) = batch();
    let masks = masks();
    for hidden in [Sigmoid, Relu, Tanh, Silu] {
        let layers = layers(2, hidden, LogSoftmax);
        let pass = Pass { layers: &layers, connections: &[], masks: &masks };
        let (_, gradients) = pass.backpropagate(x.view(), &y, NegativeLogLikelihood);
        let check = compare_with_differences(pass, &gradients, &x, &y, NegativeLogLikelihood);
        assert!(check.passes(), "{hidden}: {check}");
        // The last neuron of the second layer is silent in both examples: nothing reaches its weights.
        assert!(gradients[1].w.row(4).iter().all(|&g| g == 0.0));
        assert!(gradients[2].w.column(4).iter().all(|&g| g == 0.0));
    }
}

#[test]
fn masks_of_ones_change_no_bit_of_a_plain_chain() {
    let (x, y) = batch();
    let layers = layers(2, Tanh, LogSoftmax);
    let masks = masks().map(|mask| Array2::ones(mask.dim()));
    let pass = Pass { layers: &layers, connections: &[], masks: &masks };
    let expected = backpropagate(&layers, x.view(), &y, NegativeLogLikelihood);
    assert_eq!(pass.backpropagate(x.view(), &y, NegativeLogLikelihood), expected);
    assert_eq!(pass.trace(x.view()), forward(&layers, x.view()));
}

#[test]
fn residual_layers_agree_with_and_without_dropout() {
    let (x, y) = batch();
    let masks =
        [array![[2.0, 0.0], [2.0, 2.0], [0.0, 2.0]], Array2::ones((3, 2)), Array2::ones((4, 2))];
    for hidden in [Sigmoid, Relu, Gelu] {
        let (_, network) = (0..1000)
            .map(|seed| {
                let builder = Network::builder(&[3, 3, 3, 4, 4]).residual().hidden(hidden);
                builder.initializer(Initializer::Gaussian).seed(seed).build()
            })
            .map(|network| network.unwrap())
            .map(|network| (network.trace(&x.mapv(|x| x as f32)).unwrap(), network))
            .find(|(traces, _)| traces.iter().all(is_off_the_kink))
            .expect("one of a thousand networks is off the kink");
        assert_eq!(network.connections(), [Residual, Residual, Plain, Plain]);
        let layers = in_f64(&network);
        for masks in [&[], &masks[..]] {
            let pass = Pass { layers: &layers, connections: network.connections(), masks };
            let (_, gradients) = pass.backpropagate(x.view(), &y, NegativeLogLikelihood);
            let check = compare_with_differences(pass, &gradients, &x, &y, NegativeLogLikelihood);
            assert!(check.passes(), "{hidden}, {} masks: {check}", masks.len());
        }
    }
}

#[test]
fn convolutions_agree_with_and_without_dropout() {
    let convolutions = [
        Convolution { filters: 2, kernel: 3, pool: 2 }, // 6 × 7 → 2 maps of 4 × 5 → 2 × 2
        Convolution { filters: 3, kernel: 2, pool: 1 }, // → 3 maps of 1 × 1
    ];
    let x = Array2::from_shape_fn((42, 2), |(i, n)| (1.0 + 3.7 * i as f64 + 1.3 * n as f64).sin());
    let (_, y) = batch();
    let masks = [
        Array2::from_shape_fn((8, 2), |(i, n)| if (i + n) % 3 == 0 { 0.0 } else { 1.5 }),
        array![[2.0, 0.0], [2.0, 2.0], [0.0, 2.0]],
    ];
    for hidden in [Sigmoid, Relu, Tanh] {
        let (_, network) = (0..1000)
            .map(|seed| {
                let builder = Network::builder(&[42, 4]).convolutions((6, 7), &convolutions);
                builder.hidden(hidden).seed(seed).build()
            })
            .map(|network| network.unwrap())
            .map(|network| (network.trace(&x.mapv(|x| x as f32)).unwrap(), network))
            .find(|(traces, _)| traces.iter().all(is_off_the_kink))
            .expect("one of a thousand networks is off the kink");
        let layers = in_f64(&network);
        for masks in [&[], &masks[..]] {
            let pass = Pass { layers: &layers, connections: network.connections(), masks };
            let (_, gradients) = pass.backpropagate(x.view(), &y, NegativeLogLikelihood);
            let check = compare_with_differences(pass, &gradients, &x, &y, NegativeLogLikelihood);
            assert!(check.passes(), "{hidden}, {} masks: {check}", masks.len());
        }
        let check = check_network(
            &network,
            &x.mapv(|x| x as f32),
            &y.mapv(|y| y as f32),
            NegativeLogLikelihood,
        );
        assert!(check.unwrap().passes(), "{hidden}");
    }
}

/// Two residual layers of one neuron, x = 1: z¹ = 2, h¹ = 2 + 1 = 3; z² = −3, a² = 0, h² = 0 + 3; a³ = 3.
#[test]
fn a_residual_network_worked_by_hand() {
    let layer = |w, activation| Layer { w: array![[w]], b: array![0.0], activation };
    let layers = [layer(2.0, Relu), layer(-1.0, Relu), layer(1.0, Identity)];
    let network = Pass { layers: &layers, connections: &[Residual, Residual, Plain], masks: &[] };
    let (x, y) = (array![[1.0]], array![[0.0]]);
    assert_eq!(network.trace(x.view())[2].a, array![[3.0]]);

    // δ³ = ∂C/∂h² = 3; δ² = 0, as ReLU is silent there, and ∂C/∂h¹ = 0 + 3 goes past it: δ¹ = 3.
    let (cost, gradients) = network.backpropagate(x.view(), &y, Quadratic);
    assert_eq!(cost, 4.5);
    let weights: Vec<f64> = gradients.iter().map(|gradient| gradient.w[[0, 0]]).collect();
    assert_eq!(weights, [3.0 * 1.0, 0.0, 3.0 * 3.0]);
}

/// Errors that pass through dead ReLU neurons alone would change nothing.
fn most_neurons_answer(layers: &[Layer<f64>], x: &Array2<f64>) -> bool {
    let answering = |trace: &Trace<f64>| trace.z.iter().filter(|&&z| z > OFF_THE_KINK).count();
    forward(layers, x.view()).iter().all(|trace| 2 * answering(trace) > trace.z.len())
}

#[test]
fn planted_errors_are_rejected() {
    // Square layers: here a missing transpose multiplies without complaint.
    let sizes = [3, 3, 3, 3];
    let (x, _) = batch();
    let y = array![[0.0, 1.0], [1.0, 0.0], [0.0, 0.0]];
    for hidden in [Sigmoid, Relu] {
        let builder = Network::builder(&sizes).hidden(hidden).output(Sigmoid);
        let builder = builder.initializer(Initializer::Gaussian);
        let layers = (0..1000)
            .map(|seed| in_f64(&builder.clone().seed(seed).build().unwrap()))
            .find(|layers| most_neurons_answer(layers, &x))
            .expect("one of a thousand networks has few dead neurons");
        let check =
            |error| check_layers(&layers, &corrupted(error, &layers, &x, &y), &x, &y, Quadratic);
        assert!(check("none").passes(), "{hidden}: {}", check("none"));
        for error in ["missing σ′", "missing transpose", "sign", "sum instead of mean"] {
            // Far off, not just over the bound: a wrong equation is no rounding error.
            assert!(check(error).relative_error > 1e-2, "{hidden}, {error}: {}", check(error));
        }
    }
}

/// The 2-2-1 network of notebook 03, worked by hand: x = (1, 0), y = 1, sigmoid, C = (a − y)² / 2.
#[test]
fn a_network_worked_by_hand() {
    let layers = [
        Layer { w: array![[0.0, 1.0], [2.0, -1.0]], b: array![0.0, -2.0], activation: Sigmoid },
        Layer { w: array![[4.0, -2.0]], b: array![-1.0], activation: Sigmoid },
    ];
    let (x, y) = (array![[1.0], [0.0]], array![[1.0]]);

    // z¹ = (0, 2 − 2) = (0, 0), a¹ = (1/2, 1/2); z² = 2 − 1 − 1 = 0, a² = 1/2.
    let traces = forward(&layers, x.view());
    assert_eq!(traces[0], Trace { z: array![[0.0], [0.0]], a: array![[0.5], [0.5]] });
    assert_eq!(traces[1], Trace { z: array![[0.0]], a: array![[0.5]] });

    // C = (1/2 − 1)² / 2 = 1/8, ∂C/∂a² = −1/2, σ′(0) = 1/4, so δ² = −1/8;
    // ∂C/∂a¹ = (4, −2)ᵀ δ² = (−1/2, 1/4), so δ¹ = (−1/8, 1/16).
    let (cost, gradients) = backpropagate(&layers, x.view(), &y, Quadratic);
    assert_eq!(cost, 0.125);
    assert_eq!(gradients[1], Gradient { w: array![[-0.0625, -0.0625]], b: array![-0.125] });
    let first = Gradient { w: array![[-0.125, 0.0], [0.0625, 0.0]], b: array![-0.125, 0.0625] };
    assert_eq!(gradients[0], first);
}

/// With log-softmax and the negative log-likelihood the output error is (softmax(z) − y) / N.
#[test]
fn the_output_error_of_log_softmax_is_softmax_minus_y() {
    let (x, y) = batch();
    let layers = layers(1, Sigmoid, LogSoftmax);
    let traces = forward(&layers, x.view());
    let a = &traces[1].a;
    let deltas = deltas(&layers, &traces, NegativeLogLikelihood.derivative(a.view(), &y));
    let expected = (a.mapv(f64::exp) - &y) / 2.0;
    assert!((&deltas[1] - &expected).iter().all(|gap| gap.abs() < 1e-15), "{deltas:?} {expected}");
    // Probabilities and targets both sum to 1, so the error sums to 0.
    assert!(deltas[1].sum_axis(Axis(0)).iter().all(|sum| sum.abs() < 1e-15));
}

#[test]
fn a_gradient_with_nan_does_not_pass() {
    let f = |x: &[f64]| x[0];
    assert!(!check_gradient(&f, &[f64::NAN], &[1.0], STEP).unwrap().passes());
}

#[test]
fn the_report_names_the_worst_entry() {
    let f = |x: &[f64]| x[0] * x[0] + 3.0 * x[1];
    let check = check_gradient(&f, &[4.0, -3.0], &[2.0, 5.0], STEP).unwrap();
    assert_eq!(check.worst, 1);
    insta::assert_snapshot!(
        check.to_string(),
        @"the gradient does not agree with central differences: relative error 6.0e-1 (bound 1e-7); they differ most at index 1: gradient -3.000000000, central difference 3.000000000"
    );
}

#[test]
fn a_batch_that_does_not_fit_is_an_error() {
    let network = Network::builder(&[3, 2])
        .hidden(Identity)
        .output(Identity)
        .initializer(Initializer::Xavier)
        .build()
        .unwrap();
    let error = check_network(&network, &Array2::zeros((4, 1)), &Array2::zeros((2, 1)), Quadratic);
    insta::assert_snapshot!(
        error.unwrap_err().to_string(),
        @"batch of examples in columns: expected x of 3 × N and y of 2 × N, N ≥ 1, for a network of sizes [3, 2], found x of 4 × 1 and y of 2 × 1"
    );
}
