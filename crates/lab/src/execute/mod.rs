//! The execution of notebooks as they are, and the index of those that were executed.

pub mod event;
mod executor;
mod guards;
pub mod index;

pub use event::{Event, Execution};
pub use executor::{Executor, Settings};
pub use guards::ChildGuards;
