//! Losses: their values and derivatives.

use crate::error::Error;
use crate::network::activation::Activation;
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
    /// The unit that the loss is measured in; the quadratic cost has that of the outputs, squared, which have none
    /// here.
    ///
    /// ```
    /// use backprop::Loss;
    /// assert_eq!(Loss::NegativeLogLikelihood.unit(), Some("nats"));
    /// assert_eq!(Loss::Quadratic.unit(), None);
    /// ```
    pub fn unit(self) -> Option<&'static str> {
        match self {
            Loss::Quadratic => None,
            Loss::NegativeLogLikelihood => Some("nats"),
        }
    }

    /// Names a number that is this loss, or one of its kind, with the unit: "running loss (nats)".
    ///
    /// ```
    /// use backprop::Loss;
    /// assert_eq!(Loss::NegativeLogLikelihood.label("running loss"), "running loss (nats)");
    /// assert_eq!(Loss::Quadratic.label("running cost"), "running cost");
    /// ```
    pub fn label(self, name: &str) -> String {
        match self.unit() {
            Some(unit) => format!("{name} ({unit})"),
            None => name.to_owned(),
        }
    }

    /// The activation of the output layer that goes with the loss: log-softmax, whose outputs are the
    /// log-probabilities that the negative log-likelihood takes; sigmoid, one of several, for the quadratic cost.
    pub fn output_activation(self) -> Activation {
        match self {
            Loss::Quadratic => Activation::Sigmoid,
            Loss::NegativeLogLikelihood => Activation::LogSoftmax,
        }
    }

    /// Checks that the outputs of a network with this last activation are what the loss takes.
    pub(crate) fn check_output(self, activation: Activation) -> Result<(), Error> {
        match self {
            Loss::NegativeLogLikelihood if activation != self.output_activation() => {
                Err(Error::Setting {
                    what: "output layer for the negative log-likelihood, which takes log-probabilities",
                    expected: self.output_activation().to_string(),
                    found: activation.to_string(),
                })
            }
            _ => Ok(()),
        }
    }

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
