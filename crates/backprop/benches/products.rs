//! Each product of a layer by itself, for a batch of 64:
//! `cargo bench -p backprop --features bench --bench products`. `BACKPROP_SIMD` chooses the path.

use backprop::bench::{Layer, Product};
use divan::Bencher;
use std::fmt;

fn main() {
    divan::main();
}

/// A product, with the inputs and the neurons of its layer.
struct Case(Product, usize, usize);

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Case(product, n_in, n_out) = self;
        write!(f, "{product:?} {n_in} x {n_out}")
    }
}

use Product::{Backward, Forward, ForwardInk, Gradient, GradientInk, Step, Transpose};

/// First the first layer, then a hidden one, the output, and a wide first layer.
const CASES: [Case; 18] = [
    Case(ForwardInk, 784, 30),
    Case(GradientInk, 784, 30),
    Case(Forward, 784, 30),
    Case(Gradient, 784, 30),
    Case(Step, 784, 30),
    Case(Forward, 30, 30),
    Case(Backward, 30, 30),
    Case(Gradient, 30, 30),
    Case(Step, 30, 30),
    Case(Transpose, 30, 30),
    Case(Forward, 30, 10),
    Case(Backward, 30, 10),
    Case(Gradient, 30, 10),
    Case(Step, 30, 10),
    Case(Transpose, 30, 10),
    Case(ForwardInk, 784, 1000),
    Case(GradientInk, 784, 1000),
    Case(Step, 784, 1000),
];

/// With MNIST's share of ink.
#[divan::bench(args = CASES)]
fn product(bencher: Bencher, &Case(product, n_in, n_out): &Case) {
    let mut layer = Layer::new(64, n_in, n_out, 0.1912);
    bencher.bench_local(|| layer.run(product));
}

/// The first layer forward and its gradient, by the percentage of ink: where the two times cross,
/// `Path::most_ink` should be.
#[divan::bench(args = [10, 20, 30, 40, 50, 60, 80, 90])]
fn ink(bencher: Bencher, percent: u32) {
    let mut layer = Layer::new(64, 784, 30, f64::from(percent) / 100.0);
    bencher.bench_local(|| {
        layer.run(ForwardInk);
        layer.run(GradientInk);
    });
}

/// The same with all pixels.
#[divan::bench]
fn dense(bencher: Bencher) {
    let mut layer = Layer::new(64, 784, 30, 0.1912);
    bencher.bench_local(|| {
        layer.run(Forward);
        layer.run(Gradient);
    });
}
