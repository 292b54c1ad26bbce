//! What is being typed at a place of a source: a name, and what stands before it.

use ra_ap_syntax::ast::{HasModuleItem, HasName};
use ra_ap_syntax::{AstNode, SourceFile, SyntaxKind, SyntaxNode, SyntaxToken, TextSize, ast};

use crate::names::one_line;
use crate::source::WRAPPER;
use crate::{EDITION, Source};

/// Put behind what is typed, so that there is a name in any case.
const MARK: &str = "evcxr_here";
/// So many macro calls within each other are opened.
const MACROS: usize = 8;
/// What evcxr puts between the cells' items and the code of the cell.
const BEHIND_ITEMS: &str = "struct EvcxrUserCodeError";

/// A place in a source where a name is typed.
#[derive(Debug)]
pub struct Cursor {
    /// What is there of the name.
    pub name: String,
    /// Where it begins.
    pub start: TextSize,
    /// What stands before it.
    pub place: Place,
    /// The source up to the name and a mark, with macro calls opened.
    file: SourceFile,
    /// What is to follow when the code is cut there.
    rest: String,
}

/// What stands before a name.
#[derive(Debug, PartialEq)]
pub enum Place {
    /// An expression and a dot.
    Receiver(String),
    /// A path and two colons.
    Path(String),
    /// A struct's name and a brace; other fields are named already.
    Field { of: String, named: Vec<String> },
    /// Nothing: the name is by itself.
    Bare,
}

impl Cursor {
    /// Finds out what is being typed; nothing within a text, a comment or a number.
    pub fn find(source: &Source, place: TextSize) -> Option<Cursor> {
        let before = source.text.get(..place.into())?;
        let is_of_name = |letter: char| letter.is_alphanumeric() || letter == '_';
        let name = &before[before.trim_end_matches(is_of_name).len()..];
        let start = TextSize::new((before.len() - name.len()).try_into().ok()?);
        let (file, token) = parse(&before[..start.into()], name)?;
        let cursor = |found| Cursor {
            name: name.to_owned(),
            start,
            place: found,
            file,
            rest: rest(&source.text, place),
        };
        Some(cursor(place_of(&token)?))
    }

    /// Gives the code, cut at the name and closed, with another expression in the place of the name and
    /// what stands before it.
    pub fn with_probe(&self, probe: &str) -> Option<String> {
        let node = self.expression()?;
        let range = node.text_range();
        let mut text = self.file.syntax().text().to_string();
        text.truncate(range.start().into());
        Some(text + probe + &closing(&node) + "\n" + &self.rest)
    }

    /// Gives the names of the variables that are in force, the innermost first.
    pub fn variables(&self) -> Vec<String> {
        let patterns = crate::names::variables(self.file.syntax(), self.start);
        let names = patterns.iter().filter_map(|pattern| Some(pattern.name()?.text().to_string()));
        names.collect()
    }

    /// Gives the type of which the methods are in which the name stands.
    pub fn self_type(&self) -> Option<String> {
        let item = self.token()?.parent_ancestors().find_map(ast::Impl::cast)?;
        Some(one_line(item.self_ty()?.syntax()))
    }

    fn token(&self) -> Option<SyntaxToken> {
        token(&self.file, self.start)
    }

    /// Gives the expression that the name ends.
    fn expression(&self) -> Option<SyntaxNode> {
        let is_whole = |kind| matches!(kind, SyntaxKind::FIELD_EXPR | SyntaxKind::PATH_EXPR);
        self.token()?.parent_ancestors().find(|node| is_whole(node.kind()))
    }
}

fn token(file: &SourceFile, start: TextSize) -> Option<SyntaxToken> {
    file.syntax().token_at_offset(start).right_biased()
}

/// Parses the code before a name, with the name and a mark at its end; opens the macro calls around it.
fn parse(before: &str, name: &str) -> Option<(SourceFile, SyntaxToken)> {
    let mut text = format!("{before}{name}{MARK}");
    for _ in 0..MACROS {
        let file = SourceFile::parse(&text, EDITION).tree();
        let token = token(&file, TextSize::new(before.len().try_into().ok()?))?;
        if token.kind() != SyntaxKind::IDENT || !token.text().ends_with(MARK) {
            return None;
        }
        let calls = token.parent_ancestors().filter_map(ast::MacroCall::cast);
        let Some(call) = calls.last() else { return Some((file, token)) };
        // What stands in it is seldom but expressions: `println!(…)` becomes `(…)`.
        let start: usize = call.syntax().text_range().start().into();
        let end: usize = call.token_tree()?.syntax().text_range().start().into();
        text.replace_range(start..end, &" ".repeat(end - start));
    }
    None
}

fn place_of(token: &SyntaxToken) -> Option<Place> {
    let name = token.parent()?;
    let parent = name.parent()?;
    if let Some(field) = ast::FieldExpr::cast(parent.clone()) {
        return Some(Place::Receiver(field.expr()?.syntax().text().to_string()));
    }
    if let Some(field) = token.parent_ancestors().find_map(ast::RecordExprField::cast)
        && field.expr().is_none_or(|value| is_last(value.syntax(), token))
        && field.colon_token().is_none()
    {
        return in_literal(&field);
    }
    let segment = ast::PathSegment::cast(parent);
    let path = segment.and_then(|segment| segment.syntax().parent()).and_then(ast::Path::cast);
    let Some(path) = path else { return Some(Place::Bare) };
    Some(match qualifier(&path) {
        Some(qualifier) => Place::Path(qualifier),
        None => Place::Bare,
    })
}

/// Says whether a node is the name by itself.
fn is_last(node: &SyntaxNode, token: &SyntaxToken) -> bool {
    node.text_range() == token.text_range()
}

fn in_literal(field: &ast::RecordExprField) -> Option<Place> {
    let literal = field.syntax().ancestors().find_map(ast::RecordExpr::cast)?;
    let others = literal.record_expr_field_list()?.fields().filter(|other| other != field);
    let named = others.filter_map(|other| Some(other.field_name()?.text().to_string())).collect();
    Some(Place::Field { of: without_arguments(&literal.path()?), named })
}

/// Gives what stands before a path's last name, also in a `use` with braces.
fn qualifier(path: &ast::Path) -> Option<String> {
    let mut parts: Vec<String> = path.qualifier().iter().map(without_arguments).collect();
    let trees = path.syntax().ancestors().filter_map(ast::UseTree::cast).skip(1);
    parts.extend(trees.filter_map(|tree| Some(without_arguments(&tree.path()?))));
    parts.reverse();
    if parts.is_empty() { None } else { Some(parts.join("::")) }
}

fn without_arguments(path: &ast::Path) -> String {
    let segments =
        path.segments().filter_map(|segment| Some(segment.name_ref()?.text().to_string()));
    segments.collect::<Vec<_>>().join("::")
}

/// Gives what closes the code around a node that it is cut behind.
fn closing(node: &SyntaxNode) -> String {
    let mut text = String::new();
    let mut child = node.clone();
    for parent in node.ancestors().skip(1) {
        use SyntaxKind::*;
        text += match parent.kind() {
            ARG_LIST | PAREN_EXPR | TUPLE_EXPR => ")",
            ARRAY_EXPR => "]",
            INDEX_EXPR if parent.first_child().as_ref() != Some(&child) => "]",
            STMT_LIST | MATCH_ARM_LIST | RECORD_EXPR_FIELD_LIST | ASSOC_ITEM_LIST | ITEM_LIST => {
                "}"
            }
            IF_EXPR | WHILE_EXPR | FOR_EXPR | MATCH_EXPR
                if !matches!(child.kind(), BLOCK_EXPR | MATCH_ARM_LIST) =>
            {
                " {}"
            }
            LET_STMT | EXPR_STMT => ";",
            _ => "",
        };
        child = parent;
    }
    text
}

/// Gives what follows the item in which a place is, if not the cell's own code: that is cut.
fn rest(text: &str, place: TextSize) -> String {
    let mut marked = text.to_owned();
    marked.insert_str(place.into(), MARK);
    let items = SourceFile::parse(&marked, EDITION).tree();
    let end = items.items().find_map(|item| {
        let range = item.syntax().text_range();
        range.contains(place).then_some(range.end())
    });
    let has_wrapper = |text: &str| text.contains(&format!("fn {WRAPPER}"));
    let behind = end.and_then(|end| marked.get(end.into()..)).unwrap_or_default();
    if has_wrapper(behind) {
        return behind.to_owned();
    }
    // An item without its end seems to hold all that follows.
    match text[place.into()..].find(BEHIND_ITEMS) {
        Some(start) => text[usize::from(place) + start..].to_owned(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Finds the cursor at `¦` in a cell's code.
    fn cursor(code: &str) -> Option<Cursor> {
        let text =
            format!("{BEHIND_ITEMS} {{}}\nasync fn {WRAPPER}(v: i32,) {{\n{code}\nOk(())\n}}\n");
        let place = u32::try_from(text.find('¦')?).ok()?;
        Cursor::find(&Source { text: text.replace('¦', ""), ..Source::default() }, place.into())
    }

    fn place(code: &str) -> Option<Place> {
        cursor(code).map(|cursor| cursor.place)
    }

    #[test]
    fn what_stands_before_a_name_is_found() {
        let receiver = |text: &str| Some(Place::Receiver(text.to_owned()));
        assert_eq!(place("a.b(c)?.d¦ + 1"), receiver("a.b(c)?"));
        assert_eq!(place("assert!(vec![x, y.z¦ ].len() == 1)"), receiver("y"));
        assert_eq!(place("(1..3).¦"), receiver("(1..3)"));
        assert_eq!(place("a::<T>::b::c¦"), Some(Place::Path("a::b".into())));
        assert_eq!(place("use a::{b, c::{self, d¦"), Some(Place::Path("a::c".into())));
        let named = vec!["x".to_owned(), "z".to_owned()];
        assert_eq!(place("P { x: 1, z, y¦"), Some(Place::Field { of: "P".into(), named }));
        assert_eq!(place("P { x: y¦"), Some(Place::Bare));
        assert_eq!(place("f(y¦)"), Some(Place::Bare));
        for code in ["\"a.b¦\"", "// a.b¦", "1.5¦", "'¦'"] {
            assert_eq!(place(code), None, "{code}");
        }
    }

    #[test]
    fn code_is_cut_and_closed() {
        let closed = |code: &str| {
            let text = cursor(code).unwrap().with_probe("PROBE").unwrap();
            let start = text.find("{\n").unwrap() + 2;
            text[start..].trim_end().replace(";}", "}")
        };
        assert_eq!(
            closed("f(1);\nlet a = g(b, [c.d¦, e]);\nh();"),
            "f(1);\nlet a = g(b, [PROBE])}"
        );
        assert_eq!(closed("if a.b¦ { c }"), "if PROBE {}}");
        assert_eq!(closed("for a in b.c¦"), "for a in PROBE {}}");
        assert_eq!(closed("match a { B => c.d¦, E => f }"), "match a { B => PROBE}}");
        assert_eq!(closed("match a.b¦ { C => 1 }"), "match PROBE {}}");
        assert_eq!(closed("P { x: a.b¦"), "P { x: PROBE}}");
        assert_eq!(closed("a[b.c¦]"), "a[PROBE]}");
        assert_eq!(closed("f(|x| { while x.y¦"), "f(|x| { while PROBE {}})}");
    }

    #[test]
    fn other_items_stay_where_one_is_cut() {
        let text = |item: &str| {
            let behind =
                format!("fn other() {{}}\n{BEHIND_ITEMS} {{}}\nasync fn {WRAPPER}() {{}}\n");
            let text = format!("{item}\n{behind}");
            let place = u32::try_from(text.find('¦').unwrap()).unwrap();
            let source = Source { text: text.replace('¦', ""), ..Source::default() };
            Cursor::find(&source, place.into()).unwrap().with_probe("PROBE").unwrap()
        };
        let whole = text("impl P { fn f(&self) { self.a¦ } }");
        assert!(whole.starts_with("impl P { fn f(&self) { PROBE;}}"), "{whole}");
        assert!(whole.contains("fn other") && whole.contains(WRAPPER), "{whole}");
        let open = text("impl P { fn f(&self) { self.a¦");
        assert!(
            open.starts_with("impl P { fn f(&self) { PROBE;}}\nstruct EvcxrUserCodeError"),
            "{open}"
        );
        assert!(open.contains(WRAPPER), "{open}");
    }
}
