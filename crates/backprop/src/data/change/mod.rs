//! What is done to a data set: fewer images, other labels, a part of each image, images held out.

mod label_noise;
mod mask;
mod subset;
mod validation;

pub(super) use validation::split;
