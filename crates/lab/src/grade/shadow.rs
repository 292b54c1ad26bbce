//! Cells of a submission that would change what the instructor's checks mean.
//!
//! A check says `Network` and means the crate's. Items of the notebook come before those of the prelude,
//! so a `struct Network` of the submission's would be taken instead. Such a cell is not run.

use syn::parse::Parser;
use syn::visit::Visit;
use syn::{Block, Item, Stmt, UseTree};

/// The crates that checks use, by their names.
const CRATES: [&str; 4] = ["backprop", "std", "core", "alloc"];

/// Gives the names that a check's source takes from elsewhere and that begin with a capital letter: types
/// and traits.
pub fn names_used(source: &str) -> Vec<String> {
    struct Names(Vec<String>);
    impl<'a> Visit<'a> for Names {
        fn visit_path(&mut self, path: &'a syn::Path) {
            let first = path.segments.first().map(|segment| segment.ident.to_string());
            self.0.extend(first.filter(|name| name.starts_with(char::is_uppercase)));
            syn::visit::visit_path(self, path);
        }
    }
    let mut names = Names(Vec::new());
    for statement in statements(source).unwrap_or_default() {
        names.visit_stmt(&statement);
    }
    names.0
}

/// Gives the first name defined in a cell that is one of `used`, or that of a crate.
pub fn shadows(source: &str, used: &[String]) -> Option<String> {
    let mut defined = Vec::new();
    for statement in statements(source)? {
        if let Stmt::Item(item) = statement {
            names_of(&item, &mut defined);
        }
    }
    let means_another = |name: &String| used.contains(name) || CRATES.contains(&name.as_str());
    defined.into_iter().find(means_another)
}

/// Gives the names that a cell of the instructor's own defines.
pub fn names_defined(source: &str) -> Vec<String> {
    let mut defined = Vec::new();
    for statement in statements(source).unwrap_or_default() {
        if let Stmt::Item(item) = statement {
            names_of(&item, &mut defined);
        }
    }
    defined
}

/// Says whether a line asks for another `backprop` than the lab's.
pub fn replaces_the_crate(line: &str) -> bool {
    let squeezed: String = line.split_whitespace().collect();
    squeezed.starts_with(":depbackprop=")
        && squeezed != ":depbackprop={path=\"../crates/backprop\"}"
}

/// Reads a cell without the lines that are commands of evcxr's; none where it is no Rust.
fn statements(source: &str) -> Option<Vec<Stmt>> {
    let is_code = |line: &&str| !line.trim_start().starts_with(':');
    let code: Vec<&str> = source.lines().filter(is_code).collect();
    Block::parse_within.parse_str(&code.join("\n")).ok()
}

fn names_of(item: &Item, names: &mut Vec<String>) {
    match item {
        Item::Const(item) => names.push(item.ident.to_string()),
        Item::Enum(item) => names.push(item.ident.to_string()),
        Item::ExternCrate(item) => {
            let name = item.rename.as_ref().map_or(&item.ident, |(_, name)| name);
            names.push(name.to_string());
        }
        Item::Fn(item) => names.push(item.sig.ident.to_string()),
        Item::Macro(item) => names.extend(item.ident.as_ref().map(ToString::to_string)),
        Item::Mod(item) => names.push(item.ident.to_string()),
        Item::Static(item) => names.push(item.ident.to_string()),
        Item::Struct(item) => names.push(item.ident.to_string()),
        Item::Trait(item) => names.push(item.ident.to_string()),
        Item::TraitAlias(item) => names.push(item.ident.to_string()),
        Item::Type(item) => names.push(item.ident.to_string()),
        Item::Union(item) => names.push(item.ident.to_string()),
        Item::Use(item) if !begins_at_the_crates(&item.tree) => names_of_use(&item.tree, names),
        _ => {}
    }
}

/// Says whether a `use` leads to the crates themselves, and gives their names nothing else.
fn begins_at_the_crates(tree: &UseTree) -> bool {
    matches!(tree, UseTree::Path(path) if CRATES.contains(&path.ident.to_string().as_str()))
        && !has_rename(tree)
}

fn has_rename(tree: &UseTree) -> bool {
    match tree {
        UseTree::Path(path) => has_rename(&path.tree),
        UseTree::Rename(_) => true,
        UseTree::Group(group) => group.items.iter().any(has_rename),
        UseTree::Name(_) | UseTree::Glob(_) => false,
    }
}

fn names_of_use(tree: &UseTree, names: &mut Vec<String>) {
    match tree {
        UseTree::Path(path) => names_of_use(&path.tree, names),
        UseTree::Name(name) => names.push(name.ident.to_string()),
        UseTree::Rename(rename) => names.push(rename.rename.to_string()),
        UseTree::Group(group) => group.items.iter().for_each(|tree| names_of_use(tree, names)),
        UseTree::Glob(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_gives_a_checks_name_another_meaning_is_found() {
        let used = names_used(
            "let n: Vec<f64> = vec![];\nQuestion::new(\"a\").number(1.0, \"b\", 1.0, f(), 0.1)",
        );
        assert_eq!(used, ["Vec", "Question"]);
        let cases = [
            ("struct Question;", Some("Question")),
            ("mod backprop { pub mod prelude {} }", Some("backprop")),
            ("mod mine { pub struct Q; }\nuse mine::Q as Question;", Some("Question")),
            (":dep a = \"1\"\nextern crate a as backprop;", Some("backprop")),
            ("use std::collections::HashMap as Vec;", Some("Vec")),
            ("use backprop::{Question, Network};", None),
            ("use backprop::prelude::*;\nfn f() -> f64 { struct Question; 1.0 }", None),
            ("struct Answer;\nlet question: i32 = 1;", None),
            ("this is no Rust", None),
        ];
        for (source, expected) in cases {
            assert_eq!(shadows(source, &used).as_deref(), expected, "{source}");
        }
    }

    #[test]
    fn only_the_labs_own_crate_is_backprop() {
        assert!(!replaces_the_crate(":dep backprop = { path = \"../crates/backprop\" }"));
        assert!(!replaces_the_crate(":dep backprop2 = \"1\""));
        assert!(replaces_the_crate("  :dep  backprop = { path = \"/tmp/mine\" }"));
        assert!(replaces_the_crate(":dep backprop = \"0.1\""));
    }
}
