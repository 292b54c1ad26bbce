//! One chest, seen from the front: how much of the rays each place of it holds back.
//!
//! Places are in units of the image's side, y downwards, x from the middle of the chest; the patient's
//! right is on the left, as always. Both halves are drawn by the same code in u, the distance from the
//! middle.

use super::shape::{Ellipse, bump, step};
use crate::data::random::Random;

/// The chest of one patient, in one posture.
pub(super) struct Body {
    /// Middle of the chest, and how much of a turn lets it lean.
    middle: f64,
    lean: f64,
    /// Size of the patient in the image.
    size: f64,
    outline: Outline,
    lungs: [Lung; 2],
    heart: Ellipse,
    hila: [Ellipse; 2],
    ribs: Ribs,
    /// How much soft tissue lies over the lower lungs, on both sides.
    overlying: f64,
    spine: f64,
    clavicle: f64,
}

/// Left (0) or right (1) in the image.
pub(super) type Half = usize;

impl Body {
    pub(super) fn draw(random: &mut Random) -> Self {
        let inflation = random.bell();
        Self {
            middle: 0.5 + 0.018 * random.bell().clamp(-2.0, 2.0),
            lean: 0.03 * random.bell(),
            size: random.between(0.86, 1.04),
            outline: Outline::draw(random),
            lungs: [Lung::draw(inflation, 0.0, random), Lung::draw(inflation, 0.02, random)],
            heart: draw_heart(random),
            hila: [draw_hilum(random), draw_hilum(random)],
            ribs: Ribs::draw(random),
            overlying: 0.12 * random.unit() * random.unit(),
            spine: random.between(0.04, 0.16),
            clavicle: random.between(0.08, 0.2),
        }
    }

    /// What the place holds back: about 0 in air and up to 1 behind bone.
    pub(super) fn density(&self, x: f64, y: f64) -> f64 {
        let (x, y) = self.place(x, y);
        let (half, u) = half_and_distance(x);
        let body = self.outline.cover(u, y);
        let air = self.air(half, x, y);
        let tissue = 0.60 + 0.16 * step(y - 0.62, 0.4) + 0.10 * bump(u / 0.3);
        let middle = self.spine * bump(u / 0.07) - 0.10 * bump(u / 0.04) * step(0.26 - y, 0.1);
        let heart = 0.07 * self.heart.cover(x, y, 0.5) * step(0.62 - y, 0.2);
        let bones = self.ribs.density(u, y) * (0.35 + 0.65 * air) + self.clavicle(u, y);
        let vessels = self.hila[half].bump(u, y) * 0.13;
        let over = self.overlying * bump((y - 0.6) / 0.25) * bump((u - 0.22) / 0.25);
        0.06 + body
            * (tissue + middle + heart + bones + air * (vessels + over - self.lungs[half].clear))
    }

    /// How far a place of the image belongs to the air in a lung, in front of which is no heart.
    pub(super) fn lung(&self, x: f64, y: f64) -> f64 {
        let (x, y) = self.place(x, y);
        self.air(half_and_distance(x).0, x, y)
    }

    /// Where in the image a place of a lung is: `across` from its inner to its outer edge, `down` from
    /// apex to base, both from 0 to 1.
    pub(super) fn place_in_lung(&self, half: Half, across: f64, down: f64) -> [f64; 2] {
        let lung = &self.lungs[half];
        let y = lung.apex + down * (lung.base - lung.apex);
        let (inner, outer) = lung.edges(y);
        let u = inner + across * (outer - inner);
        let x = if half == 0 { -u } else { u };
        let [dx, dy] = [self.size * x, self.size * (y - 0.42)];
        [self.middle + dx + self.lean * dy, 0.42 + dy]
    }

    /// From a place of the image to one of the upright chest.
    fn place(&self, x: f64, y: f64) -> (f64, f64) {
        let dy = y - 0.42;
        ((x - self.middle - self.lean * dy) / self.size, 0.42 + dy / self.size)
    }

    fn air(&self, half: Half, x: f64, y: f64) -> f64 {
        self.lungs[half].cover(x.abs(), y) * (1.0 - self.heart.cover(x, y, 0.3))
    }

    /// The collar bone: from the breastbone up and outwards.
    fn clavicle(&self, u: f64, y: f64) -> f64 {
        let along = (u - 0.05) / 0.28;
        let middle = 0.155 - 0.055 * along;
        self.clavicle * bump((y - middle) / 0.035) * step(along * (1.0 - along), 0.2)
    }
}

fn half_and_distance(x: f64) -> (Half, f64) {
    (usize::from(x >= 0.0), x.abs())
}

/// The heart lies to the left of the middle, which is on the right.
fn draw_heart(random: &mut Random) -> Ellipse {
    Ellipse {
        centre: [0.045 + 0.012 * random.bell(), 0.545 + 0.02 * random.bell()],
        radii: [0.155 + 0.018 * random.bell(), 0.165 + 0.015 * random.bell()],
    }
}

/// The hilum, where the vessels enter a lung; in every patient more or less dense.
fn draw_hilum(random: &mut Random) -> Ellipse {
    Ellipse {
        centre: [0.10 + 0.02 * random.bell(), 0.40 + 0.03 * random.bell()],
        radii: [random.between(0.06, 0.13), random.between(0.10, 0.20)],
    }
}

/// The outline of neck, shoulders and trunk; what is outside is air.
struct Outline {
    neck: f64,
    shoulder: f64,
    shoulder_height: f64,
    waist: f64,
    edge: f64,
}

impl Outline {
    fn draw(random: &mut Random) -> Self {
        Self {
            neck: random.between(0.12, 0.22),
            shoulder: random.between(0.50, 0.74),
            shoulder_height: random.between(-0.02, 0.10),
            waist: random.between(0.40, 0.64),
            edge: random.between(0.03, 0.08),
        }
    }

    fn cover(&self, u: f64, y: f64) -> f64 {
        let shoulder = step(y - self.shoulder_height - 0.07, 0.2);
        let waist = step(y - 0.5, 0.4);
        let half_width = self.neck + (self.shoulder - self.neck) * shoulder;
        step(half_width + (self.waist - self.shoulder) * waist - u, self.edge)
    }
}

/// A lung, from its apex behind the collar bone to the diaphragm.
struct Lung {
    apex: f64,
    base: f64,
    /// Where its inner edge is, and how far from it the outer one.
    inner: f64,
    width: f64,
    /// How high the diaphragm bulges into it.
    dome: f64,
    /// How much less of the rays it holds back than tissue does.
    clear: f64,
}

impl Lung {
    const SOFT: f64 = 0.035;

    /// Draws a lung; both have nearly the same inflation, and the liver lifts one by `lower`.
    fn draw(inflation: f64, lower: f64, random: &mut Random) -> Self {
        Self {
            apex: 0.115 + 0.01 * random.bell(),
            base: 0.655 + lower + 0.028 * inflation.clamp(-2.0, 2.0) + 0.008 * random.bell(),
            inner: 0.075 + 0.008 * random.bell(),
            width: 0.255
                + 0.012 * inflation.clamp(-2.0, 2.0)
                + 0.008 * random.bell().clamp(-2.0, 2.0),
            dome: random.between(0.06, 0.13),
            clear: 0.35 + 0.025 * inflation + 0.015 * random.bell(),
        }
    }

    fn cover(&self, u: f64, y: f64) -> f64 {
        let (inner, outer) = self.edges(y);
        let off_middle = (u - inner) / self.width - 0.4;
        let base = self.base + self.dome * (3.0 * off_middle * off_middle - 0.6);
        let depth = (u - inner).min(outer - u).min(base - y);
        step(depth, Self::SOFT)
    }

    /// The inner and the outer edge at a height: they meet in the apex and part along an arc.
    fn edges(&self, y: f64) -> (f64, f64) {
        let up = (1.0 - (y - self.apex) / (0.75 * (self.base - self.apex))).clamp(0.0, 1.0);
        let open = (1.0 - up * up).sqrt();
        let apex = self.inner + 0.4 * self.width;
        (apex - 0.4 * self.width * open, apex + 0.6 * self.width * open)
    }
}

/// The ribs, which run from the spine outwards and down.
struct Ribs {
    first: f64,
    spacing: f64,
    slope: f64,
    strength: f64,
}

impl Ribs {
    const COUNT: usize = 7;

    fn draw(random: &mut Random) -> Self {
        Self {
            first: 0.11 + 0.03 * random.unit(),
            spacing: random.between(0.074, 0.088),
            slope: random.between(0.25, 0.5),
            strength: random.between(0.05, 0.14),
        }
    }

    fn density(&self, u: f64, y: f64) -> f64 {
        let beside_spine = step(u - 0.06, 0.04) * step(0.36 - u, 0.06);
        let level = (y - self.first - self.slope * u * (0.4 + 1.6 * u)) / self.spacing;
        let rib = level.floor().clamp(0.0, Self::COUNT as f64 - 1.0);
        self.strength * beside_spine * bump((level - rib - 0.5) / 0.42)
    }
}
