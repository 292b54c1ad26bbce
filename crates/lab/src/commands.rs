//! One module per subcommand: its arguments, and `run`, which carries it out.

pub mod bench;
pub mod check;
pub mod data;
mod display;
pub mod env;
pub mod export;
pub mod grade;
pub mod hidden;
mod interrupt;
mod names;
pub mod open;
pub mod release;
pub mod run;
pub mod start;
pub mod submit;
pub mod sweep;
pub mod test;
pub mod train;
pub mod verify;
