//! Which file of a crate uses which: its paths, followed to where their names are defined.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{self, Files, Module};

/// A re-export leads through no more others than this.
const DEPTH: usize = 16;

/// The files that a file uses, with the names that it takes from each and the line of a name's first use.
pub type Arrows = BTreeMap<(String, String), BTreeMap<String, usize>>;

/// What a path leads to.
enum Target<'a> {
    /// A module, by its number.
    Module(usize),
    /// What a module defines under a name.
    Item(&'a Module, &'a str),
}

/// Gives the arrows among the files of a crate.
///
/// A `pub use` passes a name on and uses nothing: so a `mod.rs` or `lib.rs` that holds nothing else is the
/// door of its room, and what comes through it comes from the file that defines it.
pub fn arrows(files: &Files) -> Arrows {
    let mut arrows = Arrows::new();
    for root in ["lib.rs", "main.rs"].iter().filter(|root| files.contains_key(**root)) {
        let mut modules = Vec::new();
        source::read(files, root, &[], &mut modules);
        let numbers = modules.iter().enumerate().map(|(number, one)| (one.path.clone(), number));
        let tree = Tree { numbers: numbers.collect(), modules };
        for number in 0..tree.modules.len() {
            tree.add_arrows_of(number, &mut arrows);
        }
    }
    arrows
}

struct Tree {
    modules: Vec<Module>,
    numbers: BTreeMap<Vec<String>, usize>,
}

impl Tree {
    fn add_arrows_of(&self, number: usize, arrows: &mut Arrows) {
        let module = &self.modules[number];
        let imported = module.imports.iter().filter(|import| !import.is_public);
        let mentions = module.mentions.iter().chain(imported.map(|import| &import.of));
        for mention in mentions {
            let target = self.follow(number, &mention.names, DEPTH);
            if let Some(Target::Item(owner, name)) = target
                && owner.file != module.file
            {
                let arrow = arrows.entry((module.file.clone(), owner.file.clone())).or_default();
                let line = arrow.entry(name.to_owned()).or_insert(mention.line);
                *line = mention.line.min(*line);
            }
        }
    }

    /// Follows a path that stands in a module, through what is passed on.
    fn follow<'a>(&'a self, from: usize, names: &'a [String], depth: usize) -> Option<Target<'a>> {
        let depth = depth.checked_sub(1)?;
        let mut place = from;
        for (at, name) in names.iter().enumerate() {
            let next = match name.as_str() {
                "crate" if at == 0 => self.module(&[])?,
                "self" if at == 0 => from,
                "super" => self.module(self.modules[place].path.split_last()?.1)?,
                _ => match self.named(place, name, at + 1 < names.len(), depth)? {
                    Target::Module(next) => next,
                    item => return Some(item),
                },
            };
            place = next;
        }
        Some(Target::Module(place))
    }

    /// Gives what a module knows by a name; where more of the path follows, rather a module.
    fn named<'a>(
        &'a self,
        place: usize,
        name: &'a str,
        goes_on: bool,
        depth: usize,
    ) -> Option<Target<'a>> {
        let depth = depth.checked_sub(1)?;
        let module = &self.modules[place];
        let below = || {
            let path = [&module.path[..], &[name.to_owned()]].concat();
            self.module(&path).map(Target::Module)
        };
        let defined = || module.items.contains(name).then_some(Target::Item(module, name));
        let imported = || {
            let mut imports = module.imports.iter().filter(|import| import.name == name);
            imports.find_map(|import| self.follow(place, &import.of.names, depth))
        };
        let all_of_another = || {
            let mut globs = module.imports.iter().filter(|import| import.name == "*");
            globs.find_map(|glob| match self.follow(place, &glob.of.names, depth)? {
                Target::Module(other) => self.named(other, name, goes_on, depth),
                Target::Item(..) => None,
            })
        };
        let first = if goes_on { below() } else { None };
        first.or_else(defined).or_else(imported).or_else(below).or_else(all_of_another)
    }

    fn module(&self, path: &[String]) -> Option<usize> {
        self.numbers.get(path).copied()
    }
}

/// Gives the circles: sets of files of which each leads to each other.
pub fn circles(arrows: &Arrows) -> Vec<BTreeSet<&str>> {
    let mut reached: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (file, _) in arrows.keys() {
        reached.entry(file).or_insert_with(|| reachable(arrows, file));
    }
    let leads = |from: &str, to: &str| reached.get(from).is_some_and(|all| all.contains(to));
    let mut circles: Vec<BTreeSet<&str>> = Vec::new();
    for &file in reached.keys().filter(|file| leads(file, file)) {
        if !circles.iter().any(|circle| circle.contains(file)) {
            let others = reached.keys().copied();
            circles.push(others.filter(|o| leads(file, o) && leads(o, file)).collect());
        }
    }
    circles
}

fn reachable<'a>(arrows: &'a Arrows, from: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        for (_, to) in arrows.keys().filter(|(from, _)| from == file) {
            if found.insert(to.as_str()) {
                open.push(to);
            }
        }
    }
    found
}
