//! A training to step through: an interactive figure whose last frame stands without JavaScript.

mod frame;
mod motion;
mod picture;
mod weights;

use crate::data::Dataset;
use crate::error::Error;
use crate::network::Network;
use crate::training::history::History;
use crate::training::run::Progress;
use backprop_figures::parts::bundle::emit;
use backprop_figures::parts::text::{digits, number, one_line};
use backprop_figures::sliders;
use backprop_figures::{Figure, Words};
use frame::{Frame, Image, share};
use picture::Picture;
use std::ops::ControlFlow;

/// Records a training, and shows it with a slider over its epochs: the losses, the gradient norm of
/// each layer, the weights of the first layer, and what the network says to one image.
///
/// It needs no network connection, is moved by mouse or arrow keys, and works in an exported page.
/// Where scripts do not run its last frame stands.
///
/// ```
/// use backprop::prelude::*;
/// use backprop::view::Explore;
///
/// let data = Data::digits(500, 100)?;
/// let mut network = Network::new(&[784, 8, 10])?;
/// let trainer = Trainer { epochs: 2, ..Trainer::default() };
/// let mut explore = Explore::new("Two epochs", &network, &data.test, 3)?;
/// trainer.train_with(&mut network, &data, &mut |progress| explore.record(progress))?;
/// assert!(explore.draw().alt().contains("After epoch 2 of 2: running loss "));
/// # Ok::<(), backprop::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a recording is shown by ending a cell with it"]
pub struct Explore {
    words: Words,
    image: Image,
    frames: Vec<Frame>,
    history: Option<History>,
}

impl Explore {
    /// Starts with the network as it is before the training, and image `index` of a set to ask it about.
    ///
    /// # Errors
    /// When the set has no such image, or the network does not fit its images and classes.
    pub fn new(
        title: &str,
        network: &Network,
        set: &Dataset,
        index: usize,
    ) -> Result<Explore, Error> {
        network.check_set(set)?;
        if index >= set.len() {
            return Err(Error::Setting {
                what: "image to explore",
                expected: format!("an index below {}", set.len()),
                found: index.to_string(),
            });
        }
        let (height, width) = set.image_size();
        let image = Image {
            pixels: set.images(&[index]),
            height,
            width,
            class: one_line(&set.class_names(&[index]).concat()),
            classes: set.classes().iter().map(|class| one_line(class)).collect(),
            x: set.batch(&[index]).x,
        };
        let frames = vec![Frame::of(network, &image)];
        Ok(Explore { words: Words::new(title), image, frames, history: None })
    }

    /// Records an epoch; for the progress of [`Trainer::train_with`](crate::Trainer::train_with). It
    /// never asks to stop.
    pub fn record(&mut self, progress: Progress<'_>) -> ControlFlow<()> {
        if let Progress::Epoch(history, network) = progress {
            // A second training starts anew after the first frame.
            self.frames.truncate(history.epochs());
            self.frames.push(Frame::of(network, &self.image));
            self.history = Some(history.clone());
        }
        ControlFlow::Continue(())
    }

    /// Sets the caption; data set, network and seed unless told.
    pub fn caption(mut self, caption: &str) -> Self {
        self.words.caption = one_line(caption);
        self
    }

    /// Draws the last frame, as a figure that does not move.
    pub fn draw(&self) -> Figure {
        match &self.history {
            Some(history) => self.still(history, &self.picture(history)),
            None => self.words.message(&[
                "it has recorded no epoch: pass |progress| explore.record(progress) to train_with"
                    .to_owned(),
            ]),
        }
    }

    /// Gives the figure as HTML: the last frame, and the script that sets a slider below it.
    pub fn html(&self) -> String {
        let Some(history) = &self.history else { return self.draw().html() };
        let picture = self.picture(history);
        let sentences: Vec<String> =
            (0..self.frames.len()).map(|frame| self.sentence(history, frame)).collect();
        let motion = motion::motion(&picture, &self.frames, &sentences);
        sliders::html(&self.still(history, &picture), &motion)
    }

    /// Gives what [`evcxr_display`](Explore::evcxr_display) writes: HTML, SVG and text as one result.
    pub fn bundle(&self) -> String {
        sliders::renditions(&self.draw(), self.html())
    }

    /// Shows the figure as the result of a notebook cell; the kernel calls it.
    pub fn evcxr_display(&self) {
        emit(&self.bundle());
    }

    fn picture(&self, history: &History) -> Picture {
        picture::draw(&self.words.title, &self.image, &self.frames, history)
    }

    /// Gives the last frame with its words.
    fn still(&self, history: &History, picture: &Picture) -> Figure {
        let mut words = self.words.clone();
        if words.caption.is_empty() {
            words.caption = history.caption();
        }
        let gist = self.sentence(history, self.frames.len() - 1);
        words.figure(picture.svg.clone(), picture.height, &gist)
    }

    /// Says what a frame shows, with its numbers.
    fn sentence(&self, history: &History, frame: usize) -> String {
        let when = match frame {
            0 => format!("Before the training: test loss {}", number(history.before.test_loss)),
            epoch => format!(
                "After epoch {epoch} of {}: running loss {}, test loss {}",
                history.epochs(),
                number(history.running_loss[epoch - 1]),
                number(history.test_loss[epoch - 1])
            ),
        };
        let norms = picture::gradient_norms(history, frame);
        let norms = norms.iter().enumerate();
        let norms: Vec<String> =
            norms.map(|(l, norm)| format!("{} of layer {}", digits(*norm, 3), l + 1)).collect();
        let Frame { outputs, answer, .. } = &self.frames[frame];
        format!(
            "{when}; gradient norms ‖∂C/∂b‖ {}; the {} is taken for {} ({}).",
            norms.join(", "),
            self.image.class,
            self.image.classes[*answer],
            share(outputs[*answer])
        )
    }
}
