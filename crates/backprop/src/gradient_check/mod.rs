//! Gradients by central differences, to check the ones that backpropagation gives.
//!
//! ```
//! use backprop::gradient_check::check_gradient;
//! let f = |x: &[f64]| x[0] * x[0] + 3.0 * x[1];
//! let x = [2.0, 5.0];
//! assert!(check_gradient(&f, &[4.0, 3.0], &x, 1e-5)?.passes());
//! assert!(!check_gradient(&f, &[4.0, -3.0], &x, 1e-5)?.passes());
//! # Ok::<(), backprop::Error>(())
//! ```

use crate::error::Error;
use crate::network::Network;
use crate::network::backprop::Gradient;
use crate::network::connection::Pass;
use crate::network::layer::{Layer, fill, flatten};
use crate::network::loss::Loss;
use ndarray::Array2;
use std::fmt;
use std::iter::zip;

/// The step of the central differences that [`check_network`] takes.
///
/// Their error is about h² f‴ / 6 + ε |f| / h: near its least at h = ∛ε ≈ 6e-6 for functions of order 1.
pub const STEP: f64 = 1e-5;

/// The largest relative error that [`GradientCheck::passes`] accepts.
pub const TOLERANCE: f64 = 1e-7;

/// A gradient beside its central differences.
#[derive(Clone, Debug, PartialEq)]
pub struct GradientCheck {
    /// ‖g − n‖₂ / (‖g‖₂ + ‖n‖₂) of the gradient g and the central differences n; 0 where both vanish.
    pub relative_error: f64,
    /// The index at which they differ most.
    pub worst: usize,
    /// The gradient at that index.
    pub gradient: f64,
    /// The central difference at that index.
    pub difference: f64,
}

impl GradientCheck {
    /// Whether the relative error is below [`TOLERANCE`]. NaN does not pass.
    pub fn passes(&self) -> bool {
        self.relative_error < TOLERANCE
    }
}

impl fmt::Display for GradientCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let GradientCheck { relative_error, worst, gradient, difference } = self;
        let verdict = if self.passes() { "agrees" } else { "does not agree" };
        write!(
            f,
            "the gradient {verdict} with central differences: relative error {relative_error:.1e} \
             (bound {TOLERANCE:.0e}); they differ most at index {worst}: \
             gradient {gradient:.9}, central difference {difference:.9}"
        )
    }
}

/// Approximates ∂f/∂xᵢ for every i by (f(x + h eᵢ) − f(x − h eᵢ)) / 2h.
///
/// Costs two calls of f for each entry of x; backpropagation costs about three for all of them.
pub fn numerical_gradient(f: &dyn Fn(&[f64]) -> f64, x: &[f64], step: f64) -> Vec<f64> {
    let mut moved = x.to_vec();
    let difference = |i: usize| {
        moved[i] = x[i] + step;
        let above = f(&moved);
        moved[i] = x[i] - step;
        let below = f(&moved);
        moved[i] = x[i];
        (above - below) / (2.0 * step)
    };
    (0..x.len()).map(difference).collect()
}

/// Compares a gradient of f at x with central differences.
///
/// # Errors
/// When `gradient` has not one entry for each entry of `x`.
pub fn check_gradient(
    f: &dyn Fn(&[f64]) -> f64,
    gradient: &[f64],
    x: &[f64],
    step: f64,
) -> Result<GradientCheck, Error> {
    if gradient.len() != x.len() {
        let (expected, found) = (x.len().to_string(), gradient.len().to_string());
        return Err(Error::Shape { what: "entries of a gradient", expected, found });
    }
    Ok(compare(gradient, &numerical_gradient(f, x, step)))
}

/// Checks the gradient that backpropagation gives for a batch, in f64, over all parameters.
///
/// The same code trains in f32. x is n_in × N, y is n_out × N; with ReLU, keep the pre-activations off
/// the kink by more than the [`STEP`] can move them.
///
/// # Errors
/// As [`Network::backpropagate`].
pub fn check_network(
    network: &Network,
    x: &Array2<f32>,
    y: &Array2<f32>,
    loss: Loss,
) -> Result<GradientCheck, Error> {
    network.check_batch(x.dim(), y.dim())?;
    let layers = in_f64(network);
    let pass = Pass { layers: &layers, connections: network.connections(), masks: &[] };
    let (x, y) = (x.mapv(f64::from), y.mapv(f64::from));
    let (_, gradients) = pass.backpropagate(x.view(), &y, loss);
    Ok(compare_with_differences(pass, &gradients, &x, &y, loss))
}

fn in_f64(network: &Network) -> Vec<Layer<f64>> {
    let widen = |layer: &Layer| Layer {
        w: layer.w.mapv(f64::from),
        b: layer.b.mapv(f64::from),
        activation: layer.activation,
    };
    network.layers.iter().map(widen).collect()
}

/// Compares gradients, however they were made, with central differences of the forward pass.
fn compare_with_differences(
    pass: Pass<'_, f64>,
    gradients: &[Gradient<f64>],
    x: &Array2<f64>,
    y: &Array2<f64>,
    loss: Loss,
) -> GradientCheck {
    let cost = |parameters: &[f64]| {
        let mut moved = pass.layers.to_vec();
        fill(&mut moved, parameters);
        let traces = Pass { layers: &moved, connections: pass.connections, masks: pass.masks }
            .trace(x.view());
        loss.value(traces.last().map_or(x.view(), |trace| trace.a.view()), y)
    };
    let gradient = flatten(gradients.iter().map(|gradient| (&gradient.w, &gradient.b)));
    let parameters = flatten(pass.layers.iter().map(|layer| (&layer.w, &layer.b)));
    compare(&gradient, &numerical_gradient(&cost, &parameters, STEP))
}

/// The relative error of two gradients, and where they differ most.
fn compare(gradient: &[f64], differences: &[f64]) -> GradientCheck {
    let norm = |values: &mut dyn Iterator<Item = f64>| values.map(|v| v * v).sum::<f64>().sqrt();
    let apart = norm(&mut zip(gradient, differences).map(|(g, n)| g - n));
    let size = norm(&mut gradient.iter().copied()) + norm(&mut differences.iter().copied());
    let gap = |i: &usize| (gradient[*i] - differences[*i]).abs();
    let worst = (0..gradient.len()).max_by(|i, j| gap(i).total_cmp(&gap(j))).unwrap_or(0);
    GradientCheck {
        relative_error: if size == 0.0 { 0.0 } else { apart / size },
        worst,
        gradient: gradient.get(worst).copied().unwrap_or(0.0),
        difference: differences.get(worst).copied().unwrap_or(0.0),
    }
}

#[cfg(test)]
mod tests;
