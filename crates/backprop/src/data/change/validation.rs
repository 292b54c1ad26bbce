//! Splits that are stratified by class and keep the images of a patient together.

use super::subset::check_fraction;
use crate::data::dataset::Dataset;
use crate::data::description::thousands;
use crate::data::random::{Purpose, Random};
use crate::data::sets::Data;
use crate::error::Error;
use std::collections::BTreeMap;

impl Data {
    /// Holds a fraction of the training images out as the validation set, of every class its share and
    /// of every patient, where patients are known, all images or none; the test set stays.
    ///
    /// # Errors
    /// A fraction outside 0 to 1, or one that leaves either set without an image.
    pub fn with_validation(&self, fraction: f64, seed: u64) -> Result<Data, Error> {
        check_fraction("fraction for validation", fraction)?;
        let random = &mut Random::of(Purpose::Validation, seed);
        let (kept, held_out) = split(&self.train, fraction, random);
        if kept.is_empty() || held_out.is_empty() {
            return Err(Error::Setting {
                what: "fraction for validation",
                expected: "one that leaves both sets an image".to_owned(),
                found: fraction.to_string(),
            });
        }
        let by_patient = if self.train.patients().is_some() { " by patient" } else { "" };
        let (count, all) = (thousands(held_out.len()), thousands(self.train.len()));
        let change = format!(
            "{count} of {all} training images held out{by_patient} for validation, seed {seed}"
        );
        let mut data = self.clone();
        data.train = self.train.select(&kept)?;
        data.validation = Some(self.train.select(&held_out)?);
        Ok(data.describe_change(change))
    }
}

/// Splits the indices of a set: those that are kept, and those that are held out.
///
/// Of each class, whole patients are held out in random order, as long as they fit into its share.
pub(in crate::data) fn split(
    set: &Dataset,
    fraction: f64,
    random: &mut Random,
) -> (Vec<usize>, Vec<usize>) {
    let mut held_out = vec![false; set.len()];
    for mut patients in patients_of_each_class(set) {
        let images: usize = patients.iter().map(Vec::len).sum();
        let mut room = (fraction * images as f64).round() as usize;
        random.shuffle(&mut patients);
        for patient in patients {
            if patient.len() <= room {
                room -= patient.len();
                patient.into_iter().for_each(|i| held_out[i] = true);
            }
        }
    }
    (0..set.len()).partition(|&i| !held_out[i])
}

/// The images of each patient, listed under the class of the patient's first image; where patients are
/// not known, each image is one of its own.
fn patients_of_each_class(set: &Dataset) -> Vec<Vec<Vec<usize>>> {
    let mut patients: BTreeMap<(Option<&String>, usize), Vec<usize>> = BTreeMap::new();
    for i in 0..set.len() {
        let patient = match set.patients() {
            Some(patients) => (Some(&patients[i]), 0),
            None => (None, i),
        };
        patients.entry(patient).or_default().push(i);
    }
    let mut classes = vec![Vec::new(); set.classes().len()];
    for images in patients.into_values() {
        classes[set.labels()[images[0]]].push(images);
    }
    classes
}
