//! The shape of a convolution: its kernels and its pooling.

use serde::{Deserialize, Serialize};

/// A convolutional layer and the max pooling behind it: W a + b, where the columns of a are patches of the
/// images and the rows of W kernels.
///
/// Kernel f, c channels of k × k weights, looks at every k × k patch of the images, step by step (no
/// padding): z_f at row r and column s is Σ w_f[c, i, j] x[c, r + i, s + j] + b_f. Of each p × p square of
/// activations a = σ(z) the highest is passed on.
/// Source: LeCun, Bottou, Bengio, Haffner 1998, doi:10.1109/5.726791.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Convolution {
    /// The number of kernels, and so of the feature maps that the layer makes.
    pub filters: usize,
    /// Height and width k of a kernel, in pixels.
    pub kernel: usize,
    /// Height and width p of a square; 1 passes all activations on. Rows and columns that fill no square
    /// are left out.
    pub pool: usize,
}
