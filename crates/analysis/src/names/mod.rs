//! The names that cells can use, and what is known of them.
//!
//! Those of std stand in a table of this repository ([`table::STD`]). Those of other crates are made from
//! their documentation when they are first asked for ([`crates`]), and kept in a folder that the kernel
//! chooses ([`FOLDER`]). Those that the cells define are read from their source ([`cells`]). A [`Library`]
//! holds them all, and a [`Scope`] says what a name means in the cells' code.

mod cells;
mod crates;
mod declaration;
mod documented;
mod library;
mod rustdoc;
mod scope;
pub mod table;
mod words;

pub use cells::{one_line, variables};
pub use crates::FOLDER;
pub use library::Library;
pub use scope::Scope;
