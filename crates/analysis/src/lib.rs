//! What a notebook's variables are, and what can be done with them: asked of the compiler.
//!
//! evcxr lays a cell's code, with all that earlier cells have defined, into one function of a crate
//! ([`Source`]). rustc is then asked of which types that function's variables are ([`variables`]), or
//! what stands before a dot ([`completion`]): it knows whatever it knows when it compiles the cell, and
//! needs no source of a library for that. It is called as cargo called it for the cell before
//! ([`call`]).

use std::path::PathBuf;

use ra_ap_syntax::ast::{HasModuleItem, HasName};
use ra_ap_syntax::{Edition, SourceFile, ast};

pub mod call;
mod closure;
pub mod completion;
mod cursor;
pub mod documentation;
mod insertions;
pub mod names;
pub mod probe;
mod receiver;
pub mod statement;
mod type_name;
pub mod variables;

pub use type_name::REFUSAL;

/// The edition of the cells' crate.
pub const EDITION: Edition = Edition::Edition2024;
/// The function that evcxr lays a cell's code into.
const WRAPPER: &str = "evcxr_analysis_wrapper";

/// The source of a crate with a cell's code, and the folder that it is built in.
#[derive(Debug, Default)]
pub struct Source {
    /// The source.
    pub text: String,
    /// The folder that holds the crate's `Cargo.toml`.
    pub folder: PathBuf,
}

impl Source {
    /// Parses the source, as far as it can be parsed.
    pub fn parse(&self) -> SourceFile {
        SourceFile::parse(&self.text, EDITION).tree()
    }

    /// Gives the body of the function that holds the cell's code.
    fn body(&self) -> Option<ast::StmtList> {
        let is_wrapper =
            |function: &ast::Fn| function.name().is_some_and(|name| name.text() == WRAPPER);
        self.parse()
            .items()
            .filter_map(|item| match item {
                ast::Item::Fn(function) => Some(function),
                _ => None,
            })
            .find(is_wrapper)?
            .body()?
            .stmt_list()
    }
}
