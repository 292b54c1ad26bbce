//! Training: settings and the loop over epochs and mini-batches, how a step is made of a gradient, what is
//! held against overfitting, and the history that a training leaves.

pub(crate) mod dropout;
pub(crate) mod early_stopping;
pub(crate) mod history;
pub(crate) mod interrupt;
pub(crate) mod optimizer;
pub(crate) mod pace;
pub(crate) mod run;
pub(crate) mod settings;
pub(crate) mod weight_decay;
