//! A layer and a gradient as tables: all numbers of a small one, the spread of those of a large one.

use crate::network::backprop::Gradient;
use crate::network::layer::Layer;
use backprop_figures::Table;
use backprop_figures::parts::text::{digits, subscript};
use ndarray::{Array1, Array2};

/// Layers of up to so many inputs and neurons are shown number by number.
const MOST: usize = 8;

impl Layer {
    /// Lists the weights and biases of a small layer, a row for each neuron; of a large one how they are spread.
    ///
    /// ```
    /// use backprop::prelude::*;
    /// let layer = Layer { w: array![[1.0, -2.0]], b: array![0.5], activation: Activation::Sigmoid };
    /// assert_eq!(layer.table().text(), "\
    /// neuron  w₁  w₂    b
    /// ------  --  --  ---
    /// 1        1  −2  0.5
    /// Layer of 1 neuron with 2 inputs, sigmoid.");
    /// ```
    pub fn table(&self) -> Table {
        let caption = format!("Layer of {}, {}.", shape(&self.w), self.activation);
        table(&self.w, &self.b, "").caption(&caption)
    }

    /// Shows the layer as the result of a notebook cell; the kernel calls it.
    pub fn evcxr_display(&self) {
        self.table().evcxr_display();
    }
}

impl Gradient {
    /// Lists the derivatives of a small layer, a row for each neuron; of a large one how they are spread.
    pub fn table(&self) -> Table {
        let caption = format!("Gradient of a layer of {}.", shape(&self.w));
        table(&self.w, &self.b, "∂C/∂").caption(&caption)
    }

    /// Shows the gradient as the result of a notebook cell; the kernel calls it.
    pub fn evcxr_display(&self) {
        self.table().evcxr_display();
    }
}

fn shape(w: &Array2<f32>) -> String {
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let (neurons, inputs) = w.dim();
    format!("{neurons} neuron{} with {inputs} input{}", plural(neurons), plural(inputs))
}

/// W and b, or what stands before their names, in the shape of a layer.
fn table(w: &Array2<f32>, b: &Array1<f32>, before: &str) -> Table {
    let (neurons, inputs) = w.dim();
    match neurons <= MOST && inputs <= MOST {
        true => by_neuron(w, b, before),
        false => spread(w, b, before),
    }
}

fn by_neuron(w: &Array2<f32>, b: &Array1<f32>, before: &str) -> Table {
    let weights = (1..=w.ncols()).map(|k| format!("{before}w{}", subscript(k)));
    let header: Vec<String> =
        ["neuron".to_owned()].into_iter().chain(weights).chain([format!("{before}b")]).collect();
    let align = format!("l{}", "r".repeat(header.len() - 1));
    let table = Table::new(&borrowed(&header)).align(&align);
    w.rows().into_iter().zip(b).enumerate().fold(table, |table, (j, (w, b))| {
        let numbers = w.into_iter().chain([b]).map(|&value| digits(value.into(), 4));
        let row: Vec<String> = [(j + 1).to_string()].into_iter().chain(numbers).collect();
        table.row(&borrowed(&row))
    })
}

fn spread(w: &Array2<f32>, b: &Array1<f32>, before: &str) -> Table {
    let header = ["", "shape", "lowest", "mean", "highest", "norm"];
    let row = |name: &str, shape: String, values: &mut dyn Iterator<Item = &f32>| {
        let values: Vec<f64> = values.map(|&value| value.into()).collect();
        let lowest = values.iter().copied().fold(f64::INFINITY, f64::min);
        let highest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let norm = values.iter().map(|value| value * value).sum::<f64>().sqrt();
        let numbers = [lowest, mean, highest, norm].map(|value| digits(value, 3));
        [vec![format!("{before}{name}"), shape], numbers.to_vec()].concat()
    };
    let of_w = row("W", format!("{} × {}", w.nrows(), w.ncols()), &mut w.iter());
    let of_b = row("b", b.len().to_string(), &mut b.iter());
    let table = Table::new(&header).align("llrrrr");
    table.row(&borrowed(&of_w)).row(&borrowed(&of_b))
}

fn borrowed(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}
