//! Losses: their values and derivatives.

use crate::network::scalar::Scalar;
use ndarray::{Array2, ArrayView2, Zip};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The cost function C(a, y), a mean over the N examples of a batch; each with its derivative ∂C/∂a.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// C = 1/(2N) Σ ‖y − a‖².
    Quadratic,
    /// C = −1/N Σ ln p(label), for outputs that are log-probabilities a = ln p; in nats.
    /// PyTorch's `NLLLoss`.
    #[serde(rename = "nll")]
    NegativeLogLikelihood,
}

impl Loss {
    /// C, for a and y of n_out × N.
    pub(crate) fn value<A: Scalar>(self, a: ArrayView2<A>, y: &Array2<A>) -> A {
        let n = A::of(a.ncols() as f64);
        let sum = |term: fn(A, A) -> A| {
            Zip::from(a).and(y).fold(A::zero(), |sum, &a, &y| sum + term(a, y))
        };
        match self {
            Loss::Quadratic => sum(|a, y| (y - a) * (y - a)) / (n + n),
            Loss::NegativeLogLikelihood => -sum(|a, y| y * a) / n,
        }
    }

    /// ∂C/∂a, n_out × N.
    pub(crate) fn derivative<A: Scalar>(self, a: ArrayView2<A>, y: &Array2<A>) -> Array2<A> {
        let n = A::of(a.ncols() as f64);
        match self {
            Loss::Quadratic => (&a - y) / n,
            Loss::NegativeLogLikelihood => y.mapv(|y| -y / n),
        }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Loss::Quadratic => "quadratic cost",
            Loss::NegativeLogLikelihood => "negative log-likelihood",
        })
    }
}
