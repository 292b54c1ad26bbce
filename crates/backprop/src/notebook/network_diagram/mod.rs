//! A network as the lecture draws it: columns of neurons, and an edge for each weight.

mod diagram;
mod layout;
mod words;

pub use diagram::NetworkDiagram;

use crate::network::Network;
use crate::network::activation::Activation;
use crate::network::layer::Layer;
use backprop_figures::Figure;
use backprop_figures::parts::legend;
use backprop_figures::parts::palette::{
    BLUES, GREY, INK, NEGATIVE, POSITIVE, Rgb, hex, shade, text_on,
};
use backprop_figures::parts::svg::{Font, MARGIN, PLAIN, Pen, Svg, WIDTH};
use backprop_figures::parts::text::{digits, number, shortened, subscript};
use diagram::NAME;
use layout::{Column, Layout, Slot};
use ndarray::{Array2, Axis};

/// Where on an edge its weight is written: off the middle, where edges cross.
const WEIGHT_AT: f64 = 0.27;

impl NetworkDiagram {
    /// Draws the figure.
    pub fn draw(&self) -> Figure {
        let problems = self.problems();
        if !problems.is_empty() {
            return self.words.message(&problems);
        }
        let mut svg = Svg::new(WIDTH);
        let top = svg.heading(&self.words.title);
        let layout = self.layout(top);
        for (layer, columns) in self.network.layers.iter().zip(layout.columns.windows(2)) {
            self.draw_edges(&mut svg, layer, columns, layout.radius);
        }
        let activations = self.activations();
        for (l, column) in layout.columns.iter().enumerate() {
            let activations = activations.as_ref().map(|all| &all[l][..]);
            self.draw_neurons(&mut svg, column, activations, layout.radius);
            self.draw_heading(&mut svg, column.x, layout.bottom, l);
        }
        self.draw_names(&mut svg, &layout);
        let edges = [legend::Key::Edge(POSITIVE, ""), legend::Key::Edge(NEGATIVE, DASH)];
        let names = ["w > 0, as wide as |w|", "w < 0, as wide as |w|"];
        let entries = names.into_iter().zip(edges).map(|(name, key)| legend::Entry { name, key });
        let entries: Vec<_> = entries.collect();
        let bottom = legend::draw(&mut svg, &entries, MARGIN, layout.bottom + 36.0);
        self.words.figure(svg, bottom + MARGIN, &self.gist())
    }

    /// Says what keeps the figure from being drawn.
    fn problems(&self) -> Vec<String> {
        if let Err(error) = Network::from_layers(self.network.layers.clone()) {
            return vec![error.to_string()];
        }
        let sizes = self.network.sizes();
        let (inputs, outputs) = (sizes[0], sizes[sizes.len() - 1]);
        let count = |names: &Option<Vec<String>>| names.as_ref().map(Vec::len);
        let given = [
            ("numbers of the example for", "inputs", self.example.as_ref().map(Vec::len), inputs),
            ("names for", "inputs", count(&self.input_names), inputs),
            ("names for", "outputs", count(&self.output_names), outputs),
        ];
        let wrong = given.into_iter().filter_map(|(what, of, given, expected)| {
            let given = given.filter(|given| *given != expected)?;
            Some(format!("{given} {what} {expected} {of}"))
        });
        wrong.collect()
    }

    /// Computes the example's activation of every neuron, inputs first; probabilities where the
    /// layer gives their logarithms.
    fn activations(&self) -> Option<Vec<Vec<f64>>> {
        let x = self.example.as_ref()?;
        let column = Array2::from_shape_fn((x.len(), 1), |(i, _)| x[i]);
        let traces = self.network.trace(&column).ok()?;
        let outputs = self.network.layers.iter().zip(&traces).map(|(layer, trace)| {
            let a = trace.a.index_axis(Axis(1), 0);
            match layer.activation {
                Activation::LogSoftmax => a.mapv(|a| f64::from(a).exp()).to_vec(),
                _ => a.mapv(f64::from).to_vec(),
            }
        });
        let inputs = x.iter().map(|x| f64::from(*x)).collect();
        Some(std::iter::once(inputs).chain(outputs).collect())
    }

    fn draw_edges(&self, svg: &mut Svg, layer: &Layer, columns: &[Column], radius: f64) {
        let largest = layer.w.iter().map(|w| w.abs()).filter(|w| w.is_finite());
        let largest = f64::from(largest.fold(0.0, f32::max));
        let widest = if self.is_numbered() { 3.0 } else { 1.7 };
        let mut labels = Vec::new();
        for (k, from) in columns[0].neurons() {
            for (j, to) in columns[1].neurons() {
                let w = f64::from(layer.w[[j, k]]);
                svg.polyline(&[from, to], &edge(w, largest, widest));
                let share = WEIGHT_AT.max((radius + 22.0) / (to.0 - from.0));
                let place = (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1));
                labels.push((place, w));
            }
        }
        if self.is_numbered() {
            for ((x, y), w) in labels {
                let font = Font { anchor: "middle", color: edge(w, 1.0, 1.0).color, ..LABEL };
                svg.text(x, y + 4.0, &digits(w, 3), &font);
            }
            for (j, (x, y)) in columns[1].neurons() {
                let text = format!("b = {}", digits(f64::from(layer.b[j]), 3));
                svg.text(x, y + radius + 15.0, &text, &Font { anchor: "middle", ..LABEL });
            }
        }
    }

    fn draw_neurons(&self, svg: &mut Svg, column: &Column, a: Option<&[f64]>, radius: f64) {
        for (index, place) in column.neurons() {
            let fill = a.map_or(WHITE, |a| fill(a, index));
            svg.circle(place, radius, &hex(fill), INK);
            if let Some(a) = a
                && self.is_numbered()
            {
                let font = Font { anchor: "middle", color: text_on(fill), ..PLAIN };
                svg.text(place.0, place.1 + 4.0, &digits(a[index], 3), &font);
            }
        }
        for &(y, slot) in &column.slots {
            if let Slot::Elided(count) = slot {
                let text = format!("⋮ {}", number(count as f64));
                svg.text(column.x, y + 4.0, &text, &Font { anchor: "middle", ..LABEL });
            }
        }
    }

    /// Writes below a column what it is and how many neurons it has.
    fn draw_heading(&self, svg: &mut Svg, x: f64, y: f64, l: usize) {
        let size = number(self.network.sizes()[l] as f64);
        let (first, second) = match l.checked_sub(1) {
            None => ("inputs".to_owned(), size),
            Some(before) => {
                let activation = self.network.layers[before].activation;
                (format!("layer {l}"), format!("{size}, {activation}"))
            }
        };
        let font = Font { anchor: "middle", ..PLAIN };
        svg.text(x, y + 14.0, &first, &font);
        svg.text(x, y + 29.0, &second, &Font { color: GREY, ..font });
    }

    fn draw_names(&self, svg: &mut Svg, layout: &Layout) {
        let (Some(first), Some(last)) = (layout.columns.first(), layout.columns.last()) else {
            return;
        };
        let aside = layout.radius + 7.0;
        for (index, (x, y)) in first.neurons() {
            let name = self.input_names.as_ref().map(|names| names[index].clone());
            let name = name.unwrap_or_else(|| format!("x{}", subscript(index + 1)));
            let name = shortened(&name, PLAIN.size, NAME);
            svg.text(x - aside, y + 4.0, &name, &Font { anchor: "end", ..PLAIN });
        }
        for (index, (x, y)) in last.neurons() {
            if let Some(names) = &self.output_names {
                svg.text(x + aside, y + 4.0, &shortened(&names[index], PLAIN.size, NAME), &PLAIN);
            }
        }
    }
}

const WHITE: Rgb = [255, 255, 255];
const DASH: &str = "5 3";
const LABEL: Font = Font { size: 11.0, halo: true, ..PLAIN };

/// The pen of an edge: its colour and dashes say the sign, its width the size beside the largest,
/// which is `widest` pixels wide.
fn edge(w: f64, largest: f64, widest: f64) -> Pen {
    if !w.is_finite() {
        return Pen { color: GREY, width: 1.0, dash: "1 3" };
    }
    let share = if largest > 0.0 { (w.abs() / largest).min(1.0) } else { 0.0 };
    let width = 0.3 + (10.0 * (widest - 0.3) * share).round() / 10.0;
    if w < 0.0 {
        Pen { color: NEGATIVE, width, dash: DASH }
    } else {
        Pen { color: POSITIVE, width, dash: "" }
    }
}

/// Shades a neuron by its activation between 0 and 1, or the layer's own span where that is wider.
fn fill(activations: &[f64], index: usize) -> Rgb {
    let low = activations.iter().copied().fold(0.0, f64::min);
    let high = activations.iter().copied().fold(1.0, f64::max);
    shade(&BLUES, (activations[index] - low) / (high - low))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_tells_sign_and_size() {
        let (thin, wide, negative) =
            (edge(0.1, 1.0, 3.0), edge(1.0, 1.0, 3.0), edge(-1.0, 1.0, 3.0));
        assert!(thin.width < wide.width && wide.width == negative.width);
        assert!(wide.color != negative.color && wide.dash != negative.dash);
    }
}
