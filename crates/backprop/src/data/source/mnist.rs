//! The four IDX files of MNIST, or of anything that comes under their names.

use super::idx::{self, Idx};
use crate::data::dataset::Dataset;
use crate::data::description::Description;
use crate::data::sets::Data;
use crate::error::Error;
use ndarray::Array2;
use std::fs;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

/// Origin and licence, for captions.
const ATTRIBUTION: &str = "MNIST: Y. LeCun, C. Cortes, C. J. C. Burges; licence CC BY-SA 3.0.";

/// The file names of one half of a set.
struct Names {
    images: &'static str,
    labels: &'static str,
}

const TRAIN: Names = Names { images: "train-images-idx3-ubyte", labels: "train-labels-idx1-ubyte" };
const TEST: Names = Names { images: "t10k-images-idx3-ubyte", labels: "t10k-labels-idx1-ubyte" };

/// Digits, so labels are 0 to 9.
pub(super) fn digit_classes() -> Vec<String> {
    (0..10).map(|digit| digit.to_string()).collect()
}

/// The four files.
const ALL: [&str; 4] = [TRAIN.images, TRAIN.labels, TEST.images, TEST.labels];

/// Whether a folder has all four files.
pub(super) fn is_complete(folder: &Path) -> bool {
    ALL.iter().all(|name| find(folder, name).is_file())
}

/// Whether a folder has any of the four files, so that it is meant to have all.
pub(super) fn is_begun(folder: &Path) -> bool {
    ALL.iter().any(|name| find(folder, name).is_file())
}

impl Data {
    /// Writes the four IDX files of [`DataSource::Folder`](crate::DataSource::Folder) into a folder, which
    /// is made where it is missing.
    ///
    /// # Errors
    /// When a file cannot be written; each is written whole or not at all.
    pub fn save(&self, folder: &Path) -> Result<(), Error> {
        write(folder, &self.train, &self.test)
    }
}

/// Reads MNIST, whose captions state its origin.
pub(super) fn read_mnist(folder: &Path) -> Result<Data, Error> {
    Ok(read("MNIST", folder)?.with_attribution(ATTRIBUTION))
}

/// Reads a folder with the four files, each plain or with `.gz`, under a name.
pub(super) fn read(name: &str, folder: &Path) -> Result<Data, Error> {
    let (train, test) = read_halves(folder)?;
    check_halves(folder, &train, &test)?;
    let description = thread::scope(|scope| {
        scope.spawn(|| train.ink()); // which training will ask for
        Description::new(name, &train, &test)
    });
    let only = only_class(&train);
    let data = Data::described(description, train, test);
    Ok(only.into_iter().fold(data, Data::describe_change))
}

/// What is to be told of a training set of one class.
fn only_class(train: &Dataset) -> Option<String> {
    let mut present = train.class_counts().into_iter().enumerate().filter(|(_, count)| *count > 0);
    let (class, _) = present.next()?;
    let is_only = present.next().is_none();
    is_only.then(|| format!("all training images are of class {}", train.classes()[class]))
}

/// Checks what only both halves can show: images of one size.
fn check_halves(folder: &Path, train: &Dataset, test: &Dataset) -> Result<(), Error> {
    let ((height, width), found) = (train.image_size(), test.image_size());
    if found == (height, width) {
        return Ok(());
    }
    Err(Error::Format {
        path: find(folder, TEST.images),
        offset: 8,
        expected: format!("images of {height} × {width} pixels, as those to train with"),
        found: format!("{} × {}", found.0, found.1),
    })
}

/// Reads the training and the test set.
fn read_halves(folder: &Path) -> Result<(Dataset, Dataset), Error> {
    thread::scope(|scope| {
        let test = scope.spawn(|| {
            read_half(folder, &TEST).inspect(|test| {
                test.ink(); // which will be asked for
            })
        });
        let train = read_half(folder, &TRAIN)?;
        let test = test.join().unwrap_or_else(|panic| resume_unwind(panic))?;
        Ok((train, test))
    })
}

fn read_half(folder: &Path, names: &Names) -> Result<Dataset, Error> {
    let images_path = find(folder, names.images);
    let labels_path = find(folder, names.labels);
    let images = idx::read(&images_path, 3)?;
    let labels = idx::read(&labels_path, 1)?;
    check(&images_path, &images, &labels_path, &labels)?;
    let (count, height, width) = (images.sizes[0], images.sizes[1], images.sizes[2]);
    let pixels = Array2::from_shape_vec((count, height * width), images.values)
        .expect("idx::read gives as many values as its sizes say");
    let labels = labels.values.into_iter().map(usize::from).collect();
    Dataset::new(pixels, labels, (height, width), digit_classes())
}

/// Writes the two sets as the four files, uncompressed, each whole or not at all.
fn write(folder: &Path, train: &Dataset, test: &Dataset) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(Error::file(folder))?;
    for (set, names) in [(train, &TRAIN), (test, &TEST)] {
        let (height, width) = set.image_size();
        let pixels = set.pixels().iter().copied().collect();
        let images = Idx { sizes: vec![set.len(), height, width], values: pixels };
        let labels = Idx { sizes: vec![set.len()], values: set.label_bytes() };
        idx::write(&folder.join(names.images), &images)?;
        idx::write(&folder.join(names.labels), &labels)?;
    }
    Ok(())
}

/// Checks what only the pair of files can show: counts that agree, labels that are digits.
fn check(images_path: &Path, images: &Idx, labels_path: &Path, labels: &Idx) -> Result<(), Error> {
    let fail = |path: &Path, offset: usize, expected: String, found: String| {
        Err(Error::Format { path: path.to_owned(), offset: offset as u64, expected, found })
    };
    if images.values.is_empty() {
        let found = format!("sizes {:?}", images.sizes);
        return fail(images_path, 4, "at least one image of at least one pixel".to_owned(), found);
    }
    if labels.sizes[0] != images.sizes[0] {
        let expected =
            format!("{} labels, one an image of {}", images.sizes[0], images_path.display());
        return fail(labels_path, 4, expected, labels.sizes[0].to_string());
    }
    if let Some(i) = labels.values.iter().position(|&label| label > 9) {
        let found = labels.values[i].to_string();
        return fail(labels_path, 8 + i, "a label of 0 to 9".to_owned(), found);
    }
    Ok(())
}

/// Folders below the one that is named, in which the files may lie: torchvision's have them in `raw`.
const FOLDERS: [&str; 3] = ["", "raw", "MNIST/raw"];

/// The file under any name that it goes by: plain or gzipped, with the dot that unpackers like
/// (`train-images.idx3-ubyte`), in a folder of its own name; the plain name with `.gz` where it is not there.
fn find(folder: &Path, name: &str) -> PathBuf {
    let dotted = name.replacen("-idx", ".idx", 1);
    let names = [
        name.to_owned(),
        format!("{name}.gz"),
        format!("{dotted}.gz"),
        format!("{name}/{name}"),
        format!("{dotted}/{dotted}"),
        dotted,
    ];
    let in_folder = |within: &str| names.clone().map(|name| folder.join(within).join(name));
    let mut paths = FOLDERS.into_iter().flat_map(in_folder);
    paths.find(|path| path.is_file()).unwrap_or_else(|| folder.join(format!("{name}.gz")))
}
