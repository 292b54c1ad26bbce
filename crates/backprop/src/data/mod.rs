//! Data: pixels as they are stored (u8), labels, and how a mini-batch of them becomes x and y.

mod dataset;
mod digits;
mod idx;
mod mnist;
mod source;

pub use dataset::{Dataset, Pixels};
pub use source::{Data, DataSource, Description};
