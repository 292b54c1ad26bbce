//! The execution of notebooks as they are, and the index of those that were executed.

pub mod executor;
pub mod index;

pub use executor::{ChildGuards, Event, Executor, Outcome, Settings};
