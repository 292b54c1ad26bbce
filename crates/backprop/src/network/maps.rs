//! The shape of images and feature maps, their patches, and pooling.

use crate::network::convolution::Convolution;
use crate::network::scalar::Scalar;
use ndarray::{Array2, Array4, Array6, Axis, CowArray, Ix4, Zip, s};
use serde::{Deserialize, Serialize};
use std::mem::replace;

/// The shape of one example as a layer sees it: images, or the feature maps of the layer before.
///
/// A column of h holds them channel by channel and row by row. Examples lie next to each other in
/// memory, so that a batch is an array of channels × height × width × N.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapShape {
    /// The number of images or feature maps.
    pub channels: usize,
    /// In pixels.
    pub height: usize,
    /// In pixels.
    pub width: usize,
}

impl MapShape {
    /// The numbers of an example: channels × height × width.
    pub(crate) fn len(self) -> usize {
        self.channels * self.height * self.width
    }

    /// The feature maps that a convolution makes of these.
    pub(crate) fn convolved(self, Convolution { filters, kernel, .. }: Convolution) -> MapShape {
        let (height, width) = (self.height + 1 - kernel, self.width + 1 - kernel);
        MapShape { channels: filters, height, width }
    }

    /// What max pooling leaves of these.
    pub(crate) fn pooled(self, pool: usize) -> MapShape {
        MapShape { height: self.height / pool, width: self.width / pool, ..self }
    }

    /// channels × height × width × N, of any array that has its numbers in this order.
    fn unflatten<A: Scalar>(self, h: &Array2<A>) -> CowArray<'_, A, Ix4> {
        let MapShape { channels, height, width } = self;
        let shape = (channels, height, width, h.len() / self.len());
        h.to_shape(shape).expect("maps of this shape for every example")
    }

    /// (channels · height · width) × N.
    fn flatten<A: Scalar>(self, maps: Array4<A>) -> Array2<A> {
        let shape = (self.len(), maps.len_of(Axis(3)));
        maps.into_shape_with_order(shape).expect("maps of this shape for every example")
    }

    /// Lays the k × k patches of h side by side: (channels · k²) × (positions · N).
    pub(crate) fn patches<A: Scalar>(self, h: &Array2<A>, k: usize) -> Array2<A> {
        let maps = self.unflatten(h);
        let (rows, columns, n) = (self.height + 1 - k, self.width + 1 - k, maps.len_of(Axis(3)));
        let mut patches = Array6::zeros((self.channels, k, k, rows, columns, n));
        for (i, j) in pairs(k) {
            let pixels = maps.slice(s![.., i..i + rows, j..j + columns, ..]);
            patches.slice_mut(s![.., i, j, .., .., ..]).assign(&pixels);
        }
        let shape = (self.channels * k * k, rows * columns * n);
        patches.into_shape_with_order(shape).expect("as many numbers as before")
    }

    /// Adds the gradient of every patch to the pixels that it shows: the transpose of [`MapShape::patches`].
    pub(crate) fn patches_back<A: Scalar>(self, grad: &Array2<A>, k: usize) -> Array2<A> {
        let (rows, columns) = (self.height + 1 - k, self.width + 1 - k);
        let n = grad.ncols() / (rows * columns);
        let shape = (self.channels, k, k, rows, columns, n);
        let grad = grad.to_shape(shape).expect("patches of this shape");
        let mut maps = Array4::zeros((self.channels, self.height, self.width, n));
        for (i, j) in pairs(k) {
            let mut pixels = maps.slice_mut(s![.., i..i + rows, j..j + columns, ..]);
            pixels += &grad.slice(s![.., i, j, .., .., ..]);
        }
        self.flatten(maps)
    }

    /// Keeps the highest number of each p × p square.
    pub(crate) fn pool<A: Scalar>(self, a: &Array2<A>, p: usize) -> Array2<A> {
        self.pooled(p).flatten(self.highest(&self.unflatten(a), p))
    }

    fn highest<A: Scalar>(self, maps: &CowArray<'_, A, Ix4>, p: usize) -> Array4<A> {
        let MapShape { channels, height, width } = self.pooled(p);
        let shape = (channels, height, width, maps.len_of(Axis(3)));
        let mut highest = Array4::from_elem(shape, A::neg_infinity());
        for (i, j) in pairs(p) {
            let corner = maps.slice(s![.., i..height * p; p, j..width * p; p, ..]);
            highest.zip_mut_with(&corner, |highest, &a| *highest = highest.max(a));
        }
        highest
    }

    /// Gives the gradient of each square to its highest number, the first where several are, as PyTorch.
    pub(crate) fn pool_back<A: Scalar>(
        self,
        grad: &Array2<A>,
        a: &Array2<A>,
        p: usize,
    ) -> Array2<A> {
        let maps = self.unflatten(a);
        let highest = self.highest(&maps, p);
        let MapShape { height, width, .. } = self.pooled(p);
        let mut grad = self.pooled(p).unflatten(grad).into_owned();
        let mut grad_a = Array4::zeros(maps.raw_dim());
        for (i, j) in pairs(p) {
            let square = s![.., i..height * p; p, j..width * p; p, ..];
            Zip::from(grad_a.slice_mut(square))
                .and(maps.slice(square))
                .and(&highest)
                .and(&mut grad)
                .for_each(|grad_a, a, highest, grad| {
                    if a == highest {
                        *grad_a = replace(grad, A::zero());
                    }
                });
        }
        grad_a.into_shape_with_order(a.dim()).expect("as many numbers as before")
    }
}

/// (0, 0), (0, 1), … (n − 1, n − 1).
pub(crate) fn pairs(n: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..n).flat_map(move |i| (0..n).map(move |j| (i, j)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, array};

    /// Two examples, in columns, of one image of 3 × 3 pixels: 1 to 9, and ten times that.
    fn images() -> (MapShape, Array2<f64>) {
        let one = Array1::range(1.0, 10.0, 1.0).insert_axis(Axis(1));
        let two = &one * 10.0;
        let both = ndarray::concatenate![Axis(1), one, two];
        (MapShape { channels: 1, height: 3, width: 3 }, both)
    }

    #[test]
    fn patches_are_columns_position_by_position() {
        let (maps, h) = images();
        let patches = maps.patches(&h, 2);
        assert_eq!(patches.dim(), (4, 4 * 2));
        // 1 2 | 2 3 | 4 5 | 5 6
        // 4 5 | 5 6 | 7 8 | 8 9, each followed by its tenfold.
        assert_eq!(patches.row(0).to_vec(), [1.0, 10.0, 2.0, 20.0, 4.0, 40.0, 5.0, 50.0]);
        assert_eq!(patches.column(6).to_vec(), [5.0, 6.0, 8.0, 9.0]);
    }

    #[test]
    fn a_gradient_reaches_a_pixel_once_for_each_patch_that_shows_it() {
        let (maps, h) = images();
        let grad = maps.patches_back(&Array2::<f64>::ones(maps.patches(&h, 2).dim()), 2);
        let times = [1.0, 2.0, 1.0, 2.0, 4.0, 2.0, 1.0, 2.0, 1.0];
        assert_eq!(grad.column(0).to_vec(), times);
        assert_eq!(grad.column(1).to_vec(), times);
    }

    #[test]
    fn pooling_keeps_the_highest_and_gives_it_the_gradient() {
        let maps = MapShape { channels: 1, height: 3, width: 4 };
        let a = array![[1.0, 5.0, 2.0, 2.0, 3.0, 4.0, 2.0, 0.0, 9.0, 9.0, 9.0, 9.0]];
        let a = a.reversed_axes();
        // 1 5 | 2 2
        // 3 4 | 2 0; the third row fills no square. Of three twos the first takes the gradient.
        assert_eq!(maps.pool(&a, 2), array![[5.0], [2.0]]);
        let grad = maps.pool_back(&array![[0.5], [0.25]], &a, 2);
        let expected = [0.0, 0.5, 0.25, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        assert_eq!(grad.column(0).to_vec(), expected);
        assert_eq!(maps.pool(&a, 1), a);
    }
}
