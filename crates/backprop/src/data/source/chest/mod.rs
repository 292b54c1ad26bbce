//! Drawn chest X-rays, normal and COVID-19: schematic, made for teaching, the same bits on every platform.
//!
//! [`body`] draws one chest (lungs, heart, spine, ribs, clavicles), [`opacity`] the patches that COVID-19
//! adds to the lungs and to nothing else, and [`film`] is the machine that takes the picture. As for the
//! built-in digits, every image has a random stream of its own and the arithmetic is exact.
//!
//! Source: for what is patchy, bilateral, peripheral and basal about the opacities, H. Y. F. Wong et al.,
//! "Frequency and Distribution of Chest Radiographic Findings in Patients Positive for COVID-19",
//! Radiology 296 (2020), doi:10.1148/radiol.2020201160.

mod body;
mod film;
mod opacity;
mod shape;

use super::digits::Split;
use crate::data::dataset::Dataset;
use crate::data::random::Random;
use crate::data::sets::Data;
use crate::error::Error;
use body::Body;
use film::Film;
pub(super) use film::SIDE;
use ndarray::Array2;
use opacity::Opacities;

/// The names of the classes, by label.
const CLASSES: [&str; 2] = ["Normal", "COVID-19"];

/// The label of COVID-19.
const COVID: u8 = 1;

/// The seed of the data set. It is part of the data: another seed is another data set.
const SEED: u64 = 2019;

/// Labels are shuffled in blocks of this length, in which both classes occur equally often.
const BLOCK: usize = 20;

/// What betrays the class of a drawn chest X-ray beside the lungs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confound {
    /// Nothing: two hospitals with different machines each have patients of both classes.
    None,
    /// The hospital: one has all the normal cases, the other all those of COVID-19, so that the look of
    /// its machine betrays the class, even in the frame of the image, where there are no lungs.
    Hospital,
}

/// The number of images by default.
pub(super) fn default_count(split: Split) -> usize {
    match split {
        Split::Train => 1000,
        Split::Test => 500,
    }
}

impl Data {
    /// Draws built-in chest X-rays, normal and COVID-19: drawings, no medical images. A longer set begins
    /// with the shorter one.
    ///
    /// # Errors
    /// A count of 0.
    pub fn chest_drawings(train: usize, test: usize, confound: Confound) -> Result<Data, Error> {
        let half = |split, count| {
            let (pixels, labels) = draw(split, count, confound);
            let pixels = Array2::from_shape_vec((count, SIDE * SIDE), pixels).expect("28 × 28");
            let labels = labels.into_iter().map(usize::from).collect();
            Dataset::new(pixels, labels, (SIDE, SIDE), CLASSES.map(String::from).to_vec())
        };
        let name = match confound {
            Confound::None => "drawn chest X-rays",
            Confound::Hospital => "drawn chest X-rays, each class from a hospital of its own",
        };
        let (train, test) = (half(Split::Train, train)?, half(Split::Test, test)?);
        Ok(Data::new(&format!("{name} (drawing, not a medical image)"), train, test))
    }
}

/// Draws the first `count` images of a set, row by row, and their labels; bone is bright (255).
fn draw(split: Split, count: usize, confound: Confound) -> (Vec<u8>, Vec<u8>) {
    let labels = draw_labels(split, count);
    let mut pixels = vec![0; count * SIDE * SIDE];
    for (index, image) in pixels.chunks_exact_mut(SIDE * SIDE).enumerate() {
        draw_image(split, index, labels[index], confound, image);
    }
    (pixels, labels)
}

/// What a random stream is for.
#[derive(Clone, Copy)]
enum Stream {
    Labels,
    Image,
}

fn random(split: Split, stream: Stream, index: usize) -> Random {
    Random::new([SEED, split as u64 * 2 + stream as u64, index as u64])
}

/// Draws the labels: every block holds both classes equally often, in an order of its own.
fn draw_labels(split: Split, count: usize) -> Vec<u8> {
    let mut labels = Vec::with_capacity(count.next_multiple_of(BLOCK));
    for block in 0..count.div_ceil(BLOCK) {
        let mut classes: Vec<u8> = (0..BLOCK).map(|place| (place % 2) as u8).collect();
        random(split, Stream::Labels, block).shuffle(&mut classes);
        labels.extend(classes);
    }
    labels.truncate(count);
    labels
}

/// Draws one image. The stream does not depend on the label: what differs with it is drawn by it.
fn draw_image(split: Split, index: usize, label: u8, confound: Confound, image: &mut [u8]) {
    let random = &mut random(split, Stream::Image, index);
    let body = Body::draw(random);
    let opacities = Opacities::draw(&body, random);
    let either = random.below(2) as u8;
    let hospital = match confound {
        Confound::None => either,
        Confound::Hospital => label,
    };
    let film = Film::draw(hospital, random);
    let density = |x, y| {
        let healthy = body.density(x, y);
        if label == COVID { healthy + opacities.density(&body, x, y) } else { healthy }
    };
    film.expose(&density, random, image);
}

#[cfg(test)]
mod tests;
