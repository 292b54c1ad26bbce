//! The modules of a crate as their sources declare them: what each defines, imports and names. Code that
//! only tests compile is left out.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree, Visibility};

/// The sources of a crate: texts by their paths from its folder `src`.
pub type Files = BTreeMap<String, String>;

/// A module.
pub struct Module {
    /// Its name from the crate's root, which has none.
    pub path: Vec<String>,
    /// The file that it stands in.
    pub file: String,
    /// What it defines.
    pub items: BTreeSet<String>,
    pub imports: Vec<Import>,
    /// What its code names: paths of one or more names.
    pub mentions: Vec<Mention>,
}

/// A name that a `use` brings in.
pub struct Import {
    /// The name; `*` for all of a module.
    pub name: String,
    pub of: Mention,
    /// Whether it is passed on to others.
    pub is_public: bool,
}

/// A path of names.
#[derive(Clone)]
pub struct Mention {
    pub names: Vec<String>,
    pub line: usize,
}

/// Reads a module and all below it.
pub fn read(files: &Files, file: &str, path: &[String], found: &mut Vec<Module>) {
    let parsed = syn::parse_file(&files[file]).unwrap_or_else(|error| panic!("{file}: {error}"));
    read_items(files, file, path, &parsed.items, found);
}

fn read_items(files: &Files, file: &str, path: &[String], items: &[Item], found: &mut Vec<Module>) {
    let mut module = Module {
        path: path.to_vec(),
        file: file.to_owned(),
        items: BTreeSet::new(),
        imports: Vec::new(),
        mentions: Vec::new(),
    };
    for item in items {
        let Item::Mod(below) = item else {
            module.visit_item(item);
            continue;
        };
        if is_of_tests(&below.attrs) {
            continue;
        }
        let path = [path, &[below.ident.to_string()]].concat();
        match &below.content {
            Some((_, items)) => read_items(files, file, &path, items, found),
            None => {
                let names = [".rs", "/mod.rs"].map(|end| path.join("/") + end);
                let file = names.iter().find(|name| files.contains_key(*name));
                read(files, file.unwrap_or_else(|| panic!("no {names:?}")), &path, found);
            }
        }
    }
    found.push(module);
}

fn is_of_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|condition| condition.is_ident("test"))
    })
}

impl Visit<'_> for Module {
    fn visit_item(&mut self, item: &Item) {
        let (attributes, name) = match item {
            Item::Const(one) => (&one.attrs, Some(&one.ident)),
            Item::Enum(one) => (&one.attrs, Some(&one.ident)),
            Item::Fn(one) => (&one.attrs, Some(&one.sig.ident)),
            Item::Impl(one) => (&one.attrs, None),
            Item::Macro(one) => (&one.attrs, one.ident.as_ref()),
            Item::Static(one) => (&one.attrs, Some(&one.ident)),
            Item::Struct(one) => (&one.attrs, Some(&one.ident)),
            Item::Trait(one) => (&one.attrs, Some(&one.ident)),
            Item::Type(one) => (&one.attrs, Some(&one.ident)),
            Item::Use(one) => (&one.attrs, None),
            _ => return visit::visit_item(self, item),
        };
        if !is_of_tests(attributes) {
            self.items.extend(name.map(ToString::to_string));
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &syn::ImplItemFn) {
        if !is_of_tests(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_item_use(&mut self, item: &syn::ItemUse) {
        if item.leading_colon.is_none() {
            let is_public = !matches!(item.vis, Visibility::Inherited);
            self.import(&item.tree, &[], is_public);
        }
    }

    fn visit_path(&mut self, path: &syn::Path) {
        if let (None, Some(first)) = (&path.leading_colon, path.segments.first()) {
            let names = path.segments.iter().map(|one| one.ident.to_string()).collect();
            self.mentions.push(Mention { names, line: first.ident.span().start().line });
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, one: &syn::Macro) {
        visit::visit_macro(self, one);
        self.scan(one.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &Attribute) {
        if let syn::Meta::List(list) = &attribute.meta {
            self.scan(list.tokens.clone());
        }
    }

    /// `pub(in path)` uses nothing.
    fn visit_visibility(&mut self, _: &Visibility) {}
}

impl Module {
    fn import(&mut self, tree: &UseTree, before: &[String], is_public: bool) {
        let with = |name: &proc_macro2::Ident| [before, &[name.to_string()]].concat();
        let (name, names, ident) = match tree {
            UseTree::Path(path) => return self.import(&path.tree, &with(&path.ident), is_public),
            UseTree::Group(group) => {
                return group.items.iter().for_each(|tree| self.import(tree, before, is_public));
            }
            UseTree::Glob(glob) => {
                let line = glob.star_token.spans[0].start().line;
                let of = Mention { names: before.to_vec(), line };
                self.imports.push(Import { name: "*".into(), of, is_public });
                return;
            }
            UseTree::Name(name) if name.ident == "self" => {
                (before.last().cloned().unwrap_or_default(), before.to_vec(), &name.ident)
            }
            UseTree::Name(name) => (name.ident.to_string(), with(&name.ident), &name.ident),
            UseTree::Rename(renamed) if renamed.ident == "self" => {
                (renamed.rename.to_string(), before.to_vec(), &renamed.ident)
            }
            UseTree::Rename(renamed) => {
                (renamed.rename.to_string(), with(&renamed.ident), &renamed.ident)
            }
        };
        let of = Mention { names, line: ident.span().start().line };
        self.imports.push(Import { name, of, is_public });
    }

    /// Finds paths in what a macro or an attribute is given, which need not be Rust.
    fn scan(&mut self, tokens: TokenStream) {
        let mut names: Vec<String> = Vec::new();
        let (mut line, mut colons) = (0, 0);
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 || names.is_empty() {
                        self.end_of_path(&mut names, line);
                        line = name.span().start().line;
                    }
                    names.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' => colons += 1,
                other => {
                    self.end_of_path(&mut names, line);
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.scan(group.stream());
                    }
                }
            }
        }
        self.end_of_path(&mut names, line);
    }

    fn end_of_path(&mut self, names: &mut Vec<String>, line: usize) {
        if !names.is_empty() {
            self.mentions.push(Mention { names: std::mem::take(names), line });
        }
    }
}
