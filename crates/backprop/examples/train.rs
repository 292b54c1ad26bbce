//! Trains a network on the built-in digits and draws how its loss came down:
//! `cargo run --release -p backprop --example train`

use backprop::prelude::*;

/// Trains, saves the figure as `figure`, and gives what was measured.
pub fn train(figure: &str) -> Result<History, Error> {
    let data = Data::digits(6000, 1000)?; // or Data::auto()?: MNIST where it is at hand
    let mut network = Network::new(&[784, 30, 10])?; // sigmoid, then log-softmax
    let trainer = Trainer { epochs: 5, optimizer: Optimizer::sgd(0.05, 0.9), ..Trainer::default() };
    let history = trainer.train(&mut network, &data)?;
    println!("{history}");

    let losses = Curves::new("Loss over the epochs")
        .x("epoch")
        .y(&trainer.loss.label("loss"))
        .series("training, running loss", &history.running_loss)
        .series("test set", &history.test_loss)
        .caption(&history.caption());
    losses.draw().save(figure)?;
    Ok(history)
}

fn main() -> Result<(), Error> {
    train("target/loss.svg").map(drop)
}
