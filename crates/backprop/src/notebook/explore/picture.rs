//! One frame of the exploration: two charts, the weights, the image and what is said to it.

use super::frame::{Frame, Image, share};
use super::weights::{Mosaic, Weights};
use crate::network::loss::Loss;
use crate::training::history::History;
use backprop_figures::parts::axis::{Axis, padded, rounded_outwards};
use backprop_figures::parts::frame::{self, Plot};
use backprop_figures::parts::legend;
use backprop_figures::parts::palette::{GREY, line_style};
use backprop_figures::parts::raster::grey_png;
use backprop_figures::parts::svg::{Area, Font, MARGIN, PLAIN, Pen, Svg, WIDTH};
use backprop_figures::parts::text::{digits, escape, shortened};

/// The drawing of the last frame, and where its moving parts stand.
pub(super) struct Picture {
    pub(super) svg: Svg,
    pub(super) height: f64,
    pub(super) weights: Weights,
    pub(super) mosaic: Mosaic,
    /// The x of each frame in the chart of the losses and in that of the gradients, in pixels.
    pub(super) cursors: [Vec<f64>; 2],
}

const CHART: f64 = 210.0;
/// From here on to the right stand the second chart, the image and the answers.
const MIDDLE: f64 = 368.0;
/// Room for the weights, in pixels.
const WEIGHTS: (f64, f64) = (400.0, 250.0);
const ANSWERS: f64 = 450.0;
/// Length of the bar of a class that the network is sure of.
pub(super) const BAR: f64 = 120.0;
/// More classes than this get no bar.
pub(super) const MOST_CLASSES: usize = 12;

/// Gives ‖∂C/∂b^l‖ of each layer at a frame.
pub(super) fn gradient_norms(history: &History, frame: usize) -> &[f64] {
    match frame.checked_sub(1) {
        None => &history.before.gradient_norms,
        Some(epoch) => &history.gradient_norms[epoch],
    }
}

/// Draws the last frame.
pub(super) fn draw(title: &str, image: &Image, frames: &[Frame], history: &History) -> Picture {
    let mut svg = Svg::new(WIDTH);
    let top = svg.heading(title);
    let left = Area { left: MARGIN, top, right: MIDDLE - 14.0, bottom: top + CHART };
    let right = Area { left: MIDDLE, right: WIDTH - MARGIN, ..left };
    let losses = losses(history);
    let norms = norms(history, frames.len());
    let (first, loss_end) =
        chart(&mut svg, &left, &losses, &loss_axis(&losses, history.trainer.loss), frames.len());
    let (second, norm_end) = chart(&mut svg, &right, &norms, &norm_axis(&norms), frames.len());

    let below = loss_end.max(norm_end) + 30.0;
    let weights = Weights::of(frames);
    let mosaic = draw_weights(&mut svg, below, frames, &weights, image);
    let end = draw_answers(&mut svg, below, image, &frames[frames.len() - 1]);
    let height = end.max(below + 10.0 + WEIGHTS.1) + MARGIN;
    Picture { svg, height, weights, mosaic, cursors: [first, second] }
}

/// A name, and a value for each frame, not a number where there is none.
type Line = (String, Vec<f64>);

fn losses(history: &History) -> Vec<Line> {
    let after =
        |first: f64, rest: &[f64]| std::iter::once(first).chain(rest.iter().copied()).collect();
    vec![
        ("training".to_owned(), after(f64::NAN, &history.running_loss)),
        ("test set".to_owned(), after(history.before.test_loss, &history.test_loss)),
    ]
}

fn norms(history: &History, frames: usize) -> Vec<Line> {
    let layers = history.before.gradient_norms.len();
    let line = |l: usize| (0..frames).map(|frame| gradient_norms(history, frame)[l]).collect();
    (0..layers).map(|l| (format!("layer {}", l + 1), line(l))).collect()
}

fn finite(lines: &[Line]) -> impl Iterator<Item = f64> {
    lines.iter().flat_map(|(_, values)| values).copied().filter(|value| value.is_finite())
}

fn loss_axis(lines: &[Line], loss: Loss) -> Axis {
    let name = match loss {
        Loss::NegativeLogLikelihood => "loss (nats)",
        Loss::Quadratic => "loss",
    };
    let (low, high) = rounded_outwards(0.0, finite(lines).fold(0.0, f64::max));
    Axis::linear(name, low, high, false)
}

fn norm_axis(lines: &[Line]) -> Axis {
    let positive = || finite(lines).filter(|norm| *norm > 0.0).map(f64::log10);
    if positive().next().is_none() {
        return Axis::linear("‖∂C/∂b‖₂", 0.0, 1.0, false);
    }
    let low = positive().fold(f64::INFINITY, f64::min);
    let (low, high) = padded(low, positive().fold(f64::NEG_INFINITY, f64::max), 0.06);
    Axis::logarithmic("‖∂C/∂b‖₂", 10f64.powf(low), 10f64.powf(high))
}

/// Draws lines over the epochs, a cursor at the last, and a legend; gives the cursor's places and
/// the y below.
fn chart(svg: &mut Svg, room: &Area, lines: &[Line], y: &Axis, frames: usize) -> (Vec<f64>, f64) {
    let (low, high) = padded(0.0, (frames - 1) as f64, 0.03);
    let x = Axis::linear("epoch", low, high, true);
    let plot = frame::draw(svg, &x, y, room, true);
    for (index, (_, values)) in lines.iter().enumerate() {
        let style = line_style(index);
        let points = values.iter().enumerate().map(|(epoch, value)| plot.at(epoch as f64, *value));
        let points: Vec<(f64, f64)> = points.flatten().collect();
        svg.polyline(&points, &Pen { color: style.color, width: 1.8, dash: style.dash });
    }
    let cursors: Vec<f64> =
        (0..frames).filter_map(|epoch| plot.across(epoch as f64)).map(f64::round).collect();
    draw_cursor(svg, &plot, cursors.last().copied().unwrap_or(plot.area.right));
    let entries = lines.iter().enumerate().map(|(index, (name, _))| {
        let style = line_style(index);
        legend::Entry { name, key: legend::Key::Edge(style.color, style.dash) }
    });
    let bottom = legend::draw(svg, &entries.collect::<Vec<_>>(), room.left + 20.0, room.bottom);
    (cursors, bottom)
}

/// Draws the line that marks a frame; the script moves it.
fn draw_cursor(svg: &mut Svg, plot: &Plot, x: f64) {
    let Area { top, bottom, .. } = plot.area;
    svg.push(&format!(
        r##"<line data-part="cursor" x1="{x}" x2="{x}" y1="{top}" y2="{bottom}" stroke="#000000" stroke-width="1.5" stroke-opacity="0.6"/>"##
    ));
}

fn draw_weights(
    svg: &mut Svg,
    top: f64,
    frames: &[Frame],
    weights: &Weights,
    image: &Image,
) -> Mosaic {
    let mosaic = Mosaic::new(weights.neurons, (image.height, image.width), WEIGHTS);
    let scale = mosaic.scale(WEIGHTS);
    let all = frames[0].w.nrows();
    let count = if weights.neurons < all {
        format!("first {} of {all} neurons", weights.neurons)
    } else {
        format!("{all} neurons")
    };
    let largest = digits(f64::from(weights.largest), 2);
    let title = format!("weights of layer 1, {count}: blue −{largest}, white 0, red {largest}");
    svg.text(MARGIN, top, &title, &PLAIN);
    let png = mosaic.png(&frames[frames.len() - 1], weights);
    let (wide, tall) = ((scale * mosaic.wide as f64).round(), (scale * mosaic.tall as f64).round());
    svg.push(&format!(
        r#"<image data-part="weights" x="{MARGIN}" y="{}" width="{wide}" height="{tall}" preserveAspectRatio="none" style="image-rendering:pixelated" href="data:image/png;base64,{png}"/>"#,
        top + 10.0
    ));
    mosaic
}

/// Draws the image and a bar for each class; gives the y below.
fn draw_answers(svg: &mut Svg, top: f64, image: &Image, frame: &Frame) -> f64 {
    let question = format!("what the network says to this {}", image.class);
    svg.text(ANSWERS, top, &shortened(&question, PLAIN.size, WIDTH - ANSWERS), &PLAIN);
    let scale = 66.0 / image.height.max(image.width) as f64;
    let (wide, tall) = (scale * image.width as f64, scale * image.height as f64);
    let area =
        Area { left: ANSWERS, top: top + 10.0, right: ANSWERS + wide, bottom: top + 10.0 + tall };
    let shades: Vec<u8> = image.pixels.iter().map(|pixel| 255 - pixel).collect();
    svg.image(&area, &grey_png(&shades, image.width, image.height));
    svg.rectangle(&area, "none", 1.0, "#bbbbbb");
    let mut y = area.bottom + 18.0;
    for (class, output) in image.classes.iter().zip(&frame.outputs).take(MOST_CLASSES) {
        draw_answer(svg, y, class, *output, *class == image.class);
        y += 16.5;
    }
    y
}

/// Draws the bar of one class, whose length and number the script changes.
fn draw_answer(svg: &mut Svg, y: f64, class: &str, output: f64, right: bool) {
    let left = ANSWERS + 60.0;
    let name = shortened(class, PLAIN.size, 54.0);
    svg.text(left - 6.0, y, &name, &Font { anchor: "end", bold: right, ..PLAIN });
    let (length, color) = (length(output), line_style(0).color);
    svg.push(&format!(
        r#"<rect data-part="bar" x="{left}" y="{}" width="{length}" height="11" fill="{color}"/>"#,
        y - 9.5
    ));
    svg.push(&format!(
        r#"<text data-part="share" x="{}" y="{y}" font-size="12" fill="{GREY}">{}</text>"#,
        left + BAR + 8.0,
        escape(&share(output))
    ));
}

/// Gives the length of the bar of an output between 0 and 1; of one that is not finite there is none.
pub(super) fn length(output: f64) -> f64 {
    if output.is_finite() { (BAR * output.clamp(0.0, 1.0)).round() } else { 0.0 }
}
