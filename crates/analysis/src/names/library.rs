//! All tables of names together: what stands under a path, through what modules pass on.

use super::table::{self, CELLS, PRELUDE, Row, STD};
use super::{cells, crates};

/// A path leads through no more re-exports than this.
pub const DEPTH: usize = 8;

/// Tables of names.
pub struct Library {
    /// Those of crates and of the cells.
    tables: Vec<String>,
}

impl Library {
    /// Gathers all that cells can use; of a crate whose names cannot be had, there are none.
    pub fn read(source: &crate::Source) -> Library {
        let mut tables = crates::tables(&source.folder).unwrap_or_default();
        tables.push(cells::table(&source.parse()));
        Library { tables }
    }

    /// Gives all members of a module, type or trait.
    pub fn members<'a>(&'a self, owner: &'a str) -> impl Iterator<Item = Row<'a>> {
        let tables = self.tables.iter().map(String::as_str).chain([STD]);
        tables.flat_map(move |table| table::members(table, owner))
    }

    /// Gives all members of a type or trait, with what cells have added to it.
    pub fn with_cells<'a>(&'a self, owner: &'a str) -> Vec<Row<'a>> {
        let name = owner.rsplit("::").next().unwrap_or_default();
        let cells = format!("{CELLS}::{name}");
        let added = self.tables.last().filter(|_| cells != owner);
        let added = added.into_iter().flat_map(|table| table::members(table, &cells));
        let added: Vec<Row> = added.collect();
        self.members(owner).chain(added).collect()
    }

    /// Gives the row of a type or module whose members stand under a path.
    pub fn declaration<'a>(&'a self, path: &'a str) -> Option<Row<'a>> {
        let (module, name) = path.rsplit_once("::").unwrap_or(("", path));
        let own = self.members(module).find(|row| row.path == path && row.name == name);
        // What is defined in a private module stands where it is passed on.
        own.or_else(|| {
            let rows = self.tables.iter().flat_map(|table| table.lines()).filter_map(Row::read);
            let mut rows = rows.filter(|row| row.path == path && row.name == name);
            rows.find(|row| !["impl", "use", "glob", "type"].contains(&row.kind))
        })
    }

    /// Gives [`Library::owner`] of a path that may begin with a name that cells can use by itself.
    pub fn owner_in_cells<'a>(&'a self, path: &'a str) -> Option<&'a str> {
        let from = |start| {
            let mut owner = start;
            for name in path.split("::") {
                let found = self.named(owner, name, DEPTH);
                owner = found.into_iter().find(Row::has_members)?.path;
            }
            self.owner(owner).or(Some(owner))
        };
        self.owner(path).or_else(|| [CELLS, PRELUDE].into_iter().find_map(from))
    }

    /// Gives the path under which the members of a module or type stand that is known by another.
    pub fn owner<'a>(&'a self, path: &'a str) -> Option<&'a str> {
        self.owner_within(path, DEPTH)
    }

    fn owner_within<'a>(&'a self, path: &'a str, depth: usize) -> Option<&'a str> {
        if self.members(path).next().is_some() {
            return Some(path);
        }
        self.items(path, depth).into_iter().find(Row::has_members).map(|row| row.path)
    }

    /// Gives all that a path names: a module, a macro and a type may have one name.
    fn items<'a>(&'a self, path: &'a str, depth: usize) -> Vec<Row<'a>> {
        let Some((mut module, name)) = path.rsplit_once("::") else { return Vec::new() };
        let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
        loop {
            if let Some(owner) = self.owner_within(module, depth) {
                return self.named(owner, name, depth);
            }
            // What is defined in a private module stands where it is passed on.
            let Some((parent, _)) = module.rsplit_once("::") else { return Vec::new() };
            module = parent;
        }
    }

    /// Gives a module's or type's members of that name.
    pub(super) fn named<'a>(&'a self, owner: &'a str, name: &'a str, depth: usize) -> Vec<Row<'a>> {
        let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
        let own = self.members(owner).filter(|row| row.name == name && row.kind != "impl");
        let own: Vec<Row> = own.flat_map(|row| self.meant(row, depth)).collect();
        if !own.is_empty() {
            return own;
        }
        let globs = self.members(owner).filter(|row| row.kind == "glob");
        let modules = globs.filter_map(|row| self.owner_within(row.path, depth));
        modules.flat_map(|module| self.named(module, name, depth)).collect()
    }

    /// Gives what a re-export stands for, and anything else as it is.
    pub(super) fn meant<'a>(&'a self, row: Row<'a>, depth: usize) -> Vec<Row<'a>> {
        if row.kind != "use" {
            return vec![row];
        }
        if row.path.ends_with(&format!("::{}", row.name)) {
            return self.items(row.path, depth);
        }
        // A variant: its enum is named. Or it has got another name.
        match self.named(row.path, row.name, depth) {
            none if none.is_empty() => self.items(row.path, depth),
            found => found,
        }
    }

    /// Gives the page on which std's documentation of a row lies.
    pub fn page(&self, row: &Row) -> Option<String> {
        let is_of_std =
            row.owner.is_empty() || table::members(STD, row.owner).any(|one| one == *row);
        if !is_of_std || row.words.is_empty() {
            return None;
        }
        let page = match row.words.strip_prefix('#') {
            None => row.words.to_owned(),
            Some(_) => self.page_of_owner(row.owner)? + row.words,
        };
        Some(format!("https://doc.rust-lang.org/{page}"))
    }

    fn page_of_owner(&self, owner: &str) -> Option<String> {
        let module = owner.rsplit_once("::").map_or("", |(module, _)| module);
        let row = table::members(STD, module).find(|row| row.path == owner)?;
        Some(row.words.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Scope;
    use super::*;

    #[test]
    fn the_table_of_std_is_whole_and_sorted() {
        let lines: Vec<&str> = STD.lines().collect();
        assert!(lines.is_sorted(), "made by std/generate.py");
        for line in &lines {
            let row = Row::read(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(line.matches('\t').count(), 5, "{line}");
            let has_page = row.words.starts_with('#') || row.words.ends_with(".html");
            let is_link = ["impl", "use"].contains(&row.kind);
            assert!(if is_link { !row.path.is_empty() } else { has_page }, "{line}");
            assert!(!line.contains("\u{24d8}") && !row.signature.ends_with(','), "{line}");
        }
    }

    #[test]
    fn the_table_of_std_holds_what_a_student_needs() {
        let library = Library { tables: Vec::new() };
        let needed = [
            ("slice", "iter len windows chunks sort_unstable contains first swap concat"),
            ("std::vec::Vec", "new push pop insert extend_from_slice with_capacity retain"),
            ("str", "len chars split trim parse lines to_uppercase"),
            ("std::string::String", "new push_str push as_str"),
            ("std::option::Option", "Some None unwrap expect map and_then unwrap_or is_some ok_or"),
            ("std::result::Result", "Ok Err unwrap expect map_err is_ok ok"),
            ("f64", "sqrt powi powf exp ln abs max min floor"),
            ("f32", "sqrt powi tanh MAX EPSILON"),
            ("usize", "pow checked_sub saturating_sub MAX"),
            (
                "std::iter::Iterator",
                "map filter sum zip enumerate collect fold rev take skip max_by",
            ),
            ("std::collections::HashMap", "new insert get entry contains_key values iter"),
            ("std::collections::hash_map::Entry", "or_insert and_modify or_default"),
            ("std::collections::HashSet", "insert contains union"),
            ("std::collections::BTreeMap", "first_key_value range"),
            ("std::collections::VecDeque", "push_back pop_front"),
            ("std::ops::Range", "start end contains"),
            ("std::rc::Rc", "new strong_count"),
            ("std::cell::RefCell", "borrow borrow_mut"),
            ("std::time::Instant", "now elapsed"),
            ("std::time::Duration", "from_secs as_secs_f64"),
            ("std::f64::consts", "PI E TAU"),
            ("std::collections", "HashMap HashSet BTreeMap VecDeque hash_map"),
            ("std::prelude::v1", "Vec Some println vec format assert_eq Iterator drop"),
        ];
        for (owner, names) in needed {
            for name in names.split(' ') {
                assert!(library.members(owner).any(|row| row.name == name), "{owner}: {name}");
            }
        }
    }

    #[test]
    fn a_path_leads_through_what_is_passed_on() {
        let table = [
            "one\t*\tglob\ttwo::inner\t\t",
            "one\tRenamed\tuse\ttwo::Thing\t\t",
            "one\ttwo\tmod\ttwo\t\t",
            "two\tThing\tstruct\ttwo::hidden::Thing\tstruct Thing\tA thing.",
            "two\tinner\tmod\ttwo::inner\tmod inner\t",
            "two::hidden::Thing\tfield\tfield\t\tfield: f64\t",
            "two::inner\tone\tuse\tone\t\t",
            "two::inner\tround\tglob\tone\t\t",
            "two::inner\twithin\tfn\t\tfn within()\t",
        ];
        let library = Library { tables: vec![table.join("\n") + "\n", String::new()] };
        let found = |path: &str| {
            let scope = Scope::new(&library, ["one", "two"].into_iter());
            scope.meaning(path).into_iter().map(|row| row.signature.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("one::Renamed"), ["struct Thing"]);
        assert_eq!(found("one::within"), ["fn within()"]);
        assert_eq!(found("one::two::Thing::field"), ["field: f64"]);
        assert_eq!(found("one::nothing"), [""; 0], "although two modules pass each other on");
        assert_eq!(library.owner("two::hidden::deeper::Thing"), Some("two::hidden::Thing"));
        assert_eq!(library.declaration("two::hidden::Thing").unwrap().words, "A thing.");
    }
}
