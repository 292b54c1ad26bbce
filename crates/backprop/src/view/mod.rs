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
//! | [`Curves`] | losses and accuracies over the epochs |
//! | [`ImageGrid`] | examples with their labels |
//! | [`PixelNumbers`] | one image as the numbers it is made of |
//! | [`HeatMap`] | confusion matrices and other matrices |
//! | [`Bars`] | counts per class |
//! | [`Table`] | results side by side |
//! | [`Figure`] | what all of them but the table draw: SVG, HTML, words; saved with [`Figure::save`] |
//!
//! Data that cannot be drawn never panics: the figure says what is wrong with them.
//! No function here is generic, since the kernel would compile it anew in every cell.

mod axis;
mod bars;
mod bundle;
mod color_bar;
mod curves;
mod figure;
mod frame;
mod heat_map;
mod image_grid;
mod legend;
mod live;
mod palette;
mod pixel_numbers;
mod raster;
mod svg;
mod table;
mod text;
mod training;
mod trend;

pub use bars::Bars;
pub(crate) use bundle::{Content, emit_all};
pub use curves::Curves;
pub use figure::Figure;
pub use heat_map::HeatMap;
pub use image_grid::ImageGrid;
pub use pixel_numbers::PixelNumbers;
pub use table::Table;

/// Writes the methods that every kind of figure has; they need its field `words` and its `draw`.
macro_rules! common_methods {
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

        /// Draws the figure and shows it as the result of a notebook cell; the kernel calls it.
        pub fn evcxr_display(&self) {
            self.draw().evcxr_display();
        }
    };
}
use common_methods;
