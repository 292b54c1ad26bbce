//! How a cell is compiled: evcxr calls this program in cargo's place, and cargo calls it in rustc's.

pub mod cargo;
mod diagnostics;
pub mod links;
pub mod rustc;
pub mod store;
mod trim;
