//! The classes of a folder: which there are, in which order, under which name.

use super::entry::Entry;
use super::names::composed;
use std::collections::{BTreeMap, BTreeSet};

/// Names, in any case, that stand for a class under another name, in the order of the labels; classes under
/// any other name follow in alphabetical order, under that name.
const KNOWN: [(&str, &str); 2] = [("normal", "Normal"), ("covid", "COVID-19")];

/// The classes of images, and which of them each image is of.
#[derive(Debug, PartialEq)]
pub(super) struct Classes {
    /// Their names, in the order of the labels.
    pub(super) names: Vec<String>,
    /// The class of each image, as an index into the names.
    pub(super) of_images: Vec<usize>,
    /// Those that may be one and are taken for two.
    pub(super) alike: Option<String>,
}

impl Classes {
    pub(super) fn of(entries: &[Entry]) -> Classes {
        let spelt: Vec<String> = entries.iter().map(|entry| composed(&entry.class)).collect();
        let (chosen, alike) = spellings(entries, &spelt);
        let keys: Vec<Key> = spelt.iter().map(|name| key(&chosen, name)).collect();
        let order: Vec<&Key> = keys.iter().collect::<BTreeSet<_>>().into_iter().collect();
        let index = |key| order.iter().position(|one| *one == key);
        Classes {
            of_images: keys.iter().filter_map(index).collect(),
            names: order.iter().map(|(_, name)| name.clone()).collect(),
            alike,
        }
    }
}

/// What classes are ordered by: the place among those that are known, then the name.
type Key = (usize, String);

fn key(chosen: &BTreeMap<String, String>, name: &str) -> Key {
    let lower = name.to_lowercase();
    match KNOWN.iter().position(|&(known, _)| known == lower) {
        Some(place) => (place, KNOWN[place].1.to_owned()),
        None => (KNOWN.len(), chosen.get(name).map_or(name, String::as_str).to_owned()),
    }
}

/// The spelling to use for each name that another set has in another case, and what to tell of names of one
/// set that differ in case alone: letters are a class each.
fn spellings(entries: &[Entry], spelt: &[String]) -> (BTreeMap<String, String>, Option<String>) {
    let mut alike: BTreeMap<String, BTreeMap<_, BTreeSet<&String>>> = BTreeMap::new();
    for (entry, name) in entries.iter().zip(spelt) {
        let sets = alike.entry(name.to_lowercase()).or_default();
        sets.entry(entry.set).or_default().insert(name);
    }
    let is_known = |lower: &String| KNOWN.iter().any(|(known, _)| known == lower);
    alike.retain(|lower, _| !is_known(lower));
    let (apart, one): (Vec<_>, Vec<_>) =
        alike.into_values().partition(|sets| sets.values().any(|names| names.len() > 1));
    let mut chosen = BTreeMap::new();
    for names in one.iter().map(|sets| sets.values().flatten()) {
        // The first is that of the training set.
        let mut names = names.copied();
        if let Some(first) = names.next() {
            chosen.extend(names.map(|name| (name.clone(), first.clone())));
        }
    }
    let names = |sets: &BTreeMap<_, BTreeSet<&String>>| {
        let all: BTreeSet<&str> = sets.values().flatten().map(|name| name.as_str()).collect();
        all.into_iter().collect::<Vec<_>>().join(" and ")
    };
    let told = apart.first().map(|sets| {
        format!("{} are two classes, which differ in upper and lower case alone", names(sets))
    });
    (chosen, told)
}

#[cfg(test)]
mod tests {
    use super::super::entry::Set;
    use super::*;

    fn classes(of: &[(&str, Option<Set>)]) -> Classes {
        let entry = |&(class, set): &(&str, Option<Set>)| Entry {
            path: class.into(),
            class: class.to_owned(),
            patient: None,
            set,
        };
        Classes::of(&of.iter().map(entry).collect::<Vec<_>>())
    }

    #[test]
    fn normal_comes_first_in_any_case_and_the_rest_by_the_alphabet() {
        let found = classes(&[
            ("b", None),
            ("NORMAL", None),
            ("Covid", None),
            ("a", None),
            ("normal", None),
        ]);
        assert_eq!(found.names, ["Normal", "COVID-19", "a", "b"]);
        assert_eq!(found.of_images, [3, 0, 1, 2, 0]);
        assert_eq!(found.alike, None);
    }

    #[test]
    fn one_name_in_two_spellings_is_one_class() {
        let (train, test) = (Some(Set::Train), Some(Set::Test));
        let found = classes(&[("Müde", train), ("Mu\u{308}de", test), (" Müde ", test)]);
        assert_eq!((found.names, found.of_images), (vec!["Müde".to_owned()], vec![0, 0, 0]));
        let found = classes(&[("PNEUMONIA", test), ("Pneumonia", train), ("a", train)]);
        assert_eq!(found.names, ["Pneumonia", "a"], "as the training set writes it");
        assert_eq!((found.of_images, found.alike), (vec![0, 0, 1], None));
    }

    #[test]
    fn letters_of_one_set_are_a_class_each_which_is_told() {
        let found = classes(&[("a", None), ("A", None), ("b", None)]);
        assert_eq!(
            (found.names, found.of_images),
            (["A", "a", "b"].map(String::from).to_vec(), vec![1, 0, 2])
        );
        let told = found.alike.unwrap();
        assert_eq!(told, "A and a are two classes, which differ in upper and lower case alone");
    }
}
