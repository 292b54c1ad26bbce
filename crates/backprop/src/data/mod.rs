//! Data: pixels as they are stored (u8), labels, and how a mini-batch of them becomes x and y.

mod batch;
mod change;
mod dataset;
mod description;
mod ink;
mod pages;
mod random;
mod sets;
mod source;

pub use batch::Batch;
pub use dataset::{Dataset, Pixels};
pub use description::Description;
pub(crate) use ink::{Ink, InkOfImage};
pub use sets::Data;
pub use source::{Confound, DataSource};
