//! Soft shapes: how far a place belongs to them, from 0 outside to 1 inside.

/// A smooth step from 0 to 1 as `depth` goes from −soft/2 to soft/2.
pub(super) fn step(depth: f64, soft: f64) -> f64 {
    let t = (depth / soft + 0.5).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A bump of height 1 at 0 that falls smoothly to 0 at ±1.
pub(super) fn bump(distance: f64) -> f64 {
    let rest = (1.0 - distance * distance).max(0.0);
    rest * rest
}

/// A soft ellipse.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ellipse {
    pub(super) centre: [f64; 2],
    pub(super) radii: [f64; 2],
}

impl Ellipse {
    /// The bump over the ellipse: 1 in its middle, 0 from its edge on.
    pub(super) fn bump(&self, x: f64, y: f64) -> f64 {
        bump(self.distance(x, y))
    }

    /// How far a place belongs to the ellipse, whose edge is `soft` wide, as a part of its radius.
    pub(super) fn cover(&self, x: f64, y: f64, soft: f64) -> f64 {
        step(1.0 - self.distance(x, y), soft)
    }

    /// The distance from the centre: 1 on the edge.
    fn distance(&self, x: f64, y: f64) -> f64 {
        let dx = (x - self.centre[0]) / self.radii[0];
        let dy = (y - self.centre[1]) / self.radii[1];
        (dx * dx + dy * dy).sqrt()
    }
}
