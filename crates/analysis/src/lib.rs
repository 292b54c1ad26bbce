//! What a notebook's variables are, and what can be done with them: asked of the compiler.
//!
//! evcxr lays a cell's code, with all that earlier cells have defined, into one function of a crate
//! ([`Source`]). rustc is then asked of which types that function's variables are ([`variables`]), or
//! what stands before a dot ([`completion`]): it knows whatever it knows when it compiles the cell, and
//! needs no source of a library for that. It is called as cargo called it for the cell before
//! ([`call`]).

pub mod call;
mod closure;
pub mod completion;
mod cursor;
pub mod documentation;
mod insertions;
pub mod names;
pub mod probe;
mod receiver;
mod source;
pub mod statement;
mod type_name;
pub mod variables;

pub use source::{EDITION, Source};
pub use type_name::REFUSAL;
