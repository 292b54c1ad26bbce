//! Dropout: the masks that silence hidden neurons in a mini-batch.

use crate::network::Network;
use ndarray::Array2;
use ndarray_rand::rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

/// Draws the masks that silence hidden neurons while a network trains.
///
/// Source: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014, JMLR 15, 1929–1958; inverted, so
/// that the network is evaluated as it is.
pub(crate) struct Dropout {
    rate: f32,
    rng: Xoshiro256PlusPlus,
}

impl Dropout {
    /// Drops a share `rate` of the neurons, from 0 to below 1. A pass through the training set begins
    /// its draws anew, from the seed and from the steps that were taken before.
    pub(crate) fn new(rate: f32, seed: u64, steps: u32) -> Dropout {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed.rotate_left(32) ^ u64::from(steps));
        rng.long_jump();
        rng.long_jump(); // streams apart from those of initialisation and of shuffling
        Dropout { rate, rng }
    }

    /// A mask m^l for each hidden layer and `examples` examples: mⱼ = 0 with probability p, else
    /// 1/(1 − p), so that the mean of m ⊙ a is a. None where nothing is to be dropped.
    pub(crate) fn masks(&mut self, network: &Network, examples: usize) -> Vec<Array2<f32>> {
        if self.rate == 0.0 {
            return Vec::new();
        }
        let passed_on = network.inputs().into_iter().skip(1);
        passed_on.map(|neurons| self.mask(neurons, examples)).collect()
    }

    fn mask(&mut self, neurons: usize, examples: usize) -> Array2<f32> {
        let kept = 1.0 / (1.0 - self.rate);
        Array2::from_shape_simple_fn((neurons, examples), || {
            if self.rng.random::<f32>() < self.rate { 0.0 } else { kept }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::activation::Activation::Relu;
    use crate::network::init::Initializer;

    fn masks(rate: f32, seed: u64, steps: u32) -> Vec<Array2<f32>> {
        let network = Network::builder(&[3, 50, 40, 2])
            .hidden(Relu)
            .output(Relu)
            .initializer(Initializer::He)
            .build()
            .unwrap();
        Dropout::new(rate, seed, steps).masks(&network, 100)
    }

    #[test]
    fn every_hidden_layer_has_a_mask_with_a_mean_of_one() {
        let masks = masks(0.2, 0, 0);
        assert_eq!(masks.iter().map(Array2::dim).collect::<Vec<_>>(), [(50, 100), (40, 100)]);
        for mask in masks {
            assert!(mask.iter().all(|&m| m == 0.0 || m == 1.25));
            // The mean of n draws has the deviation √(p / ((1 − p) n)): 0.008 for 4,000; five of them.
            let mean = mask.mean().unwrap();
            assert!((mean - 1.0).abs() < 0.04, "{mean}");
        }
    }

    #[test]
    fn seed_and_steps_decide() {
        assert_eq!(masks(0.5, 1, 2), masks(0.5, 1, 2));
        assert_ne!(masks(0.5, 1, 2), masks(0.5, 1, 3));
        assert_ne!(masks(0.5, 1, 2), masks(0.5, 2, 2));
        assert!(masks(0.0, 1, 2).is_empty());
    }
}
