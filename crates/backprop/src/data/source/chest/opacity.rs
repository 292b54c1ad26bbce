//! What COVID-19 adds: patchy opacities in both lungs, mostly at their outer and lower parts.

use super::body::Body;
use super::shape::Ellipse;
use crate::data::random::Random;

/// The opacities of one patient, from a few faint ones to many.
pub(super) struct Opacities(Vec<Patch>);

struct Patch {
    place: Ellipse,
    strength: f64,
    /// A hole in it, so that it is patchy.
    gap: Ellipse,
}

impl Opacities {
    pub(super) fn draw(body: &Body, random: &mut Random) -> Self {
        let severity = random.unit();
        let count = 4 + random.below(3) + (5.0 * severity) as usize;
        let first_half = random.below(2);
        let patch = |i| Patch::draw(body, (first_half + i) % 2, severity, random);
        Self((0..count).map(patch).collect())
    }

    /// What they hold back at a place of the image: nothing outside the lungs.
    pub(super) fn density(&self, body: &Body, x: f64, y: f64) -> f64 {
        let lung = body.lung(x, y);
        if lung == 0.0 {
            return 0.0;
        }
        let sum: f64 = self.0.iter().map(|patch| patch.density(x, y)).sum();
        // No more than would make a lung as dense as tissue.
        lung * sum.min(0.27)
    }
}

impl Patch {
    fn draw(body: &Body, half: usize, severity: f64, random: &mut Random) -> Self {
        // The larger of two: more often outside than inside, more often low than high.
        let across = random.unit().max(random.unit());
        let down = 0.2 + 0.8 * random.unit().max(random.unit());
        let radii = [random.between(0.06, 0.13), random.between(0.06, 0.13)];
        let centre = body.place_in_lung(half, 0.1 + 0.8 * across, 0.92 * down);
        let aside = [0, 1].map(|axis| centre[axis] + 0.7 * radii[axis] * random.bell());
        let shrink = random.between(0.4, 0.7);
        Self {
            place: Ellipse { centre, radii },
            strength: 0.18 + 0.12 * severity + 0.03 * random.bell(),
            gap: Ellipse { centre: aside, radii: radii.map(|radius| shrink * radius) },
        }
    }

    fn density(&self, x: f64, y: f64) -> f64 {
        self.strength * self.place.bump(x, y) * (1.0 - 0.8 * self.gap.bump(x, y))
    }
}
