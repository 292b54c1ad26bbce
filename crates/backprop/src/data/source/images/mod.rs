//! Folders of images: a subfolder for each class, or a manifest.csv that says of which class each is.

mod decode;
mod entry;
mod manifest;
mod square;

use crate::data::change::split;
use crate::data::dataset::Dataset;
use crate::data::description::percent;
use crate::data::random::{Purpose, Random};
use crate::data::sets::Data;
use crate::error::Error;
use entry::{Entry, Set};
use manifest::Manifest;
use ndarray::Array2;
use std::fs;
use std::path::{Path, PathBuf};

/// The part of each class that becomes the test set where no manifest splits the images.
const TEST_FRACTION: f64 = 0.3;

/// Folder names that stand for a class under another name, in the order of the labels; classes under
/// any other name follow in alphabetical order, under that name.
const KNOWN_CLASSES: [(&str, &str); 2] = [("normal", "Normal"), ("covid", "COVID-19")];

/// What captions say where no SOURCES.md tells the origin.
const UNKNOWN_ORIGIN: &str =
    "Origin and licence of the images: unknown (no SOURCES.md beside them).";

/// The heading in SOURCES.md below which the list for captions stands.
const ATTRIBUTION_HEADING: &str = "Attribution text to show";

impl Data {
    /// Reads a folder of PNG and JPEG images: made grey, cropped to the square in the middle, and resized
    /// to `side` × `side` by the mean over the area of each pixel.
    ///
    /// Each subfolder with images is a class. A `manifest.csv` overrides that: a header line, then a line
    /// an image; its columns `path` (below the folder) and `class` are needed, `patient_id` and `split`
    /// (`train` or `test`) are used where they are there, others are not.
    ///
    /// Without `split`, 30 % of each class become the test set, drawn by the seed: by patient where
    /// patients are known, else by image, of which the description warns.
    ///
    /// Captions carry the list below "Attribution text to show" of a `SOURCES.md` in the folder, or say
    /// that the origin is unknown.
    ///
    /// # Errors
    /// A file that cannot be read or is no such image, a manifest with a line that is wrong, a side of 0,
    /// or so few images that either set has none.
    pub fn image_folder(folder: &Path, side: usize, seed: u64) -> Result<Data, Error> {
        let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy();
        read(&name, folder, side, seed)
    }
}

/// Reads a folder of images under a name.
pub(super) fn read(name: &str, folder: &Path, side: usize, seed: u64) -> Result<Data, Error> {
    if side == 0 {
        let (expected, found) = ("at least 1 pixel".to_owned(), "0".to_owned());
        return Err(Error::Setting { what: "side of the images", expected, found });
    }
    let manifest = Manifest::find(folder)?;
    let entries = match &manifest {
        Some(manifest) => manifest.entries.clone(),
        None => list(folder)?,
    };
    let all = read_images(folder, &entries, side)?;
    let (train, test, how) = match &manifest {
        Some(manifest) if manifest.has_split => {
            let is_train = |&i: &usize| entries[i].set == Some(Set::Train);
            let (train, test) = (0..all.len()).partition(is_train);
            (train, test, "split as in manifest.csv".to_owned())
        }
        _ => split_at_random(&all, seed),
    };
    let set = |indices: &[usize]| match indices.is_empty() {
        true => Err(Error::NoImages { folder: folder.to_owned() }),
        false => all.select(indices),
    };
    let attribution = attribution(folder)?.unwrap_or_else(|| UNKNOWN_ORIGIN.to_owned());
    Ok(Data::new(name, set(&train)?, set(&test)?)
        .describe_change(how)
        .with_attribution(&attribution))
}

/// Whether a folder has a manifest or a subfolder with images.
pub(super) fn is_image_folder(folder: &Path) -> bool {
    Manifest::path(folder).is_file() || list(folder).is_ok_and(|entries| !entries.is_empty())
}

/// Splits into training and test set, and says how.
fn split_at_random(all: &Dataset, seed: u64) -> (Vec<usize>, Vec<usize>, String) {
    let (train, test) = split(all, TEST_FRACTION, &mut Random::of(Purpose::TestSet, seed));
    let share = percent(TEST_FRACTION);
    let how = match all.patients() {
        Some(_) => format!("{share} for testing, split by patient, seed {seed}"),
        None => format!(
            "{share} for testing, split by image, seed {seed}; no patients are known: those with several \
             images may be in both sets, which flatters the test"
        ),
    };
    (train, test, how)
}

/// Lists the images of each subfolder, in the order of their names.
fn list(folder: &Path) -> Result<Vec<Entry>, Error> {
    let mut entries = Vec::new();
    for class in children(folder)?.into_iter().filter(|child| child.is_dir()) {
        let name = class.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for path in children(&class)?.into_iter().filter(|path| has_image_name(path)) {
            entries.push(Entry { path, class: name.clone(), patient: None, set: None });
        }
    }
    Ok(entries)
}

fn children(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let listed = fs::read_dir(folder).and_then(|entries| {
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()
    });
    let mut children = listed.map_err(Error::file(folder))?;
    children.sort();
    Ok(children)
}

fn has_image_name(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    ["png", "jpg", "jpeg"].contains(&extension.as_str())
}

/// Reads all images into one set, with the patients where every image has one.
fn read_images(folder: &Path, entries: &[Entry], side: usize) -> Result<Dataset, Error> {
    if entries.is_empty() {
        return Err(Error::NoImages { folder: folder.to_owned() });
    }
    let classes = class_order(entries);
    if classes.len() > 256 {
        let (expected, found) = ("at most 256".to_owned(), classes.len().to_string());
        return Err(Error::Shape { what: "classes", expected, found });
    }
    let mut pixels = Vec::with_capacity(entries.len() * side * side);
    let mut labels = Vec::with_capacity(entries.len());
    for entry in entries {
        let image = decode::read(&entry.path)?;
        pixels.extend(square::resize(&image, side));
        let label = classes.iter().position(|class| *class == entry.class);
        labels.push(label.expect("the classes are those of the entries") as u8);
    }
    let pixels = Array2::from_shape_vec((entries.len(), side * side), pixels)
        .expect("side × side pixels an image");
    let names = classes.into_iter().map(shown_name).collect();
    let set = Dataset::new(pixels, labels, (side, side), names)?;
    match entries.iter().map(|entry| entry.patient.clone()).collect() {
        Some(patients) => set.with_patients(patients),
        None => Ok(set),
    }
}

/// The classes of the images, in the order of their labels.
fn class_order(entries: &[Entry]) -> Vec<&str> {
    let mut classes: Vec<&str> = entries.iter().map(|entry| entry.class.as_str()).collect();
    let known = |class: &str| KNOWN_CLASSES.iter().position(|&(folder, _)| folder == class);
    classes.sort_by_key(|class| (known(class).unwrap_or(KNOWN_CLASSES.len()), *class));
    classes.dedup();
    classes
}

fn shown_name(class: &str) -> String {
    let known = KNOWN_CLASSES.iter().find(|&&(folder, _)| folder == class);
    known.map_or(class, |&(_, name)| name).to_owned()
}

/// The origin and licence that SOURCES.md gives for captions.
fn attribution(folder: &Path) -> Result<Option<String>, Error> {
    let path = folder.join("SOURCES.md");
    if !path.is_file() {
        return Ok(None);
    }
    let text = fs::read_to_string(&path).map_err(Error::file(&path))?;
    let is_heading = |line: &str| line.starts_with('#');
    let items: Vec<&str> = text
        .lines()
        .skip_while(|line| !(is_heading(line) && line.contains(ATTRIBUTION_HEADING)))
        .skip(1)
        .take_while(|line| !is_heading(line))
        .filter_map(|line| line.strip_prefix("- "))
        .collect();
    Ok((!items.is_empty()).then(|| items.join(" ")))
}
