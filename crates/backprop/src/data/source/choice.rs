//! The choice among the sources of data.

use super::chest::{self, Confound};
use super::digits::Split;
use super::images;
use super::mnist;
use super::places;
use super::pneumonia;
use crate::data::sets::Data;
use crate::error::Error;
use backprop_protocol::variable;
use std::env;
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
    /// Chest X-rays, normal and COVID-19, from `$BACKPROP_DATA/chest-xray` or `data/chest-xray` of the
    /// project: a folder of images, see [`Data::image_folder`], of 28 × 28 pixels.
    ChestXRays,
    /// PneumoniaMNIST, chest X-rays of children with and without pneumonia (not COVID-19), from
    /// `$BACKPROP_DATA/pneumonia` or `data/pneumonia` of the project.
    Pneumonia,
    /// The built-in drawings of chest X-rays, 1,000 to train with and 500 to test with.
    ChestDrawings(Confound),
    /// A folder with four IDX files under MNIST's names (`train-images-idx3-ubyte` or
    /// `train-images.idx3-ubyte`, with or without `.gz`, in the folder or in its `raw`), or one with
    /// PneumoniaMNIST's archive, or else one of images, see [`Data::image_folder`], which are resized to 28 × 28 pixels.
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
                Some(folder) => mnist::read_mnist(&folder),
                None => Data::load(&DataSource::Digits),
            },
            DataSource::Mnist => match mnist_folder() {
                Some(folder) => mnist::read_mnist(&folder),
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
            DataSource::Folder(folder) if mnist::is_begun(folder) => {
                let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy();
                mnist::read(&name, folder)
            }
            DataSource::Folder(folder) if folder.join(pneumonia::FILE).is_file() => {
                pneumonia::read(folder)
            }
            DataSource::Folder(folder) if images::is_image_folder(folder) => {
                Data::image_folder(folder, chest::SIDE, 0)
            }
            DataSource::Folder(folder) => Err(places::unknown(folder)),
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
}

fn mnist_folder() -> Option<PathBuf> {
    places::find("mnist", &mnist::is_complete)
}

fn chest_folder() -> Option<PathBuf> {
    places::find("chest-xray", &images::is_image_folder)
}
