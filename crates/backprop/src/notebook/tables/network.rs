//! A network as a table: a row for each layer.

use crate::network::Network;
use crate::network::connection::Connection;
use backprop_figures::Table;
use backprop_figures::parts::text::number;

impl Network {
    /// Lists the layers with their neurons, activations and parameters.
    ///
    /// ```
    /// use backprop::prelude::*;
    /// assert_eq!(Network::new(&[784, 30, 10])?.table().text(), "\
    /// layer  neurons  activation   W         b   parameters
    /// -----  -------  -----------  --------  --  ----------
    /// 1           30  sigmoid      30 × 784  30      23,550
    /// 2           10  log-softmax  10 × 30   10         310
    /// 784 → 30 sigmoid → 10 log-softmax, 23,860 parameters.");
    /// # Ok::<(), Error>(())
    /// ```
    pub fn table(&self) -> Table {
        let header = ["layer", "neurons", "activation", "W", "b", "parameters"];
        let table = Table::new(&header).align("lrlllr").caption(&format!("{self}."));
        let sizes = self.sizes();
        self.layers().iter().enumerate().fold(table, |table, (l, layer)| {
            let connection = Connection::of(self.connections(), l);
            table.row(&[
                &(l + 1).to_string(),
                &number(sizes[l + 1] as f64),
                &connection.described(layer.activation),
                &format!("{} × {}", layer.w.nrows(), layer.w.ncols()),
                &layer.b.len().to_string(),
                &number((layer.w.len() + layer.b.len()) as f64),
            ])
        })
    }

    /// Shows the network as the result of a notebook cell; the kernel calls it.
    pub fn evcxr_display(&self) {
        self.table().evcxr_display();
    }
}
