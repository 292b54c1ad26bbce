//! Networks, backpropagation and training, in the words of the lecture.
//!
//! The way through the crate is the way of the data: pixels → [`Dataset`] → mini-batch → [`Network`] →
//! [`Loss`] → backpropagation → [`OptimizerState`] → [`History`] → figure.
//!
//! ```
//! use backprop::prelude::*;
//!
//! let data = Data::digits(3000, 500)?; // or Data::auto()?: MNIST where it is at hand
//! let mut network = Network::new(&[784, 30, 10])?; // sigmoid, then log-softmax
//! let trainer = Trainer { epochs: 3, optimizer: Optimizer::sgd(0.05, 0.9), ..Trainer::default() };
//! let history = trainer.train(&mut network, &data)?;
//! assert!(history.test_accuracy_after > 0.5);
//! # Ok::<(), backprop::Error>(())
//! ```
//!
//! - forward: [`Layer`], [`Network`], [`Trace`]: z = W a + b, a = σ(z);
//! - backward: [`Network::backpropagate`] → [`Gradient`], checked by [`gradient_check`];
//! - many runs in parallel: [`Sweep`] → one file → [`Results`];
//! - beyond the chain: [`Network::builder`] for residual and convolutional networks, dropout in [`Trainer`];
//! - names and symbols: `NOTATION.md` in the repository; three short programs: `examples/` of this crate.
//!
//! What notebooks call is concrete, but for a thin shell where f32 and f64 are taken alike, and owns its data,
//! since the evcxr kernel compiles generic code in the cell; and the crate has no statics, since there each cell would have its own.

mod data;
mod error;
mod fast;
#[cfg(feature = "bench")]
#[doc(hidden)]
pub use fast::bench;
pub mod gradient_check;
mod isa;
mod network;
mod notebook;
pub mod prelude;
mod sweep;
mod training;
pub mod view;

pub use data::{Batch, Confound, Data, DataSource, Dataset, Description, Pixels};
pub use error::Error;
pub use network::activation::Activation;
pub use network::architecture::Architecture;
pub use network::backprop::Gradient;
pub use network::build::NetworkBuilder;
pub use network::connection::Connection;
pub use network::convolution::Convolution;
pub use network::init::Initializer;
pub use network::layer::{Layer, LayerMut, Trace};
pub use network::loss::Loss;
pub use network::maps::MapShape;
pub use network::score::Score;
pub use network::{Initialization, Network};
pub use notebook::Question;
pub use sweep::{Experiment, Results, Run, Spread, Summary, Sweep, SweepProgress};
pub use training::history::{Evaluation, History, Outcome};
pub use training::optimizer::{Optimizer, OptimizerState};
pub use training::run::Progress;
pub use training::settings::{Evaluate, Trainer};

/// Whose arrays the lab's are. A notebook keeps a variable only if it can name the variable's type.
pub use ndarray;
