//! What a grid of images shows: its images and how they are to be drawn.

use ndarray::Array2;

use crate::figure::Words;
use crate::parts::color_bar;
use crate::parts::svg::{Font, PLAIN};
use crate::parts::text::one_line;

/// Grey images in rows and columns, with a label below each.
///
/// The pixels of all images follow each other, each image row by row from the top, 0 to 255.
/// Ink (255) is drawn dark on white, as on paper; see [`invert`](ImageGrid::invert).
///
/// ```
/// use backprop_figures::ImageGrid;
///
/// let two_images = [0, 255, 255, 0, 255, 0, 0, 255];
/// let figure = ImageGrid::new("Examples", &two_images, 2, 2).labels(&["5", "0"].map(String::from)).draw();
/// assert_eq!(figure.alt(), "Examples. 2 images of 2 × 2 pixels in 1 row, labelled 5, 0.");
/// ```
#[derive(Clone, Debug)]
#[must_use = "a grid is shown by ending a cell with it"]
pub struct ImageGrid {
    pub(super) words: Words,
    pub(super) pixels: Vec<u8>,
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) columns: usize,
    pub(super) labels: Option<Vec<String>>,
    pub(super) highlighted: Vec<usize>,
    pub(super) shades: Shades,
}

/// What the bytes of a grid stand for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shades {
    /// 255 is black.
    Ink,
    /// 255 is white.
    Light,
    /// [`ZERO`] is no weight, 0 and twice that are minus and plus the largest; the number of weights
    /// that are not finite is told.
    Weights { largest: f64, missing: usize },
}

/// The byte of a weight of 0. Half as many bytes as eyes could tell apart: twice the neurons fit.
pub(super) const ZERO: f64 = 31.0;
/// The byte of the paper between the images.
pub(super) const PAPER: u8 = 255;
/// More weights than this would swell the notebook; 100 neurons of 28 × 28 fit.
pub(super) const MOST_WEIGHTS: usize = 100 * 28 * 28;
/// More pixels than this would swell the notebook; 256 images of 28 × 28 fit.
pub(super) const MOST_PIXELS: usize = 256 * 28 * 28;
/// Space between two images, in pixels.
pub(super) const GAP: usize = 12;
/// Space below an image for its label.
pub(super) const LABEL: usize = 18;
pub(super) const CAPTION: Font = Font { size: 13.0, anchor: "middle", ..PLAIN };

impl ImageGrid {
    /// Takes images of `height` × `width` pixels; their number follows from the length.
    pub fn new(title: &str, pixels: &[u8], height: usize, width: usize) -> Self {
        ImageGrid {
            words: Words::new(title),
            pixels: pixels.to_vec(),
            height,
            width,
            columns: 10,
            labels: None,
            highlighted: Vec::new(),
            shades: Shades::Ink,
        }
    }

    /// Takes the weights of a first layer (n_out × inputs), and draws those of each neuron as an image
    /// of `height` × `width`: blue below zero, white at zero, red above.
    ///
    /// All images share one scale, so that they can be compared.
    ///
    /// ```
    /// use backprop_figures::ImageGrid;
    /// use ndarray::array;
    ///
    /// let w = array![[0.5, -0.25, 0.0, 1.0], [-1.0, 0.0, 0.0, 0.5]];
    /// let figure = ImageGrid::weights("First layer", &w, 2, 2).draw();
    /// assert_eq!(
    ///     figure.alt(),
    ///     "First layer. 2 images of 2 × 2 pixels in 1 row; weights from −1 (blue) over 0 (white) to 1 (red)."
    /// );
    /// ```
    pub fn weights(title: &str, w: &Array2<f32>, height: usize, width: usize) -> Self {
        let finite = || w.iter().filter(|w| w.is_finite()).map(|w| f64::from(w.abs()));
        let largest = finite().fold(0.0, f64::max);
        let missing = w.len() - finite().count();
        // Weights that are all zero have no scale; a weight that is not finite is drawn as none.
        let scale = if largest > 0.0 { ZERO / largest } else { 0.0 };
        let byte =
            |w: &f32| (ZERO + if w.is_finite() { scale * f64::from(*w) } else { 0.0 }).round();
        let bytes: Vec<u8> = w.iter().map(|w| byte(w) as u8).collect();
        let shades = Shades::Weights { largest, missing };
        ImageGrid { shades, ..ImageGrid::new(title, &bytes, height, width) }
    }

    /// Writes a label below each image.
    pub fn labels(mut self, labels: &[String]) -> Self {
        self.labels = Some(labels.iter().map(|label| one_line(label)).collect());
        self
    }

    /// Sets the images per row, 10 unless told; fewer stand there where they would not fit.
    pub fn columns(mut self, columns: usize) -> Self {
        self.columns = columns;
        self
    }

    /// Frames these images (the first has number 0) and sets their labels bold.
    pub fn highlight(mut self, images: &[usize]) -> Self {
        self.highlighted = images.to_vec();
        self
    }

    /// Says whether 255 is drawn black (`true`, as for ink) or white (`false`, as for X-rays).
    /// Weights keep their colours.
    pub fn invert(mut self, invert: bool) -> Self {
        self.shades = match self.shades {
            Shades::Ink | Shades::Light if invert => Shades::Ink,
            Shades::Ink | Shades::Light => Shades::Light,
            weights => weights,
        };
        self
    }

    pub(super) fn count(&self) -> usize {
        self.pixels.len() / (self.height * self.width)
    }

    /// Gives the room that a colour bar takes beside the images, in pixels.
    pub(super) fn color_bar_room(&self) -> f64 {
        if matches!(self.shades, Shades::Weights { .. }) { color_bar::WIDTH } else { 0.0 }
    }
}
