//! What an evaluation finds.

/// How well a network does on a set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// The mean loss over the examples, in nats for the negative log-likelihood.
    pub loss: f64,
    /// The share of examples whose highest output is their label's, a fraction.
    pub accuracy: f64,
}
