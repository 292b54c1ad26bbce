//! Data: pixels as they are stored (u8), labels, and how a mini-batch of them becomes x and y.

mod chest;
mod dataset;
mod description;
mod digits;
mod idx;
mod images;
mod ink;
mod label_noise;
mod mask;
mod mnist;
mod npy;
mod pages;
mod places;
mod pneumonia;
mod random;
mod sets;
mod source;
mod subset;
mod validation;
mod zip;

pub use chest::Confound;
pub use dataset::{Dataset, Pixels};
pub use description::Description;
pub(crate) use ink::{Ink, InkOfImage};
pub use sets::Data;
pub use source::DataSource;
