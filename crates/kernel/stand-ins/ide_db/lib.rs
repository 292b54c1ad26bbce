//! Stands in for rust-analyzer's crate of this name: names in which evcxr asks for completions.

#![allow(missing_docs, reason = "the names are rust-analyzer's, and so is what they mean")]

pub use rustc_hash::FxHashMap;

pub struct SnippetCap;

impl SnippetCap {
    pub fn new(_: bool) -> Option<SnippetCap> {
        Some(SnippetCap)
    }
}

pub mod imports {
    pub mod insert_use {
        use ra_ap_hir::PrefixKind;

        pub struct InsertUseConfig {
            pub prefix_kind: PrefixKind,
            pub group: bool,
            pub granularity: ImportGranularity,
            pub enforce_granularity: bool,
            pub skip_glob_imports: bool,
        }

        pub enum ImportGranularity {
            Item,
        }
    }
}

/// What a name stands for.
#[derive(Clone, Copy)]
pub enum SymbolKind {
    Attribute,
    BuiltinAttr,
    Const,
    ConstParam,
    CrateRoot,
    Derive,
    DeriveHelper,
    Enum,
    Field,
    Function,
    Label,
    Local,
    Macro,
    Method,
    Module,
    ProcMacro,
    SelfParam,
    SelfType,
    Static,
    Struct,
    ToolModule,
    Trait,
    TypeAlias,
    TypeParam,
    Union,
    ValueParam,
    Variant,
}
