//! Images with their labels, and how pixels become inputs.

use super::ink::Ink;
use crate::error::Error;
use crate::isa;
use ndarray::{Array2, ArrayView2, Axis};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, OnceLock};

/// How a pixel p (0 to 255) becomes an input x: always affine, x = s p + t.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pixels {
    /// x = p / 127.5 − 1, in \[−1, 1\]: the lab's scaling.
    Symmetric,
    /// x = p / 255, in \[0, 1\].
    Unit,
    /// x = (p − mean) / standard deviation, over all pixels of the training set.
    Standard,
}

/// The scale s and shift t of x = s p + t.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Affine {
    pub(crate) scale: f32,
    pub(crate) shift: f32,
}

impl Pixels {
    /// The numbers of this scaling; only [`Pixels::Standard`] looks at the training set.
    pub(crate) fn affine(self, train: &Dataset) -> Affine {
        match self {
            Pixels::Symmetric => Affine { scale: 1.0 / 127.5, shift: -1.0 },
            Pixels::Unit => Affine { scale: 1.0 / 255.0, shift: 0.0 },
            Pixels::Standard => {
                let (mean, deviation) = train.pixel_mean_and_deviation();
                // A set of one colour has no deviation to divide by.
                let scale = if deviation > 0.0 { 1.0 / deviation } else { 1.0 };
                Affine { scale: scale as f32, shift: (-mean * scale) as f32 }
            }
        }
    }
}

/// A label is a byte in files and hashes.
const MOST_CLASSES: usize = 256;

/// Images with their labels.
#[derive(Clone, Debug)]
pub struct Dataset {
    pixels: Array2<u8>,
    labels: Vec<usize>,
    height: usize,
    width: usize,
    classes: Vec<String>,
    patients: Option<Vec<String>>,
    affine: Affine,
    /// Made when the first network asks for it; those of copies are the same.
    ink: OnceLock<Option<Arc<Ink>>>,
}

impl Dataset {
    /// Makes a data set of images (one a row of `pixels`, itself row by row) with a label each.
    ///
    /// Its inputs are scaled as [`Pixels::Symmetric`] until [`Data::with_pixels`](crate::Data::with_pixels).
    ///
    /// # Errors
    /// No image at all, counts of images and labels that differ, images that are not height × width, more
    /// than 256 classes, or a label that is not below their number.
    pub fn new(
        pixels: Array2<u8>,
        labels: Vec<usize>,
        (height, width): (usize, usize),
        classes: Vec<String>,
    ) -> Result<Dataset, Error> {
        let wrong =
            |what, expected: String, found: String| Err(Error::Shape { what, expected, found });
        if pixels.nrows() == 0 {
            return wrong("images", "at least one".to_owned(), "none".to_owned());
        }
        if pixels.nrows() != labels.len() {
            return wrong(
                "labels",
                format!("{}, one an image", pixels.nrows()),
                labels.len().to_string(),
            );
        }
        if pixels.ncols() != height * width {
            let expected = format!("{height} × {width} = {}", height * width);
            return wrong("pixels of an image", expected, pixels.ncols().to_string());
        }
        if classes.len() > MOST_CLASSES {
            let expected = format!("at most {MOST_CLASSES}, since files have a byte for a label");
            return wrong("classes", expected, classes.len().to_string());
        }
        if let Some(i) = labels.iter().position(|&label| label >= classes.len()) {
            let expected = format!("below {}, the number of classes", classes.len());
            return wrong("label", expected, format!("{} at image {i}", labels[i]));
        }
        // Row-major, so that an image is one slice of memory.
        let pixels = match pixels.is_standard_layout() {
            true => pixels,
            false => pixels.as_standard_layout().into_owned(),
        };
        let affine = Affine { scale: 1.0 / 127.5, shift: -1.0 };
        let ink = OnceLock::new();
        Ok(Dataset { pixels, labels, height, width, classes, patients: None, affine, ink })
    }

    /// Says of which patient each image is, so that a split keeps a patient's images together.
    ///
    /// # Errors
    /// Counts of images and patients that differ.
    pub fn with_patients(mut self, patients: Vec<String>) -> Result<Dataset, Error> {
        if patients.len() != self.len() {
            let expected = format!("{}, one an image", self.len());
            let found = patients.len().to_string();
            return Err(Error::Shape { what: "patients", expected, found });
        }
        self.patients = Some(patients);
        Ok(self)
    }

    /// Takes the images of these indices, in this order, with their labels; classes and scaling stay.
    ///
    /// ```
    /// use backprop::prelude::*;
    /// let images = array![[0, 10], [20, 30], [40, 50]];
    /// let set = Dataset::new(images, vec![0, 1, 0], (1, 2), ["no", "yes"].map(String::from).to_vec())?;
    /// let chosen = set.select(&[2, 1])?;
    /// assert_eq!(chosen.pixels(), array![[40, 50], [20, 30]]);
    /// assert_eq!(chosen.labels(), [0, 1]);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// No index at all, or one without an image.
    pub fn select(&self, indices: &[usize]) -> Result<Dataset, Error> {
        let wrong =
            |expected, found| Err(Error::Shape { what: "indices of images", expected, found });
        if indices.is_empty() {
            return wrong("at least one".to_owned(), "none".to_owned());
        }
        if let Some(index) = indices.iter().find(|&&index| index >= self.len()) {
            return wrong(format!("below {}", self.len()), index.to_string());
        }
        let patients_of = |all: &Vec<String>| indices.iter().map(|&i| all[i].clone()).collect();
        Ok(Dataset {
            pixels: self.pixels.select(Axis(0), indices),
            labels: indices.iter().map(|&i| self.labels[i]).collect(),
            classes: self.classes.clone(),
            patients: self.patients.as_ref().map(patients_of),
            ink: OnceLock::new(),
            ..*self
        })
    }

    /// The number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no image; a data set that was made has at least one.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Height and width of an image, in pixels.
    pub fn image_size(&self) -> (usize, usize) {
        (self.height, self.width)
    }

    /// The number of inputs of a network for these images: height × width.
    pub fn inputs(&self) -> usize {
        self.height * self.width
    }

    /// The names of the classes; a label is an index into them.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The labels, one an image: each the index of a class.
    pub fn labels(&self) -> &[usize] {
        &self.labels
    }

    /// The labels as files have them.
    pub(super) fn label_bytes(&self) -> Vec<u8> {
        self.labels.iter().map(|&label| label as u8).collect()
    }

    /// The patients, one an image, where they are known.
    pub fn patients(&self) -> Option<&[String]> {
        self.patients.as_deref()
    }

    /// The pixels of all images, one image a row, 0 to 255.
    pub fn pixels(&self) -> ArrayView2<'_, u8> {
        self.pixels.view()
    }

    /// Image i, height × width pixels of 0 to 255.
    ///
    /// # Panics
    /// When there is no image i.
    #[track_caller]
    pub fn image(&self, i: usize) -> Array2<u8> {
        self.assert_index(i);
        Array2::from_shape_fn((self.height, self.width), |(row, column)| {
            self.pixels[[i, row * self.width + column]]
        })
    }

    /// The pixels of several images, one image after the other.
    ///
    /// # Panics
    /// When there is no image of such an index.
    #[track_caller]
    pub fn images(&self, indices: &[usize]) -> Vec<u8> {
        self.assert_indices(indices);
        indices.iter().flat_map(|&i| self.row(i)).copied().collect()
    }

    /// The names of the classes of several images.
    ///
    /// # Panics
    /// When there is no image of such an index.
    #[track_caller]
    pub fn class_names(&self, indices: &[usize]) -> Vec<String> {
        self.assert_indices(indices);
        let name = |&i: &usize| self.classes[self.labels[i]].clone();
        indices.iter().map(name).collect()
    }

    /// The first `count` images of one class, by index.
    pub fn examples_of(&self, class: usize, count: usize) -> Vec<usize> {
        (0..self.len()).filter(|&i| self.labels[i] == class).take(count).collect()
    }

    /// The number of images of each class.
    pub fn class_counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.classes.len()];
        for &label in &self.labels {
            counts[label] += 1;
        }
        counts
    }

    /// The share of pixels that are not background (not 0).
    pub fn ink_share(&self) -> f64 {
        let ink = self.pixels.iter().filter(|&&pixel| pixel > 0).count();
        ink as f64 / self.pixels.len() as f64
    }

    /// Mean and standard deviation over the pixels of all images, in units of p (0 to 255).
    pub fn pixel_mean_and_deviation(&self) -> (f64, f64) {
        let (mut sum, mut squares) = (0_u64, 0_u64);
        for &pixel in &self.pixels {
            let pixel = u64::from(pixel);
            sum += pixel;
            squares += pixel * pixel;
        }
        let n = self.pixels.len() as f64;
        let mean = sum as f64 / n;
        (mean, (squares as f64 / n - mean * mean).max(0.0).sqrt())
    }

    /// Gives the images other labels, each of a class of the set.
    pub(super) fn set_labels(&mut self, labels: Vec<usize>) {
        assert_eq!(labels.len(), self.len(), "one label an image");
        self.labels = labels;
    }

    /// Greys out the pixels that are not to be kept, the same ones in every image. Grey is 128, which is
    /// an input of nearly 0 where pixels are [`Pixels::Symmetric`], so that it tells a network nothing.
    pub(super) fn grey_out(&mut self, kept: &dyn Fn(usize, usize) -> bool) {
        self.ink = OnceLock::new();
        for ((_, pixel), value) in self.pixels.indexed_iter_mut() {
            if !kept(pixel / self.width, pixel % self.width) {
                *value = 128;
            }
        }
    }

    /// The ink of the images, where a network is faster with it than with all pixels.
    pub(crate) fn ink(&self) -> Option<&Ink> {
        let list = || Ink::list(self.pixels.view(), isa::most_ink()).map(Arc::new);
        self.ink.get_or_init(list).as_deref()
    }

    pub(crate) fn affine(&self) -> Affine {
        self.affine
    }

    /// Writes the inputs of the images of these indices to rows of `stride` numbers.
    #[inline(always)]
    pub(crate) fn write_rows(&self, indices: &[usize], stride: usize, rows: &mut [f32]) {
        let Affine { scale, shift } = self.affine;
        for (&i, row) in indices.iter().zip(rows.chunks_exact_mut(stride)) {
            for (x, &p) in row.iter_mut().zip(self.row(i)) {
                *x = f32::from(p) * scale + shift;
            }
        }
    }

    /// Scales the inputs by other numbers.
    pub(crate) fn set_affine(&mut self, affine: Affine) {
        self.affine = affine;
    }

    pub(super) fn row(&self, i: usize) -> &[u8] {
        let start = i * self.inputs();
        &self.pixels.as_slice().expect("row-major")[start..start + self.inputs()]
    }

    #[track_caller]
    pub(super) fn assert_indices(&self, indices: &[usize]) {
        for &i in indices {
            self.assert_index(i);
        }
    }

    /// The panic names the line that asked, in a notebook the cell's own: hence `track_caller`.
    #[track_caller]
    pub(super) fn assert_index(&self, i: usize) {
        assert!(i < self.len(), "image {i}: expected an index below {}", self.len());
    }
}
