//! A diagram in words.

use super::NetworkDiagram;
use super::layout::MOST;
use crate::network::activation::Activation;
use crate::network::architecture::Architecture;
use crate::network::layer::Layer;
use backprop_figures::parts::text::{digits, number};

impl NetworkDiagram {
    /// Says what the network is, with its numbers where they are few.
    pub(super) fn gist(&self) -> String {
        let Architecture { sizes, activations, .. } = Architecture::of(&self.network);
        let sizes: Vec<String> = sizes.iter().map(usize::to_string).collect();
        let activations: Vec<String> = activations.iter().map(ToString::to_string).collect();
        let parameters = number(self.network.parameter_count() as f64);
        let plural = if parameters == "1" { "" } else { "s" };
        let mut gist = format!(
            "Network {} ({}) with {parameters} parameter{plural}.",
            sizes.join("-"),
            activations.join(", "),
        );
        for (l, layer) in (1..).zip(&self.network.layers) {
            let told = if self.is_numbered() { numbers(layer) } else { weight_range(layer) };
            gist.push_str(&format!(" Layer {l}: {told}."));
        }
        if let Some(activations) = self.activations() {
            let columns = activations.iter().enumerate().map(|(l, a)| match l {
                0 => format!("inputs {}", short_list(a)),
                l if self.network.layers[l - 1].activation == Activation::LogSoftmax => {
                    format!("layer {l} as probabilities {}", short_list(a))
                }
                l => format!("layer {l} {}", short_list(a)),
            });
            let columns: Vec<String> = columns.collect();
            gist.push_str(&format!(" Activations of the example: {}.", columns.join("; ")));
        }
        gist
    }
}

/// Lists the parameters of a layer.
fn numbers(layer: &Layer) -> String {
    let list = |values: &mut dyn Iterator<Item = f32>| {
        values.map(|value| number(f64::from(value))).collect::<Vec<_>>().join(", ")
    };
    let rows = layer.w.rows().into_iter().map(|row| list(&mut row.iter().copied()));
    let rows: Vec<String> = rows.collect();
    format!("W = [{}], b = [{}]", rows.join("; "), list(&mut layer.b.iter().copied()))
}

fn weight_range(layer: &Layer) -> String {
    let finite = || layer.w.iter().copied().filter(|w| w.is_finite());
    let low = finite().fold(f32::INFINITY, f32::min);
    let high = finite().fold(f32::NEG_INFINITY, f32::max);
    let missing = layer.w.len() - finite().count();
    match missing {
        0 => format!("weights {} to {}", number(f64::from(low)), number(f64::from(high))),
        n => format!("{n} of {} weights are not finite", layer.w.len()),
    }
}

/// Lists a few values, and of many their range.
fn short_list(values: &[f64]) -> String {
    if values.len() <= MOST {
        return values.iter().map(|value| digits(*value, 3)).collect::<Vec<_>>().join(", ");
    }
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    format!("from {} to {}", digits(low, 3), digits(high, 3))
}
