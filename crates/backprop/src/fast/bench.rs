//! The products of one layer by themselves, for `benches/products.rs`.

use super::ink::InkBatch;
use super::panels::{BLOCK, Panels, Rows};
use super::products;
use super::step::{Rule, step_weights};
use crate::data::Ink;
use crate::isa::{Isa, MulAdd, Vectorized};
use crate::training::optimizer::Optimizer;
use ndarray::Array2;
use ndarray_rand::rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

/// A layer of n_in × n_out, a batch of examples of which a share is ink, and δ of the layer.
pub struct Layer {
    isa: Isa,
    blocks: usize,
    examples: Vec<usize>,
    ink: Ink,
    x: Rows,
    w: Panels,
    back: Panels,
    m: Panels,
    s: Panels,
    g: Panels,
    row: Vec<f32>,
    sums: Vec<f32>,
    z: Rows,
    delta: Rows,
}

/// What to do with a layer.
#[derive(Clone, Copy, Debug)]
pub enum Product {
    /// z = x W + b.
    Forward,
    /// z = s Σ p W + b over the ink.
    ForwardInk,
    /// ∂C/∂x = δ Wᵀ.
    Backward,
    /// ∂C/∂W = xᵀ δ.
    Gradient,
    /// ∂C/∂W = Σ p δ over the ink.
    GradientInk,
    /// A step of SGD with all weights.
    Step,
    /// Wᵀ, laid out anew.
    Transpose,
}

impl Layer {
    /// Fills a layer with random numbers.
    pub fn new(examples: usize, n_in: usize, n_out: usize, share: f64) -> Layer {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(0);
        let isa = Isa::choose().expect("instructions of this processor").expect("not off");
        let pixels =
            Array2::from_shape_simple_fn((examples, n_in), || match rng.random_bool(share) {
                true => rng.random_range(1..=255),
                false => 0,
            });
        let ink = Ink::of(pixels.view(), pixels.len());
        let (mut x, mut delta) = (Rows::zeros(examples, n_in), Rows::zeros(examples, n_out));
        let (mut w, mut back) = (Panels::zeros(n_in, n_out), Panels::zeros(n_out, n_in));
        w.load(Array2::from_shape_simple_fn((n_out, n_in), || rng.random()).view());
        back.transpose(&w);
        x.values.iter_mut().for_each(|x| *x = rng.random());
        delta.values.iter_mut().for_each(|delta| *delta = rng.random());
        let (panels, row) = (|| Panels::zeros(n_in, n_out), vec![0.0; delta.stride]);
        Layer {
            isa,
            blocks: examples.div_ceil(BLOCK),
            examples: (0..examples).collect(),
            ink,
            x,
            back,
            m: panels(),
            s: panels(),
            g: panels(),
            sums: row.clone(),
            row,
            z: Rows::zeros(examples, n_out),
            delta,
            w,
        }
    }

    /// Does it once.
    pub fn run(&mut self, product: Product) {
        self.isa.run(Once { layer: self, product });
    }
}

struct Once<'a> {
    layer: &'a mut Layer,
    product: Product,
}

impl Vectorized for Once<'_> {
    type Output = ();

    #[inline(always)]
    fn run<M: MulAdd>(self) {
        let Layer { blocks, examples, ink, x, w, back, m, s, g, row, sums, z, delta, .. } =
            self.layer;
        let batch = || {
            let mut batch = InkBatch::default();
            batch.load(ink, examples, &[]);
            batch
        };
        match self.product {
            Product::Forward => products::product::<M>(x, w, Some(row), z, *blocks),
            Product::ForwardInk => batch().product::<M>(w, 0.1, row, z),
            Product::Backward => products::product::<M>(delta, back, None, x, *blocks),
            Product::Gradient => products::gradient::<M>(x, delta, g, *blocks),
            Product::GradientInk => batch().gradient::<M>(delta, g),
            Product::Step => {
                let rule = Rule { optimizer: Optimizer::sgd(0.003, 0.9), weight_decay: 0.0, t: 1 };
                step_weights(rule, [w, m, s], g, (0.1, 0.1), row, sums);
            }
            Product::Transpose => back.transpose(w),
        }
    }
}
