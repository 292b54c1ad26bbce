//! A unit of a perceptron: on which side of its line a point lies.

use backprop_figures::parts::frame::Plot;
use backprop_figures::parts::text::digits;

/// More half-planes over each other cannot be told apart.
pub(super) const MOST: usize = 6;

/// One unit: z = w₁ x₁ + w₂ x₂ + b.
pub(super) struct Unit {
    pub(super) w: [f64; 2],
    pub(super) b: f64,
}

impl Unit {
    pub(super) fn z(&self, x: f64, y: f64) -> f64 {
        self.w[0] * x + self.w[1] * y + self.b
    }

    /// Gives z at a pixel.
    pub(super) fn z_at(&self, plot: &Plot, place: (f64, f64)) -> f64 {
        let (x, y) = plot.values(place);
        self.z(x, y)
    }

    /// Writes z as a sum.
    pub(super) fn sum(&self) -> String {
        let term = |value: f64| {
            let sign = if value < 0.0 { "−" } else { "+" };
            format!(" {sign} {}", digits(value.abs(), 3))
        };
        format!("{} x₁{} x₂{}", digits(self.w[0], 3), term(self.w[1]), term(self.b))
    }
}
