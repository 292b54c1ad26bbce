//! The settings of a training, and of many of them, as tables.

use crate::sweep::Sweep;
use crate::training::settings::{Evaluate, Trainer};
use backprop_figures::Table;
use std::fmt::Display;

impl Trainer {
    /// Lists the settings.
    pub fn table(&self) -> Table {
        let off_at_0 = |value: f32| match value {
            0.0 => "off".to_owned(),
            value => value.to_string(),
        };
        let patience = match self.patience {
            None => "off".to_owned(),
            Some(epochs) => format!("after {epochs} epochs without a lower loss"),
        };
        let evaluate = match self.evaluate {
            Evaluate::EveryEpoch => "after each epoch",
            Evaluate::LastEpoch => "after the last epoch",
        };
        let settings = [
            ("loss", self.loss.label(&self.loss.to_string())),
            ("optimizer", self.optimizer.to_string()),
            ("epochs", self.epochs.to_string()),
            ("examples in a mini-batch", self.batch_size.to_string()),
            ("shuffled before each epoch", if self.shuffle { "yes" } else { "no" }.to_owned()),
            ("seed", self.seed.to_string()),
            ("weight decay", off_at_0(self.weight_decay)),
            ("dropout", off_at_0(self.dropout)),
            ("early stopping", patience),
            ("measured", evaluate.to_owned()),
        ];
        let table = Table::new(&["setting", "value"]).align("ll");
        settings.iter().fold(table, |table, (name, value)| table.row(&[name, value]))
    }

    /// Shows the settings as the result of a notebook cell; the kernel calls it.
    pub fn evcxr_display(&self) {
        self.table().evcxr_display();
    }
}

impl Sweep {
    /// Lists the axes of the grid, and what all experiments have in common.
    pub fn table(&self) -> Table {
        let axes = [
            ("activation of the hidden layers", list(&self.activations)),
            ("hidden layers", list(&self.depths)),
            ("neurons of a hidden layer", list(&self.widths)),
            ("initialisation", list(&self.initializers)),
            (
                "optimizer",
                self.optimizers.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
            ),
            ("fraction of the training images", list(&self.fractions)),
            ("seed", list(&self.seeds)),
            ("epochs", self.epochs.to_string()),
            ("examples in a mini-batch", self.batch_size.to_string()),
            ("loss", self.loss.label(&self.loss.to_string())),
        ];
        let caption = match self.experiments().len() {
            1 => "1 experiment.".to_owned(),
            count => format!("{count} experiments."),
        };
        let table = Table::new(&["setting", "values"]).align("ll").caption(&caption);
        axes.iter().fold(table, |table, (name, values)| table.row(&[name, values]))
    }

    /// Shows the grid as the result of a notebook cell; the kernel calls it.
    pub fn evcxr_display(&self) {
        self.table().evcxr_display();
    }
}

fn list<T: Display>(values: &[T]) -> String {
    values.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}
