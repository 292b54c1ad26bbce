//! How the first parameters of a layer are drawn.

use ndarray::{Array1, Array2};
use ndarray_rand::RandomExt;
use ndarray_rand::rand_distr::{StandardNormal, Uniform};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How the parameters of a layer with n_in inputs and n_out neurons are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Initializer {
    /// W, b ~ U(−1/√n_in, 1/√n_in): what PyTorch's `nn.Linear` does.
    #[serde(rename = "pytorch")]
    PyTorch,
    /// W ~ U(−r, r) with r = √(6 / (n_in + n_out)), b = 0. Source: Glorot and Bengio 2010.
    Xavier,
    /// W ~ N(0, 2 / n_in), b = 0. Source: He, Zhang, Ren, Sun 2015, doi:10.1109/ICCV.2015.123.
    He,
    /// W, b ~ N(0, 1). Source: the first network of Nielsen, *Neural Networks and Deep Learning*, 2015.
    Gaussian,
}

impl Initializer {
    /// Draws W (n_out × n_in) and b (n_out).
    pub(crate) fn draw(
        self,
        n_out: usize,
        n_in: usize,
        rng: &mut Xoshiro256PlusPlus,
    ) -> (Array2<f32>, Array1<f32>) {
        let weights = (n_out, n_in);
        match self {
            Initializer::PyTorch => {
                let within = symmetric(1.0 / (n_in as f32).sqrt());
                (
                    Array2::random_using(weights, within, rng),
                    Array1::random_using(n_out, within, rng),
                )
            }
            Initializer::Xavier => {
                let within = symmetric((6.0 / (n_in + n_out) as f32).sqrt());
                (Array2::random_using(weights, within, rng), Array1::zeros(n_out))
            }
            Initializer::He => {
                let deviation = (2.0 / n_in as f32).sqrt();
                let w: Array2<f32> = Array2::random_using(weights, StandardNormal, rng);
                (w * deviation, Array1::zeros(n_out))
            }
            Initializer::Gaussian => (
                Array2::random_using(weights, StandardNormal, rng),
                Array1::random_using(n_out, StandardNormal, rng),
            ),
        }
    }
}

impl fmt::Display for Initializer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Initializer::PyTorch => "PyTorch",
            Initializer::Xavier => "Xavier",
            Initializer::He => "He",
            Initializer::Gaussian => "Gaussian",
        })
    }
}

/// U(−r, r); r is finite and positive, since layers have at least one input.
fn symmetric(r: f32) -> Uniform<f32> {
    Uniform::new(-r, r).expect("a finite, positive range")
}
