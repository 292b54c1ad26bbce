//! The source of the cells' crate, and the function in it that holds a cell's code.

use std::path::PathBuf;

use ra_ap_syntax::ast::{HasModuleItem, HasName};
use ra_ap_syntax::{Edition, SourceFile, ast};

/// The edition of the cells' crate.
pub const EDITION: Edition = Edition::Edition2024;
/// The function that evcxr lays a cell's code into.
pub const WRAPPER: &str = "evcxr_analysis_wrapper";

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
    pub(crate) fn body(&self) -> Option<ast::StmtList> {
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
