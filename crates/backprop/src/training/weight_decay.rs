//! Weight decay: the L2 penalty in the gradients.

use crate::network::backprop::Gradient;
use crate::network::layer::Layer;
use crate::network::scalar::Scalar;
use std::iter::zip;

/// Adds the gradient of the L2 penalty λ/2 Σ w² over all weights w: ∂C/∂W^l + λ W^l.
///
/// Biases go free: they shift a neuron's threshold and do not make it steeper.
pub(crate) fn decay<A: Scalar>(gradients: &mut [Gradient<A>], layers: &[Layer<A>], lambda: A) {
    for (gradient, layer) in zip(gradients, layers) {
        gradient.w.scaled_add(lambda, &layer.w);
    }
}
