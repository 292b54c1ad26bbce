//! One module per subcommand: its arguments, and `run`, which carries it out.

#[cfg(feature = "whole")]
pub mod bench;
pub mod check;
#[cfg(feature = "whole")]
pub mod data;
mod display;
pub mod env;
pub mod export;
pub mod grade;
pub mod hidden;
#[cfg(feature = "whole")]
mod interrupt;
#[cfg(feature = "whole")]
mod names;
pub mod open;
pub mod release;
pub mod run;
pub mod start;
pub mod submit;
#[cfg(feature = "whole")]
pub mod sweep;
#[cfg(feature = "whole")]
pub mod test;
#[cfg(feature = "whole")]
pub mod train;
pub mod verify;
#[cfg(not(feature = "whole"))]
pub mod whole;
