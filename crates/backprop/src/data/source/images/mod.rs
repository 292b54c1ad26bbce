//! Folders of images: a subfolder for each class, or a manifest.csv that says of which class each is.

mod classes;
mod decode;
mod entry;
mod folders;
mod manifest;
mod names;
mod pictures;
mod sources;
mod square;
mod table;
mod told;

use crate::data::change::split;
use crate::data::dataset::Dataset;
use crate::data::description::percent;
use crate::data::random::{Purpose, Random};
use crate::data::sets::Data;
use crate::error::Error;
use classes::Classes;
use entry::{Entry, Listing, Set};
use ndarray::Array2;
use pictures::Pictures;
use std::path::Path;
use told::Seen;

/// The part of each class that becomes the test set where nothing else splits the images.
const TEST_FRACTION: f64 = 0.3;

impl Data {
    /// Reads a folder of PNG and JPEG images: turned upright by their EXIF, made grey, cropped to the square in the
    /// middle, and resized to `side` × `side` by the mean over the area of each pixel.
    ///
    /// Each subfolder with images is a class. Subfolders `train` and `test`, with a subfolder for each class in
    /// each, are the training and the test set, and `val` the validation set, or the test set where there is no
    /// `test`. A `manifest.csv` overrides that: a header line, then a line an image; its columns `path` (below
    /// the folder) and `class` are needed, `patient_id` and `split` (`train`, `val` or `test`) are used where they
    /// are there, others are not. Commas, semicolons or tabs divide its columns.
    ///
    /// Without such a split, 30 % of each class become the test set, drawn by the seed: by patient where
    /// patients are known, else by image, of which the description warns.
    ///
    /// Transparent pixels lie over white, or over black where nothing would be seen on white. Images of 16 bits
    /// that use 14 or fewer in the whole set are stretched. The description tells of both, of classes without
    /// images, of what was left out, and of images and patients that are in more than one set. Files and folders
    /// that systems and programs leave behind are passed over.
    ///
    /// Captions carry the list below "Attribution text to show" of a `SOURCES.md` in the folder, or say
    /// that the origin is unknown.
    ///
    /// # Errors
    /// A file that cannot be read, is cut off or is no such image, a manifest with a line that is wrong, a side of
    /// 0, fewer than two classes, or so few images that either set has none.
    pub fn image_folder(folder: &Path, side: usize, seed: u64) -> Result<Data, Error> {
        let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy();
        read(&name, folder, side, seed)
    }
}

/// Whether a folder has a manifest or a subfolder with images.
pub(super) fn is_image_folder(folder: &Path) -> bool {
    manifest::path(folder).is_file() || folders::has_classes(folder)
}

/// Reads a folder of images under a name.
pub(super) fn read(name: &str, folder: &Path, side: usize, seed: u64) -> Result<Data, Error> {
    if side == 0 {
        let (expected, found) = ("at least 1 pixel".to_owned(), "0".to_owned());
        return Err(Error::Setting { what: "side of the images", expected, found });
    }
    let inner = folders::without_wrapping(folder)?;
    let listing = match manifest::find(&inner)? {
        Some(listing) => listing,
        None => folders::list(&inner)?,
    };
    let classes = Classes::of(&listing.entries);
    check(&inner, &listing, &classes)?;
    let pictures = Pictures::read(&inner, &listing.entries, side)?;
    let all = dataset(&listing.entries, &classes, &pictures, side)?;
    let (sets, how) = match &listing.split {
        Some(how) => (listing.entries.iter().filter_map(|entry| entry.set).collect(), how.clone()),
        None => split_at_random(&all, seed),
    };
    let (train, test) = (set(&all, &sets, Set::Train)?, set(&all, &sets, Set::Test)?);
    let (Some(train), Some(test)) = (train, test) else {
        return Err(Error::NoImages { folder: inner });
    };
    let mut data = Data::new(name, train, test);
    data.validation = set(&all, &sets, Set::Validation)?;
    let seen: Vec<Seen> = seen(&listing.entries, &classes, &pictures, &sets).collect();
    let told = told::notes(&inner, &classes.names, &seen);
    let place = match inner.strip_prefix(folder) {
        Ok(path) if inner != folder => Some(format!("read from its folder {}", path.display())),
        _ => None,
    };
    let notes = [vec![how], listing.notes, pictures.notes, told].into_iter().flatten();
    let data = notes.chain(place).chain(classes.alike).fold(data, Data::describe_change);
    Ok(data.with_attribution(&sources::attribution(&[&inner, folder])?))
}

/// Checks before any image is read that there are images, and of how many classes.
fn check(folder: &Path, listing: &Listing, classes: &Classes) -> Result<(), Error> {
    let has = |set: Set| listing.entries.iter().any(|entry| entry.set == Some(set));
    let is_split = listing.split.is_some();
    if listing.entries.is_empty() || is_split && !(has(Set::Train) && has(Set::Test)) {
        return Err(Error::NoImages { folder: folder.to_owned() });
    }
    let found = match classes.names.len() {
        1 => format!("one, {}", classes.names[0]),
        2..=256 => return Ok(()),
        count => count.to_string(),
    };
    let expected = "images of 2 to 256 classes, in a subfolder for each or listed in manifest.csv";
    Err(Error::Layout { folder: folder.to_owned(), expected: expected.to_owned(), found })
}

/// Joins all images to one set, with the patients where every image has one.
fn dataset(
    entries: &[Entry],
    classes: &Classes,
    pictures: &Pictures,
    side: usize,
) -> Result<Dataset, Error> {
    let pixels = pictures.squares.iter().flat_map(|square| &square.pixels).copied().collect();
    let pixels = Array2::from_shape_vec((entries.len(), side * side), pixels)
        .expect("side × side pixels an image");
    let labels = classes.of_images.clone();
    let all = Dataset::new(pixels, labels, (side, side), classes.names.clone())?;
    match entries.iter().map(|entry| entry.patient.clone()).collect() {
        Some(patients) => all.with_patients(patients),
        None => Ok(all),
    }
}

/// Draws for each image whether it is to train or to test with, and says how.
fn split_at_random(all: &Dataset, seed: u64) -> (Vec<Set>, String) {
    let (_, test) = split(all, TEST_FRACTION, &mut Random::of(Purpose::TestSet, seed));
    let mut sets = vec![Set::Train; all.len()];
    test.into_iter().for_each(|i| sets[i] = Set::Test);
    let share = percent(TEST_FRACTION);
    let how = match all.patients() {
        Some(_) => format!("{share} for testing, split by patient, seed {seed}"),
        None => format!(
            "{share} for testing, split by image, seed {seed}; no patients are known: those with several \
             images may be in both sets, which flatters the test"
        ),
    };
    (sets, how)
}

/// The images of one set, where it has some.
fn set(all: &Dataset, sets: &[Set], wanted: Set) -> Result<Option<Dataset>, Error> {
    let indices: Vec<usize> = (0..all.len()).filter(|&i| sets[i] == wanted).collect();
    if indices.is_empty() { Ok(None) } else { all.select(&indices).map(Some) }
}

/// What is to be told of the images is found in these.
fn seen<'a>(
    entries: &'a [Entry],
    classes: &'a Classes,
    pictures: &'a Pictures,
    sets: &'a [Set],
) -> impl Iterator<Item = Seen<'a>> {
    entries.iter().enumerate().map(|(i, entry)| Seen {
        entry,
        fingerprint: pictures.squares[i].fingerprint,
        class: classes.of_images[i],
        set: sets[i],
    })
}
