//! Compares depths and activations, each with several seeds. Run it again: nothing is trained twice.
//! `cargo run --release -p backprop --example sweep`

use backprop::prelude::*;

/// Runs what the file `path` lacks, and prints the results.
pub fn compare(path: &str) -> Result<Results, Error> {
    let data = Data::digits(1000, 500)?;
    let sweep = Sweep {
        activations: vec![Activation::Sigmoid, Activation::Relu],
        depths: vec![1, 3],
        seeds: vec![0, 1, 2],
        epochs: 3,
        ..Sweep::default()
    };
    let results = sweep.run(&data, path)?;
    println!("{}", results.table().text());
    Ok(results)
}

fn main() -> Result<(), Error> {
    compare("results/depth.json").map(drop)
}
