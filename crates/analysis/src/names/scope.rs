//! What a name means in the code of the cells.

use std::collections::BTreeSet;

use super::library::{DEPTH, Library};
use super::table::{CELLS, PRELUDE, Row};

/// The names that the cells' code can use by themselves.
pub struct Scope<'a> {
    library: &'a Library,
    crates: Vec<String>,
}

impl<'a> Scope<'a> {
    /// Makes the scope of code that can use some crates.
    pub fn new(library: &'a Library, crates: impl Iterator<Item = &'a str>) -> Self {
        let crates = crates.chain(["std"]).map(str::to_owned).collect();
        Scope { library, crates }
    }

    /// Gives all names that need no path before them.
    pub fn names(&self) -> Vec<Row<'_>> {
        let mut rows = Vec::new();
        let mut seen = BTreeSet::new();
        self.of_module(CELLS, DEPTH, &mut seen, &mut rows);
        self.of_module(PRELUDE, DEPTH, &mut seen, &mut rows);
        rows.extend(self.library.members("").filter(|row| row.kind == "primitive"));
        let is_new = |name: &&String| !rows.iter().any(|row| row.name == **name);
        let crates = self.crates.iter().filter(is_new).map(|name| Row {
            owner: "",
            name,
            kind: "mod",
            path: name,
            signature: "",
            words: "",
        });
        let crates: Vec<Row> = crates.collect();
        rows.extend(crates);
        rows
    }

    /// Gives the members of a module with what it passes on.
    pub fn module(&self, owner: &'a str) -> Vec<Row<'a>> {
        let (mut seen, mut rows) = (BTreeSet::new(), Vec::new());
        self.of_module(owner, DEPTH, &mut seen, &mut rows);
        rows
    }

    fn of_module(
        &self,
        owner: &'a str,
        depth: usize,
        seen: &mut BTreeSet<String>,
        rows: &mut Vec<Row<'a>>,
    ) {
        let Some(depth) = depth.checked_sub(1) else { return };
        if !seen.insert(owner.to_owned()) {
            return;
        }
        for row in self.library.members(owner) {
            match row.kind {
                "glob" => {
                    if let Some(path) = self.library.owner(row.path) {
                        self.of_module(path, depth, seen, rows);
                    }
                }
                "impl" => {}
                "use" => rows.extend(self.renamed(row)),
                _ => rows.push(row),
            }
        }
    }

    /// Gives what a re-export stands for, under the name that it has there.
    fn renamed(&self, row: Row<'a>) -> Vec<Row<'a>> {
        let meant = self.library.meant(row, DEPTH);
        meant.into_iter().map(|meant| Row { name: row.name, ..meant }).collect()
    }

    /// Gives what a path means that begins with a name in scope: a module, a macro and a type may have one.
    pub fn meaning(&self, path: &'a str) -> Vec<Row<'a>> {
        let Some((owner, name)) = path.rsplit_once("::") else { return self.name(path) };
        match self.owner(owner) {
            Some(owner) => self.library.named(owner, name, DEPTH),
            None => Vec::new(),
        }
    }

    /// Gives where the members of a module or type stand, named by a path that begins with a name in scope.
    pub fn owner(&self, path: &'a str) -> Option<&'a str> {
        match path {
            "crate" | "self" => return Some(CELLS),
            "core" | "alloc" => return Some("std"),
            _ => {}
        }
        let meanings = self.meaning(path);
        let found = meanings.into_iter().find(Row::has_members).map(|row| row.path);
        found.and_then(|path| self.library.owner(path)).or(found)
    }

    fn name(&self, name: &'a str) -> Vec<Row<'a>> {
        for module in [CELLS, PRELUDE] {
            let found = self.library.named(module, name, DEPTH);
            if !found.is_empty() {
                return found;
            }
        }
        if self.crates.iter().any(|one| one == name) {
            return vec![Row {
                owner: "",
                name,
                kind: "mod",
                path: name,
                signature: "",
                words: "",
            }];
        }
        self.library.members("").filter(|row| row.name == name).collect()
    }
}
