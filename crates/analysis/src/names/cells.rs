//! A table of what the cells define: read from their source.

use std::collections::BTreeSet;

use ra_ap_syntax::ast::{HasAttrs, HasDocComments, HasModuleItem, HasName};
use ra_ap_syntax::{AstNode, AstToken, SourceFile, SyntaxKind, SyntaxNode, TextSize, ast};

use super::table::{CELLS, Row};

/// What evcxr itself defines begins so.
const EVCXR: [&str; 2] = ["evcxr_", "Evcxr"];

/// Makes the table of a source's names.
pub fn table(source: &SourceFile) -> String {
    let mut cells = Cells::default();
    source.items().for_each(|item| cells.item(CELLS, &item));
    cells.rows.into_iter().map(|row| row + "\n").collect()
}

#[derive(Default)]
struct Cells {
    rows: BTreeSet<String>,
}

impl Cells {
    /// Adds an item under its name; `kind` is what the table calls it.
    fn add(&mut self, owner: &str, kind: &str, path: &str, item: &(impl HasName + HasDocComments)) {
        let Some(name) = item.name() else { return };
        let name = name.text().to_string();
        let (signature, words) = (&declaration(item.syntax()), &words(item));
        if !EVCXR.iter().any(|start| name.starts_with(start)) {
            self.rows.insert(Row { owner, name: &name, kind, path, signature, words }.line());
        }
    }

    /// Adds that a type has a trait.
    fn add_trait(&mut self, owner: &str, path: &str) {
        let name = path.rsplit("::").next().unwrap_or_default();
        let (kind, signature, words) = ("impl", "", "");
        self.rows.insert(Row { owner, name, kind, path, signature, words }.line());
    }

    /// Adds the traits that a type derives.
    fn derived(&mut self, owner: &str, item: &impl HasAttrs) {
        let derives = item.attrs().map(|attribute| one_line(attribute.syntax()));
        for derive in derives.filter(|text| text.starts_with("#[derive")) {
            let names = derive.split(['(', ')', ',']).skip(1).map(str::trim);
            let methods = names.filter(|name| ["Clone", "Default", "PartialOrd"].contains(name));
            methods.for_each(|name| self.add_trait(owner, name));
        }
    }

    fn item(&mut self, owner: &str, item: &ast::Item) {
        let path = |name: Option<ast::Name>| match name {
            Some(name) => format!("{owner}::{}", name.text()),
            None => String::new(),
        };
        match item {
            ast::Item::Fn(item) => self.add(owner, "fn", "", item),
            ast::Item::Const(item) => self.add(owner, "const", "", item),
            ast::Item::Static(item) => self.add(owner, "const", "", item),
            ast::Item::MacroRules(item) => self.add(owner, "macro", "", item),
            ast::Item::Struct(item) => {
                self.add(owner, "struct", &path(item.name()), item);
                self.fields(&path(item.name()), item.field_list());
                self.derived(&path(item.name()), item);
            }
            ast::Item::Enum(item) => {
                self.add(owner, "enum", &path(item.name()), item);
                self.variants(&path(item.name()), item);
                self.derived(&path(item.name()), item);
            }
            ast::Item::Trait(item) => {
                self.add(owner, "trait", &path(item.name()), item);
                self.functions(&path(item.name()), item.assoc_item_list());
            }
            ast::Item::TypeAlias(item) => {
                let meant = item.ty().map(|meant| head(&meant)).unwrap_or_default();
                self.add(owner, "type", &meant, item);
            }
            ast::Item::Module(item) => {
                self.add(owner, "mod", &path(item.name()), item);
                let items = item.item_list().into_iter().flat_map(|list| list.items());
                items.for_each(|inner| self.item(&path(item.name()), &inner));
            }
            ast::Item::Impl(item) => self.implementation(owner, item),
            ast::Item::Use(item) => {
                if let Some(tree) = item.use_tree() {
                    self.import(owner, "", &tree);
                }
            }
            _ => {}
        }
    }

    fn fields(&mut self, owner: &str, fields: Option<ast::FieldList>) {
        match fields {
            Some(ast::FieldList::RecordFieldList(list)) => {
                list.fields().for_each(|field| self.add(owner, "field", "", &field));
            }
            Some(ast::FieldList::TupleFieldList(list)) => {
                for (number, field) in list.fields().enumerate() {
                    let (name, ty) =
                        (&number.to_string(), field.ty().map(|ty| one_line(ty.syntax())));
                    let signature = &format!("{name}: {}", ty.unwrap_or_default());
                    let (kind, path, words) = ("field", "", "");
                    self.rows.insert(Row { owner, name, kind, path, signature, words }.line());
                }
            }
            None => {}
        }
    }

    fn variants(&mut self, owner: &str, item: &ast::Enum) {
        for variant in item.variant_list().into_iter().flat_map(|list| list.variants()) {
            let name = variant.name().map(|name| name.text().to_string()).unwrap_or_default();
            let fields = variant.field_list();
            let is_struct = matches!(fields, Some(ast::FieldList::RecordFieldList(_)));
            let path = if is_struct { format!("{owner}::{name}") } else { String::new() };
            self.add(owner, "variant", &path, &variant);
            self.fields(&path, fields.filter(|_| is_struct));
        }
    }

    fn functions(&mut self, owner: &str, items: Option<ast::AssocItemList>) {
        for item in items.into_iter().flat_map(|list| list.assoc_items()) {
            match item {
                ast::AssocItem::Fn(item) => {
                    let has_self = item.param_list().and_then(|list| list.self_param()).is_some();
                    self.add(owner, if has_self { "method" } else { "fn" }, "", &item);
                }
                ast::AssocItem::Const(item) => self.add(owner, "const", "", &item),
                _ => {}
            }
        }
    }

    /// Adds what an `impl` block brings: to a type of another crate under its name alone.
    fn implementation(&mut self, module: &str, item: &ast::Impl) {
        let Some(ty) = item.self_ty() else { return };
        let head = head(&ty);
        let owner = format!("{module}::{}", head.rsplit("::").next().unwrap_or_default());
        self.functions(&owner, item.assoc_item_list());
        if let Some(of) = item.trait_() {
            self.add_trait(&owner, &self::head(&of));
        }
    }

    /// Adds what a `use` brings.
    fn import(&mut self, owner: &str, prefix: &str, tree: &ast::UseTree) {
        let own = tree.path().map(|path| one_line(path.syntax())).unwrap_or_default();
        let joined = if own.is_empty() || prefix.is_empty() { "" } else { "::" };
        let whole = format!("{prefix}{joined}{own}");
        if let Some(list) = tree.use_tree_list() {
            list.use_trees().for_each(|tree| self.import(owner, &whole, &tree));
            return;
        }
        let whole = whole.trim_end_matches("::self");
        let renamed = tree.rename().and_then(|rename| rename.name());
        let renamed = renamed.map(|name| name.text().to_string());
        let name = match &renamed {
            Some(name) => name,
            None => whole.rsplit("::").next().unwrap_or_default(),
        };
        let is_glob = tree.star_token().is_some();
        let (name, kind) = if is_glob { ("*", "glob") } else { (name, "use") };
        let (signature, words) = ("", "");
        self.rows.insert(Row { owner, name, kind, path: whole, signature, words }.line());
    }
}

/// Gives what a type is without its arguments.
fn head(ty: &ast::Type) -> String {
    let text = one_line(ty.syntax());
    let text = text.trim_start_matches(['&', '(']).trim_start_matches("mut ");
    text.split('<').next().unwrap_or_default().trim().to_owned()
}

/// Gives an item as it is declared: without attributes, comments and what its body says.
fn declaration(item: &SyntaxNode) -> String {
    let bodies = [
        SyntaxKind::ASSOC_ITEM_LIST,
        SyntaxKind::BLOCK_EXPR,
        SyntaxKind::ITEM_LIST,
        SyntaxKind::TOKEN_TREE,
        SyntaxKind::VARIANT_LIST,
    ];
    let kind = item.kind();
    let is_body = |kind: SyntaxKind| {
        bodies.contains(&kind)
            || (kind == SyntaxKind::RECORD_FIELD_LIST && item.kind() == SyntaxKind::STRUCT)
    };
    let is_left_out = |kind| kind == SyntaxKind::ATTR || kind == SyntaxKind::VISIBILITY;
    let parts = item.children_with_tokens().filter(|part| part.kind() != SyntaxKind::COMMENT);
    let parts = parts.filter(|part| !is_left_out(part.kind()));
    let text: String =
        parts.take_while(|part| !is_body(part.kind())).map(|part| part.to_string()).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim_end_matches([';', ',']).to_owned();
    if kind == SyntaxKind::MACRO_RULES {
        text.replace("macro_rules! ", "macro ") + "!"
    } else {
        text
    }
}

/// Gives a node's text on one line.
pub fn one_line(node: &SyntaxNode) -> String {
    node.text().to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Gives the first paragraph of an item's comment.
fn words(item: &impl HasDocComments) -> String {
    let lines = item.doc_comments().map(|comment| comment.text().to_owned());
    let lines = lines.map(|line| line.trim_start_matches(['/', '!', '*']).trim().to_owned());
    lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Gives the names of the patterns that are in force at a place, the innermost first.
pub fn variables(source: &SyntaxNode, place: TextSize) -> Vec<ast::IdentPat> {
    let mut found: Vec<ast::IdentPat> = source
        .descendants()
        .filter_map(ast::IdentPat::cast)
        .filter(|pattern| pattern.syntax().text_range().end() <= place)
        .filter(|pattern| scope_of(pattern).is_some_and(|scope| scope.text_range().end() >= place))
        .collect();
    found.reverse();
    found
}

/// Gives the code in which a pattern's name is known.
fn scope_of(pattern: &ast::IdentPat) -> Option<SyntaxNode> {
    use SyntaxKind::{
        BLOCK_EXPR, CLOSURE_EXPR, FN, FOR_EXPR, IF_EXPR, LET_STMT, MATCH_ARM, WHILE_EXPR,
    };
    let ends = [CLOSURE_EXPR, FN, FOR_EXPR, IF_EXPR, LET_STMT, MATCH_ARM, WHILE_EXPR];
    let holder = pattern.syntax().ancestors().find(|node| ends.contains(&node.kind()))?;
    if holder.kind() == LET_STMT {
        return holder.ancestors().find(|node| node.kind() == BLOCK_EXPR);
    }
    Some(holder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::table;

    const SOURCE: &str = "use std::{collections::HashMap as Map, fmt::{self}};\nuse backprop::prelude::*;\n
        /// A place.\n/// Nothing else.\n///\n/// More.\n#[derive(Clone)]\npub struct Point { /// Right.\n x: f64, y: f64 }
        impl Point { pub fn norm(&self) -> f64 { 0.0 } fn new(x: f64) -> Self { todo!() } }
        impl Iterator for Point { fn next(&mut self) -> Option<f64> { None } }
        enum Shape { Dot, Line(f64), Box { side: f64 } }
        mod inner { pub fn deep() {} }
        fn evcxr_hidden() {}";

    #[test]
    fn what_cells_define_is_told() {
        let text = super::table(&SourceFile::parse(SOURCE, crate::EDITION).tree());
        let of = |owner: &str| {
            let rows = table::members(&text, owner);
            rows.map(|row| format!("{} {} {}", row.kind, row.name, row.signature))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            of("crate::Point"),
            [
                "impl Clone ",
                "impl Iterator ",
                "fn new fn new(x: f64) -> Self",
                "method next fn next(&mut self) -> Option<f64>",
                "method norm fn norm(&self) -> f64",
                "field x x: f64",
                "field y y: f64",
            ]
        );
        assert_eq!(
            of("crate::Shape"),
            ["variant Box Box { side: f64 }", "variant Dot Dot", "variant Line Line(f64)"]
        );
        assert_eq!(of("crate::inner"), ["fn deep fn deep()"]);
        assert_eq!(
            of("crate"),
            [
                "glob * ",
                "use Map ",
                "struct Point struct Point",
                "enum Shape enum Shape",
                "use fmt ",
                "mod inner mod inner",
            ]
        );
        let point = table::members(&text, "crate").find(|row| row.name == "Point").unwrap();
        assert_eq!((point.path, point.words), ("crate::Point", "A place. Nothing else."));
        let map = table::members(&text, "crate").find(|row| row.name == "Map").unwrap();
        assert_eq!(map.path, "std::collections::HashMap");
    }

    #[test]
    fn variables_are_known_where_they_are_in_force() {
        let code = "fn f(a: i32) { let b = 1; { let c = 2; } g(|d| d + 1); for e in 0..3 { HERE } let z = 1; }";
        let file = SourceFile::parse(code, crate::EDITION).tree();
        let place = TextSize::new(code.find("HERE").unwrap() as u32);
        let names = variables(file.syntax(), place);
        let names: Vec<_> =
            names.iter().map(|one| one.name().unwrap().text().to_string()).collect();
        assert_eq!(names, ["e", "b", "a"]);
    }
}
