//! What a name stands for, in words.

use ra_ap_syntax::TextSize;

use crate::Source;
use crate::call::Call;
use crate::cursor::{Cursor, Place};
use crate::names::table::Row;
use crate::names::{Library, Scope};
use crate::receiver::Types;

/// A text for people.
#[derive(Clone, Debug)]
pub struct Text {
    /// For a terminal.
    pub plain: String,
    /// For a page.
    pub markdown: String,
}

/// Gives the documentation of the name at whose end a place of the source is.
pub fn at(source: &Source, place: TextSize) -> Option<Text> {
    let cursor = Cursor::find(source, place)?;
    let call = Call::read(&source.folder).ok()?;
    let library = Library::read(source);
    let scope = Scope::new(&library, call.crates());
    let name = cursor.name.as_str();
    match &cursor.place {
        Place::Receiver(receiver) => {
            let types = Types::ask(&call, source, &cursor, receiver);
            let row = types.members(&library).into_iter().find(|row| row.name == name)?;
            Some(of_row(&library, &row))
        }
        Place::Path(path) => {
            let path = format!("{path}::{name}");
            let row = member_of_path(&library, &scope, &path)?;
            Some(of_row(&library, &row))
        }
        Place::Field { of, .. } => {
            let owner = scope.meaning(of).iter().find(|row| row.has_members())?.path;
            let row = library.members(owner).find(|row| row.kind == "field" && row.name == name)?;
            Some(of_row(&library, &row))
        }
        Place::Bare if cursor.variables().iter().any(|variable| variable == name) => {
            let types = Types::ask(&call, source, &cursor, name);
            Some(of_variable(&library, name, &types))
        }
        Place::Bare => Some(of_row(&library, scope.meaning(name).first()?)),
    }
}

/// Gives what a path names: also what a type has from a trait.
fn member_of_path<'a>(library: &'a Library, scope: &Scope<'a>, path: &'a str) -> Option<Row<'a>> {
    if let Some(row) = scope.meaning(path).into_iter().next() {
        return Some(row);
    }
    let (owner, name) = path.rsplit_once("::")?;
    let traits = library.with_cells(scope.owner(owner)?);
    let traits = traits.into_iter().filter(|row| row.kind == "impl");
    let mut members = traits.flat_map(|row| library.members(row.path));
    members.find(|row| row.name == name)
}

/// Tells a row: its declaration, its words or page, its fields or variants.
fn of_row(library: &Library, row: &Row) -> Text {
    let signature = match row.signature {
        "" => format!("{} {}", row.kind, row.name),
        signature => signature.to_owned(),
    };
    let signature = match owner_name(row) {
        Some(owner) => format!("{signature}\n// of {owner}"),
        None => signature,
    };
    let page = library.page(row);
    let words = if page.is_some() { "" } else { row.words };
    let parts = if row.has_members() { parts(library, row.path) } else { Vec::new() };
    Telling { signature, words, page, parts }.text()
}

/// Tells a variable's type.
fn of_variable(library: &Library, name: &str, types: &Types) -> Text {
    let short = types.short().unwrap_or_else(|| "_".to_owned());
    let heads: Vec<&str> = types.heads(library).collect();
    let row = heads.first().and_then(|path| library.declaration(path));
    let page = row.as_ref().and_then(|row| library.page(row));
    let words = row.filter(|_| page.is_none()).map_or("", |row| row.words);
    Telling { signature: format!("let {name}: {short}"), words, page, parts: Vec::new() }.text()
}

/// Gives whose member a method, field or variant is.
fn owner_name<'a>(row: &Row<'a>) -> Option<&'a str> {
    let is_member = ["method", "field", "variant"].contains(&row.kind);
    is_member.then(|| row.owner.rsplit("::").next()).flatten()
}

/// Gives the fields and variants of a type, with their words.
fn parts<'a>(library: &'a Library, owner: &'a str) -> Vec<Row<'a>> {
    let is_part = |row: &Row| ["field", "variant"].contains(&row.kind);
    library.members(owner).filter(is_part).collect()
}

/// What is told of a name.
struct Telling<'a> {
    signature: String,
    words: &'a str,
    page: Option<String>,
    parts: Vec<Row<'a>>,
}

impl Telling<'_> {
    fn text(&self) -> Text {
        let code = format!("```rust\n{}\n```", self.signature);
        let (mut plain, mut markdown) = (vec![self.signature.clone()], vec![code]);
        if !self.words.is_empty() {
            plain.push(self.words.to_owned());
            markdown.push(self.words.to_owned());
        }
        if let Some(page) = &self.page {
            plain.push(page.clone());
            markdown.push(format!("[{page}]({page})"));
        }
        if !self.parts.is_empty() {
            let in_plain = |row: &Row| format!("  {}{}", row.signature, behind("  ", row.words));
            let in_markdown =
                |row: &Row| format!("- `{}`{}", row.signature, behind(": ", row.words));
            plain.push(self.parts.iter().map(in_plain).collect::<Vec<_>>().join("\n"));
            markdown.push(self.parts.iter().map(in_markdown).collect::<Vec<_>>().join("\n"));
        }
        Text { plain: plain.join("\n\n"), markdown: markdown.join("\n\n") }
    }
}

/// Gives a part's words behind a sign; the place in a page is none.
fn behind(sign: &str, words: &str) -> String {
    if words.is_empty() || words.starts_with('#') {
        return String::new();
    }
    let end = words.find(". ").map_or(words.len(), |end| end + 1);
    format!("{sign}{}", &words[..end])
}
