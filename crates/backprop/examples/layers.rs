//! A network of layers made by hand: it says whether one of two inputs is 1, and not both.
//! `cargo run --release -p backprop --example layers`

use backprop::prelude::*;

/// x₁ or x₂, not both of them: two neurons, and one that wants the answer of both.
pub fn one_of_two() -> Result<Network, Error> {
    let hidden = Layer {
        w: array![[6.0, 6.0], [-6.0, -6.0]], // x₁ or x₂; not both
        b: array![-3.0, 9.0],
        activation: Activation::Sigmoid,
    };
    let output = Layer { w: array![[6.0, 6.0]], b: array![-9.0], activation: Activation::Sigmoid };
    Network::from_layers(vec![hidden, output])
}

/// Prints what the layers make of all four inputs, and checks their gradients.
pub fn main() -> Result<(), Error> {
    let network = one_of_two()?;
    let x = array![[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]]; // an example in each column
    let y = array![[0.0, 1.0, 1.0, 0.0]];
    for (l, trace) in (1..).zip(network.trace(&x)?) {
        println!("layer {l}: z =\n{:.1}\na =\n{:.3}", trace.z, trace.a);
    }
    let (loss, gradients) = network.backpropagate(&x, &y, Loss::Quadratic)?;
    println!("loss {loss:.4}, ∂C/∂b of the output {:.4}", gradients[1].b);
    println!("{}", check_network(&network, &x, &y, Loss::Quadratic)?);
    Ok(())
}
