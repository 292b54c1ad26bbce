//! Figures and tables for notebooks in Rust.
//!
//! A figure is described by a few calls. It is a picture (SVG), HTML with an alternative text and a caption, and
//! text: what it shows is said in words, with its numbers, to those who do not see it. It needs no browser, no
//! fonts and no network.
//!
//! ```
//! use backprop_figures::Curves;
//!
//! let figure = Curves::new("Training")
//!     .x("epoch")
//!     .y("loss")
//!     .series("a", &[1.32, 0.51, 0.38])
//!     .series("b", &[0.62, 0.33, 0.28])
//!     .caption("Seed 0.")
//!     .draw();
//! assert!(figure.svg().starts_with("<svg"));
//! assert!(figure.alt().starts_with("Training. "));
//! ```
//!
//! In a notebook of evcxr a cell that ends in a figure or a table shows it:
//!
//! ```text
//! :dep backprop-figures = { path = "crates/figures" }
//! use backprop_figures::Curves;
//! Curves::new("Training").series("a", &[1.32, 0.51, 0.38])
//! ```
//!
//! | what | for |
//! |---|---|
//! | [`Curves`] | lines and points over a common axis, bands over runs, descents on a curve |
//! | [`Bars`] | counts of each class |
//! | [`HeatMap`] | matrices |
//! | [`ConfusionMatrix`] | which classes are taken for which |
//! | [`Contour`] | a function of two variables, with descents on it |
//! | [`ImageGrid`] | images with their labels, weights as images |
//! | [`PixelNumbers`] | one image as the numbers it is made of |
//! | [`ComputationGraph`] | values forward and partial derivatives back, number by number |
//! | [`Table`] | results side by side |
//! | [`Figure`] | what all of them but the table draw; saved with [`Figure::save`] |
//! | [`parts`], [`sliders`] | what figures are drawn with and moved by, for a kind of figure of one's own |
//!
//! Data that cannot be drawn never panics: the figure says what is wrong with them.
//! No function here is generic, since evcxr would compile it anew in every cell.

mod bars;
mod computation_graph;
mod confusion_matrix;
mod contour;
mod curves;
mod error;
mod figure;
mod heat_map;
mod image_grid;
pub mod parts;
mod pixel_numbers;
mod setters;
pub mod sliders;
mod table;

pub use bars::Bars;
pub use computation_graph::ComputationGraph;
pub use confusion_matrix::ConfusionMatrix;
pub use contour::Contour;
pub use curves::Curves;
pub use error::SaveError;
pub use figure::{Figure, Words};
pub use heat_map::HeatMap;
pub use image_grid::ImageGrid;
pub use pixel_numbers::PixelNumbers;
pub use table::Table;
