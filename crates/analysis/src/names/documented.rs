//! From a crate's documentation, as rustdoc gives it in JSON, to a table of its names.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::declaration::{self, list, text};
use super::table::{Row, STD};
use super::words::first_paragraph;

/// The traits of std whose methods are worth naming.
const EVERYDAY: [&str; 16] = [
    "BufRead",
    "Clone",
    "Default",
    "DoubleEndedIterator",
    "ExactSizeIterator",
    "Extend",
    "From",
    "FromIterator",
    "FromStr",
    "IntoIterator",
    "Iterator",
    "Ord",
    "PartialOrd",
    "Read",
    "Seek",
    "Write",
];

/// A crate's documentation, while its table is made.
struct Documented<'a> {
    json: &'a Value,
    /// By their names and paths, the paths under which std's table knows types and traits.
    of_std: HashMap<&'static str, &'static str>,
    rows: BTreeSet<String>,
    /// The modules and types whose members are there.
    done: BTreeSet<String>,
}

/// Makes a table of a crate's public names.
pub fn distil(json: &Value) -> String {
    let (rows, done) = Default::default();
    let types = STD.lines().filter_map(Row::read);
    let types = types.filter(|row| ["struct", "enum", "trait"].contains(&row.kind));
    let of_std = types.flat_map(|row| [(row.name, row.path), (row.path, row.path)]).collect();
    let mut documented = Documented { json, of_std, rows, done };
    let root = documented.item(&json["root"]);
    if let Some(root) = root {
        documented.module(root, text(&root["name"]));
    }
    documented.rows.into_iter().map(|row| row + "\n").collect()
}

impl<'a> Documented<'a> {
    fn item(&self, id: &Value) -> Option<&'a Value> {
        self.json["index"].get(id.to_string())
    }

    /// Gives the path under which an item is defined.
    fn path(&self, id: &Value) -> Option<String> {
        let path = list(&self.json["paths"].get(id.to_string())?["path"]);
        Some(path.map(text).collect::<Vec<_>>().join("::"))
    }

    fn add(
        &mut self,
        owner: &str,
        name: &str,
        kind: &str,
        path: &str,
        signature: &str,
        docs: &str,
    ) {
        let words = &first_paragraph(docs);
        self.rows.insert(Row { owner, name, kind, path, signature, words }.line());
    }

    fn module(&mut self, module: &'a Value, path: &str) {
        if self.done.insert(path.to_owned()) {
            for id in list(&module["inner"]["module"]["items"]) {
                if let Some(item) = self.item(id) {
                    self.member(path, item);
                }
            }
        }
    }

    /// Adds what stands in a module.
    fn member(&mut self, owner: &str, item: &'a Value) {
        let Some((kind, inner)) = inner(item) else { return };
        if kind == "use" {
            return self.reexport(owner, inner);
        }
        self.named(owner, text(&item["name"]), item);
    }

    fn reexport(&mut self, owner: &str, inner: &'a Value) {
        let (name, id) = (text(&inner["name"]), &inner["id"]);
        let is_glob = inner["is_glob"] == true;
        match self.item(id) {
            Some(item) if is_glob => {
                let members =
                    [&item["inner"]["module"]["items"], &item["inner"]["enum"]["variants"]];
                for id in members.into_iter().flat_map(list) {
                    if let Some(item) = self.item(id) {
                        self.member(owner, item);
                    }
                }
            }
            Some(item) => self.named(owner, name, item),
            None => {
                let Some(path) = self.path(id) else { return };
                let (name, kind) = if is_glob { ("*", "glob") } else { (name, "use") };
                // The root of a crate is a path of one name.
                let kind = if path.contains("::") { kind } else { "mod" };
                self.add(owner, name, kind, &path, "", "");
            }
        }
    }

    /// Adds an item under a name, with its members.
    fn named(&mut self, owner: &str, name: &str, item: &'a Value) {
        let Some((kind, inner)) = inner(item) else { return };
        let path = self.path(&item["id"]).unwrap_or_default();
        let generics = declaration::parameters(&inner["generics"]);
        let docs = text(&item["docs"]);
        match kind {
            "module" => {
                self.add(owner, name, "mod", &path, &format!("mod {name}"), docs);
                self.module(item, &path);
            }
            "struct" | "union" | "enum" | "trait" => {
                let kind = if kind == "union" { "struct" } else { kind };
                self.add(owner, name, kind, &path, &format!("{kind} {name}{generics}"), docs);
                if self.done.insert(path.clone()) {
                    self.of_type(&path, inner);
                }
            }
            "type_alias" => {
                let meant = declaration::ty(&inner["type"]);
                let path = self.path(&inner["type"]["resolved_path"]["id"]).unwrap_or_default();
                self.add(
                    owner,
                    name,
                    "type",
                    &path,
                    &format!("type {name}{generics} = {meant}"),
                    docs,
                );
            }
            "function" => {
                self.add(owner, name, "fn", "", &declaration::function(name, inner), docs)
            }
            "constant" | "static" => {
                let signature = format!("const {name}: {}", declaration::ty(&inner["type"]));
                self.add(owner, name, "const", "", &signature, docs);
            }
            "macro" => self.add(owner, name, "macro", "", &format!("macro {name}!"), docs),
            "variant" => self.variant(owner, item),
            _ => {}
        }
    }

    /// Adds the members of a struct, enum or trait.
    fn of_type(&mut self, path: &str, inner: &'a Value) {
        let fields = &inner["kind"];
        for id in list(&fields["plain"]["fields"]).chain(list(&fields["tuple"])) {
            self.field(path, id);
        }
        for variant in list(&inner["variants"]).filter_map(|id| self.item(id)).collect::<Vec<_>>() {
            self.variant(path, variant);
        }
        self.functions(path, &inner["items"]);
        for id in list(&inner["impls"]) {
            if let Some(block) = self.item(id) {
                self.implementation(path, &block["inner"]["impl"]);
            }
        }
        for id in list(&inner["implementations"]) {
            if let Some(block) = self.item(id) {
                self.implementor(path, &block["inner"]["impl"]);
            }
        }
        for bound in list(&inner["bounds"]) {
            self.has_trait(path, &bound["trait_bound"]["trait"]["id"]);
        }
    }

    fn field(&mut self, owner: &str, id: &Value) {
        // What is not public is not there.
        let Some(item) = self.item(id) else { return };
        let name = text(&item["name"]);
        let signature = format!("{name}: {}", declaration::ty(&item["inner"]["struct_field"]));
        self.add(owner, name, "field", "", &signature, text(&item["docs"]));
    }

    fn variant(&mut self, owner: &str, item: &'a Value) {
        let (name, kind) = (text(&item["name"]), &item["inner"]["variant"]["kind"]);
        let path = format!("{owner}::{name}");
        let fields = |ids: &Value, with_names: bool| -> Vec<String> {
            let fields = list(ids).filter_map(|id| self.item(id));
            let field = |item: &Value| match declaration::ty(&item["inner"]["struct_field"]) {
                kind if with_names => format!("{}: {kind}", text(&item["name"])),
                kind => kind,
            };
            fields.map(field).collect()
        };
        let (list_of, is_struct) = (&kind["struct"]["fields"], kind.get("struct").is_some());
        let signature = match kind.get("tuple") {
            _ if is_struct => format!("{name} {{ {} }}", fields(list_of, true).join(", ")),
            Some(types) => format!("{name}({})", fields(types, false).join(", ")),
            None => name.to_owned(),
        };
        let path = if is_struct { path } else { String::new() };
        self.add(owner, name, "variant", &path, &signature, text(&item["docs"]));
        for id in list(list_of) {
            self.field(&path, id);
        }
    }

    /// Adds the functions and constants of a trait or of an `impl` block.
    fn functions(&mut self, owner: &str, ids: &'a Value) {
        for item in list(ids).filter_map(|id| self.item(id)).collect::<Vec<_>>() {
            let (name, docs) = (text(&item["name"]), text(&item["docs"]));
            match inner(item) {
                Some(("function", inner)) => {
                    let kind = if declaration::is_method(inner) { "method" } else { "fn" };
                    self.add(owner, name, kind, "", &declaration::function(name, inner), docs);
                }
                Some(("assoc_const", inner)) => {
                    let signature = format!("const {name}: {}", declaration::ty(&inner["type"]));
                    self.add(owner, name, "const", "", &signature, docs);
                }
                _ => {}
            }
        }
    }

    /// Adds what an `impl` block brings to a type.
    fn implementation(&mut self, path: &str, block: &'a Value) {
        let is_by_itself = ["is_synthetic", "is_negative"].iter().any(|flag| block[flag] == true);
        if is_by_itself || !block["blanket_impl"].is_null() {
            return;
        }
        match &block["trait"] {
            Value::Null => self.functions(path, &block["items"]),
            of => self.has_trait(path, &of["id"]),
        }
    }

    /// Adds that a type or trait has a trait's methods.
    fn has_trait(&mut self, owner: &str, id: &Value) {
        let Some(path) = self.path(id) else { return };
        let name = path.rsplit("::").next().unwrap_or_default();
        if name == "Display" && is_of_std(&path) {
            self.add(owner, "ToString", "impl", "std::string::ToString", "", "");
        } else if !is_of_std(&path) || EVERYDAY.contains(&name) {
            self.add(owner, name, "impl", &self.public(&path), "", "");
        }
    }

    /// Gives the path by which std's table knows what is defined in core or alloc.
    fn public(&self, path: &str) -> String {
        let Some((_, rest)) = path.split_once("::").filter(|_| is_of_std(path)) else {
            return path.to_owned();
        };
        let name = rest.rsplit("::").next().unwrap_or_default();
        let known = self.of_std.get(&*format!("std::{rest}")).or_else(|| self.of_std.get(name));
        known.copied().unwrap_or(path).to_owned()
    }

    /// Adds that a type of another crate has one of this crate's traits, or all that have some trait do.
    fn implementor(&mut self, path: &str, block: &'a Value) {
        let name = path.rsplit("::").next().unwrap_or_default();
        let of = &block["for"];
        let owner = match inner_of(of) {
            Some(("resolved_path", inner)) => self.path(&inner["id"]),
            Some(("primitive", name)) => Some(text(name).to_owned()),
            Some(("slice", _)) => Some("slice".to_owned()),
            Some(("generic", name)) => self.bound(text(name), &block["generics"]),
            _ => None,
        };
        if let Some(owner) = owner {
            self.add(&self.public(&owner), name, "impl", path, "", "");
        }
    }

    /// Gives the first trait that a generic parameter must have.
    fn bound(&self, name: &str, generics: &Value) -> Option<String> {
        let short = list(&generics["params"])
            .filter(|one| one["name"] == name)
            .map(|one| &one["kind"]["type"]["bounds"]);
        let long = list(&generics["where_predicates"])
            .map(|one| &one["bound_predicate"])
            .filter(|one| one["type"]["generic"] == name)
            .map(|one| &one["bounds"]);
        let traits = short.chain(long).flat_map(list).map(|bound| &bound["trait_bound"]["trait"]);
        traits.filter_map(|one| self.path(&one["id"])).find(|path| !path.ends_with("::Sized"))
    }
}

/// Gives the crates whose names a crate passes on, as its table says.
pub fn passed_on(table: &str) -> BTreeSet<&str> {
    let rows = table.lines().filter_map(Row::read);
    let paths = rows.filter(|row| ["use", "glob", "mod"].contains(&row.kind)).map(|row| row.path);
    paths.filter(|path| !is_of_std(path)).filter_map(|path| path.split("::").next()).collect()
}

/// Says whether a path leads into the standard library.
fn is_of_std(path: &str) -> bool {
    path.split("::").next().is_some_and(|origin| ["std", "core", "alloc"].contains(&origin))
}

fn inner(item: &Value) -> Option<(&str, &Value)> {
    inner_of(&item["inner"])
}

/// Gives what a value is, and what is in it.
fn inner_of(value: &Value) -> Option<(&str, &Value)> {
    value.as_object()?.iter().next().map(|(kind, inner)| (kind.as_str(), inner))
}
