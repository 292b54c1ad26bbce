//! What can be called on a value: its type is asked of the compiler.

use std::collections::HashSet;

use crate::call::Call;
use crate::cursor::Cursor;
use crate::names::Library;
use crate::names::table::Row;
use crate::{Source, probe, type_name};

/// A value is dereferenced so often.
const STEPS: usize = 5;
/// Methods of traits for which there are operators, and one that nobody calls.
const NOISE: [&str; 5] = ["ge", "gt", "le", "lt", "clone_from"];

/// The types that a value is of, after so many dereferences, in rustc's words.
#[derive(Debug, Default)]
pub struct Types(Vec<String>);

impl Types {
    /// Asks for the type of an expression that stands where the cursor is.
    pub fn ask(call: &Call, source: &Source, cursor: &Cursor, expression: &str) -> Types {
        let probe = probe::derefs(expression, STEPS);
        let answer = cursor
            .with_probe(&probe)
            .and_then(|text| probe::types(call, &source.folder, &text).ok())
            .unwrap_or_default();
        Types((0..STEPS).map_while(|step| answer.types.get(&step).cloned()).collect())
    }

    /// Gives the type's name without its paths.
    pub fn short(&self) -> Option<String> {
        self.0.first().map(|words| type_name::short(words))
    }

    /// Gives under which names the members of the types stand, as far as there are any.
    pub fn heads<'a>(&'a self, library: &'a Library) -> impl Iterator<Item = &'a str> {
        let heads = self.0.iter().flat_map(|words| owners(words));
        heads.filter_map(|head| library.owner_in_cells(head))
    }

    /// Gives all that can stand behind the value and a dot, the nearest first; a name is there once.
    pub fn members<'a>(&'a self, library: &'a Library) -> Vec<Row<'a>> {
        let owners: Vec<&str> = self.heads(library).collect();
        let mut rows: Vec<Row> = Vec::new();
        for owner in &owners {
            rows.extend(of_kind(library, owner, "field"));
            rows.extend(of_kind(library, owner, "method"));
        }
        for owner in &owners {
            rows.extend(of_traits(library, owner));
        }
        let mut seen = HashSet::new();
        rows.retain(|row| !NOISE.contains(&row.name) && seen.insert(row.name));
        rows
    }

    /// Gives how many fields a tuple has.
    pub fn fields_of_tuple(&self) -> usize {
        let parts = self.0.iter().find_map(|words| words.strip_prefix('(')?.strip_suffix(')'));
        parts.map_or(0, count)
    }
}

/// Gives a type's or trait's members of a kind, with what cells have added to a type of a library.
fn of_kind<'a>(
    library: &'a Library,
    owner: &'a str,
    kind: &'a str,
) -> impl Iterator<Item = Row<'a>> {
    library.with_cells(owner).into_iter().filter(move |row| row.kind == kind)
}

/// Gives the methods that a type or trait has from traits.
fn of_traits<'a>(library: &'a Library, owner: &'a str) -> Vec<Row<'a>> {
    let mut traits: Vec<&str> = Vec::new();
    let mut open = vec![owner];
    while let Some(owner) = open.pop() {
        let own = library.with_cells(owner).into_iter().filter(|row| row.kind == "impl");
        let own = own.filter_map(|row| library.owner_in_cells(row.path));
        for path in own.collect::<Vec<_>>() {
            if !traits.contains(&path) {
                traits.push(path);
                open.push(path);
            }
        }
    }
    // An iterator's methods first: there are many, and they are what it is for.
    traits.sort_by_key(|path| (!path.ends_with("Iterator"), path.starts_with("std::")));
    traits.into_iter().flat_map(|path| of_kind(library, path, "method")).collect()
}

/// Gives under which names a type's members stand, from rustc's words for it.
fn owners(words: &str) -> Vec<&str> {
    if let Some(bounds) = words.strip_prefix("dyn ").or(words.strip_prefix("impl ")) {
        return bounds.split(" + ").map(head).collect();
    }
    match words {
        "{integer}" => vec!["i32"],
        "{float}" => vec!["f64"],
        _ if words.starts_with('[') && words.contains(';') => vec!["array", "slice"],
        _ if words.starts_with('[') => vec!["slice"],
        _ if words.starts_with('(') => vec!["tuple"],
        _ if words.starts_with(['&', '*', '{']) => Vec::new(),
        _ if ["fn(", "for<", "unsafe ", "extern "].iter().any(|start| words.starts_with(start)) => {
            Vec::new()
        }
        _ => vec![head(words)],
    }
}

/// Gives a type without its arguments.
fn head(words: &str) -> &str {
    words.split(['<', '(']).next().unwrap_or_default()
}

/// Counts the parts of a list that are parted by commas outside of brackets.
fn count(list: &str) -> usize {
    let mut depth = 0;
    let commas = list.char_indices().filter(|&(place, letter)| {
        match letter {
            '(' | '[' | '<' => depth += 1,
            ')' | ']' | '>' if !list[..place].ends_with('-') => depth -= 1,
            _ => {}
        }
        letter == ',' && depth == 0
    });
    let commas = commas.count();
    commas + usize::from(!list.is_empty() && !list.ends_with(','))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_looked_up_by_its_name() {
        assert_eq!(owners("std::vec::Vec<f64>"), ["std::vec::Vec"]);
        assert_eq!(owners("[f64; 3]"), ["array", "slice"]);
        assert_eq!(owners("[std::vec::Vec<_>]"), ["slice"]);
        assert_eq!(
            owners("dyn std::ops::Fn(f64) -> f64 + std::marker::Send"),
            ["std::ops::Fn", "std::marker::Send"]
        );
        assert_eq!(owners("&f64"), [""; 0]);
        assert_eq!(owners("{float}"), ["f64"]);
        let map = "std::iter::Map<std::slice::Iter<'_, usize>, fn(&usize) -> String {to_string}>";
        assert_eq!(owners(map), ["std::iter::Map"]);
        assert_eq!(owners("fn(f64) -> f64 {twice}"), [""; 0]);
    }

    #[test]
    fn a_tuples_fields_are_counted() {
        for (words, number) in
            [("(f64, (i32, u8))", 2), ("(f64,)", 1), ("()", 0), ("f64", 0), ("&(A<B, C>, D)", 0)]
        {
            assert_eq!(Types(vec![words.to_owned()]).fields_of_tuple(), number, "{words}");
        }
    }
}
