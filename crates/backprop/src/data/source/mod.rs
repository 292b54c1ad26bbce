//! Where data come from: what reads files of images, what draws images, and the choice among all of it.

mod chest;
mod choice;
mod deflate;
mod digits;
mod idx;
mod images;
mod mnist;
mod npy;
mod places;
mod pneumonia;
mod zip;

pub use chest::Confound;
pub use choice::DataSource;
