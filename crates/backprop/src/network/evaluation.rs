//! How well a network does: its loss and its accuracy on a set.

use crate::data::{Batch, Dataset};
use crate::error::Error;
use crate::fast;
use crate::network::loss::Loss;
use crate::network::score::Score;
use crate::network::{Network, highest};
use ndarray::{Array1, Array2, Axis};
use std::iter::zip;

/// Examples in one forward pass: enough to keep the products busy, few enough to stay in the cache.
const CHUNK: usize = 500;

impl Network {
    /// Measures loss and accuracy on all examples of a set.
    ///
    /// # Errors
    /// When the images do not have as many pixels as the network has inputs, or the set not as many
    /// classes as it has outputs.
    pub fn evaluate(&self, set: &Dataset, loss: Loss) -> Result<Score, Error> {
        self.check_set(set)?;
        Ok(self.score(set, loss))
    }

    /// Names the class of each image of a set: the output with the highest activation.
    ///
    /// # Errors
    /// As [`Network::evaluate`].
    ///
    /// ```
    /// use backprop::prelude::*;
    /// let (data, network) = (Data::digits(20, 10)?, Network::new(&[784, 30, 10])?);
    /// assert_eq!(network.predict(&data.test)?.len(), 10);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn predict(&self, set: &Dataset) -> Result<Vec<usize>, Error> {
        self.check_set(set)?;
        let mut classes = Vec::with_capacity(set.len());
        for_each_chunk(set, set.len(), |indices| {
            classes.extend(highest(&self.output(set.batch(indices).x.view())));
        });
        Ok(classes)
    }

    /// Checks that images and classes of a set fit the network.
    pub(crate) fn check_set(&self, set: &Dataset) -> Result<(), Error> {
        self.check_batch((set.inputs(), 1), (set.classes().len(), 1))
    }

    /// What [`Network::evaluate`] finds on a set that fits.
    pub(crate) fn score(&self, set: &Dataset, loss: Loss) -> Score {
        if let Some(path) = fast::isa_for(self, loss) {
            return fast::evaluate(path, self, set, set.len(), false).0;
        }
        let mut sums = Sums::default();
        for_each_chunk(set, set.len(), |indices| {
            let Batch { x, y } = set.batch(indices);
            sums.add(&self.output(x.view()), &y, loss, set.labels(), indices);
        });
        sums.score(set.len())
    }

    /// Measures the first `count` examples, and ‖∂C/∂b^l‖₂ of each layer over them: the gradient is
    /// averaged over the examples first, then comes the norm.
    pub(crate) fn evaluate_with_gradient_norms(
        &self,
        set: &Dataset,
        count: usize,
        loss: Loss,
    ) -> (Score, Vec<f64>) {
        if let Some(path) = fast::isa_for(self, loss) {
            return fast::evaluate(path, self, set, count, true);
        }
        let mut sums = Sums::default();
        let mut gradients: Vec<Array1<f64>> =
            self.layers.iter().map(|layer| Array1::zeros(layer.b.len())).collect();
        for_each_chunk(set, count, |indices| {
            let Batch { x, y } = set.batch(indices);
            let (a, deltas) = self.pass_with(&[]).output_and_deltas(x.view(), &y, loss);
            sums.add(&a, &y, loss, set.labels(), indices);
            for (gradient, delta) in zip(&mut gradients, &deltas) {
                // The δ are means over the chunk: weigh it by its size.
                let weight = indices.len() as f64 / count as f64;
                *gradient += &delta.sum_axis(Axis(1)).mapv(|d| f64::from(d) * weight); // ∂C/∂b^l = Σ δ^l
            }
        });
        let norms = gradients.iter().map(|gradient| gradient.dot(gradient).sqrt()).collect();
        (sums.score(count), norms)
    }
}

fn for_each_chunk(set: &Dataset, count: usize, mut action: impl FnMut(&[usize])) {
    let indices: Vec<usize> = (0..count.min(set.len())).collect();
    for chunk in indices.chunks(CHUNK) {
        action(chunk);
    }
}

/// Sums over examples, in f64 so that long sets lose nothing.
#[derive(Default)]
struct Sums {
    loss: f64,
    correct: usize,
}

impl Sums {
    fn add(
        &mut self,
        a: &Array2<f32>,
        y: &Array2<f32>,
        loss: Loss,
        labels: &[usize],
        indices: &[usize],
    ) {
        self.loss += f64::from(loss.value(a.view(), y)) * indices.len() as f64;
        let hit = |&(&i, class): &(&usize, usize)| labels[i] == class;
        self.correct += zip(indices, highest(a)).filter(hit).count();
    }

    fn score(&self, count: usize) -> Score {
        Score { loss: self.loss / count as f64, accuracy: self.correct as f64 / count as f64 }
    }
}
