//! What figures are drawn with, for a kind of figure of one's own: colours, texts, axes, legends, pixels, and
//! how a notebook takes a result.

pub mod axis;
pub mod bundle;
pub(crate) mod color_bar;
pub mod frame;
pub mod legend;
pub mod palette;
pub mod raster;
pub(crate) mod steps;
pub mod svg;
pub mod text;
