//! Wrong labels on a part of the training images.

use super::subset::check_fraction;
use crate::data::description::percent;
use crate::data::random::{Purpose, Random};
use crate::data::sets::Data;
use crate::error::Error;

impl Data {
    /// Replaces the labels of a fraction of the training images, each by one of the other classes with
    /// equal chances; the test set stays.
    ///
    /// The seed decides which. Of one seed, a larger fraction replaces the same labels and more.
    ///
    /// # Errors
    /// A fraction outside 0 to 1, or fewer than two classes.
    pub fn with_label_noise(&self, fraction: f64, seed: u64) -> Result<Data, Error> {
        check_fraction("fraction of the labels", fraction)?;
        let classes = self.train.classes().len();
        if classes < 2 {
            let (expected, found) = ("at least 2".to_owned(), classes.to_string());
            return Err(Error::Setting { what: "classes for label noise", expected, found });
        }
        let mut labels = self.train.labels().to_vec();
        let count = (fraction * labels.len() as f64).round() as usize;
        if count == 0 {
            return Ok(self.clone());
        }
        let mut random = Random::of(Purpose::LabelNoise, seed);
        let mut order: Vec<usize> = (0..labels.len()).collect();
        random.shuffle(&mut order);
        for &i in &order[..count] {
            // A step of 1 to classes − 1 round the circle of classes ends at another one.
            let step = 1 + random.below(classes - 1);
            labels[i] = (labels[i] + step) % classes;
        }
        let mut train = self.train.clone();
        train.set_labels(labels);
        let change = format!("{} of training labels replaced, seed {seed}", percent(fraction));
        Ok(self.with_train(train, change))
    }
}
