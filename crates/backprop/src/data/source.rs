use super::dataset::{Dataset, Pixels};
use super::digits::{self, Split};
use super::mnist;
use crate::error::Error;
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::env;
use std::fmt;
use std::path::{Path, PathBuf};

/// Where data come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataSource {
    /// MNIST where it is at hand, else the built-in digits. Every figure and result says which.
    Auto,
    /// MNIST, from `$BACKPROP_DATA/mnist` or `data/mnist` of the project.
    Mnist,
    /// The built-in digits: drawn from stroke templates, always the same.
    Digits,
    /// A folder with four IDX files under MNIST's names.
    Folder(PathBuf),
}

impl DataSource {
    /// Reads `auto`, `mnist`, `digits`, or else the path of a folder.
    pub fn parse(text: &str) -> DataSource {
        match text {
            "auto" => DataSource::Auto,
            "mnist" => DataSource::Mnist,
            "digits" => DataSource::Digits,
            folder => DataSource::Folder(folder.into()),
        }
    }
}

/// A training set and a test set, and what they are called.
#[derive(Clone, Debug)]
pub struct Data {
    /// The images to learn from.
    pub train: Dataset,
    /// The images to test with.
    pub test: Dataset,
    description: Description,
}

/// What every result says of its data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// "MNIST", "built-in digits" or the folder's name.
    pub name: String,
    /// SHA-256 over pixels and labels of both sets, in hexadecimal; the same for plain and gzipped files.
    pub sha256: String,
    /// The number of training images.
    pub train: usize,
    /// The number of test images.
    pub test: usize,
    /// How pixels become inputs.
    pub pixels: Pixels,
}

impl Data {
    /// Loads the data that `$BACKPROP_DATASET` names (`auto`, `mnist`, `digits` or a folder), else
    /// MNIST where it is at hand, else the built-in digits.
    ///
    /// # Errors
    /// As [`Data::load`].
    pub fn auto() -> Result<Data, Error> {
        let choice = env::var("BACKPROP_DATASET").unwrap_or_default();
        Data::load(&if choice.is_empty() { DataSource::Auto } else { DataSource::parse(&choice) })
    }

    /// Loads data from a source.
    ///
    /// # Errors
    /// Files that are missing, truncated, corrupt or that do not fit together: with file, byte offset,
    /// expected and found.
    pub fn load(source: &DataSource) -> Result<Data, Error> {
        match source {
            DataSource::Auto => match mnist_folder() {
                Some(folder) => Data::from_folder("MNIST", &folder),
                None => Data::load(&DataSource::Digits),
            },
            DataSource::Mnist => match mnist_folder() {
                Some(folder) => Data::from_folder("MNIST", &folder),
                None => Err(Error::NoData {
                    wanted: "MNIST",
                    searched: mnist_places()
                        .iter()
                        .map(|place| place.display().to_string())
                        .collect(),
                    mend: "`cargo lab data mnist` downloads it; `digits` are always at hand",
                }),
            },
            DataSource::Digits => {
                Data::digits(Split::Train.default_count(), Split::Test.default_count())
            }
            DataSource::Folder(folder) => {
                let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy();
                Data::from_folder(&name, folder)
            }
        }
    }

    /// Draws built-in digits; a longer set begins with the shorter one.
    ///
    /// # Errors
    /// A count of 0.
    pub fn digits(train: usize, test: usize) -> Result<Data, Error> {
        let half = |split, count| {
            let (pixels, labels) =
                digits::draw(split, count).map_err(|error| Error::Strokes(error.to_string()))?;
            let pixels = Array2::from_shape_vec((count, 784), pixels).expect("784 pixels an image");
            Dataset::new(pixels, labels, (28, 28), mnist::digit_classes())
        };
        let (train, test) = (half(Split::Train, train)?, half(Split::Test, test)?);
        Ok(Data::new("built-in digits", train, test))
    }

    /// Joins a training set and a test set under a name; their inputs are scaled as [`Pixels::Symmetric`].
    pub fn new(name: &str, train: Dataset, test: Dataset) -> Data {
        let description = Description {
            name: name.to_owned(),
            sha256: hash(&[&train, &test]),
            train: train.len(),
            test: test.len(),
            pixels: Pixels::Symmetric,
        };
        Data { train, test, description }.with_pixels(Pixels::Symmetric)
    }

    /// Writes the four IDX files of [`DataSource::Folder`] into a folder, which is made where it is missing.
    ///
    /// # Errors
    /// When a file cannot be written; each is written whole or not at all.
    pub fn save(&self, folder: &Path) -> Result<(), Error> {
        mnist::write(folder, &self.train, &self.test)
    }

    /// Scales the inputs of both sets, by the numbers of the training set.
    pub fn with_pixels(mut self, pixels: Pixels) -> Data {
        let affine = pixels.affine(&self.train);
        self.train.set_affine(affine);
        self.test.set_affine(affine);
        self.description.pixels = pixels;
        self
    }

    /// The name of the data set, its size and its hash.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// The name of the data set: "MNIST" or "built-in digits".
    pub fn name(&self) -> &str {
        &self.description.name
    }

    fn from_folder(name: &str, folder: &Path) -> Result<Data, Error> {
        let (train, test) = mnist::read(folder)?;
        Ok(Data::new(name, train, test))
    }
}

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Description { name, sha256, train, test, .. } = self;
        write!(f, "{name} ({train} training and {test} test images, SHA-256 {}…)", &sha256[..8])
    }
}

/// The folders in which MNIST may lie, in the order in which they are searched.
fn mnist_places() -> Vec<PathBuf> {
    let named = env::var_os("BACKPROP_DATA").map(|data| Path::new(&data).join("mnist"));
    // Notebooks run in notebooks/, programs in the project's root: search upwards for data/mnist.
    let here = env::current_dir().unwrap_or_default();
    let above = here.ancestors().map(|folder| folder.join("data").join("mnist"));
    named.into_iter().chain(above).collect()
}

fn mnist_folder() -> Option<PathBuf> {
    mnist_places().into_iter().find(|folder| mnist::is_complete(folder))
}

fn hash(sets: &[&Dataset]) -> String {
    let mut hasher = Sha256::new();
    for set in sets {
        let (height, width) = set.image_size();
        hasher.update(format!("{} {height} {width}\n", set.len()));
        hasher.update(set.pixels().as_slice().expect("row-major"));
        hasher.update(set.labels());
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
