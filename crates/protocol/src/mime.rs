//! The MIME types of results that front ends need not show.

/// Points and findings of an exercise's check, as JSON.
pub const QUESTION: &str = "application/vnd.backprop-lab.question+json";
/// A figure that is shown at once and may change: one line of JSON with `id` and `data`.
pub const DISPLAY: &str = "application/vnd.backprop-lab.display+json";
/// The value of a check under grading, with the secret that proves it, as JSON.
pub const GRADED: &str = "application/vnd.backprop-lab.graded+json";
