//! Mini-batches: images of a set as inputs x, their labels as targets y.

use super::dataset::{Affine, Dataset};
use ndarray::{Array1, Array2};

/// A mini-batch; examples are columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// The inputs, scaled pixels: inputs × N.
    pub x: Array2<f32>,
    /// The targets, one-hot: classes × N.
    pub y: Array2<f32>,
}

impl Dataset {
    /// The mini-batch of the images of these indices, in this order.
    ///
    /// ```
    /// use backprop::prelude::*;
    /// let data = Data::digits(20, 10)?;
    /// let Batch { x, y } = data.train.batch(&[3, 5]);
    /// assert_eq!((x.dim(), y.dim()), ((784, 2), (10, 2)));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Panics
    /// When there is no image of such an index.
    #[track_caller]
    pub fn batch(&self, indices: &[usize]) -> Batch {
        self.assert_indices(indices);
        let Affine { scale, shift } = self.affine();
        let mut x = Vec::with_capacity(indices.len() * self.inputs());
        let mut y = Array2::zeros((self.classes().len(), indices.len()));
        for (n, &i) in indices.iter().enumerate() {
            x.extend(self.row(i).iter().map(|&p| f32::from(p) * scale + shift));
            y[[self.labels()[i], n]] = 1.0;
        }
        let x = Array2::from_shape_vec((indices.len(), self.inputs()), x);
        // Images lie in rows; their transpose, which costs nothing, has them in columns.
        Batch { x: x.expect("one row an image").reversed_axes(), y }
    }

    /// The one-hot target y of image i: 1 at its label, 0 elsewhere.
    ///
    /// # Panics
    /// When there is no image i.
    #[track_caller]
    pub fn one_hot(&self, i: usize) -> Array1<f32> {
        self.assert_index(i);
        self.batch(&[i]).y.column(0).to_owned()
    }
}
