//! One module per subcommand: its arguments, and `run`, which carries it out.

pub mod bench;
pub mod data;
pub mod env;
pub mod open;
pub mod run;
pub mod test;
pub mod train;
