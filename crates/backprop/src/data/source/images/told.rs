//! What a reader of results should know of the images: the same one, or one patient, in two sets; a class
//! that a set has no images of.

use super::entry::{Entry, Set};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// An image as far as it matters here.
pub(super) struct Seen<'a> {
    pub(super) entry: &'a Entry,
    /// The same for images of the same pixels.
    pub(super) fingerprint: u64,
    pub(super) class: usize,
    /// The set that it came to be in.
    pub(super) set: Set,
}

/// All that there is to tell; paths are told as below the folder.
pub(super) fn notes(folder: &Path, classes: &[String], seen: &[Seen]) -> Vec<String> {
    let notes = [
        missing(classes, seen),
        copies(folder, seen),
        contradictions(folder, seen),
        patients(seen),
    ];
    notes.into_iter().flatten().collect()
}

/// Classes of which a set has no images.
fn missing(classes: &[String], seen: &[Seen]) -> Option<String> {
    let sets: BTreeSet<Set> = seen.iter().map(|image| image.set).collect();
    let present: BTreeSet<(Set, usize)> =
        seen.iter().map(|image| (image.set, image.class)).collect();
    let pairs = sets.into_iter().flat_map(|set| (0..classes.len()).map(move |class| (set, class)));
    let missing = pairs.filter(|pair| !present.contains(pair));
    let told =
        missing.map(|(set, class)| format!("no {} images of {}", set.adjective(), classes[class]));
    joined(told.collect())
}

fn joined(told: Vec<String>) -> Option<String> {
    (!told.is_empty()).then(|| told.join(", "))
}

/// Images that are in the training set and in another.
fn copies(folder: &Path, seen: &[Seen]) -> Option<String> {
    let of_train = seen.iter().rev().filter(|image| image.set == Set::Train);
    let originals: HashMap<u64, &Seen> = of_train.map(|image| (image.fingerprint, image)).collect();
    let told = [Set::Validation, Set::Test].into_iter().filter_map(|set| {
        let others = seen.iter().filter(|image| image.set == set);
        let pairs = others.filter_map(|image| Some((image, originals.get(&image.fingerprint)?)));
        let pairs: Vec<_> = pairs.collect();
        let (copy, original) = pairs.first()?;
        let (count, set) = (pairs.len(), set.adjective());
        let (copy, original) = (below(folder, copy), below(folder, original));
        Some(format!(
            "{set} images that are training images too: {count}, such as {copy}, the same as {original}; they \
             flatter the test"
        ))
    });
    joined(told.collect())
}

/// Images that are of two classes.
fn contradictions(folder: &Path, seen: &[Seen]) -> Option<String> {
    let mut first: HashMap<u64, &Seen> = HashMap::new();
    let mut pairs = Vec::new();
    for image in seen {
        let before = *first.entry(image.fingerprint).or_insert(image);
        if before.class != image.class {
            pairs.push((before, image));
        }
    }
    let (one, other) = pairs.first()?;
    let (one, other) = (below(folder, one), below(folder, other));
    Some(format!(
        "images that are of two classes: {}, such as {one}, the same as {other}",
        pairs.len()
    ))
}

/// Patients who are in the training set and in another.
fn patients(seen: &[Seen]) -> Option<String> {
    let of = |set: Set| -> BTreeSet<&str> {
        let images = seen.iter().filter(|image| image.set == set);
        images.filter_map(|image| image.entry.patient.as_deref()).collect()
    };
    let train = of(Set::Train);
    let told = [Set::Validation, Set::Test].into_iter().filter_map(|set| {
        let both: Vec<&str> = of(set).intersection(&train).copied().collect();
        let (first, count, set) = (both.first()?, both.len(), set.adjective());
        Some(format!(
            "patients of the {set} set who are in the training set too: {count}, such as {first}; they flatter the test"
        ))
    });
    joined(told.collect())
}

fn below(folder: &Path, image: &Seen) -> String {
    let path = &image.entry.path;
    path.strip_prefix(folder).unwrap_or(path).display().to_string()
}
