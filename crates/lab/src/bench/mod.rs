//! What `cargo lab bench` measures: whole runs beside those of peers, cost as the work grows, and the
//! machine's limits.

mod contest;
mod kernel;
mod machine;
mod notebook;
mod numbers;
mod scaling;

pub use contest::{Contest, Contestant};
pub use kernel::kernel;
pub use machine::roofline;
pub use notebook::in_a_notebook;
pub use numbers::{median, spread};
pub use scaling::scaling;
