use super::chest::{self, Confound};
use super::dataset::{Dataset, Pixels};
use super::description::Description;
use super::digits::{self, Split};
use super::images;
use super::mnist;
use super::places;
use super::pneumonia;
use crate::error::Error;
use backprop_protocol::variable;
use ndarray::Array2;
use std::env;
use std::path::{Path, PathBuf};
use std::thread;

/// Where data come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataSource {
    /// MNIST where it is at hand, else the built-in digits. Every figure and result says which.
    Auto,
    /// MNIST, from `$BACKPROP_DATA/mnist` or `data/mnist` of the project.
    Mnist,
    /// The built-in digits: drawn from stroke templates, always the same.
    Digits,
    /// Chest X-rays, normal and COVID-19, from `$BACKPROP_DATA/chest-xray` or `data/chest-xray` of the
    /// project: a folder of images, see [`Data::image_folder`], of 28 × 28 pixels.
    ChestXRays,
    /// PneumoniaMNIST, chest X-rays of children with and without pneumonia (not COVID-19), from
    /// `$BACKPROP_DATA/pneumonia` or `data/pneumonia` of the project.
    Pneumonia,
    /// The built-in drawings of chest X-rays, 1,000 to train with and 500 to test with.
    ChestDrawings(Confound),
    /// A folder with four IDX files under MNIST's names, or else one of images, see
    /// [`Data::image_folder`], which are resized to 28 × 28 pixels.
    Folder(PathBuf),
}

impl DataSource {
    /// Reads `auto`, `mnist`, `digits`, `chest-xray`, `chest-drawings`, `chest-drawings-confounded`,
    /// `pneumonia`, or else the path of a folder.
    pub fn parse(text: &str) -> DataSource {
        match text {
            "auto" => DataSource::Auto,
            "mnist" => DataSource::Mnist,
            "digits" => DataSource::Digits,
            "chest-xray" => DataSource::ChestXRays,
            "chest-drawings" => DataSource::ChestDrawings(Confound::None),
            "chest-drawings-confounded" => DataSource::ChestDrawings(Confound::Hospital),
            "pneumonia" => DataSource::Pneumonia,
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
    /// Images held out of the training to steer it by, where there are any.
    pub validation: Option<Dataset>,
    description: Description,
}

impl Data {
    /// Loads the data that `$BACKPROP_DATASET` names (`auto`, `mnist`, `digits` or a folder), else
    /// MNIST where it is at hand, else the built-in digits.
    ///
    /// # Errors
    /// As [`Data::load`].
    pub fn auto() -> Result<Data, Error> {
        let choice = env::var(variable::DATASET).unwrap_or_default();
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
                Some(folder) => Data::mnist(&folder),
                None => Data::load(&DataSource::Digits),
            },
            DataSource::Mnist => match mnist_folder() {
                Some(folder) => Data::mnist(&folder),
                None => Err(places::missing(
                    "MNIST",
                    "mnist",
                    "`cargo lab data mnist` downloads it; `digits` are always at hand",
                )),
            },
            DataSource::Digits => {
                Data::digits(Split::Train.default_count(), Split::Test.default_count())
            }
            DataSource::ChestXRays => match chest_folder() {
                Some(folder) => images::read("chest X-rays", &folder, chest::SIDE, 0),
                None => Err(places::missing(
                    "a set of chest X-rays",
                    "chest-xray",
                    "data/README.md tells what belongs there; `chest-drawings` are always at hand",
                )),
            },
            DataSource::Pneumonia => {
                let is_complete = |folder: &Path| folder.join(pneumonia::FILE).is_file();
                match places::find("pneumonia", &is_complete) {
                    Some(folder) => pneumonia::read(&folder),
                    None => Err(places::missing(
                        "PneumoniaMNIST",
                        "pneumonia",
                        "`cargo lab data pneumonia` downloads it",
                    )),
                }
            }
            DataSource::ChestDrawings(confound) => {
                let [train, test] = [Split::Train, Split::Test].map(chest::default_count);
                Data::chest_drawings(train, test, *confound)
            }
            DataSource::Folder(folder) => {
                if !mnist::is_begun(folder) && images::is_image_folder(folder) {
                    return Data::image_folder(folder, chest::SIDE, 0);
                }
                let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy();
                Data::from_folder(&name, folder)
            }
        }
    }

    /// Loads chest X-rays where they are at hand, else the built-in drawings, confounded or not; only the
    /// drawings where `$BACKPROP_DATASET` is `digits`, which asks for what is built in.
    ///
    /// Real sets mostly are confounded by their hospitals, whatever is asked for.
    ///
    /// # Errors
    /// As [`Data::load`].
    pub fn chest(confound: Confound) -> Result<Data, Error> {
        let built_in = env::var(variable::DATASET).is_ok_and(|choice| choice == "digits");
        match chest_folder() {
            Some(_) if !built_in => Data::load(&DataSource::ChestXRays),
            _ => Data::load(&DataSource::ChestDrawings(confound)),
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

    /// Draws built-in chest X-rays, normal and COVID-19: drawings, no medical images. A longer set begins
    /// with the shorter one.
    ///
    /// # Errors
    /// A count of 0.
    pub fn chest_drawings(train: usize, test: usize, confound: Confound) -> Result<Data, Error> {
        let half = |split, count| {
            let (pixels, labels) = chest::draw(split, count, confound);
            let side = chest::SIDE;
            let pixels = Array2::from_shape_vec((count, side * side), pixels).expect("28 × 28");
            Dataset::new(pixels, labels, (side, side), chest::CLASSES.map(String::from).to_vec())
        };
        let name = match confound {
            Confound::None => "drawn chest X-rays",
            Confound::Hospital => "drawn chest X-rays, each class from a hospital of its own",
        };
        let (train, test) = (half(Split::Train, train)?, half(Split::Test, test)?);
        Ok(Data::new(&format!("{name} (drawing, not a medical image)"), train, test))
    }

    /// Joins a training set and a test set under a name; their inputs are scaled as [`Pixels::Symmetric`].
    pub fn new(name: &str, train: Dataset, test: Dataset) -> Data {
        Data::described(Description::new(name, &train, &test), train, test)
    }

    fn described(description: Description, train: Dataset, test: Dataset) -> Data {
        Data { train, test, validation: None, description }.with_pixels(Pixels::Symmetric)
    }

    /// Writes the four IDX files of [`DataSource::Folder`] into a folder, which is made where it is missing.
    ///
    /// # Errors
    /// When a file cannot be written; each is written whole or not at all.
    pub fn save(&self, folder: &Path) -> Result<(), Error> {
        mnist::write(folder, &self.train, &self.test)
    }

    /// Scales the inputs of all sets, by the numbers of the training set.
    pub fn with_pixels(mut self, pixels: Pixels) -> Data {
        let affine = pixels.affine(&self.train);
        self.train.set_affine(affine);
        self.test.set_affine(affine);
        if let Some(validation) = &mut self.validation {
            validation.set_affine(affine);
        }
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

    /// Names a file for results on these data, so that each data set has its own.
    ///
    /// ```
    /// use backprop::Data;
    ///
    /// let data = Data::digits(20, 10)?;
    /// assert_eq!(data.results_file("depth"), "results/depth-built-in-digits.json");
    /// # Ok::<(), backprop::Error>(())
    /// ```
    pub fn results_file(&self, results: &str) -> String {
        let of_word = |c: char| if c.is_alphanumeric() { c } else { '-' };
        let data: String = self.name().chars().map(of_word).collect();
        format!("results/{results}-{data}.json")
    }

    /// What a figure that shows images says of them: the description, then origin and licence.
    pub fn caption(&self) -> String {
        self.description.caption()
    }

    /// The same data, whose captions state this origin and licence.
    pub(super) fn with_attribution(mut self, attribution: &str) -> Data {
        self.description.attribution = Some(attribution.to_owned());
        self
    }

    /// The same data with another training set, and a description that says what was changed.
    pub(super) fn with_train(&self, train: Dataset, change: String) -> Data {
        let changed = Data {
            train,
            test: self.test.clone(),
            validation: self.validation.clone(),
            description: self.description.clone(),
        };
        changed.describe_change(change)
    }

    /// Brings the description up to date after a change, and scales the inputs anew.
    pub(super) fn describe_change(mut self, change: String) -> Data {
        self.description.update(change, &self.train, &self.test, self.validation.as_ref());
        let pixels = self.description.pixels;
        self.with_pixels(pixels)
    }

    fn mnist(folder: &Path) -> Result<Data, Error> {
        Ok(Data::from_folder("MNIST", folder)?.with_attribution(mnist::ATTRIBUTION))
    }

    fn from_folder(name: &str, folder: &Path) -> Result<Data, Error> {
        let (train, test) = mnist::read(folder)?;
        let description = thread::scope(|scope| {
            scope.spawn(|| train.ink()); // which training will ask for
            Description::new(name, &train, &test)
        });
        Ok(Data::described(description, train, test))
    }
}

fn mnist_folder() -> Option<PathBuf> {
    places::find("mnist", &mnist::is_complete)
}

fn chest_folder() -> Option<PathBuf> {
    places::find("chest-xray", &images::is_image_folder)
}
