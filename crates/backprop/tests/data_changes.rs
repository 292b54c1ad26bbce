//! Data with fewer images, fewer classes, wrong labels or a validation set: each says what it is.

use backprop::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// 120 images of class 0, 60 of class 1 and 20 of class 2; pixel 0 of an image is its number.
fn uneven() -> Data {
    let set = |count: usize| {
        let pixels =
            Array2::from_shape_fn((count, 25), |(i, p)| if p == 0 { i as u8 } else { 200 });
        let labels = (0..count).map(|i| [0, 1, 0, 1, 0, 0, 2, 0, 1, 0][i % 10]).collect();
        let classes = ["a", "b", "c"].map(String::from).to_vec();
        Dataset::new(pixels, labels, (5, 5), classes).unwrap()
    };
    Data::new("uneven", set(200), set(20))
}

/// The numbers of the images.
fn numbers(set: &Dataset) -> BTreeSet<u8> {
    set.pixels().column(0).iter().copied().collect()
}

/// What a description says before its counts.
fn story(data: &Data) -> String {
    data.description().to_string().rsplit_once(" (").unwrap().0.to_owned()
}

#[test]
fn a_subset_has_of_every_class_its_share() {
    for (count, expected) in [(100, [60, 30, 10]), (10, [6, 3, 1]), (1, [1, 0, 0])] {
        let subset = uneven().subset(count, 3).unwrap();
        assert_eq!(subset.train.class_counts(), expected, "{count} images");
        assert_eq!(subset.test.pixels(), uneven().test.pixels(), "the test set stays");
    }
    assert_eq!(uneven().subset_fraction(0.1, 3).unwrap().train.class_counts(), [12, 6, 2]);
}

#[test]
fn a_larger_subset_holds_the_smaller_one_and_another_seed_chooses_others() {
    let subset = |count, seed| numbers(&uneven().subset(count, seed).unwrap().train);
    assert!(subset(20, 0).is_subset(&subset(50, 0)));
    assert_eq!(subset(20, 0), subset(20, 0));
    assert_ne!(subset(20, 0), subset(20, 1));
    assert_eq!(subset(20, 0).len(), 20, "no image twice");
}

#[test]
fn the_subset_of_all_images_is_the_set_itself() {
    let data = uneven();
    assert_eq!(data.subset_fraction(1.0, 5).unwrap().description(), data.description());
}

#[test]
fn a_dropped_class_keeps_its_name_its_output_and_its_test_images() {
    let dropped = uneven().without_class(1).unwrap();
    assert_eq!(dropped.train.class_counts(), [120, 0, 20]);
    assert_eq!(dropped.test.class_counts(), uneven().test.class_counts());
    assert_eq!(dropped.train.classes(), ["a", "b", "c"]);
    assert_eq!(dropped.train.one_hot(0).len(), 3);
}

#[test]
fn label_noise_replaces_just_that_many_labels_each_by_another_class() {
    let clean = uneven();
    let replaced = |fraction: f64| -> BTreeMap<usize, usize> {
        let noisy = clean.with_label_noise(fraction, 1).unwrap();
        assert_eq!(noisy.train.pixels(), clean.train.pixels());
        assert_eq!(noisy.test.labels(), clean.test.labels());
        let labels = noisy.train.labels().iter().copied().enumerate();
        labels.filter(|&(i, label)| label != clean.train.labels()[i]).collect()
    };
    let (fifth, half) = (replaced(0.2), replaced(0.5));
    assert_eq!((fifth.len(), half.len()), (40, 100));
    assert!(fifth.iter().all(|(i, label)| half.get(i) == Some(label)), "more noise adds to less");
    assert_eq!(replaced(1.0).len(), 200);
}

#[test]
fn the_replacing_labels_are_uniform_over_the_other_classes() {
    let classes = (0..4).map(|class| class.to_string()).collect();
    let zeros = Dataset::new(Array2::zeros((6000, 1)), vec![0; 6000], (1, 1), classes).unwrap();
    let data = Data::new("zeros", zeros.clone(), zeros);
    let counts = data.with_label_noise(1.0, 0).unwrap().train.class_counts();
    // 2000 each, give or take 4 binomial standard deviations of √(6000 · 1/3 · 2/3) = 36.5.
    assert_eq!(counts[0], 0);
    assert!(counts[1..].iter().all(|count| count.abs_diff(2000) < 146), "{counts:?}");
}

#[test]
fn a_validation_set_is_stratified_and_apart_from_the_training_set() {
    let data = uneven().with_validation(0.25, 0).unwrap();
    let validation = data.validation.as_ref().unwrap();
    assert_eq!(validation.class_counts(), [30, 15, 5]);
    assert_eq!(data.train.class_counts(), [90, 45, 15]);
    assert!(numbers(validation).is_disjoint(&numbers(&data.train)));
    let another = uneven().with_validation(0.25, 1).unwrap().validation.unwrap();
    assert_ne!(numbers(validation), numbers(&another));
}

#[test]
fn a_validation_set_keeps_the_images_of_a_patient_together() {
    let mut data = uneven();
    // Seven images a patient, so a patient can have several classes.
    let patients: Vec<String> = (0..200).map(|i| format!("patient {}", i / 7)).collect();
    data.train = data.train.with_patients(patients).unwrap();
    for seed in 0..5 {
        let split = data.with_validation(0.25, seed).unwrap();
        let of = |set: &Dataset| -> BTreeSet<String> {
            set.patients().unwrap().iter().cloned().collect()
        };
        let validation = split.validation.as_ref().unwrap();
        assert!(of(validation).is_disjoint(&of(&split.train)), "seed {seed}");
        // At most a quarter, and less by fewer than the 7 images of a patient for each of 3 classes.
        assert!((30..=50).contains(&validation.len()), "seed {seed}: {}", validation.len());
    }
}

#[test]
fn masks_keep_the_frame_or_the_centre_and_grey_out_the_rest() {
    let mut pixels = Array2::from_elem((1, 25), 9);
    pixels[[0, 12]] = 7;
    let set = Dataset::new(pixels, vec![0], (5, 5), vec!["a".to_owned()]).unwrap();
    let data = Data::new("one", set.clone(), set).with_validation(0.5, 0);
    assert!(data.is_err(), "one image cannot be split");

    let frame = uneven().with_validation(0.5, 0).unwrap().frame_only(1).unwrap();
    for set in [&frame.train, &frame.test, frame.validation.as_ref().unwrap()] {
        let image = set.image(0);
        assert!(image.indexed_iter().all(|((row, column), &pixel)| {
            let inside = (1..4).contains(&row) && (1..4).contains(&column);
            (pixel == 128) == inside || (row, column) == (0, 0)
        }));
    }
    let centre = uneven().centre_only(3).unwrap().train.image(0);
    assert_eq!(centre.iter().filter(|&&pixel| pixel == 200).count(), 9);
    assert_eq!((centre[[1, 1]], centre[[3, 3]], centre[[0, 2]]), (200, 200, 128));
}

#[test]
fn every_change_is_told_in_the_order_in_which_it_was_made() {
    let data = uneven();
    let cases = [
        (data.subset(60, 0), "uneven, 60 of 200 training images, seed 0"),
        (data.without_class(2), "uneven, label 2 (c) dropped"),
        (data.with_label_noise(0.07, 1), "uneven, 7 % of training labels replaced, seed 1"),
        (
            data.with_validation(0.1, 2),
            "uneven, 20 of 200 training images held out for validation, seed 2",
        ),
        (data.frame_only(2), "uneven, only the frame of 2 pixels"),
        (data.centre_only(3), "uneven, only the centre of 3 × 3 pixels"),
    ];
    for (changed, expected) in cases {
        let changed = changed.unwrap();
        assert_eq!(story(&changed), expected);
        assert_ne!(changed.description().sha256, data.description().sha256, "{expected}");
    }
    let digits = Data::digits(1200, 10).unwrap();
    let twice = digits.without_class(7).unwrap().subset(600, 4).unwrap();
    insta::assert_snapshot!(twice.description().to_string(), @"built-in digits, label 7 dropped, 600 of 1,080 training images, seed 4 (600 training and 10 test images, SHA-256 464511a1…)");
    assert_eq!(twice.name(), "built-in digits");
}

#[test]
fn a_change_keeps_the_scaling_and_takes_its_numbers_from_the_new_training_set() {
    let data = uneven().with_pixels(Pixels::Standard).subset(30, 0).unwrap();
    assert_eq!(data.description().pixels, Pixels::Standard);
    let all: Vec<usize> = (0..30).collect();
    assert!(data.train.batch(&all).x.mean().unwrap().abs() < 1e-5, "rounding of f32");
}

#[test]
fn the_history_of_a_training_says_what_was_changed() {
    let data = Data::digits(200, 20).unwrap().subset(50, 9).unwrap();
    let mut network = Network::new(&[784, 4, 10]).unwrap();
    let trainer = Trainer { epochs: 1, ..Trainer::default() };
    let history = trainer.train(&mut network, &data).unwrap();
    assert!(history.caption().contains("built-in digits, 50 of 200 training images, seed 9"));
    assert_eq!(history.data.changes, ["50 of 200 training images, seed 9"]);
    assert_eq!((history.data.train, history.data.test), (50, 20));
}

#[test]
fn changes_that_make_no_sense_say_so() {
    let data = uneven();
    let complaint = |result: Result<Data, Error>| result.expect_err("refused").to_string();
    insta::assert_snapshot!(complaint(data.subset(0, 0)), @"training images of a subset: expected 1 to 200, found 0");
    insta::assert_snapshot!(complaint(data.subset(201, 0)), @"training images of a subset: expected 1 to 200, found 201");
    insta::assert_snapshot!(complaint(data.subset_fraction(1.2, 0)), @"fraction of the training images: expected 0 to 1, found 1.2");
    insta::assert_snapshot!(complaint(data.subset_fraction(f64::NAN, 0)), @"fraction of the training images: expected 0 to 1, found NaN");
    insta::assert_snapshot!(complaint(data.without_class(3)), @"label to drop: expected one of [0, 1, 2], and another left, found 3");
    insta::assert_snapshot!(complaint(data.with_label_noise(-0.1, 0)), @"fraction of the labels: expected 0 to 1, found -0.1");
    insta::assert_snapshot!(complaint(data.with_validation(0.001, 0)), @"fraction for validation: expected one that leaves both sets an image, found 0.001");
    insta::assert_snapshot!(complaint(data.frame_only(3)), @"width of the frame: expected 1 to 2 pixels, found 3");
    insta::assert_snapshot!(complaint(data.centre_only(6)), @"side of the centre: expected 1 to 5 pixels, found 6");
    insta::assert_snapshot!(data.train.select(&[]).unwrap_err().to_string(), @"indices of images: expected at least one, found none");
    insta::assert_snapshot!(data.train.select(&[0, 200]).unwrap_err().to_string(), @"indices of images: expected below 200, found 200");
    insta::assert_snapshot!(data.train.with_patients(vec![]).unwrap_err().to_string(), @"patients: expected 200, one an image, found 0");
}
