//! How well a network does: its loss and its accuracy on a set.

use crate::data::Dataset;
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
    /// # Panics
    /// When the images do not have as many pixels as the network has inputs, or the set not as many
    /// classes as it has outputs.
    #[track_caller]
    pub fn evaluate(&self, set: &Dataset, loss: Loss) -> Score {
        if let Err(error) = self.check_batch((set.inputs(), 1), (set.classes().len(), 1)) {
            panic!("{error}");
        }
        if let Some(path) = fast::isa_for(self, loss) {
            return fast::evaluate(path, self, set, set.len(), false).0;
        }
        let mut sums = Sums::default();
        for_each_chunk(set, set.len(), |indices| {
            let (x, y) = set.batch(indices);
            sums.add(&self.forward(&x), &y, loss, set.labels(), indices);
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
            let (x, y) = set.batch(indices);
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
        labels: &[u8],
        indices: &[usize],
    ) {
        self.loss += f64::from(loss.value(a.view(), y)) * indices.len() as f64;
        let hit = |&(&i, class): &(&usize, usize)| usize::from(labels[i]) == class;
        self.correct += zip(indices, highest(a)).filter(hit).count();
    }

    fn score(&self, count: usize) -> Score {
        Score { loss: self.loss / count as f64, accuracy: self.correct as f64 / count as f64 }
    }
}
