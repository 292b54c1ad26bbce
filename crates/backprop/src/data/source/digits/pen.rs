//! The pen: from a template to the trail of ink that one writer leaves on one day.

use super::strokes::{Hand, Knot, SIDE};
use crate::data::random::Random;

/// A place of the pen, in pixels of the box that a digit fills, and half the width of its line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dot {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) radius: f64,
}

/// The side of the box into which every digit is fitted, in pixels, as in MNIST.
pub(super) const BOX: f64 = 20.0;

/// A point of the template's square.
type Point = [f64; 2];

/// Writes a digit: one list of dots per stroke, fitted into the box.
///
/// The template is changed in the order in which a hand would: the writer misses the points and
/// hooks the ends, hastens through the corners, lifts the pen too early; then the whole is bent,
/// leaned and stretched; last comes the width of the line.
pub(super) fn write(hand: &Hand, random: &mut Random) -> Vec<Vec<Dot>> {
    let tremor = Tremor::draw(random);
    let bend = Bend::draw(random);
    let lean = Lean::draw(random);
    let mut strokes = Vec::with_capacity(hand.strokes.len());
    for stroke in &hand.strokes {
        let mut line = trace(&flick(tremor.miss(stroke, random), random));
        cut_corners(&mut line, tremor.haste);
        trim(&mut line, random);
        for point in &mut line {
            *point = lean.apply(bend.apply(*point));
        }
        strokes.push(line);
    }
    let nib = Nib::draw(crowding(&strokes), random);
    fit(&mut strokes, nib.radius);
    strokes.iter().map(|stroke| nib.ink(stroke, random)).collect()
}

/// How far a writer misses the points of the template, and how hastily the corners are taken.
struct Tremor {
    /// Standard deviation of each knot, in units of the template.
    knot: f64,
    /// Standard deviation of the place where a stroke begins after the pen was lifted.
    landing: f64,
    /// How many times the line is smoothed.
    haste: usize,
}

impl Tremor {
    fn draw(random: &mut Random) -> Self {
        let sloppy = random.unit();
        let knot = 12.0 + 36.0 * sloppy * sloppy;
        Self { knot, landing: 1.2 * knot, haste: random.below(9) }
    }

    /// Moves the knots of a stroke: all of them together, and each beside its neighbours.
    fn miss(&self, stroke: &[Knot], random: &mut Random) -> Vec<Knot> {
        let landing = [self.landing * random.bell(), self.landing * random.bell()];
        let mut drift = [self.knot * random.bell(), self.knot * random.bell()];
        stroke
            .iter()
            .map(|knot| {
                // A hand that is off at one point is still off at the next: 0.6² + 0.8² = 1 keeps
                // the spread, and the curve stays free of lumps.
                drift = drift.map(|off| 0.6 * off + 0.8 * self.knot * random.bell());
                let [x, y] = [knot.x + landing[0] + drift[0], knot.y + landing[1] + drift[1]];
                Knot { x, y, ..*knot }
            })
            .collect()
    }
}

/// Lets a stroke begin or end with a short hook, as a pen that is not yet or no longer at rest.
fn flick(mut stroke: Vec<Knot>, random: &mut Random) -> Vec<Knot> {
    for _end in 0..2 {
        stroke.reverse();
        if random.unit() < 0.3 {
            let [first, second] = [stroke[0], stroke[1]];
            let ahead = towards([second.x, second.y], [first.x, first.y], [0.0, 0.0]);
            let length = random.between(30.0, 90.0);
            let aside = 0.6 * length * random.bell();
            let x = first.x + length * ahead[0] - aside * ahead[1];
            let y = first.y + length * ahead[1] + aside * ahead[0];
            stroke.insert(0, Knot { x, y, corner: false });
        }
    }
    stroke
}

/// Draws the smooth curve through the knots, interrupted at corners, as closely spaced points.
fn trace(stroke: &[Knot]) -> Vec<Point> {
    let mut line = vec![[stroke[0].x, stroke[0].y]];
    let mut start = 0;
    for end in 1..stroke.len() {
        if stroke[end].corner || end + 1 == stroke.len() {
            trace_run(&stroke[start..=end], &mut line);
            start = end;
        }
    }
    line
}

/// Appends the centripetal Catmull-Rom curve through the knots of a run without corners.
///
/// Source: C. Yuksel, S. Schaefer, J. Keyser, "Parameterization and applications of Catmull-Rom
/// curves" (2011); the centripetal one makes neither cusps nor loops between two knots.
fn trace_run(run: &[Knot], line: &mut Vec<Point>) {
    const STEP: f64 = 45.0;
    let knot = |index: usize| [run[index].x, run[index].y];
    let last = run.len() - 1;
    for index in 0..last {
        let [p1, p2] = [knot(index), knot(index + 1)];
        // Beyond its ends the run goes on as its reflection.
        let p0 = if index > 0 { knot(index - 1) } else { mirror(p1, p2) };
        let p3 = if index + 1 < last { knot(index + 2) } else { mirror(p2, p1) };
        let span = [root_distance(p0, p1), root_distance(p1, p2), root_distance(p2, p3)];
        let pieces = 1 + (distance(p1, p2) / STEP) as usize;
        for piece in 1..=pieces {
            let t = span[1] * piece as f64 / pieces as f64;
            line.push(catmull_rom([p0, p1, p2, p3], span, t));
        }
    }
}

/// Gives the point of a Catmull-Rom curve at `t` after its second knot, by Barry and Goldman's
/// pyramid of straight lines.
fn catmull_rom(p: [Point; 4], span: [f64; 3], t: f64) -> Point {
    let [before, within, after] = span;
    let a0 = mix(p[0], p[1], (t + before) / before);
    let a1 = mix(p[1], p[2], t / within);
    let a2 = mix(p[2], p[3], (t - within) / after);
    let b0 = mix(a0, a1, (t + before) / (before + within));
    let b1 = mix(a1, a2, t / (within + after));
    mix(b0, b1, t / within)
}

/// Smooths a line `times` times; its ends stay where they are.
fn cut_corners(line: &mut [Point], times: usize) {
    for _ in 0..times {
        let mut before = line[0];
        for index in 1..line.len().saturating_sub(1) {
            let here = line[index];
            line[index] = mix(mix(before, line[index + 1], 0.5), here, 0.5);
            before = here;
        }
    }
}

/// Begins a stroke a little late or ends it early, as a pen that is lifted in motion does.
fn trim(line: &mut Vec<Point>, random: &mut Random) {
    const MOST: f64 = 0.07;
    let length = line.len() as f64;
    let [late, early] = [random.unit(), random.unit()].map(|u| (MOST * u * u * length) as usize);
    line.truncate(line.len() - early);
    line.drain(..late);
}

/// A smooth displacement of the plane: wavy lines, and parts too large beside others.
///
/// Quadratic B-splines over a lattice of random vectors; crossings and junctions stay together.
struct Bend([[Point; Bend::NODES]; Bend::NODES]);

impl Bend {
    const CELLS: usize = 3;
    const NODES: usize = Self::CELLS + 2;

    fn draw(random: &mut Random) -> Self {
        let strength = random.between(30.0, 110.0);
        let mut nodes = [[[0.0; 2]; Self::NODES]; Self::NODES];
        for coordinate in nodes.as_flattened_mut().as_flattened_mut() {
            *coordinate = strength * random.bell();
        }
        Self(nodes)
    }

    fn apply(&self, [x, y]: Point) -> Point {
        let (column, across) = Self::cell(x);
        let (row, down) = Self::cell(y);
        let mut moved = [x, y];
        for (nodes, wy) in self.0[row..row + 3].iter().zip(down) {
            for (node, wx) in nodes[column..column + 3].iter().zip(across) {
                moved[0] += wy * wx * node[0];
                moved[1] += wy * wx * node[1];
            }
        }
        moved
    }

    /// Finds the cell of a coordinate and the weights of its three nodes.
    fn cell(coordinate: f64) -> (usize, [f64; 3]) {
        let place = (coordinate / SIDE * Self::CELLS as f64).clamp(0.0, Self::CELLS as f64 - 1e-6);
        let cell = place as usize;
        let t = place - cell as f64;
        (cell, [0.5 * (1.0 - t) * (1.0 - t), 0.5 + t * (1.0 - t), 0.5 * t * t])
    }
}

/// Slant, rotation and stretch of the whole digit: a 2 × 2 matrix.
struct Lean([[f64; 2]; 2]);

impl Lean {
    fn draw(random: &mut Random) -> Self {
        let slant = 0.15 + 0.26 * random.bell();
        let (cos, sin) = rotation(0.055 * random.bell());
        let wide = 1.08 + 0.20 * random.bell();
        // Rotation · slant · stretch; y points down, so a slant to the right has a minus sign.
        Self([[cos * wide, -cos * slant - sin], [sin * wide, -sin * slant + cos]])
    }

    fn apply(&self, [x, y]: Point) -> Point {
        let [[xx, xy], [yx, yy]] = self.0;
        [xx * x + xy * y, yx * x + yy * y]
    }
}

/// The length of all strokes over the larger side of the frame around them.
fn crowding(strokes: &[Vec<Point>]) -> f64 {
    let length: f64 = strokes
        .iter()
        .flat_map(|line| line.windows(2))
        .map(|pair| distance(pair[0], pair[1]))
        .sum();
    let [low, high] = frame(strokes);
    length / (high[0] - low[0]).max(high[1] - low[1])
}

/// The lowest and the highest coordinates of the strokes.
fn frame(strokes: &[Vec<Point>]) -> [Point; 2] {
    let mut low = [f64::INFINITY; 2];
    let mut high = [f64::NEG_INFINITY; 2];
    for point in strokes.iter().flatten() {
        for axis in 0..2 {
            low[axis] = low[axis].min(point[axis]);
            high[axis] = high[axis].max(point[axis]);
        }
    }
    [low, high]
}

/// Moves and scales the strokes so that their ink, `radius` around the line, fills the box.
fn fit(strokes: &mut [Vec<Point>], radius: f64) {
    let [low, high] = frame(strokes);
    let size = (high[0] - low[0]).max(high[1] - low[1]);
    let scale = (BOX - 2.0 * radius) / size;
    for point in strokes.iter_mut().flatten() {
        for axis in 0..2 {
            let middle = 0.5 * (low[axis] + high[axis]);
            point[axis] = 0.5 * BOX + (point[axis] - middle) * scale;
        }
    }
}

/// The nib of the pen, in pixels of the box.
struct Nib {
    /// Half the width of the line where nothing changes it.
    radius: f64,
    /// The unit vector along which a broad nib draws its thinnest lines.
    thin: Point,
    /// The part of the width that is missing there.
    breadth: f64,
    /// Standard deviation of the width along the stroke, as a part of it.
    pressure: f64,
}

impl Nib {
    /// How many points of a line the pressure takes to change.
    const STRIDE: usize = 8;

    /// Draws a nib for strokes of this [`crowding`].
    fn draw(crowding: f64, random: &mut Random) -> Self {
        // A uniform number gives the breadth of the peak, a squared one the tail to thick pens.
        let (peak, tail) = (random.unit(), random.unit());
        let radius = 0.76 + 0.70 * peak + 0.75 * tail * tail;
        // Digits with long lines are written larger, so that their loops stay open.
        let room = 1.0 - 0.12 * (crowding - 2.4).clamp(0.0, 2.0);
        let (cos, sin) = rotation(random.between(-1.0, 1.0));
        let breadth = 0.22 * random.unit() * random.unit();
        let pressure = random.between(0.03, 0.16);
        Self { radius: room * radius, thin: [cos, sin], breadth, pressure }
    }

    /// Gives a line its width, which changes with direction and pressure.
    fn ink(&self, line: &[Point], random: &mut Random) -> Vec<Dot> {
        let mut push = [random.bell(), random.bell()];
        let mut direction = [0.0; 2];
        let mut dots = Vec::with_capacity(line.len());
        for (index, &[x, y]) in line.iter().enumerate() {
            let step = index % Self::STRIDE;
            if step == 0 && index > 0 {
                push = [push[1], random.bell()];
            }
            let push = push[0] + (push[1] - push[0]) * step as f64 / Self::STRIDE as f64;
            if let Some(&next) = line.get(index + 1) {
                direction = towards([x, y], next, direction);
            }
            let along = direction[0] * self.thin[0] + direction[1] * self.thin[1];
            let factor = 1.0 + self.pressure * push - self.breadth * along * along;
            dots.push(Dot { x, y, radius: self.radius * factor.clamp(0.6, 1.5) });
        }
        dots
    }
}

/// Cosine and sine of the angle whose half has this tangent, without a platform's library.
fn rotation(half: f64) -> (f64, f64) {
    let scale = 1.0 + half * half;
    ((1.0 - half * half) / scale, 2.0 * half / scale)
}

/// The unit vector from `a` to `b`, or `otherwise` if they are the same point.
fn towards(a: Point, b: Point, otherwise: Point) -> Point {
    let length = distance(a, b);
    if length > 0.0 { [(b[0] - a[0]) / length, (b[1] - a[1]) / length] } else { otherwise }
}

/// The point at `t` on the straight line from `a` (0) to `b` (1).
fn mix(a: Point, b: Point, t: f64) -> Point {
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
}

/// The reflection of `point` at `centre`.
fn mirror(centre: Point, point: Point) -> Point {
    [2.0 * centre[0] - point[0], 2.0 * centre[1] - point[1]]
}

/// The distance of two points.
fn distance(a: Point, b: Point) -> f64 {
    let [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    (dx * dx + dy * dy).sqrt()
}

/// The square root of the distance, kept off zero because the curve divides by it.
fn root_distance(a: Point, b: Point) -> f64 {
    distance(a, b).max(1.0).sqrt()
}
