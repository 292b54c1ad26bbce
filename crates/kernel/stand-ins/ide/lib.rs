//! Stands in for rust-analyzer's crate of this name: completion and documentation, and the types that
//! evcxr asks for them with. What is in their fields is evcxr's taste, and passed over.

#![allow(missing_docs, reason = "the names are rust-analyzer's, and so is what they mean")]

use std::cell::RefCell;
use std::convert::Infallible;

use backprop_analysis::Source;
use backprop_analysis::completion::{self, Kind};
use backprop_analysis::documentation::{self, Text};
use ra_ap_hir::ChangeWithProcMacros;
use ra_ap_ide_db::imports::insert_use::InsertUseConfig;
use ra_ap_ide_db::{SnippetCap, SymbolKind};
use ra_ap_vfs::FileId;

pub use backprop_analysis::Source as RootDatabase;
pub use ra_ap_hir::Semantics;
pub use ra_ap_syntax::{Edition, TextRange, TextSize};

/// Holds the source that is analysed.
#[derive(Default)]
pub struct AnalysisHost {
    source: Source,
    /// The documentation last asked for, and of which place: evcxr asks twice, for text and for Markdown.
    documentation: RefCell<Option<(TextSize, Option<Text>)>>,
}

impl AnalysisHost {
    pub fn apply_change(&mut self, change: ChangeWithProcMacros) {
        change.apply(&mut self.source);
        self.documentation.take();
    }

    pub fn raw_database(&self) -> &Source {
        &self.source
    }

    pub fn analysis(&self) -> Analysis<'_> {
        Analysis { host: self }
    }
}

pub struct Analysis<'a> {
    host: &'a AnalysisHost,
}

impl Analysis<'_> {
    pub fn completions(
        &self,
        _: &CompletionConfig<'_>,
        FilePosition { offset, .. }: FilePosition,
        _: Option<char>,
    ) -> Result<Option<Vec<CompletionItem>>, Infallible> {
        let found = completion::at(&self.host.source, offset);
        let item = |name: completion::Name| CompletionItem {
            label: CompletionItemLabel { primary: name.text.clone() },
            kind: CompletionItemKind::SymbolKind(symbol(name.kind)),
            text_edit: vec![Indel { delete: found.replaced, insert: name.text }],
        };
        Ok(Some(found.names.into_iter().map(item).collect()))
    }

    pub fn hover(
        &self,
        config: &HoverConfig,
        FileRange { range, .. }: FileRange,
    ) -> Result<Option<RangeInfo<HoverResult>>, Infallible> {
        let is_markdown = config.format == HoverDocFormat::Markdown;
        let (place, mut known) = (range.start(), self.host.documentation.borrow_mut());
        if known.as_ref().is_none_or(|(of, _)| *of != place) {
            *known = Some((place, documentation::at(&self.host.source, place)));
        }
        let text = known.clone().and_then(|(_, text)| text);
        Ok(text.map(|text| RangeInfo {
            info: HoverResult { markup: if is_markdown { text.markdown } else { text.plain } },
        }))
    }
}

fn symbol(kind: Kind) -> SymbolKind {
    match kind {
        Kind::Function => SymbolKind::Function,
        Kind::Type => SymbolKind::Struct,
        Kind::Module => SymbolKind::Module,
        Kind::Value => SymbolKind::Local,
        Kind::Macro => SymbolKind::Macro,
    }
}

pub struct CompletionItem {
    pub label: CompletionItemLabel,
    pub kind: CompletionItemKind,
    pub text_edit: Vec<Indel>,
}

impl CompletionItem {
    pub fn lookup(&self) -> &str {
        &self.label.primary
    }
}

pub struct CompletionItemLabel {
    pub primary: String,
}

pub struct Indel {
    pub insert: String,
    pub delete: TextRange,
}

#[derive(Clone, Copy)]
pub enum CompletionItemKind {
    SymbolKind(SymbolKind),
    Binding,
    BuiltinType,
    Expression,
    InferredType,
    Keyword,
    Snippet,
    UnresolvedReference,
}

pub struct CompletionConfig<'a> {
    pub enable_postfix_completions: bool,
    pub snippet_cap: Option<SnippetCap>,
    pub enable_imports_on_the_fly: bool,
    pub enable_self_on_the_fly: bool,
    pub enable_private_editable: bool,
    pub prefer_no_std: bool,
    pub full_function_signatures: bool,
    pub snippets: Vec<()>,
    pub insert_use: InsertUseConfig,
    pub callable: Option<CallableSnippets>,
    pub limit: Option<usize>,
    pub prefer_prelude: bool,
    pub enable_term_search: bool,
    pub term_search_fuel: u64,
    pub prefer_absolute: bool,
    pub add_semicolon_to_unit: bool,
    pub fields_to_resolve: CompletionFieldsToResolve,
    pub exclude_flyimport: Vec<()>,
    pub exclude_traits: &'a [String],
    pub enable_auto_iter: bool,
    pub enable_auto_await: bool,
    pub ra_fixture: RaFixtureConfig,
    pub add_colons_to_module: bool,
}

pub enum CallableSnippets {
    FillArguments,
}

pub struct CompletionFieldsToResolve;

impl CompletionFieldsToResolve {
    pub fn empty() -> CompletionFieldsToResolve {
        CompletionFieldsToResolve
    }
}

#[derive(Default)]
pub struct RaFixtureConfig;

pub struct FilePosition {
    pub file_id: FileId,
    pub offset: TextSize,
}

pub struct FileRange {
    pub file_id: FileId,
    pub range: TextRange,
}

pub struct HoverConfig {
    pub links_in_hover: bool,
    pub memory_layout: Option<()>,
    pub documentation: bool,
    pub keywords: bool,
    pub format: HoverDocFormat,
    pub max_trait_assoc_items_count: Option<usize>,
    pub max_fields_count: Option<usize>,
    pub max_enum_variants_count: Option<usize>,
    pub max_subst_ty_len: SubstTyLen,
    pub show_drop_glue: bool,
    pub ra_fixture: RaFixtureConfig,
}

#[derive(PartialEq)]
pub enum HoverDocFormat {
    Markdown,
    PlainText,
}

pub enum SubstTyLen {
    Unlimited,
}

pub struct RangeInfo<T> {
    pub info: T,
}

pub struct HoverResult {
    pub markup: String,
}
