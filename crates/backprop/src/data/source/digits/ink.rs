//! The ink: from the trail of the pen to 28 × 28 grey pixels.

use super::pen::{BOX, Dot};
use crate::data::random::Random;

/// The side of an image in pixels.
pub(super) const SIDE: usize = 28;

/// The number of pixels of an image.
pub(super) const PIXELS: usize = SIDE * SIDE;

/// The side of the box with one pixel around it for the grey of its edges.
const CANVAS: usize = BOX as usize + 2;

/// Half the width of the grey edge of a line, in pixels.
///
/// An exact area average has about 0.5; MNIST's edges are a little softer.
const EDGE: f64 = 0.60;

/// How far paper and scanner push the edge of a line to and fro, at most, in pixels.
const ROUGHNESS: f64 = 0.20;

/// For every pixel how deep its middle lies in the ink, in pixels; negative outside.
type Depths = [f64; CANVAS * CANVAS];

/// Draws the strokes into `image` (all zero before), with the centre of mass in its middle.
pub(super) fn draw(strokes: &[Vec<Dot>], random: &mut Random, image: &mut [u8]) {
    let mut depths = [-BOX; CANVAS * CANVAS];
    for stroke in strokes {
        for pair in stroke.windows(2) {
            draw_line(pair[0], pair[1], &mut depths);
        }
    }
    let grey = depths.map(|depth| {
        if depth.abs() >= EDGE + ROUGHNESS {
            return if depth > 0.0 { 255 } else { 0 };
        }
        let rough = depth + random.between(-ROUGHNESS, ROUGHNESS);
        let cover = 0.5 + rough / (2.0 * EDGE);
        (cover.clamp(0.0, 1.0) * 255.0 + 0.5) as u8
    });
    place(&grey, image);
}

/// Deepens the ink along the line from `a` to `b`, whose width runs evenly between the two.
fn draw_line(a: Dot, b: Dot, depths: &mut Depths) {
    let [ax, ay, dx, dy] = [a.x + 1.0, a.y + 1.0, b.x - a.x, b.y - a.y];
    let squared = (dx * dx + dy * dy).max(1e-12);
    let reach = a.radius.max(b.radius) + EDGE + 0.5;
    for row in pixels_between(ay.min(ay + dy) - reach, ay.max(ay + dy) + reach) {
        for column in pixels_between(ax.min(ax + dx) - reach, ax.max(ax + dx) + reach) {
            let [px, py] = [column as f64 + 0.5 - ax, row as f64 + 0.5 - ay];
            let along = ((px * dx + py * dy) / squared).clamp(0.0, 1.0);
            let [ox, oy] = [px - along * dx, py - along * dy];
            let radius = a.radius + (b.radius - a.radius) * along;
            let depth = &mut depths[row * CANVAS + column];
            *depth = depth.max(radius - (ox * ox + oy * oy).sqrt());
        }
    }
}

/// The rows or columns of the canvas whose middle may lie between `low` and `high`.
fn pixels_between(low: f64, high: f64) -> std::ops::Range<usize> {
    let clip = |place: f64| place.clamp(0.0, CANVAS as f64) as usize;
    clip(low)..clip(high + 1.0)
}

/// Copies the canvas into the image so that its centre of mass comes to lie in the middle.
fn place(canvas: &[u8; CANVAS * CANVAS], image: &mut [u8]) {
    let [mut mass, mut moment_x, mut moment_y] = [0u64; 3];
    for (row, line) in canvas.chunks_exact(CANVAS).enumerate() {
        for (column, &pixel) in line.iter().enumerate() {
            mass += u64::from(pixel);
            moment_x += u64::from(pixel) * (2 * column as u64 + 1);
            moment_y += u64::from(pixel) * (2 * row as u64 + 1);
        }
    }
    // The middle of column c is c + ½; 2 · moments keep that in integers.
    let shift = |moment: u64| {
        let centre = (moment + mass) / (2 * mass.max(1));
        SIDE / 2 - (centre as usize).clamp(SIDE / 2 - (SIDE - CANVAS), SIDE / 2)
    };
    let [left, top] = [shift(moment_x), shift(moment_y)];
    for (row, line) in canvas.chunks_exact(CANVAS).enumerate() {
        let start = (row + top) * SIDE + left;
        image[start..start + CANVAS].copy_from_slice(line);
    }
}
