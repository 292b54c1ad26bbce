//! The fast path: the numbers of the general path (`network/`, `training/optimizer.rs`), sooner.
//!
//! It takes plain chains in f32 whose loss fits their output layer ([`takes`]); whatever else there is goes
//! the general way. `tests.rs` holds the two together. docs/performance.md says what each step brought.
//!
//! - `crate::isa`: the instructions that the loops below are compiled for, without unsafe code of ours;
//! - `panels`: how weights and a batch lie in memory;
//! - `products`, `ink`: the three products of a layer, and those of a first layer that skip the background;
//! - `neurons`: σ, σ′, the loss; `exp` beside them;
//! - `step`: from a gradient to new parameters;
//! - `chain`: forward and backward; `training`, `evaluation`: what is done with them.

#[cfg(feature = "bench")]
#[doc(hidden)]
pub mod bench;
mod buffer;
mod chain;
mod evaluation;
mod exp;
mod ink;
mod neurons;
mod panels;
mod prefetch;
mod products;
mod step;
#[cfg(test)]
mod tests;
mod training;

use crate::isa::Isa;
use crate::network::Network;
use crate::network::loss::Loss;

pub(crate) use evaluation::evaluate;
pub(crate) use training::Training;

/// The instructions for a network and its loss; none where they go the general way.
pub(crate) fn isa_for(network: &Network, loss: Loss) -> Option<Isa> {
    let isa = Isa::choose().ok().flatten();
    isa.filter(|_| takes(network, loss))
}

/// Whether a network and its loss are of the kind that this path takes.
fn takes(network: &Network, loss: Loss) -> bool {
    let Some((output, hidden)) = network.layers.split_last() else { return false };
    network.connections().is_empty()
        && hidden.iter().all(|layer| layer.activation.is_elementwise())
        && neurons::takes(output.activation, loss)
}
