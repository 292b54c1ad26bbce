//! The built-in digits: the same bits everywhere, and what is to be seen on them.

use super::strokes::{EMBEDDED, Templates};
use super::*;
use sha2::{Digest, Sha256};

fn sha256(pixels: &[u8], labels: &[u8]) -> String {
    let hash = Sha256::new().chain_update(pixels).chain_update(labels).finalize();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Another hash is another data set: results on the two cannot be compared. Change it on purpose only.
#[test]
fn the_images_are_the_same_bits_everywhere() {
    let (pixels, labels) = draw(Split::Train, 1000).unwrap();
    assert_eq!(
        sha256(&pixels, &labels),
        "b48f13b91517324819690c6d3d6693732ec751b85356e1588354586270839c6a"
    );
}

#[test]
fn the_whole_default_set_is_the_same_bits_everywhere() {
    let whole = |split: Split| draw(split, split.default_count()).unwrap();
    let ((mut pixels, mut labels), (more_pixels, more_labels)) =
        (whole(Split::Train), whole(Split::Test));
    pixels.extend(more_pixels);
    labels.extend(more_labels);
    assert_eq!(
        sha256(&pixels, &labels),
        "b0dfcf3eb08ce9422f161b65d23c5cf83556d8108a8bd76b281c994ec8c08307"
    );
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let one = draw_on(1, Split::Train, 250).unwrap();
    assert_eq!(one, draw_on(3, Split::Train, 250).unwrap());
    assert_eq!(one, draw_on(400, Split::Train, 250).unwrap());
}

#[test]
fn a_longer_set_begins_with_the_shorter_one() {
    let (short_pixels, short_labels) = draw(Split::Test, 130).unwrap();
    let (pixels, labels) = draw(Split::Test, 1000).unwrap();
    assert!(pixels.starts_with(&short_pixels) && labels.starts_with(&short_labels));
}

#[test]
fn every_digit_is_as_frequent_as_any_other_and_their_order_is_shuffled() {
    let labels = draw_labels(Split::Train, 1000);
    for digit in 0..10 {
        assert_eq!(labels.iter().filter(|&&label| label == digit).count(), 100);
    }
    let cyclic =
        labels.iter().enumerate().filter(|&(i, &label)| i % 10 == usize::from(label)).count();
    assert!(cyclic < 200, "{cyclic} of 1000 labels are where a cycle would have them");
}

#[test]
fn the_share_of_ink_is_mnists() {
    let (pixels, _) = draw(Split::Train, 2000).unwrap();
    let ink = pixels.iter().filter(|&&pixel| pixel > 0).count() as f64 / pixels.len() as f64;
    assert!((0.18..0.205).contains(&ink), "MNIST has 0.1912, these digits {ink}");
}

#[test]
fn every_hand_writes_inside_the_frame() {
    let templates = Templates::parse(EMBEDDED).unwrap();
    let (mut images, mut at_the_edge) = (0, 0);
    for digit in 0..10 {
        for hand in templates.hands(digit) {
            for index in 0..20 {
                let mut random = Split::Test.random(Purpose::Image, index);
                let mut image = vec![0; ink::PIXELS];
                ink::draw(&pen::write(hand, &mut random), &mut random, &mut image);
                let at = |row: usize, column: usize| image[row * ink::SIDE + column];
                let last = ink::SIDE - 1;
                let edge = (0..ink::SIDE)
                    .any(|i| at(0, i).max(at(last, i)).max(at(i, 0)).max(at(i, last)) > 0);
                let ink = image.iter().filter(|&&pixel| pixel > 0).count();
                assert!(ink > 25, "{digit}, {}: {ink} pixels of ink", hand.name);
                images += 1;
                at_the_edge += usize::from(edge);
            }
        }
    }
    // The middle of the frame is the centre of mass, so a long tail may reach its edge (in MNIST in 1 of 75).
    assert!(25 * at_the_edge < images, "{at_the_edge} of {images} images touch the edge");
}

/// What a broken strokes file is told.
fn complaint(edit: impl FnOnce(&mut serde_json::Value)) -> String {
    let mut file = serde_json::from_str(EMBEDDED).unwrap();
    edit(&mut file);
    match Templates::parse(&file.to_string()) {
        Ok(_) => "nothing".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_broken_strokes_file_says_which_hand_of_which_digit() {
    assert_eq!(complaint(|_| {}), "nothing");
    insta::assert_snapshot!(complaint(|file| file["3"] = serde_json::json!([])), @"digit 3: expected a list of one hand or more, found an empty list");
    insta::assert_snapshot!(complaint(|file| file["4"][0]["strokes"][0][1] = serde_json::json!([5, 1001])), @"digit 4, hand 1: expected {\"name\": text, \"share\": number, \"strokes\": [[[x, y], …], …]}, found [5,1001] where a point [x, y] or [x, y, \"corner\"] belongs, x and y from 0 to 1000");
    insta::assert_snapshot!(complaint(|file| file["7"][1]["strokes"] = serde_json::json!([])), @"digit 7, hand 2 (\"bent stem\"): expected one stroke or more, found none");
    insta::assert_snapshot!(complaint(|file| file["1"][0]["strokes"][0] = serde_json::json!([[5, 5]])), @"digit 1, hand 1 (\"bar\"), stroke 1: expected two points or more, found 1");
    insta::assert_snapshot!(complaint(|file| file["1"][0]["strokes"][0] = serde_json::json!([[5, 5], [5, 5]])), @"digit 1, hand 1 (\"bar\"), stroke 1: expected neighbouring points that differ, found [5, 5] twice");
    insta::assert_snapshot!(complaint(|file| file["8"][0]["share"] = serde_json::json!(0)), @"digit 8, hand 1 (\"one stroke from the right\"): expected a share from 1 to 1000, found 0");
    insta::assert_snapshot!(complaint(|file| file["ten"] = serde_json::json!([])), @"the file: expected only the keys \"0\" to \"9\", found \"ten\"");
}
