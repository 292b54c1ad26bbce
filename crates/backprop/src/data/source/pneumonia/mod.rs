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
    let mut data = Data::new(NAME, set("train")?, set("test")?);
    let validation = set("val")?;
    let change = format!("validation images: {}", validation.len());
    data.validation = Some(validation);
    Ok(data.describe_change(change).with_attribution(ATTRIBUTION))
}

fn read_set(path: &Path, archive: &Archive, half: &str) -> Result<Dataset, Error> {
    let array = |kind: &str| -> Result<ArrayD<u8>, Error> {
        let member = format!("{half}_{kind}.npy");
        npy::parse(&path.join(&member), &archive.read(&member)?)
    };
    let images = array("images")?;
    let found = format!("{:?}", images.shape());
    let images = images.into_dimensionality::<Ix3>().map_err(|_| Error::Shape {
        what: "images of the archive",
        expected: "number × height × width".to_owned(),
        found,
    })?;
    let (count, height, width) = images.dim();
    let pixels = images.into_shape_with_order((count, height * width));
    let pixels = pixels.expect("images in C order are rows of pixels");
    let labels = array("labels")?.into_iter().collect();
    Dataset::new(pixels, labels, (height, width), CLASSES.map(String::from).to_vec())
}

#[cfg(test)]
mod tests;
