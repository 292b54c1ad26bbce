//! The drawn chest X-rays: the same bits everywhere, and what is to be seen on them.

use super::*;
use sha2::{Digest, Sha256};

const PIXELS: usize = SIDE * SIDE;

fn sha256(pixels: &[u8], labels: &[u8]) -> String {
    let hash = Sha256::new().chain_update(pixels).chain_update(labels).finalize();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Another hash is another data set: results on the two cannot be compared. Change it on purpose only.
#[test]
fn the_images_are_the_same_bits_everywhere() {
    let cases = [
        (
            Split::Train,
            Confound::None,
            "7f28e127720a7bbd4e461fd25053bac64cca38dbcd955525c5eb7aef2b87787a",
        ),
        (
            Split::Test,
            Confound::None,
            "48723888170449a68dad63bf4c37b170d2cb20d1f405040a0b1ae223889f90e0",
        ),
        (
            Split::Train,
            Confound::Hospital,
            "6f481f8355c43a301093ff39dac79c2ddb7acbf64e07cf150f71497343c878e1",
        ),
        (
            Split::Test,
            Confound::Hospital,
            "0fe20fe1a136120b399aae06baa26ec2b67be77f5b192ee794a6932df46415c1",
        ),
    ];
    for (split, confound, expected) in cases {
        let (pixels, labels) = draw(split, 200, confound);
        assert_eq!(sha256(&pixels, &labels), expected, "{split:?}, {confound:?}");
    }
}

#[test]
fn a_longer_set_begins_with_the_shorter_one() {
    let (short_pixels, short_labels) = draw(Split::Test, 13, Confound::None);
    let (pixels, labels) = draw(Split::Test, 50, Confound::None);
    assert!(pixels.starts_with(&short_pixels) && labels.starts_with(&short_labels));
}

#[test]
fn both_classes_are_as_frequent_and_their_order_is_shuffled() {
    let labels = draw_labels(Split::Train, 200);
    assert_eq!(labels.iter().filter(|&&label| label == COVID).count(), 100);
    let repeated = labels.windows(2).filter(|pair| pair[0] == pair[1]).count();
    // 94.3 of 199 on average in shuffled blocks of 10 and 10; none where the classes alternate.
    assert!((60..130).contains(&repeated), "{repeated} of 199 labels repeat the one before");
}

/// The same patient on the same film, healthy and with COVID-19.
fn twins(index: usize) -> [[u8; PIXELS]; 2] {
    [0, COVID].map(|label| {
        let mut image = [0; PIXELS];
        draw_image(Split::Train, index, label, Confound::None, &mut image);
        image
    })
}

#[test]
fn without_a_confound_the_class_changes_the_lungs_and_nothing_else() {
    for index in 0..500 {
        let [healthy, ill] = twins(index);
        let mut brighter = 0;
        for (i, (&before, &after)) in healthy.iter().zip(&ill).enumerate() {
            let (row, column) = (i / SIDE, i % SIDE);
            let in_frame = |at: usize| !(2..SIDE - 2).contains(&at);
            if in_frame(row) || in_frame(column) {
                assert_eq!(before, after, "image {index}, row {row}, column {column}");
            }
            assert!(before <= after, "image {index}: an opacity only adds");
            brighter += usize::from(before < after);
        }
        let share = brighter as f64 / PIXELS as f64;
        assert!((0.02..0.35).contains(&share), "image {index}: {share} of its pixels changed");
    }
}

#[test]
fn no_two_patients_are_alike() {
    let (pixels, _) = draw(Split::Train, 60, Confound::None);
    let images: Vec<&[u8]> = pixels.chunks_exact(PIXELS).collect();
    for (i, one) in images.iter().enumerate() {
        for other in &images[..i] {
            let difference: u32 =
                one.iter().zip(*other).map(|(&a, &b)| u32::from(a.abs_diff(b))).sum();
            assert!(difference > 4 * PIXELS as u32, "image {i}: {difference}");
        }
    }
}
