//! What an epoch costs as data, layers and their widths grow.

use std::time::Instant;

use anyhow::Result;
use backprop::{Data, Dataset, Network, OptimizerState, Trainer};

use super::numbers::{median, spread};

const SMALLEST: [usize; 3] = [784, 30, 10];
const DEPTHS: [usize; 5] = [1, 2, 5, 10, 20];
const WIDTHS: [usize; 4] = [30, 100, 300, 1_000];
const DIGITS: usize = 60_000;

/// Trains more and more, and lays each cost beside the least one's in the same round.
pub fn scaling(rounds: u16) -> Result<String> {
    let Data { train: set, .. } = Data::digits(DIGITS, 1)?;
    let Data { train: larger, .. } = Data::digits(10 * DIGITS, 1)?;
    let mut by_size = Vec::new();
    let mut by_depth = vec![Vec::new(); DEPTHS.len()];
    let mut by_width = vec![Vec::new(); WIDTHS.len()];
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}: scaling");
        let least = seconds_per_example(&set, &SMALLEST)?;
        by_size.push(seconds_per_example(&larger, &SMALLEST)? / least);
        for (ratios, depth) in by_depth.iter_mut().zip(DEPTHS) {
            ratios.push(per_flop(&set, &[vec![784], vec![30; depth], vec![10]].concat(), least)?);
        }
        for (ratios, width) in by_width.iter_mut().zip(WIDTHS) {
            ratios.push(per_flop(&set, &[784, width, 10], least)?);
        }
    }
    let mut lines = vec![
        "| built-in digits, 784-30-10 and larger | cost, as often that of 784-30-10 |".to_owned(),
        "|---|---|".to_owned(),
        format!("| per example, 600,000 examples instead of 60,000 | {} |", spread(&by_size)),
    ];
    let row = |what: &str, n: usize, ratios: &[f64]| {
        format!("| per FLOP, {n} {what} | {} |", spread(ratios))
    };
    lines.extend(DEPTHS.iter().zip(&by_depth).map(|(&n, ratios)| row("hidden layers", n, ratios)));
    lines.extend(WIDTHS.iter().zip(&by_width).map(|(&n, ratios)| row("hidden neurons", n, ratios)));
    Ok(lines.join("\n"))
}

/// The cost of a multiplication in a network, as often that in the smallest, whose examples take `least`.
fn per_flop(set: &Dataset, sizes: &[usize], least: f64) -> Result<f64> {
    let work = |sizes: &[usize]| multiplications(sizes, set.ink_share());
    Ok(seconds_per_example(set, sizes)? / least * work(&SMALLEST) / work(sizes))
}

/// The seconds of an epoch for each example, by the median of three epochs after one to warm up.
fn seconds_per_example(set: &Dataset, sizes: &[usize]) -> Result<f64> {
    let mut network = Network::new(sizes)?;
    let trainer = Trainer::default();
    let mut descent = OptimizerState::new(trainer.optimizer);
    // Far apart in memory, as shuffled examples are: a step that shares no factor with the number of
    // examples comes to all of them.
    let order: Vec<usize> = (0..set.len()).map(|i| i * 7_919 % set.len()).collect();
    let mut seconds = Vec::new();
    for _ in 0..4 {
        let started = Instant::now();
        trainer.epoch(&mut network, &mut descent, set, &order)?;
        seconds.push(started.elapsed().as_secs_f64());
    }
    Ok(median(&seconds[1..]) / set.len() as f64)
}

/// The multiplications of one example, forward and backward, where a share of the inputs is not left out.
/// The first layer has no inputs to carry an error back to.
pub fn multiplications(sizes: &[usize], share: f64) -> f64 {
    let of_layer = |pair: &[usize]| (pair[0] * pair[1]) as f64;
    let mut layers = sizes.windows(2);
    let first = layers.next().map_or(0.0, of_layer);
    2.0 * share * first + layers.map(|pair| 3.0 * of_layer(pair)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_multiplies_forward_for_its_gradient_and_for_the_error_below() {
        assert_eq!(multiplications(&[784, 30, 10], 1.0), 2.0 * 23_520.0 + 3.0 * 300.0);
        assert_eq!(multiplications(&[784, 30, 10], 0.25), 0.5 * 23_520.0 + 3.0 * 300.0);
    }

    #[test]
    fn the_order_of_an_epoch_comes_to_every_example() {
        for examples in [DIGITS, 10 * DIGITS] {
            let mut order: Vec<usize> = (0..examples).map(|i| i * 7_919 % examples).collect();
            order.sort_unstable();
            assert!(order.into_iter().eq(0..examples));
        }
    }
}
