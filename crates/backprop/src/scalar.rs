use ndarray::NdFloat;
use std::iter::Sum;

/// The number type of the core: f32 to train, f64 to check gradients.
pub trait Scalar: NdFloat + Sum {
    /// The nearest value to `value`.
    fn of(value: f64) -> Self;
}

impl Scalar for f32 {
    fn of(value: f64) -> f32 {
        value as f32
    }
}

impl Scalar for f64 {
    fn of(value: f64) -> f64 {
        value
    }
}
