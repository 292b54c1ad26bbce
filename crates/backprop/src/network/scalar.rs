//! The number types of the equations.

use ndarray::NdFloat;
use std::iter::Sum;

/// The number type of the core: f32 to train, f64 to check gradients.
pub trait Scalar: NdFloat + Sum {
    /// The nearest value to `value`.
    fn of(value: f64) -> Self;
    /// The error function, 2/√π ∫₀ˣ e^(−t²) dt.
    fn erf(self) -> Self;
}

impl Scalar for f32 {
    fn of(value: f64) -> f32 {
        value as f32
    }

    fn erf(self) -> f32 {
        libm::erff(self)
    }
}

impl Scalar for f64 {
    fn of(value: f64) -> f64 {
        value
    }

    fn erf(self) -> f64 {
        libm::erf(self)
    }
}
