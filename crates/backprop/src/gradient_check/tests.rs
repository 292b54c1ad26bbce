use super::*;
use crate::activation::Activation::{self, Identity, LogSoftmax, Relu, Sigmoid};
use crate::backprop::{deltas, gradients};
use crate::init::Initializer;
use crate::loss::Loss::{NegativeLogLikelihood, Quadratic};
use crate::network::Trace;
use ndarray::{Axis, array};

/// Odd sizes, so that a missing transpose cannot hide; two examples.
const INPUTS: usize = 3;
const HIDDEN: [usize; 3] = [2, 5, 4];
const OUTPUTS: usize = 4;

/// ReLU needs pre-activations that the [`STEP`] cannot move over the kink.
const OFF_THE_KINK: f64 = 1e-2;

fn batch() -> (Array2<f64>, Array2<f64>) {
    let x = array![[0.5, -0.9], [-0.3, 0.8], [0.9, 0.1]];
    let y = array![[0.0, 1.0], [1.0, 0.0], [0.0, 0.0], [0.0, 0.0]];
    (x, y)
}

/// The first network, by seed, whose pre-activations are all off the kink.
fn layers(depth: usize, hidden: Activation, output: Activation) -> Vec<Layer<f64>> {
    let sizes = [&[INPUTS], &HIDDEN[..depth], &[OUTPUTS]].concat();
    let off_the_kink = |layers: &Vec<Layer<f64>>| {
        let traces = forward(layers, batch().0.view());
        traces.iter().all(|trace| trace.z.iter().all(|z| z.abs() > OFF_THE_KINK))
    };
    (0..1000)
        .map(|seed| {
            in_f64(&Network::new(&sizes, hidden, output, Initializer::Gaussian, seed).unwrap())
        })
        .find(off_the_kink)
        .expect("one of a thousand networks is off the kink")
}

#[test]
fn backpropagation_agrees_for_every_activation_loss_and_depth() {
    let (x, y) = batch();
    let all = [Sigmoid, Relu, Identity, LogSoftmax];
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
            _ => layer.activation.backward(grad_a, trace),
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
        let layers = (0..1000)
            .map(|seed| {
                in_f64(&Network::new(&sizes, hidden, Sigmoid, Initializer::Gaussian, seed).unwrap())
            })
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
    assert!(!check_gradient(&f, &[f64::NAN], &[1.0], STEP).passes());
}

#[test]
fn the_report_names_the_worst_entry() {
    let f = |x: &[f64]| x[0] * x[0] + 3.0 * x[1];
    let check = check_gradient(&f, &[4.0, -3.0], &[2.0, 5.0], STEP);
    assert_eq!(check.worst, 1);
    insta::assert_snapshot!(
        check.to_string(),
        @"the gradient does not agree with central differences: relative error 6.0e-1 (bound 1e-7); they differ most at index 1: gradient -3.000000000, central difference 3.000000000"
    );
}

#[test]
fn a_batch_that_does_not_fit_is_an_error() {
    let network = Network::new(&[3, 2], Identity, Identity, Initializer::Xavier, 0).unwrap();
    let error = check_network(&network, &Array2::zeros((4, 1)), &Array2::zeros((2, 1)), Quadratic);
    insta::assert_snapshot!(
        error.unwrap_err().to_string(),
        @"batch of examples in columns: expected x of 3 × N and y of 2 × N, N ≥ 1, for a network of sizes [3, 2], found x of 4 × 1 and y of 2 × 1"
    );
}
