//! Drawn chest X-rays: what a network makes of them, with and without a confound.

use backprop::prelude::*;

fn drawn(confound: Confound) -> Data {
    Data::chest_drawings(1000, 500, confound).unwrap()
}

/// The accuracy on the test set of one hidden layer of 30: sigmoid, quadratic cost.
fn accuracy(data: &Data) -> f64 {
    let sigmoid = Activation::Sigmoid;
    let mut network =
        Network::builder(&[784, 30, 2]).hidden(sigmoid).output(sigmoid).build().unwrap();
    let trainer = Trainer {
        loss: Loss::Quadratic,
        epochs: 100,
        batch_size: 16,
        optimizer: Optimizer::sgd(0.5, 0.0),
        ..Trainer::default()
    };
    trainer.train(&mut network, data).unwrap().test_accuracy_after
}

/// Four standard deviations of the accuracy of guessing on 500 images: 4 · √(1/4 / 500).
const CHANCE: f64 = 4.0 * 0.0224;

/// The accuracy on the test set of the best threshold (on the training set) for one number an image.
fn threshold_accuracy(data: &Data, number: &dyn Fn(&Dataset, usize) -> f64) -> f64 {
    let mut train: Vec<(f64, usize)> =
        (0..data.train.len()).map(|i| (number(&data.train, i), data.train.labels()[i])).collect();
    train.sort_by(|a, b| a.0.total_cmp(&b.0));
    // The class below the threshold that fits best, and the threshold.
    let (mut best, mut below, mut threshold) = (0, 0, 0.0);
    for class in [0, 1] {
        let mut hits = train.iter().filter(|&&(_, label)| label != class).count();
        for &(value, label) in &train {
            hits = if label == class { hits + 1 } else { hits - 1 };
            if hits > best {
                (best, below, threshold) = (hits, class, value);
            }
        }
    }
    let hit = |i: usize| {
        let class = if number(&data.test, i) <= threshold { below } else { 1 - below };
        class == data.test.labels()[i]
    };
    (0..data.test.len()).filter(|&i| hit(i)).count() as f64 / data.test.len() as f64
}

#[test]
fn a_hidden_layer_tells_the_classes_apart_and_no_single_pixel_does() {
    let data = drawn(Confound::None);
    let of_network = accuracy(&data);
    assert!(of_network > 0.87, "meant to be above 90 %: {of_network}");
    for pixel in 0..784 {
        let of_pixel = threshold_accuracy(&data, &|set, i| f64::from(set.pixels()[[i, pixel]]));
        assert!(of_pixel < 0.80, "pixel {pixel} alone: {of_pixel}");
    }
}

#[test]
fn without_a_confound_the_frame_alone_is_a_guess() {
    let frame = drawn(Confound::None).frame_only(2).unwrap();
    let of_network = accuracy(&frame);
    assert!((of_network - 0.5).abs() < CHANCE, "a network: {of_network}");
    // Outside the frame all pixels are the same grey, so this is the brightness of the frame.
    let brightness =
        |set: &Dataset, i: usize| set.pixels().row(i).iter().map(|&p| f64::from(p)).sum();
    let of_threshold = threshold_accuracy(&frame, &brightness);
    assert!((of_threshold - 0.5).abs() < CHANCE, "a threshold on its brightness: {of_threshold}");
}

#[test]
fn with_the_confound_the_frame_alone_betrays_the_class() {
    let data = drawn(Confound::Hospital);
    let of_frame = accuracy(&data.frame_only(2).unwrap());
    assert!((0.85..0.95).contains(&of_frame), "meant to be about 90 %: {of_frame}");
    let of_image = accuracy(&data);
    assert!(of_image > of_frame, "{of_image} with the lungs, {of_frame} without");
}

#[test]
fn every_description_says_that_they_are_drawings() {
    for confound in [Confound::None, Confound::Hospital] {
        let data = Data::chest_drawings(4, 2, confound).unwrap();
        assert!(data.caption().contains("drawing, not a medical image"), "{}", data.caption());
        let frame = data.frame_only(2).unwrap();
        assert!(frame.caption().contains("drawing, not a medical image"), "{}", frame.caption());
        assert_eq!(data.train.classes(), ["Normal", "COVID-19"]);
    }
    assert_ne!(drawn(Confound::None).name(), drawn(Confound::Hospital).name());
    assert!(Data::chest_drawings(0, 1, Confound::None).is_err());
}
