//! Training as a notebook shows it: a line for each epoch, or curves that grow while it runs.

use super::live::Live;
use crate::data::Data;
use crate::error::Error;
use crate::network::Network;
use crate::training::history::{History, Outcome};
use crate::training::pace::Pace;
use crate::training::run::Progress;
use crate::training::settings::Trainer;
use backprop_figures::Curves;
use backprop_figures::parts::palette::{FAINT, line_style};
use backprop_figures::parts::svg::{Area, MARGIN, PLAIN, Svg, WIDTH};
use backprop_figures::{Figure, Words};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// The figure is drawn anew at most this often.
pub(super) const PAUSE: Duration = Duration::from_millis(250);

impl Trainer {
    /// Trains the network and shows how it goes.
    ///
    /// On the lab's kernel a figure grows while the cell runs: losses, gradient norms, and how much is
    /// left. Elsewhere a line is printed for each epoch.
    ///
    /// # Errors
    /// As [`Trainer::train_with`].
    pub fn train(&self, network: &mut Network, data: &Data) -> Result<History, Error> {
        let Some(live) = Live::open() else {
            return self.train_with(network, data, &mut |progress| {
                if let Progress::Epoch(history, _) = progress {
                    println!("{}", history.line(history.epochs()));
                }
                ControlFlow::Continue(())
            });
        };
        let mut watch = Watch::new(live, self.epochs);
        let history = self.train_with(network, data, &mut |progress| {
            watch.see(progress);
            ControlFlow::Continue(())
        })?;
        if let Some(curves) = curves(&history) {
            watch.live.show(&curves);
        }
        if history.outcome != Outcome::Completed {
            println!("{history}");
        }
        Ok(history)
    }
}

/// What has been seen of a training that goes on.
struct Watch {
    live: Live,
    epochs: usize,
    pace: Pace,
    shown: Option<Instant>,
    /// The curves of the epochs that are done.
    curves: Option<Figure>,
}

impl Watch {
    fn new(live: Live, epochs: usize) -> Watch {
        Watch { live, epochs, pace: Pace::default(), shown: None, curves: None }
    }

    fn see(&mut self, progress: Progress<'_>) {
        match progress {
            Progress::Epoch(history, _) => self.curves = curves(history),
            Progress::Batch { epoch, batch, batches } => {
                let done = (epoch - 1) * batches + batch;
                let share = done as f64 / (self.epochs * batches) as f64;
                let seconds_left = self.pace.seconds_left(share, Instant::now());
                if self.shown.is_none_or(|shown| shown.elapsed() >= PAUSE) {
                    self.shown = Some(Instant::now());
                    self.show(epoch, share, seconds_left);
                }
            }
        }
    }

    fn show(&self, epoch: usize, share: f64, seconds_left: f64) {
        let words = format!("epoch {epoch} of {}{}", self.epochs, left_in_words(seconds_left));
        let progress = bar(share, &words);
        self.live.show(&match &self.curves {
            Some(curves) => progress.above(curves),
            None => progress,
        });
    }
}

/// The losses of all epochs so far, and below them the gradient norms of all layers.
fn curves(history: &History) -> Option<Figure> {
    if history.epochs() == 0 {
        return None;
    }
    let loss = history.trainer.loss;
    let losses = Curves::new("Loss over the epochs")
        .x("epoch")
        .y(&loss.label(&loss.to_string()))
        .series("training, running loss", &history.running_loss)
        .series("test set", &history.test_loss);
    let losses = match history.validation_loss.as_slice() {
        [] => losses,
        validation => losses.series("validation set", validation),
    };
    let layers = history.before.gradient_norms.len();
    let epochs: Vec<f64> = (0..=history.epochs()).map(|epoch| epoch as f64).collect();
    let norms =
        Curves::new("Norm of the bias gradient of each layer").x("epoch").y("‖∂C/∂b‖₂").log_y();
    let norms = (0..layers).fold(norms, |figure, l| {
        let of_layer = std::iter::once(&history.before.gradient_norms)
            .chain(&history.gradient_norms)
            .map(|norms| norms[l]);
        figure.line(&format!("layer {}", l + 1), &epochs, &of_layer.collect::<Vec<f64>>())
    });
    Some(losses.draw().above(&norms.draw()).with_caption(&history.caption()))
}

/// Says how much time is left, after a comma; nothing as long as that cannot be told.
pub(super) fn left_in_words(seconds: f64) -> String {
    if seconds.is_finite() { format!(", {seconds:.0} s left") } else { String::new() }
}

/// A bar that is filled by `share`, with words.
pub(super) fn bar(share: f64, words: &str) -> Figure {
    let mut svg = Svg::new(WIDTH);
    let full = Area { left: MARGIN, top: MARGIN, right: MARGIN + 320.0, bottom: MARGIN + 12.0 };
    let filled = Area { right: full.left + share * full.width(), ..full };
    svg.rectangle(&full, FAINT, 1.0, "none");
    svg.rectangle(&filled, line_style(0).color, 1.0, "none");
    svg.text(full.right + MARGIN, full.bottom - 1.5, words, &PLAIN);
    let gist = format!("{:.0} % of the training is done: {words}.", 100.0 * share);
    Words::new("").figure(svg, full.bottom + MARGIN, &gist)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::activation::Activation;

    fn history(epochs: usize) -> History {
        let data = Data::digits(128, 64).unwrap();
        let sizes = [784, 8, 10];
        let mut network = Network::builder(&sizes).hidden(Activation::Relu).build().unwrap();
        let trainer = Trainer { epochs, ..Trainer::default() };
        trainer.train_with(&mut network, &data, &mut |_| ControlFlow::Continue(())).unwrap()
    }

    #[test]
    fn the_curves_tell_of_losses_and_of_each_layers_gradient() {
        let figure = curves(&history(3)).unwrap();
        for words in ["training, running loss", "test set", "layer 1", "layer 2", "from 0 to 3"] {
            assert!(figure.alt().contains(words), "{words}: {}", figure.alt());
        }
        assert!(figure.caption().contains("built-in digits"), "{}", figure.caption());
    }

    #[test]
    fn without_an_epoch_there_is_nothing_to_draw_but_the_bar() {
        assert!(curves(&history(0)).is_none());
        let figure = bar(0.25, "epoch 1 of 4, 12 s left");
        let told = "25 % of the training is done: epoch 1 of 4, 12 s left.";
        assert_eq!(figure.alt(), told);
    }
}
