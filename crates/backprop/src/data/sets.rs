//! A training set, a test set and perhaps a validation set, under one name.

use super::dataset::{Dataset, Pixels};
use super::description::Description;

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
    /// Joins a training set and a test set under a name; their inputs are scaled as [`Pixels::Symmetric`].
    pub fn new(name: &str, train: Dataset, test: Dataset) -> Data {
        Data::described(Description::new(name, &train, &test), train, test)
    }

    /// Joins two sets that are described already.
    pub(super) fn described(description: Description, train: Dataset, test: Dataset) -> Data {
        Data { train, test, validation: None, description }.with_pixels(Pixels::Symmetric)
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
}
