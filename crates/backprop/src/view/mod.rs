//! Figures and tables for notebooks and reports; the only place that knows the notebook.
//!
//! A figure is described by a few calls and drawn at the end of a cell, where the kernel calls its
//! `evcxr_display`. It reaches the notebook as HTML with alt text and caption, as SVG, and as text.
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
//! [`Results`](crate::Results) of a sweep draw themselves as `Curves` and as a `Table`.
//!
//! Data that cannot be drawn never panics: the figure says what is wrong with them.
//! No function here is generic, since the kernel would compile it anew in every cell.

pub(crate) mod axis;
mod bars;
pub(crate) mod bundle;
mod color_bar;
mod computation_graph;
mod confusion_matrix;
mod contour;
mod curves;
pub(crate) mod figure;
pub(crate) mod frame;
mod heat_map;
mod image_grid;
mod isolines;
pub(crate) mod legend;
pub(crate) mod palette;
mod pixel_numbers;
pub(crate) mod raster;
pub(crate) mod sliders;
mod steps;
pub(crate) mod svg;
mod table;
pub(crate) mod text;
mod trend;

pub use crate::notebook::{Explore, NetworkDiagram, VennDiagram};
pub use bars::Bars;
pub use computation_graph::ComputationGraph;
pub use confusion_matrix::ConfusionMatrix;
pub use contour::Contour;
pub use curves::Curves;
pub use figure::Figure;
pub use heat_map::HeatMap;
pub use image_grid::ImageGrid;
pub use pixel_numbers::PixelNumbers;
pub use table::Table;

/// Writes the setters of the words around a figure; they need its field `words`.
macro_rules! word_setters {
    () => {
        /// Sets the caption: data set, seed, what to look at.
        pub fn caption(mut self, caption: &str) -> Self {
            self.words.caption = $crate::view::text::one_line(caption);
            self
        }

        /// Describes the figure in words of your own, instead of those made from its numbers.
        pub fn alt(mut self, alt: &str) -> Self {
            self.words.alt = Some($crate::view::text::one_line(alt));
            self
        }
    };
}
pub(crate) use word_setters;

/// Writes the setters of the axes' names; they need the fields `x_name` and `y_name`.
macro_rules! axis_setters {
    () => {
        /// Names the horizontal axis, with its unit.
        pub fn x(mut self, name: &str) -> Self {
            self.x_name = $crate::view::text::one_line(name);
            self
        }

        /// Names the vertical axis, with its unit.
        pub fn y(mut self, name: &str) -> Self {
            self.y_name = $crate::view::text::one_line(name);
            self
        }
    };
}
use axis_setters;

/// Writes the methods that every kind of figure has that does not move; they need its field `words`
/// and its `draw`.
macro_rules! common_methods {
    () => {
        $crate::view::word_setters!();

        /// Draws the figure and shows it as the result of a notebook cell; the kernel calls it.
        pub fn evcxr_display(&self) {
            self.draw().evcxr_display();
        }
    };
}
pub(crate) use common_methods;
