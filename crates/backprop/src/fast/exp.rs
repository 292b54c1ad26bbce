//! eˣ and σ without a branch.

use crate::isa::MulAdd;
use std::f32::consts::LOG2_E;

/// ln 2 in two parts: the first has so few digits that its product with a whole number is exact.
const LN_2: (f32, f32) = (0.693_359_4, -2.121_944_4e-4);

/// (eʳ − 1 − r) / r² on [−ln 2 / 2, ln 2 / 2], from r⁵ down. Source: S. Moshier, Cephes, `expf`.
const POLYNOMIAL: [f32; 6] =
    [1.987_569_1e-4, 1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_65, 0.5];

/// Added to a number below 2²², it leaves the nearest whole number in the last bits.
const ROUND: f32 = 12_582_912.0; // 1.5 · 2²³

/// eˣ without a branch, so that a loop over it is vectorised: within 2 units in the last place.
/// Below e⁻⁸⁷ it stays there, above e⁸⁸ too; NaN stays NaN.
#[inline(always)]
pub(super) fn exp<M: MulAdd>(x: f32) -> f32 {
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    // eˣ = 2ⁿ eʳ with n = round(x / ln 2), r = x − n ln 2.
    let rounded = M::mul_add(x, LOG2_E, ROUND);
    let n = rounded - ROUND;
    let r = M::mul_add(n, -LN_2.1, M::mul_add(n, -LN_2.0, x));
    let mut p = POLYNOMIAL[0];
    for c in &POLYNOMIAL[1..] {
        p = M::mul_add(p, r, *c);
    }
    let power = f32::from_bits((rounded.to_bits() << 23).wrapping_add(1.0_f32.to_bits())); // 2ⁿ
    (M::mul_add(p, r * r, r) + 1.0) * power
}

/// σ(z) = 1 / (1 + e⁻ᶻ).
#[inline(always)]
pub(super) fn sigmoid<M: MulAdd>(z: f32) -> f32 {
    1.0 / (1.0 + exp::<M>(-z))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::isa::{Fused, Separate};

    /// The largest |found − eˣ| / eˣ over many x, in units of f32's epsilon.
    fn largest_error(exp: fn(f32) -> f32) -> f64 {
        let xs = (-870_000..=880_000).map(|i| i as f32 * 1e-4);
        let error = |x: f32| (f64::from(exp(x)) / f64::from(x).exp() - 1.0).abs();
        xs.map(error).fold(0.0, f64::max) / f64::from(f32::EPSILON)
    }

    #[test]
    fn it_is_the_exponential_function_to_the_last_digits() {
        for exp in [exp::<Fused>, exp::<Separate>] {
            let error = largest_error(exp);
            assert!(error < 2.0, "{error} epsilon");
            assert_eq!(exp(0.0), 1.0);
        }
    }

    #[test]
    fn it_ends_at_the_ends_and_passes_nan_on() {
        let (low, high) = (exp::<Fused>(-1000.0), exp::<Fused>(1000.0));
        assert!(low > 0.0 && low < 2e-38 && high > 1e38 && high.is_finite(), "{low} {high}");
        assert_eq!(exp::<Fused>(f32::NEG_INFINITY), low);
        assert!(exp::<Fused>(f32::NAN).is_nan());
        assert_eq!((sigmoid::<Fused>(0.0), sigmoid::<Fused>(200.0)), (0.5, 1.0));
    }
}
