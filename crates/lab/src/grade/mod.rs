//! Grading: from a hand-in to points that are proved, and pages that say why.
//!
//! `crate::hand_in` finds what was handed in. `merge` puts the instructor's cells (`assignment`) back around the
//! student's answers: `identify` says which cell is which, `texts` finds what was written beside them. `session` executes the
//! result on a fresh kernel in a box (`sandbox`), where `known_runs` spares it what all have in common; `proof` has
//! each check sign what it found with a secret of this run, and `score` believes nothing else. `result`
//! is what is kept of a hand-in; `table`, `feedback` and `summary` are made from the results that are there.

pub mod assignment;
mod bubblewrap;
pub mod class;
mod feedback;
pub mod grader;
mod identify;
pub mod known_runs;
pub mod limits;
mod machine;
pub mod marks;
mod merge;
mod proof;
pub mod result;
pub mod sandbox;
mod score;
pub mod session;
mod shadow;
mod sheet;
mod summary;
mod table;
mod texts;
pub mod workers;
