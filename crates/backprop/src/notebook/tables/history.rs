//! How a training went, and how well a network does, as tables.

use crate::network::score::Score;
use crate::training::history::History;
use backprop_figures::Table;

impl History {
    /// Lists losses and accuracies before and after the training.
    pub fn table(&self) -> Table {
        let header = ["", &self.trainer.loss.label("loss"), "accuracy (%)"];
        let table = Table::new(&header).align("lrr").caption(&self.to_string());
        let row = |table: Table, name: &str, loss: f64, accuracy: f64| {
            table.row(&[name, &format!("{loss:.4}"), &format!("{:.2}", 100.0 * accuracy)])
        };
        let table =
            row(table, "test set, before", self.before.test_loss, self.before.test_accuracy);
        let table = row(table, "test set, after", self.test_loss_after, self.test_accuracy_after);
        row(table, "training set, after", self.train_loss_after, self.train_accuracy_after)
    }

    /// Shows the history as the result of a notebook cell; the kernel calls it.
    pub fn evcxr_display(&self) {
        self.table().evcxr_display();
    }
}

impl Score {
    /// Lists loss and accuracy.
    pub fn table(&self) -> Table {
        let (loss, accuracy) =
            (format!("{:.4}", self.loss), format!("{:.2}", 100.0 * self.accuracy));
        Table::new(&["loss", "accuracy (%)"]).row(&[&loss, &accuracy])
    }

    /// Shows the score as the result of a notebook cell; the kernel calls it.
    pub fn evcxr_display(&self) {
        self.table().evcxr_display();
    }
}
