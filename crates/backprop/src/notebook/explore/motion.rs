//! What moves in an exploration, frame by frame.

use super::frame::{Frame, share};
use super::picture::{MOST_CLASSES, Picture, length};
use super::weights::palette;
use backprop_figures::parts::palette::hex;
use backprop_figures::sliders::{Motion, Slider};
use serde_json::json;

/// Gives the slider over the epochs, and what stands where in each of them.
pub(super) fn motion(picture: &Picture, frames: &[Frame], sentences: &[String]) -> Motion {
    let answers = |frame: &Frame| frame.outputs[..frame.outputs.len().min(MOST_CLASSES)].to_vec();
    let bars = frames.iter().map(|frame| answers(frame).into_iter().map(length).collect());
    let shares = frames.iter().map(|frame| answers(frame).into_iter().map(share).collect());
    let (bars, shares): (Vec<Vec<f64>>, Vec<Vec<String>>) = (bars.collect(), shares.collect());
    let mosaic = picture.mosaic;
    let data = json!({
        "sentences": sentences,
        "cursors": picture.cursors,
        "bars": bars,
        "shares": shares,
        "weights": picture.weights.packed,
        "neurons": picture.weights.neurons,
        "image": [mosaic.image.0, mosaic.image.1],
        "columns": mosaic.columns,
        "mosaic": [mosaic.wide, mosaic.tall],
        "palette": palette().into_iter().take(63).map(hex).collect::<Vec<_>>(),
    });
    let last = (frames.len() - 1) as f64;
    let epoch =
        Slider { name: "epoch".to_owned(), low: 0.0, high: last, step: Some(1.0), value: last };
    Motion { rows: vec![vec![epoch]], script: include_str!("explore.js"), data }
}
