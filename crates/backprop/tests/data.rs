//! Reading data: what is right is read, and what is wrong says what, where and why.

use backprop::prelude::*;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use std::fs;
use std::io::Write;
use std::path::Path;
use tempfile::TempDir;

const IMAGES: &str = "train-images-idx3-ubyte";
const LABELS: &str = "train-labels-idx1-ubyte";

/// Three images of 2 × 2 to train with, two to test with.
fn tiny() -> Data {
    let set = |count: usize| {
        let pixels = Array2::from_shape_fn((count, 4), |(i, p)| (i * 40 + p) as u8);
        let classes = (0..10).map(|digit| digit.to_string()).collect();
        Dataset::new(pixels, (0..count).collect(), (2, 2), classes).unwrap()
    };
    Data::new("tiny", set(3), set(2))
}

fn saved() -> TempDir {
    let folder = TempDir::new().unwrap();
    tiny().save(folder.path()).unwrap();
    folder
}

fn load(folder: &Path) -> Result<Data, Error> {
    Data::load(&DataSource::Folder(folder.to_owned()))
}

/// The message of a failed load, without the folder's name.
fn complaint(folder: &Path) -> String {
    let error = load(folder).expect_err("a broken file").to_string();
    error.replace(&format!("{}/", folder.display()), "")
}

fn edit(folder: &Path, file: &str, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(folder.join(file)).unwrap();
    change(&mut bytes);
    fs::write(folder.join(file), bytes).unwrap();
}

fn gzip(folder: &Path, file: &str) {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&fs::read(folder.join(file)).unwrap()).unwrap();
    fs::write(folder.join(format!("{file}.gz")), encoder.finish().unwrap()).unwrap();
    fs::remove_file(folder.join(file)).unwrap();
}

#[test]
fn what_is_saved_is_read_again_plain_and_gzipped() {
    let folder = saved();
    let plain = load(folder.path()).unwrap();
    assert_eq!(plain.train.pixels(), tiny().train.pixels());
    assert_eq!(plain.test.labels(), tiny().test.labels());
    assert_eq!(plain.train.image_size(), (2, 2));

    gzip(folder.path(), IMAGES);
    gzip(folder.path(), LABELS);
    let gzipped = load(folder.path()).unwrap();
    assert_eq!(gzipped.train.pixels(), plain.train.pixels());
    assert_eq!(
        gzipped.description(),
        plain.description(),
        "the hash is of the content, not of the files"
    );
}

#[test]
fn a_missing_file_is_named() {
    let folder = saved();
    fs::remove_file(folder.path().join(LABELS)).unwrap();
    insta::assert_snapshot!(complaint(folder.path()), @"train-labels-idx1-ubyte.gz: No such file or directory (os error 2)");
}

#[test]
fn a_truncated_file_says_where_it_ends() {
    let folder = saved();
    edit(folder.path(), IMAGES, |bytes| bytes.truncate(20));
    insta::assert_snapshot!(complaint(folder.path()), @"train-images-idx3-ubyte: at byte 4: expected sizes of at most 4 values, for which the file has room, found [3, 2, 2], 12 values");
    edit(folder.path(), IMAGES, |bytes| bytes.truncate(9));
    insta::assert_snapshot!(complaint(folder.path()), @"train-images-idx3-ubyte: at byte 9: expected an IDX header of 16 bytes, found the end of the file after 9");
}

#[test]
fn a_file_that_goes_on_is_no_idx_file() {
    let folder = saved();
    edit(folder.path(), LABELS, |bytes| bytes.push(7));
    insta::assert_snapshot!(complaint(folder.path()), @"train-labels-idx1-ubyte: at byte 11: expected 3 values for sizes [3], found more");
}

#[test]
fn another_magic_number_is_shown() {
    let folder = saved();
    edit(folder.path(), IMAGES, |bytes| bytes[2] = 0x0d);
    insta::assert_snapshot!(complaint(folder.path()), @"train-images-idx3-ubyte: at byte 0: expected the magic number [00, 00, 08, 03] (unsigned bytes, 3-dimensional), found [00, 00, 0d, 03]");
}

#[test]
fn counts_that_disagree_are_both_named() {
    let folder = saved();
    edit(folder.path(), LABELS, |bytes| {
        bytes[7] = 2;
        bytes.pop();
    });
    insta::assert_snapshot!(complaint(folder.path()), @"train-labels-idx1-ubyte: at byte 4: expected 3 labels, one an image of train-images-idx3-ubyte, found 2");
}

#[test]
fn a_label_above_nine_is_placed() {
    let folder = saved();
    edit(folder.path(), LABELS, |bytes| bytes[9] = 12);
    insta::assert_snapshot!(complaint(folder.path()), @"train-labels-idx1-ubyte: at byte 9: expected a label of 0 to 9, found 12");
}

#[test]
fn a_header_that_claims_more_than_the_file_can_hold_costs_no_memory() {
    let folder = saved();
    edit(folder.path(), IMAGES, |bytes| bytes[4..16].fill(0xff));
    insta::assert_snapshot!(complaint(folder.path()), @"train-images-idx3-ubyte: at byte 4: expected sizes of at most 12 values, for which the file has room, found [4294967295, 4294967295, 4294967295], 79228162458924105385300197375 values");
    gzip(folder.path(), IMAGES);
    let complaint = complaint(folder.path());
    assert!(complaint.contains("for which the file has room"), "{complaint}");
}

#[test]
fn an_empty_set_is_refused() {
    let folder = saved();
    edit(folder.path(), IMAGES, |bytes| {
        bytes[7] = 0;
        bytes.truncate(16);
    });
    insta::assert_snapshot!(complaint(folder.path()), @"train-images-idx3-ubyte: at byte 4: expected at least one image of at least one pixel, found sizes [0, 2, 2]");
}

#[test]
fn a_corrupt_gzip_stream_is_told_from_a_short_one() {
    let folder = saved();
    gzip(folder.path(), IMAGES);
    let packed = format!("{IMAGES}.gz");
    let whole = fs::read(folder.path().join(&packed)).unwrap();
    edit(folder.path(), &packed, |bytes| *bytes.last_mut().unwrap() ^= 0xff);
    let corrupt = complaint(folder.path());
    assert!(corrupt.contains("expected an intact gzip stream"), "{corrupt}");
    fs::write(folder.path().join(&packed), &whole[..whole.len() - 6]).unwrap();
    let truncated = complaint(folder.path());
    assert!(truncated.contains("expected an intact gzip stream"), "{truncated}");
}

#[test]
fn a_label_without_a_class_is_no_data_set() {
    let classes = vec!["normal".to_owned(), "COVID-19".to_owned()];
    let error = Dataset::new(Array2::zeros((2, 4)), vec![0, 2], (2, 2), classes).unwrap_err();
    insta::assert_snapshot!(error.to_string(), @"label: expected below 2, the number of classes, found 2 at image 1");
}

#[test]
fn a_batch_is_scaled_pixels_and_one_hot_labels_in_columns() {
    let data = tiny();
    let Batch { x, y } = data.train.batch(&[2, 0]);
    assert_eq!(x.dim(), (4, 2));
    assert_eq!(x[[1, 0]], 81.0 / 127.5 - 1.0);
    assert_eq!(y.column(0).to_vec(), [0., 0., 1., 0., 0., 0., 0., 0., 0., 0.]);
    let unit = data.clone().with_pixels(Pixels::Unit);
    assert_eq!(unit.train.batch(&[2]).x[[1, 0]], 81.0 / 255.0);
}

#[test]
fn standard_pixels_have_mean_zero_and_deviation_one_on_the_training_set() {
    let data = tiny().with_pixels(Pixels::Standard);
    let x = data.train.batch(&[0, 1, 2]).x;
    assert!(x.mean().unwrap().abs() < 1e-6);
    assert!((x.std(0.0) - 1.0).abs() < 1e-6);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// parse ∘ write = identity, for images of any size.
    #[test]
    fn any_data_set_survives_its_files(
        (height, width) in (1_usize..5, 1_usize..5),
        labels in proptest::collection::vec(0_usize..10, 1..20),
        seed in any::<u8>(),
    ) {
        let pixels = Array2::from_shape_fn((labels.len(), height * width), |(i, p)| {
            seed.wrapping_mul(31).wrapping_add((7 * i + 13 * p) as u8)
        });
        let classes: Vec<String> = (0..10).map(|digit| digit.to_string()).collect();
        let set = Dataset::new(pixels, labels, (height, width), classes).unwrap();
        let data = Data::new("any", set.clone(), set);
        let folder = TempDir::new().unwrap();
        data.save(folder.path()).unwrap();
        let read = load(folder.path()).unwrap();
        prop_assert_eq!(read.train.pixels(), data.train.pixels());
        prop_assert_eq!(read.train.labels(), data.train.labels());
        prop_assert_eq!(&read.description().sha256, &data.description().sha256);
    }
}

#[test]
fn mnist_is_what_its_papers_say() {
    if std::env::var_os("BACKPROP_DATA").is_none() {
        eprintln!("skipped: BACKPROP_DATA names no folder with MNIST");
        return;
    }
    let data = Data::load(&DataSource::Mnist).unwrap();
    assert_eq!((data.train.len(), data.test.len()), (60_000, 10_000));
    assert_eq!(
        data.train.class_counts(),
        [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    );
    assert_eq!(data.train.labels()[..5], [5, 0, 4, 1, 9]);
    assert!((data.train.ink_share() - 0.1912).abs() < 5e-5);
    let (mean, deviation) = data.train.pixel_mean_and_deviation();
    assert!((mean / 255.0 - 0.1307).abs() < 5e-5 && (deviation / 255.0 - 0.3081).abs() < 5e-5);
}

#[test]
fn a_source_has_a_name_or_is_a_folder() {
    let cases = [
        ("auto", DataSource::Auto),
        ("mnist", DataSource::Mnist),
        ("digits", DataSource::Digits),
        ("chest-xray", DataSource::ChestXRays),
        ("chest-drawings", DataSource::ChestDrawings(Confound::None)),
        ("chest-drawings-confounded", DataSource::ChestDrawings(Confound::Hospital)),
        ("pneumonia", DataSource::Pneumonia),
        ("some/folder", DataSource::Folder("some/folder".into())),
    ];
    for (text, source) in cases {
        assert_eq!(DataSource::parse(text), source);
    }
}
