//! Archives as MedMNIST publishes them, and broken ones.

use super::*;
use crate::data::DataSource;
use flate2::read::DeflateEncoder;
use flate2::{Compression, Crc};
use std::fs;
use std::io::Read;
use tempfile::TempDir;

/// An NPY file of unsigned bytes, padded to a multiple of 64 as NumPy does.
fn npy(shape: &str, values: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}");
    let length = (10 + header.len() + 1).next_multiple_of(64) - 10;
    let header = format!("{header:<width$}\n", width = length - 1);
    [b"\x93NUMPY\x01\x00", &(length as u16).to_le_bytes()[..], header.as_bytes(), values].concat()
}

/// A ZIP archive of members, deflated or stored, laid out as NumPy does: a local header has an extra
/// field that the directory has not.
fn zip(members: &[(String, Vec<u8>)], deflate: bool) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let mut packed = content.clone();
        if deflate {
            packed.clear();
            let mut encoder = DeflateEncoder::new(&content[..], Compression::default());
            encoder.read_to_end(&mut packed).unwrap();
        }
        let mut crc = Crc::new();
        crc.update(content);
        let method = if deflate { 8_u16 } else { 0 };
        // Method, time, date, CRC, sizes, length of the name: the same in both headers.
        let common = [
            &method.to_le_bytes()[..],
            &[0; 4],
            &crc.sum().to_le_bytes(),
            &(packed.len() as u32).to_le_bytes(),
            &(content.len() as u32).to_le_bytes(),
            &(name.len() as u16).to_le_bytes(),
        ]
        .concat();
        let start = archive.len() as u32;
        let extra = [1, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        archive.extend(
            [b"PK\x03\x04\x2d\x00\x00\x00", &common[..], &[20, 0], name.as_bytes()].concat(),
        );
        archive.extend([&extra[..], &packed].concat());
        directory.extend([b"PK\x01\x02\x2d\x03\x2d\x00\x00\x00", &common[..], &[0; 12]].concat());
        directory.extend([&start.to_le_bytes()[..], name.as_bytes()].concat());
    }
    let count = (members.len() as u16).to_le_bytes();
    let (size, start) = (directory.len() as u32, archive.len() as u32);
    let end =
        [&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &size.to_le_bytes(), &start.to_le_bytes()];
    [archive, directory, end.concat(), vec![0, 0]].concat()
}

/// Three images of 2 × 3 to train with, one for validation and two to test with.
fn members() -> Vec<(String, Vec<u8>)> {
    let half = |name: &str, labels: &[u8]| {
        let count = labels.len();
        let pixels: Vec<u8> = (0..count * 6).map(|i| (10 * i) as u8).collect();
        [
            (format!("{name}_images.npy"), npy(&format!("({count}, 2, 3)"), &pixels)),
            (format!("{name}_labels.npy"), npy(&format!("({count}, 1)"), labels)),
        ]
    };
    [half("train", &[1, 0, 1]), half("val", &[0]), half("test", &[0, 1])].concat()
}

fn folder_with(archive: &[u8]) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(FILE), archive).unwrap();
    folder
}

fn complaint(archive: &[u8]) -> String {
    let folder = folder_with(archive);
    let error = read(folder.path()).expect_err("a broken archive").to_string();
    error.replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn an_archive_is_read_deflated_and_stored() {
    for deflate in [true, false] {
        let data = read(folder_with(&zip(&members(), deflate)).path()).unwrap();
        assert_eq!(data.train.image_size(), (2, 3));
        assert_eq!(data.train.labels(), [1, 0, 1]);
        assert_eq!(data.train.image(1).as_slice(), Some(&[60, 70, 80, 90, 100, 110][..]));
        assert_eq!(data.test.labels(), [0, 1]);
        assert_eq!(data.validation.as_ref().unwrap().labels(), [0]);
        assert_eq!(data.train.classes(), ["Normal", "Pneumonia"]);
    }
}

#[test]
fn the_caption_says_that_these_are_children_without_covid_19_and_whose_data() {
    let caption = read(folder_with(&zip(&members(), true)).path()).unwrap().caption();
    for expected in ["children", "not COVID-19", "validation images: 1", "CC BY 4.0", "Kermany"] {
        assert!(caption.contains(expected), "{expected}: {caption}");
    }
}

#[test]
fn a_folder_that_is_named_may_hold_the_archive() {
    let folder = folder_with(&zip(&members(), true));
    let named = Data::load(&DataSource::Folder(folder.path().to_owned())).unwrap();
    assert_eq!(named.caption(), read(folder.path()).unwrap().caption());
}

#[test]
fn a_broken_archive_says_where() {
    let whole = zip(&members(), false);
    insta::assert_snapshot!(complaint(b"no archive"), @"pneumoniamnist.npz: at byte 0: expected the end-of-directory record of a ZIP archive, found none in 10 bytes");
    insta::assert_snapshot!(complaint(&whole[40..]), @"pneumoniamnist.npz: at byte 1200: expected a directory entry, [50, 4b, 01, 02], found [00, 00, 00, 00]");
    insta::assert_snapshot!(complaint(&zip(&members()[1..], true)), @"pneumoniamnist.npz: at byte 0: expected a member train_images.npy, found train_labels.npy, val_images.npy, val_labels.npy, test_images.npy, test_labels.npy");
    let edited = |at: usize, value: u8| {
        let mut bytes = whole.clone();
        bytes[at] = value;
        complaint(&bytes)
    };
    // The first member: 30 bytes of header, 16 of name, 20 extra, then 128 of NPY header and 18 pixels.
    insta::assert_snapshot!(edited(66 + 128, 77), @"pneumoniamnist.npz: at byte 66: expected 146 bytes of CRC-32 20867be2 in train_images.npy, found 146 of 69a0c469");
    insta::assert_snapshot!(edited(0, 77), @"pneumoniamnist.npz: at byte 0: expected a local header, [50, 4b, 03, 04], found [4d, 4b, 03, 04]");
}

#[test]
fn an_array_that_is_not_of_images_or_bytes_is_shown() {
    let with = |content: Vec<u8>| {
        let mut members = members();
        members[0].1 = content;
        complaint(&zip(&members, true))
    };
    insta::assert_snapshot!(with(npy("(3, 6)", &[0; 18])), @"pneumoniamnist.npz/train_images.npy: at byte 10: expected grey images, number × height × width, found [3, 6]");
    insta::assert_snapshot!(with(npy("(3, 2, 3)", &[0; 17])), @"pneumoniamnist.npz/train_images.npy: at byte 128: expected the values of shape [3, 2, 3], found 17 bytes");
    let mut floats = npy("(3, 2, 3)", &[0; 18]);
    floats[22] = b'f';
    insta::assert_snapshot!(with(floats), @"pneumoniamnist.npz/train_images.npy: at byte 10: expected unsigned bytes ('|u1') in C order with a shape, found {'descr': '|f1', 'fortran_order': False, 'shape': (3, 2, 3), }");
    insta::assert_snapshot!(with(b"\x93NUMPY\x03\x00".to_vec()), @"pneumoniamnist.npz/train_images.npy: at byte 0: expected an NPY header of version 1.0, [93, 4e, 55, 4d, 50, 59, 01, 00], found [93, 4e, 55, 4d, 50, 59, 03, 00]");
    insta::assert_snapshot!(with(npy("(2, 2, 3)", &[0; 12])), @"pneumoniamnist.npz/train_labels.npy: at byte 10: expected 2 labels, one an image of train_images.npy, found 3");
}

#[test]
fn d14_an_archive_of_colours_is_refused_with_path_and_member() {
    let mut members = members();
    members[0].1 = npy("(3, 2, 3, 3)", &[0; 54]);
    insta::assert_snapshot!(complaint(&zip(&members, true)), @"pneumoniamnist.npz/train_images.npy: at byte 10: expected grey images, number × height × width, found [3, 2, 3, 3]");
}

#[test]
fn labels_and_sizes_that_do_not_fit_are_placed() {
    let with = |member: usize, content: Vec<u8>| {
        let mut members = members();
        members[member].1 = content;
        complaint(&zip(&members, true))
    };
    insta::assert_snapshot!(with(5, npy("(2, 1)", &[0, 2])), @"pneumoniamnist.npz/test_labels.npy: at byte 10: expected labels of 0 to 1, found 2 at image 1");
    insta::assert_snapshot!(with(4, npy("(2, 3, 2)", &[0; 12])), @"pneumoniamnist.npz/test_images.npy: at byte 10: expected images of (2, 3) pixels, as those to train with, found (3, 2)");
    insta::assert_snapshot!(with(2, npy("(0, 2, 3)", &[])), @"pneumoniamnist.npz/val_labels.npy: at byte 10: expected 0 labels, one an image of val_images.npy, found 1");
}

#[test]
fn a_member_that_claims_more_than_it_can_hold_is_refused() {
    let mut archive = zip(&members(), true);
    let directory = archive.windows(4).position(|start| start == b"PK\x01\x02").unwrap();
    archive[directory + 24..directory + 28].fill(0xff);
    let found = complaint(&archive);
    assert!(
        found.contains("in train_images.npy, for which it has room, found 4294967295"),
        "{found}"
    );
}
