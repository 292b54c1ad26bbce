//! Measuring a network on the fast path.

use super::buffer::Buffer;
use super::chain::{Chain, sum_rows};
use super::neurons::Outcome;
use super::panels::padded;
use crate::data::Dataset;
use crate::isa::{Isa, MulAdd, Vectorized};
use crate::network::Network;
use crate::network::score::Score;

/// Examples in one pass.
const CHUNK: usize = 64;

/// Measures the network on the first `count` examples; with `norms` also ‖∂C/∂b^l‖₂ of each layer.
pub(crate) fn evaluate(
    isa: Isa,
    network: &Network,
    set: &Dataset,
    count: usize,
    norms: bool,
) -> (Score, Vec<f64>) {
    let chain = Chain::new(network, set, CHUNK);
    isa.run(Evaluation { chain, count, norms })
}

struct Evaluation<'a> {
    chain: Chain<'a>,
    count: usize,
    norms: bool,
}

impl Vectorized for Evaluation<'_> {
    type Output = (Score, Vec<f64>);

    #[inline(always)]
    fn run<M: MulAdd>(self) -> (Score, Vec<f64>) {
        let Evaluation { mut chain, count, norms } = self;
        let mut total = Outcome::default();
        let mut gradients: Vec<Vec<f64>> =
            chain.layers.iter().map(|layer| vec![0.0; layer.w.n_out]).collect();
        let all: Vec<usize> = (0..count).collect();
        for (start, indices) in (0..).step_by(CHUNK).zip(all.chunks(CHUNK)) {
            let after = &all[start + indices.len()..];
            let next = &after[..CHUNK.min(after.len())];
            let outcome = chain.forward::<M>(indices, next);
            total.loss += outcome.loss;
            total.correct += outcome.correct;
            if norms {
                chain.backward::<M>(indices.len());
                // The δ are means over the chunk: weigh it by its size.
                add_gradients(
                    &chain,
                    indices.len(),
                    indices.len() as f64 / count as f64,
                    &mut gradients,
                );
            }
        }
        let n = count as f64;
        let score = Score { loss: total.loss / n, accuracy: total.correct as f64 / n };
        let norm = |gradient: &Vec<f64>| gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
        (score, if norms { gradients.iter().map(norm).collect() } else { Vec::new() })
    }
}

/// Adds ∂C/∂b^l = Σ δ^l of every layer.
#[inline(always)]
fn add_gradients(chain: &Chain, examples: usize, weight: f64, gradients: &mut [Vec<f64>]) {
    for (gradient, layer) in gradients.iter_mut().zip(&chain.layers) {
        let mut sums = Buffer::zeros(padded(layer.w.n_out));
        sum_rows(&layer.delta, examples, &mut sums);
        gradient.iter_mut().zip(&*sums).for_each(|(g, &sum)| *g += f64::from(sum) * weight);
    }
}
