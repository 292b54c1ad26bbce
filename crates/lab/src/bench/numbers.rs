//! Medians, and how far the values lie apart.

/// The middle of the values; NaN of none.
pub fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    match (values.len() / 2, values.len() % 2) {
        (_, _) if values.is_empty() => f64::NAN,
        (middle, 1) => values[middle],
        (middle, _) => (values[middle - 1] + values[middle]) / 2.0,
    }
}

/// Writes the median of the values and, in brackets, the least and the greatest.
pub fn spread(values: &[f64]) -> String {
    let (low, high) = values.iter().fold((f64::INFINITY, 0.0), |(low, high), &value| {
        (f64::min(low, value), f64::max(high, value))
    });
    format!("{:.2} ({low:.2} to {high:.2})", median(values))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_the_middle_one_or_lies_between_the_two() {
        assert_eq!(median(&[9.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 9.0]), 3.0);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn a_spread_has_median_least_and_greatest() {
        assert_eq!(spread(&[3.0, 0.5, 1.0]), "1.00 (0.50 to 3.00)");
    }
}
