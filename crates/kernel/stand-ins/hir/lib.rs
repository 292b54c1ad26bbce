//! Stands in for rust-analyzer's crate of this name: which type a pattern has. The compiler says it.

#![allow(missing_docs, reason = "the names are rust-analyzer's, and so is what they mean")]

use std::cell::OnceCell;
use std::collections::HashMap;
use std::fmt;

use backprop_analysis::{Source, variables};
use ra_ap_base_db::{EditionedFileId, SourceRoot};
use ra_ap_project_model::CrateGraph;
use ra_ap_syntax::{AstNode, SourceFile, SyntaxNode, TextSize, ast};
use ra_ap_vfs::FileId;

/// What evcxr changes in what is analysed: the source, and the crate that it belongs to.
#[derive(Default)]
pub struct ChangeWithProcMacros {
    source: Option<String>,
    graph: Option<CrateGraph>,
}

impl ChangeWithProcMacros {
    pub fn change_file(&mut self, _: FileId, text: Option<String>) {
        self.source = text.or(self.source.take());
    }

    pub fn set_roots(&mut self, _: Vec<SourceRoot>) {}

    pub fn set_crate_graph(&mut self, graph: CrateGraph) {
        self.graph = Some(graph);
    }

    /// Makes the change.
    pub fn apply(self, source: &mut Source) {
        if let Some(text) = self.source {
            source.text = text;
        }
        if let Some(graph) = self.graph {
            source.folder = graph.folder;
        }
    }
}

pub fn attach_db<Db, T>(_: &Db, work: impl FnOnce() -> T) -> T {
    work()
}

/// Answers questions about a source; the compiler is asked at the first that needs it.
pub struct Semantics<'db, Db> {
    pub db: &'db Db,
    types: OnceCell<HashMap<TextSize, String>>,
}

impl<'db> Semantics<'db, Source> {
    pub fn new(db: &'db Source) -> Self {
        Semantics { db, types: OnceCell::new() }
    }

    pub fn parse(&self, _: EditionedFileId) -> SourceFile {
        self.db.parse()
    }

    pub fn scope(&self, _: &SyntaxNode) -> Option<SemanticsScope> {
        Some(SemanticsScope)
    }

    /// Gives the type of a variable that a statement `let` introduces, unless that says it.
    pub fn type_of_pat(&self, pattern: &ast::Pat) -> Option<TypeInfo> {
        let types = self.types.get_or_init(|| variables::types(self.db));
        let name = types.get(&pattern.syntax().text_range().start())?;
        Some(TypeInfo { original: Type { name: name.clone() } })
    }
}

pub struct SemanticsScope;

impl SemanticsScope {
    pub fn module(&self) -> Module {
        Module
    }
}

#[derive(Clone, Copy)]
pub struct Module;

pub struct TypeInfo {
    original: Type,
}

impl TypeInfo {
    pub fn original(self) -> Type {
        self.original
    }
}

/// A type by the name that a later cell can write.
pub struct Type {
    name: String,
}

impl Type {
    /// Never: evcxr would have all of a crate's dependencies checked, just to say so.
    pub fn is_closure(&self) -> bool {
        false
    }
}

pub trait HirDisplay {
    fn display_source_code<Db>(&self, _: &Db, _: Module, _: bool) -> Result<String, fmt::Error>;
}

impl HirDisplay for Type {
    fn display_source_code<Db>(&self, _: &Db, _: Module, _: bool) -> Result<String, fmt::Error> {
        Ok(self.name.clone())
    }
}

pub enum PrefixKind {
    ByCrate,
}
