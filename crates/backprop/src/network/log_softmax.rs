//! log-softmax, whose outputs each go by all z of the layer, and the gradient that it hands back.

use crate::network::scalar::Scalar;
use ndarray::{Array2, Axis, Zip};

/// a = ln softmax(z): shifts each column by its maximum first, so that no exponential overflows.
pub(super) fn forward<A: Scalar>(z: &Array2<A>) -> Array2<A> {
    let mut a = z.clone();
    for mut column in a.axis_iter_mut(Axis(1)) {
        let highest = column.fold(A::neg_infinity(), |highest, &z| highest.max(z));
        let log_sum = highest + column.iter().map(|&z| (z - highest).exp()).sum::<A>().ln();
        column.mapv_inplace(|z| z - log_sum);
    }
    a
}

/// ∂aⱼ/∂zₖ = [j = k] − e^{aₖ}, so δₖ = ∂C/∂aₖ − e^{aₖ} Σⱼ ∂C/∂aⱼ.
///
/// With the negative log-likelihood, ∂C/∂a = −y/N, that is the well-known (p − y)/N, p = e^a.
pub(super) fn backward<A: Scalar>(mut grad_a: Array2<A>, a: &Array2<A>) -> Array2<A> {
    let sums = grad_a.sum_axis(Axis(0));
    Zip::from(&mut grad_a).and(a).and_broadcast(&sums).for_each(|d, &a, &sum| *d -= a.exp() * sum);
    grad_a
}
