//! What a sweep has found, as a figure and as a table.

use crate::sweep::{Experiment, Results, Run, Spread, Summary, Sweep};
use backprop_figures::parts::palette::COLORS;
use backprop_figures::{Curves, Table};

impl Results {
    /// Draws the running losses of all experiments over the epochs, each a mean over its seeds.
    ///
    /// Where several activations are compared, each has its own kind of line, and what else differs has
    /// its own colour.
    pub fn curves(&self) -> Curves {
        curves(&self.sweep, &losses(&self.runs)).caption(&self.caption_of("Means"))
    }

    /// Lists the final losses and the accuracy of each experiment, mean ± standard deviation over its seeds.
    pub fn table(&self) -> Table {
        let header = [
            "experiment",
            "running loss",
            "training loss",
            "test loss",
            "test accuracy (%)",
            "runs",
        ];
        let caption = self.caption_of("Mean ± standard deviation");
        let table = Table::new(&header).align("lrrrrr").caption(&caption);
        self.summaries().iter().fold(table, |table, summary| {
            let Summary { label, running_loss, train_loss, test_loss, test_accuracy, .. } = summary;
            table.row(&[
                label,
                &running_loss.to_string(),
                &train_loss.to_string(),
                &test_loss.to_string(),
                &format!("{:.2}", test_accuracy.percent()),
                &count(summary),
            ])
        })
    }

    /// Shows the table as the result of a notebook cell; the kernel calls it.
    pub fn evcxr_display(&self) {
        self.table().evcxr_display();
    }

    /// The caption, with what was made of the seeds where there are several.
    fn caption_of(&self, numbers: &str) -> String {
        match self.sweep.seeds.len() {
            1 => self.caption(),
            _ => format!("{numbers} over the seeds. {}", self.caption()),
        }
    }
}

/// How many of an experiment's runs are in the means: "5", "3 of 5", "3 of 5 (2 diverged)".
fn count(summary: &Summary) -> String {
    let Summary { planned, completed, diverged, .. } = summary;
    match (completed == planned, diverged) {
        (true, _) => completed.to_string(),
        (false, 0) => format!("{completed} of {planned}"),
        (false, _) => format!("{completed} of {planned} ({diverged} diverged)"),
    }
}

/// The running losses of each run.
pub(super) fn losses(runs: &[Run]) -> Vec<(Experiment, Vec<f64>)> {
    runs.iter().map(|run| (run.experiment, run.history.running_loss.clone())).collect()
}

/// Draws a line for each experiment: the mean over the seeds that have come so far.
pub(super) fn curves(sweep: &Sweep, losses: &[(Experiment, Vec<f64>)]) -> Curves {
    let mut figure = Curves::new("Training loss").x("epoch").y(&sweep.loss.label("running loss"));
    for group in sweep.groups() {
        let of_group: Vec<&[f64]> = losses
            .iter()
            .filter(|(experiment, _)| group.contains(experiment))
            .map(|(_, losses)| &losses[..])
            .collect();
        let epochs = of_group.iter().map(|losses| losses.len()).max().unwrap_or(0);
        if epochs > 0 {
            let means: Vec<f64> = (0..epochs).map(|epoch| mean_at(&of_group, epoch)).collect();
            figure = figure.series(&sweep.label(&group[0]), &means);
            figure = match style(sweep, &group[0]) {
                Some((color, dash)) => figure.style(color, dash),
                None => figure,
            };
        }
    }
    figure
}

/// The mean over the lists that are long enough.
fn mean_at(lists: &[&[f64]], place: usize) -> f64 {
    let values: Vec<f64> = lists.iter().filter_map(|list| list.get(place)).copied().collect();
    Spread::of(&values).mean
}

/// Colour and dash of an experiment where several activations are compared, something else varies as
/// well, and the colours suffice: the dash is the activation's, the colour that of all else.
fn style(sweep: &Sweep, experiment: &Experiment) -> Option<(usize, usize)> {
    let dash = sweep.activations.iter().position(|other| *other == experiment.activation)?;
    let of_one = Sweep { activations: vec![experiment.activation], ..sweep.clone() }.groups();
    let color = of_one.iter().position(|group| group[0] == *experiment)?;
    (sweep.activations.len() > 1 && (2..=COLORS).contains(&of_one.len())).then_some((color, dash))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::activation::Activation;

    #[test]
    fn experiments_that_differ_in_their_activation_alone_take_the_usual_colours() {
        let activations = vec![Activation::Sigmoid, Activation::Relu];
        let one_depth = Sweep { activations, ..Sweep::default() };
        let two_depths = Sweep { depths: vec![1, 2], ..one_depth.clone() };
        let styles = |sweep: &Sweep| -> Vec<_> {
            sweep.groups().iter().map(|group| style(sweep, &group[0])).collect()
        };
        assert_eq!(styles(&one_depth), [None, None]);
        let mut colors_and_dashes = styles(&two_depths);
        colors_and_dashes.sort();
        assert_eq!(colors_and_dashes, [(0, 0), (0, 1), (1, 0), (1, 1)].map(Some));
    }
}
