//! Figures and tables for notebooks and reports.
//!
//! A figure is described by a few calls and drawn at the end of a cell, where the kernel calls its
//! `evcxr_display`. It reaches the notebook as HTML with alt text and caption, as SVG, and as text. Those that
//! know no network are of the crate `backprop-figures`.
//!
//! ```
//! use backprop::view::Curves;
//!
//! let figure = Curves::new("Training")
//!     .x("epoch")
//!     .y("running loss (nats)")
//!     .series("sigmoid", &[1.32, 0.51, 0.38])
//!     .series("ReLU", &[0.62, 0.33, 0.28])
//!     .caption("MNIST, seed 0.")
//!     .draw();
//! assert!(figure.svg().starts_with("<svg"));
//! ```
//!
//! | what | for |
//! |---|---|
//! | [`Curves`] | losses and accuracies over the epochs, bands over seeds, descents on a curve |
//! | [`ImageGrid`] | examples with their labels, weights of the first layer |
//! | [`PixelNumbers`] | one image as the numbers it is made of |
//! | [`ConfusionMatrix`] | which classes are taken for which |
//! | [`HeatMap`] | other matrices |
//! | [`Contour`] | a cost over two weights, with descents on it |
//! | [`Bars`] | counts per class |
//! | [`VennDiagram`] | which inputs each unit of a perceptron answers to, with sliders to move the lines |
//! | [`NetworkDiagram`] | neurons with the activations of an example, and their weights |
//! | [`ComputationGraph`] | values forward and partial derivatives back, number by number |
//! | [`Explore`] | a training to step through with a slider |
//! | [`Table`] | results side by side |
//! | [`Figure`] | what all of them but the table draw: SVG, HTML, words; saved with [`Figure::save`] |
//!
//! [`Results`](crate::Results) of a sweep draw themselves as `Curves` and as a `Table`. A cell that ends in a
//! [`Network`](crate::Network), a [`Layer`](crate::Layer), a [`Gradient`](crate::Gradient), a
//! [`Dataset`](crate::Dataset), [`Data`](crate::Data), a [`Trainer`](crate::Trainer), a
//! [`Sweep`](crate::Sweep), a [`History`](crate::History) or a [`Score`](crate::Score) shows a `Table` of it.

pub use crate::notebook::{Explore, NetworkDiagram, VennDiagram};
pub use backprop_figures::{
    Bars, ComputationGraph, ConfusionMatrix, Contour, Curves, Figure, HeatMap, ImageGrid,
    PixelNumbers, SaveError, Table,
};
