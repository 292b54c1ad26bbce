//! Sweeps: a grid of experiments, run in parallel, whose results are one file.

mod execution;
mod file;
mod grid;
mod known;
mod results;
mod turn;

pub use execution::SweepProgress;
pub use grid::{Experiment, Sweep};
pub use results::{Results, Run, Spread, Summary};
