//! What every result says of its data: name, changes, hash, numbers of images.

use super::dataset::{Dataset, Pixels};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// What every result says of its data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// "MNIST", "built-in digits" or the folder's name.
    pub name: String,
    /// What was done to the set, in this order: "600 of 60,000 training images, seed 0".
    #[serde(default)]
    pub changes: Vec<String>,
    /// Origin and licence, as a figure that shows images of the set has to state them.
    #[serde(default)]
    pub attribution: Option<String>,
    /// SHA-256 over pixels and labels of all sets, in hexadecimal; the same for plain and gzipped files.
    pub sha256: String,
    /// The number of training images.
    pub train: usize,
    /// The number of test images.
    pub test: usize,
    /// How pixels become inputs.
    pub pixels: Pixels,
}

impl Description {
    /// Describes two sets as they were loaded.
    pub(super) fn new(name: &str, train: &Dataset, test: &Dataset) -> Description {
        Description {
            name: name.to_owned(),
            changes: Vec::new(),
            attribution: None,
            sha256: hash(train, test, None),
            train: train.len(),
            test: test.len(),
            pixels: Pixels::Symmetric,
        }
    }

    /// Adds a change, and describes the sets that it left.
    pub(super) fn update(
        &mut self,
        change: String,
        train: &Dataset,
        test: &Dataset,
        validation: Option<&Dataset>,
    ) {
        self.changes.push(change);
        self.sha256 = hash(train, test, validation);
        self.train = train.len();
        self.test = test.len();
    }

    /// What a figure that shows images says of them: all of this, then origin and licence.
    pub fn caption(&self) -> String {
        match &self.attribution {
            Some(attribution) => format!("Data: {self}. {attribution}"),
            None => format!("Data: {self}."),
        }
    }
}

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        for change in &self.changes {
            write!(f, ", {change}")?;
        }
        let (train, test) = (thousands(self.train), thousands(self.test));
        let hash = &self.sha256[..8];
        write!(f, " ({train} training and {test} test images, SHA-256 {hash}…)")
    }
}

fn hash(train: &Dataset, test: &Dataset, validation: Option<&Dataset>) -> String {
    let mut hasher = Sha256::new();
    for set in [train, test].into_iter().chain(validation) {
        let (height, width) = set.image_size();
        hasher.update(format!("{} {height} {width}\n", set.len()));
        hasher.update(set.pixels().as_slice().expect("row-major"));
        hasher.update(set.label_bytes());
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes a count with its thousands set apart by commas: 60,000.
pub(super) fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut written = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

/// Writes a fraction in percent, without the dust of its binary digits: 0.07 is "7 %".
pub(super) fn percent(fraction: f64) -> String {
    format!("{} %", (fraction * 1e6).round() / 1e4)
}
