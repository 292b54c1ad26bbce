//! The readers of data that people bring, each as a function of bytes: for the fuzz targets of `fuzz/`, and for
//! the test that reads their corpora again.

use backprop::prelude::*;
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A reader, by the name of its target and of its corpus.
type Reader = (&'static str, fn(&[u8]));

/// All of them.
#[allow(dead_code, reason = "a target has one")]
pub const ALL: [Reader; 6] = [
    ("idx", idx),
    ("npz", npz),
    ("npy", npy),
    ("png", png),
    ("jpeg", jpeg),
    ("manifest", manifest),
];

/// A grey image of 1 × 1 pixel.
const PNG: &[u8] = include_bytes!("pixel.png");

/// One image of 1 × 1 pixel, and its label.
const ONE_IMAGE: [u8; 17] = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 9];
const ONE_LABEL: [u8; 9] = [0, 0, 8, 1, 0, 0, 0, 1, 7];

/// IDX files, plain and gzipped, of images and of labels.
pub fn idx(bytes: &[u8]) {
    for (images, labels) in [(bytes, &ONE_LABEL[..]), (&ONE_IMAGE, bytes)] {
        let folder = folder(&[
            ("train-images-idx3-ubyte", images),
            ("train-labels-idx1-ubyte", labels),
            ("t10k-images-idx3-ubyte", &ONE_IMAGE),
            ("t10k-labels-idx1-ubyte", &ONE_LABEL),
        ]);
        load(folder.path());
    }
}

/// Archives of NumPy: their directory, and what they pack.
pub fn npz(bytes: &[u8]) {
    load(folder(&[("pneumoniamnist.npz", bytes)]).path());
}

/// Arrays of NumPy, as the members of an archive.
pub fn npy(bytes: &[u8]) {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for half in ["train", "val", "test"] {
        for kind in ["images", "labels"] {
            archive.start_file(format!("{half}_{kind}.npy"), stored).unwrap();
            archive.write_all(bytes).unwrap();
        }
    }
    npz(&archive.finish().unwrap().into_inner());
}

/// PNG images.
pub fn png(bytes: &[u8]) {
    load(folder(&[("a/0.png", bytes), ("b/0.png", PNG)]).path());
}

/// JPEG images.
pub fn jpeg(bytes: &[u8]) {
    load(folder(&[("a/0.jpg", bytes), ("b/0.png", PNG)]).path());
}

/// Manifests of the images a/0.png and b/0.png.
pub fn manifest(bytes: &[u8]) {
    load(folder(&[("manifest.csv", bytes), ("a/0.png", PNG), ("b/0.png", PNG)]).path());
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// Reads a folder: data that can be trained with, or an error that can be read.
fn load(folder: &Path) {
    match Data::load(&DataSource::Folder(folder.to_owned())) {
        Ok(data) => {
            assert!(data.train.classes().len() >= 2 && !data.train.is_empty());
            assert_eq!(data.train.inputs(), data.test.inputs());
            data.train.batch(&[0]);
        }
        Err(error) => {
            let told = error.to_string();
            assert!(!told.is_empty() && told.len() < 100_000, "{} characters", told.len());
        }
    }
}
