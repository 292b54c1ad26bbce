//! Fewer training images: a stratified part of them, or all but those of one class.

use crate::data::dataset::Dataset;
use crate::data::description::thousands;
use crate::data::random::{Purpose, Random};
use crate::data::sets::Data;
use crate::error::Error;

impl Data {
    /// Keeps `count` training images, of every class its share; the test set stays.
    ///
    /// The seed decides which. Of one seed, a larger subset holds the smaller one, so that a curve of
    /// accuracy against the number of images is one of images added.
    ///
    /// ```
    /// use backprop::prelude::*;
    /// let data = Data::digits(1000, 100)?.subset(60, 0)?;
    /// assert_eq!(data.train.class_counts(), [6; 10]);
    /// assert!(data.description().to_string().starts_with("built-in digits, 60 of 1,000 training images, seed 0"));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// A count of 0, or of more images than there are.
    pub fn subset(&self, count: usize, seed: u64) -> Result<Data, Error> {
        let all = self.train.len();
        if count == 0 || count > all {
            return Err(Error::Setting {
                what: "training images of a subset",
                expected: format!("1 to {}", thousands(all)),
                found: count.to_string(),
            });
        }
        if count == all {
            return Ok(self.clone());
        }
        let mut chosen = stratified_order(&self.train, &mut Random::of(Purpose::Subset, seed));
        chosen.truncate(count);
        chosen.sort_unstable();
        let (kept, all) = (thousands(count), thousands(all));
        let change = format!("{kept} of {all} training images, seed {seed}");
        Ok(self.with_train(self.train.select(&chosen)?, change))
    }

    /// Keeps a fraction of the training images, as [`Data::subset`] does.
    ///
    /// # Errors
    /// A fraction outside 0 to 1, or so small that no image is left.
    pub fn subset_fraction(&self, fraction: f64, seed: u64) -> Result<Data, Error> {
        check_fraction("fraction of the training images", fraction)?;
        self.subset((fraction * self.train.len() as f64).round() as usize, seed)
    }

    /// Drops the training images of one class. Its name and its output neuron stay, and so do its test
    /// images: the network is asked for what it was never shown.
    ///
    /// # Errors
    /// A label without training images, or the only one that has some.
    pub fn without_class(&self, label: usize) -> Result<Data, Error> {
        let labels = self.train.labels();
        let kept: Vec<usize> = (0..labels.len()).filter(|&i| labels[i] != label).collect();
        if kept.len() == labels.len() || kept.is_empty() {
            let mut present = labels.to_vec();
            present.sort_unstable();
            present.dedup();
            return Err(Error::Setting {
                what: "label to drop",
                expected: format!("one of {present:?}, and another left"),
                found: label.to_string(),
            });
        }
        let name = &self.train.classes()[label];
        let change = match name == &label.to_string() {
            true => format!("label {label} dropped"),
            false => format!("label {label} ({name}) dropped"),
        };
        Ok(self.with_train(self.train.select(&kept)?, change))
    }
}

/// Orders all images so that every beginning of the order holds of each class its share.
///
/// Image r of the n of a class, in random order, stands at (r + 1/2)/n of the way.
fn stratified_order(set: &Dataset, random: &mut Random) -> Vec<usize> {
    let mut order: Vec<(f64, usize)> = Vec::with_capacity(set.len());
    for (class, count) in set.class_counts().into_iter().enumerate() {
        let mut members = set.examples_of(class, count);
        random.shuffle(&mut members);
        let place = |rank: usize| (rank as f64 + 0.5) / count as f64;
        order.extend(members.into_iter().enumerate().map(|(rank, i)| (place(rank), i)));
    }
    order.sort_by(|a, b| a.0.total_cmp(&b.0)); // stable: the same order everywhere
    order.into_iter().map(|(_, i)| i).collect()
}

/// Checks that a fraction is one.
pub(super) fn check_fraction(what: &'static str, fraction: f64) -> Result<(), Error> {
    match (0.0..=1.0).contains(&fraction) {
        true => Ok(()),
        false => {
            Err(Error::Setting { what, expected: "0 to 1".to_owned(), found: fraction.to_string() })
        }
    }
}
