//! Convolutional networks beside their definition, pixel by pixel.

use super::*;
use crate::network::activation::Activation::{Identity, Relu};
use crate::network::maps::{MapShape, pairs};
use ndarray::{Array1, Array2};

/// The definition, pixel by pixel: Σ w_f[c, i, j] x[c, r + i, s + j] + b_f, and the highest of each square.
fn by_definition(layer: &Layer, x: &[f32], input: MapShape, convolution: Convolution) -> Vec<f32> {
    let Convolution { filters, kernel: k, pool } = convolution;
    let z = |f: usize, r: usize, s: usize| {
        let mut sum = layer.b[f];
        for c in 0..input.channels {
            for (i, j) in pairs(k) {
                let weight = layer.w[[f, (c * k + i) * k + j]];
                sum += weight * x[(c * input.height + r + i) * input.width + s + j];
            }
        }
        layer.activation.apply(f64::from(sum)) as f32
    };
    let (rows, columns) = ((input.height + 1 - k) / pool, (input.width + 1 - k) / pool);
    let mut passed_on = Vec::new();
    for f in 0..filters {
        for r in 0..rows {
            for s in 0..columns {
                let square = pairs(pool).map(|(i, j)| z(f, r * pool + i, s * pool + j));
                passed_on.push(square.fold(f32::NEG_INFINITY, f32::max));
            }
        }
    }
    passed_on
}

#[test]
fn two_convolutions_do_what_the_definition_says() {
    let first = Convolution { filters: 2, kernel: 3, pool: 2 };
    let second = Convolution { filters: 3, kernel: 2, pool: 1 };
    let builder = Network::builder(&[56, 4]).convolutions((7, 8), &[first, second]);
    let network = builder.hidden(Relu).output(Identity).seed(3).build().unwrap();
    let x =
        Array2::from_shape_fn((56, 2), |(pixel, n)| ((pixel * 7 + n * 5) % 11) as f32 / 5.0 - 1.0);
    let output = network.forward(&x).unwrap();
    for n in 0..2 {
        let pixels = x.column(n).to_vec();
        let image = MapShape { channels: 1, height: 7, width: 8 };
        let h = by_definition(&network.layers[0], &pixels, image, first);
        let maps = MapShape { channels: 2, height: 2, width: 3 };
        let h = by_definition(&network.layers[1], &h, maps, second);
        let expected = network.layers[2].w.dot(&Array1::from(h)) + &network.layers[2].b;
        // f32 sums of some ten terms of order 1.
        let apart = (&output.column(n) - &expected).mapv(f32::abs);
        assert!(apart.iter().all(|&gap| gap < 1e-6), "{output} and {expected}");
    }
    assert_eq!(network.sizes(), [56, 2 * 5 * 6, 3 * 2, 4]);
}

#[test]
fn convolutions_that_leave_nothing_are_refused() {
    let complaint = |filters, kernel, pool, sizes: &[usize]| {
        let convolution = Convolution { filters, kernel, pool };
        let builder = Network::builder(sizes).convolutions((4, 6), &[convolution]);
        builder.build().unwrap_err().to_string()
    };
    insta::assert_snapshot!(complaint(1, 5, 1, &[24, 2]), @"convolution: expected at least 1 filter, and a kernel and a pool, each at least 1, that fit in maps of 4 × 6, found filters: 1, kernel: 5, pool: 1");
    for (filters, kernel, pool) in [(0, 3, 1), (1, 0, 1), (1, 3, 0), (1, 3, 3)] {
        assert!(complaint(filters, kernel, pool, &[24, 2]).starts_with("convolution: expected"));
    }
    insta::assert_snapshot!(complaint(1, 3, 2, &[25, 2]), @"inputs of a network that looks at images: expected 4 × 6 = 24, found 25");
    insta::assert_snapshot!(complaint(1, 3, 2, &[24]), @"sizes of a network: expected at least two, inputs and outputs, each at least 1, found [24]");
}
