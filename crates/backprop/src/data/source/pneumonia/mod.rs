//! PneumoniaMNIST: chest X-rays of children, normal or with pneumonia, 28 × 28; not COVID-19.

use super::npy;
use super::zip::Archive;
use crate::data::dataset::Dataset;
use crate::data::sets::Data;
use crate::error::Error;
use ndarray::{ArrayD, Ix3};
use std::path::Path;

/// The file, as MedMNIST publishes it.
pub(super) const FILE: &str = "pneumoniamnist.npz";

const NAME: &str = "PneumoniaMNIST (children, normal or with pneumonia; not COVID-19)";

const CLASSES: [&str; 2] = ["Normal", "Pneumonia"];

const ATTRIBUTION: &str = "MedMNIST v2: J. Yang et al., Scientific Data 10, 41 (2023), \
    doi:10.1038/s41597-022-01721-8; X-rays: D. S. Kermany et al., Cell 172, 1122 (2018), \
    doi:10.1016/j.cell.2018.02.010; CC BY 4.0.";

/// Reads the archive of a folder: training, validation and test set, as its authors split it.
pub(super) fn read(folder: &Path) -> Result<Data, Error> {
    let path = folder.join(FILE);
    let archive = Archive::open(&path)?;
    let set = |half: &str| read_set(&path, &archive, half);
    let (train, test, validation) = (set("train")?, set("test")?, set("val")?);
    check_sizes(&path, &train, [("test", &test), ("val", &validation)])?;
    let mut data = Data::new(NAME, train, test);
    let change = format!("validation images: {}", validation.len());
    data.validation = Some(validation);
    Ok(data.describe_change(change).with_attribution(ATTRIBUTION))
}

fn read_set(path: &Path, archive: &Archive, half: &str) -> Result<Dataset, Error> {
    let array = |kind: &str| -> Result<ArrayD<u8>, Error> {
        let member = format!("{half}_{kind}.npy");
        npy::parse(&path.join(&member), &archive.read(&member)?)
    };
    let wrong = |kind: &str, expected: String, found: String| {
        let path = path.join(format!("{half}_{kind}.npy"));
        Error::Format { path, offset: npy::HEADER as u64, expected, found }
    };
    let images = array("images")?;
    let found = format!("{:?}", images.shape());
    let images = images
        .into_dimensionality::<Ix3>()
        .map_err(|_| wrong("images", "grey images, number × height × width".to_owned(), found))?;
    let (count, height, width) = images.dim();
    let pixels = images.into_shape_with_order((count, height * width));
    let pixels = pixels.expect("images in C order are rows of pixels");
    let labels: Vec<usize> = array("labels")?.into_iter().map(usize::from).collect();
    if labels.len() != count {
        let expected = format!("{count} labels, one an image of {half}_images.npy");
        return Err(wrong("labels", expected, labels.len().to_string()));
    }
    let most = CLASSES.len() - 1;
    if let Some(i) = labels.iter().position(|&label| label > most) {
        let found = format!("{} at image {i}", labels[i]);
        return Err(wrong("labels", format!("labels of 0 to {most}"), found));
    }
    if count * height * width == 0 {
        let found = format!("{:?}", (count, height, width));
        return Err(wrong("images", "at least one image of at least one pixel".to_owned(), found));
    }
    Dataset::new(pixels, labels, (height, width), CLASSES.map(String::from).to_vec())
}

/// Checks that all sets have images of one size.
fn check_sizes(path: &Path, train: &Dataset, others: [(&str, &Dataset); 2]) -> Result<(), Error> {
    let size = train.image_size();
    match others.into_iter().find(|(_, set)| set.image_size() != size) {
        Some((half, set)) => Err(Error::Format {
            path: path.join(format!("{half}_images.npy")),
            offset: npy::HEADER as u64,
            expected: format!("images of {size:?} pixels, as those to train with"),
            found: format!("{:?}", set.image_size()),
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
