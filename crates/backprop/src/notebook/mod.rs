//! What only a notebook asks for: questions of an exercise.

mod question;

pub use question::Question;
