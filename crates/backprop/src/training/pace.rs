//! How long the rest of some work will take.

use std::time::{Duration, Instant};

/// The pace of some work, from the first of it that was seen done.
///
/// What comes before, such as a measurement on all data, does not count, and nothing is said until
/// enough has been done to judge by: a second of work, and a hundredth of it.
#[derive(Default)]
pub(crate) struct Pace {
    /// When some of the work had first been done, and what share.
    first: Option<(Instant, f64)>,
}

const LEAST_TIME: Duration = Duration::from_secs(1);
const LEAST_SHARE: f64 = 0.01;

impl Pace {
    /// Gives the seconds left if the rest goes on as fast, when a `share` (0 to 1) is done; infinite
    /// as long as that cannot be told.
    pub(crate) fn seconds_left(&mut self, share: f64, now: Instant) -> f64 {
        match self.first {
            _ if share >= 1.0 => 0.0,
            None if share > 0.0 => {
                self.first = Some((now, share));
                f64::INFINITY
            }
            Some((begun, before)) if now - begun >= LEAST_TIME && share - before >= LEAST_SHARE => {
                (now - begun).as_secs_f64() * (1.0 - share) / (share - before)
            }
            _ => f64::INFINITY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_is_told_once_the_pace_is_steady() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        let mut left = |seconds: f64, share| {
            pace.seconds_left(share, start + Duration::from_secs_f64(seconds))
        };
        assert_eq!(left(0.0, 0.0), f64::INFINITY, "nothing is done yet");
        assert_eq!(left(3.0, 0.1), f64::INFINITY, "the clock begins here");
        assert_eq!(left(3.5, 0.3), f64::INFINITY, "half a second is too short");
        assert_eq!(left(5.0, 0.105), f64::INFINITY, "half a hundredth is too little");
        // 0.4 in 2 s; 0.5 are left.
        assert!((left(5.0, 0.5) - 2.5).abs() < 1e-9);
        assert_eq!(left(6.0, 1.0), 0.0);
    }
}
