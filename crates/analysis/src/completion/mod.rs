//! What can follow what has been typed.

use std::collections::HashSet;

use ra_ap_syntax::{TextRange, TextSize};

use crate::Source;
use crate::call::Call;
use crate::cursor::{Cursor, Place};
use crate::names::table::Row;
use crate::names::{Library, Scope};
use crate::receiver::Types;

/// What a name stands for, as far as a front end tells it apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A function or method.
    Function,
    /// A type or trait.
    Type,
    /// A module or crate.
    Module,
    /// A variable, field, constant or variant.
    Value,
    /// A macro.
    Macro,
}

/// A name that can stand where the cursor is.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// The name.
    pub text: String,
    /// What it stands for.
    pub kind: Kind,
}

/// The names that can stand at a place, and what they would replace.
#[derive(Debug)]
pub struct Found {
    /// What has been typed of a name.
    pub replaced: TextRange,
    /// The names, best first.
    pub names: Vec<Name>,
}

/// Gives the names that can stand at a place of the source.
pub fn at(source: &Source, place: TextSize) -> Found {
    let nothing = || Found { replaced: TextRange::empty(place), names: Vec::new() };
    let Some(cursor) = Cursor::find(source, place) else { return nothing() };
    // Before the first cell is compiled nothing is known but what it says itself.
    let call = Call::read(&source.folder).ok();
    let library = Library::read(source);
    let crates = call.iter().flat_map(Call::crates);
    let scope = Scope::new(&library, crates);
    let mut names = match &cursor.place {
        Place::Receiver(receiver) => match &call {
            Some(call) => members(&library, &Types::ask(call, source, &cursor, receiver)),
            None => Vec::new(),
        },
        Place::Path(path) => in_path(&library, &scope, &cursor, path),
        Place::Field { of, named } => fields(&library, &scope, of, named),
        Place::Bare => bare(&scope, &cursor),
    };
    let mut seen = HashSet::new();
    names.retain(|name| name.text.starts_with(&cursor.name) && seen.insert(name.text.clone()));
    Found { replaced: TextRange::new(cursor.start, place), names }
}

/// Gives what can follow a value and a dot.
fn members(library: &Library, types: &Types) -> Vec<Name> {
    let numbers = (0..types.fields_of_tuple()).map(|number| number.to_string());
    let numbers = numbers.map(|text| Name { text, kind: Kind::Value });
    numbers.chain(types.members(library).iter().map(name)).collect()
}

/// Gives what can follow a path and two colons.
fn in_path(library: &Library, scope: &Scope, cursor: &Cursor, path: &str) -> Vec<Name> {
    let own;
    let path = match path.strip_prefix("Self") {
        Some(rest) => {
            own = cursor.self_type().unwrap_or_default() + rest;
            &own
        }
        None => path,
    };
    let Some(owner) = scope.owner(path) else { return Vec::new() };
    let is_type =
        library.members(owner).any(|row| ["method", "variant", "impl"].contains(&row.kind));
    let mut rows = if is_type { library.with_cells(owner) } else { scope.module(owner) };
    let of_traits = rows.clone().into_iter().filter(|row| row.kind == "impl");
    let of_traits = of_traits.filter_map(|row| library.owner_in_cells(row.path));
    rows.extend(of_traits.flat_map(|path| library.members(path)).filter(|row| row.kind == "fn"));
    rows.retain(|row| !["impl", "field", "glob"].contains(&row.kind));
    if is_type {
        let order = ["variant", "fn", "const"];
        rows.sort_by_key(|row| {
            order.iter().position(|kind| *kind == row.kind).unwrap_or(order.len())
        });
    }
    rows.iter().map(name).collect()
}

/// Gives the fields of a struct that its literal does not name yet.
fn fields(library: &Library, scope: &Scope, path: &str, named: &[String]) -> Vec<Name> {
    let meanings = scope.meaning(path);
    let owner = meanings.iter().find(|row| row.has_members()).map(|row| row.path);
    let fields = owner.into_iter().flat_map(|owner| library.members(owner));
    let fields = fields.filter(|row| row.kind == "field");
    fields.filter(|row| !named.iter().any(|one| one == row.name)).map(|row| name(&row)).collect()
}

/// Gives what can stand by itself: variables first.
fn bare(scope: &Scope, cursor: &Cursor) -> Vec<Name> {
    let variables = cursor.variables().into_iter();
    let variables = variables.filter(|name| !name.starts_with("evcxr_"));
    let variables = variables.map(|text| Name { text, kind: Kind::Value });
    variables.chain(scope.names().iter().map(name)).collect()
}

fn name(row: &Row) -> Name {
    let kind = match row.kind {
        "fn" | "method" => Kind::Function,
        "macro" => Kind::Macro,
        "mod" => Kind::Module,
        "const" | "field" | "variant" => Kind::Value,
        _ => Kind::Type,
    };
    let bang = if kind == Kind::Macro { "!" } else { "" };
    Name { text: format!("{}{bang}", row.name), kind }
}
