//! The built-in digits: handwriting drawn from stroke templates, the same bits on every platform.
//!
//! [`strokes`] holds the templates, [`pen`] writes one of them in the manner of one writer, and
//! [`ink`] turns the trail of the pen into pixels. Every image has a random stream of its own,
//! so images are drawn in any order, on any number of threads, and a longer set begins with the
//! shorter one. The arithmetic is limited to integers and to the operations that IEEE 754 rounds
//! exactly: + − × ÷ and the square root.

mod ink;
mod pen;
mod strokes;

use super::mnist::digit_classes;
use crate::data::dataset::Dataset;
use crate::data::random::Random;
use crate::data::sets::Data;
use crate::error::Error;
use ndarray::Array2;
use std::{num::NonZero, thread};
use strokes::{StrokesError, Templates};

/// The seed of the data set. It is part of the data: another seed is another data set.
const SEED: u64 = 28 * 28;

/// Labels are shuffled in blocks of this length, in which each digit occurs equally often.
const BLOCK: usize = 100;

/// Which of the two sets of images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Split {
    /// The images to learn from, by default 60,000.
    Train,
    /// The images to be judged by, by default 10,000.
    Test,
}

impl Split {
    /// The number of images by default, as in MNIST.
    pub(crate) fn default_count(self) -> usize {
        match self {
            Self::Train => 60_000,
            Self::Test => 10_000,
        }
    }

    /// The random stream of one purpose and index within this set.
    fn random(self, purpose: Purpose, index: usize) -> Random {
        Random::new([SEED, self as u64 * 2 + purpose as u64, index as u64])
    }
}

/// What a random stream is for.
#[derive(Clone, Copy)]
enum Purpose {
    Labels,
    Image,
}

impl Data {
    /// Draws built-in digits; a longer set begins with the shorter one.
    ///
    /// # Errors
    /// A count of 0.
    pub fn digits(train: usize, test: usize) -> Result<Data, Error> {
        let half = |split, count| {
            let (pixels, labels) =
                draw(split, count).map_err(|error| Error::Strokes(error.to_string()))?;
            let pixels = Array2::from_shape_vec((count, 784), pixels).expect("784 pixels an image");
            let labels = labels.into_iter().map(usize::from).collect();
            Dataset::new(pixels, labels, (28, 28), digit_classes())
        };
        let (train, test) = (half(Split::Train, train)?, half(Split::Test, test)?);
        Ok(Data::new("built-in digits", train, test))
    }
}

/// Draws the first `count` images of a set and their labels.
///
/// Shapes: `count` · 784 pixels, row by row, ink bright (255) on background 0; `count` labels.
///
/// # Errors
/// [`StrokesError`] if the embedded templates are broken, which an edit of the file can cause.
fn draw(split: Split, count: usize) -> Result<(Vec<u8>, Vec<u8>), StrokesError> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    draw_on(threads, split, count)
}

/// Draws on so many threads; the images do not depend on it.
fn draw_on(threads: usize, split: Split, count: usize) -> Result<(Vec<u8>, Vec<u8>), StrokesError> {
    let templates = Templates::parse(strokes::EMBEDDED)?;
    let labels = draw_labels(split, count);
    let mut pixels = vec![0; count * ink::PIXELS];
    let chunk = count.div_ceil(threads).max(1);
    thread::scope(|scope| {
        for (part, images) in pixels.chunks_mut(chunk * ink::PIXELS).enumerate() {
            let (labels, templates) = (&labels, &templates);
            scope.spawn(move || {
                for (offset, image) in images.chunks_exact_mut(ink::PIXELS).enumerate() {
                    let index = part * chunk + offset;
                    draw_image(templates, split, index, labels[index], image);
                }
            });
        }
    });
    Ok((pixels, labels))
}

/// Draws the labels: every block holds each digit equally often, in an order of its own.
fn draw_labels(split: Split, count: usize) -> Vec<u8> {
    let mut labels = Vec::with_capacity(count.next_multiple_of(BLOCK));
    for block in 0..count.div_ceil(BLOCK) {
        let mut digits: Vec<u8> = (0..BLOCK).map(|place| (place % 10) as u8).collect();
        split.random(Purpose::Labels, block).shuffle(&mut digits);
        labels.extend(digits);
    }
    labels.truncate(count);
    labels
}

/// Draws one image.
fn draw_image(templates: &Templates, split: Split, index: usize, label: u8, image: &mut [u8]) {
    let mut random = split.random(Purpose::Image, index);
    let hand = templates.pick(usize::from(label), random.unit());
    let strokes = pen::write(hand, &mut random);
    ink::draw(&strokes, &mut random, image);
}

#[cfg(test)]
mod tests;
