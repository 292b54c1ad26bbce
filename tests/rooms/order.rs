//! The order of rooms, and the arrows that do not keep to it.

use std::collections::{BTreeMap, BTreeSet};

use super::arrows::Arrows;
use super::source::Files;

/// What stands above all rooms.
const ROOTS: [&str; 2] = ["lib.rs", "main.rs"];

/// A place in the order: the line, and the room in it.
type Place<'a> = (usize, &'a str);

/// Gives a sentence for each file that is in no room, for each room without a file, and for each arrow to a
/// room that does not stand below.
pub fn faults(order: &[&str], files: &Files, arrows: &Arrows) -> Vec<String> {
    let homeless = files.keys().filter(|file| place(order, file).is_none());
    let homeless = homeless.map(|file| format!("{file} stands in no room"));
    let taken: BTreeSet<Place> = files.keys().filter_map(|file| place(order, file)).collect();
    let empty = rooms(order).filter(|room| !taken.contains(room));
    let empty = empty.map(|(_, room)| format!("nothing stands in {room}"));
    let mut faults: Vec<String> = homeless.chain(empty).collect();
    for ((from, to), names) in arrows {
        let (Some(user), Some(used)) = (place(order, from), place(order, to)) else { continue };
        if user != used && used.0 >= user.0 {
            faults.push(format!("{}, in a room that does not stand below", says(from, to, names)));
        }
    }
    faults
}

/// Finds the room of a file: the one with the longest name, where a room stands in another.
fn place<'a>(order: &[&'a str], file: &str) -> Option<Place<'a>> {
    if ROOTS.contains(&file) {
        return Some((order.len(), ""));
    }
    let name = file.strip_suffix(".rs").unwrap_or(file);
    let is_in = |room: &str| {
        name.strip_prefix(room).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    rooms(order).filter(|(_, room)| is_in(room)).max_by_key(|(_, room)| room.len())
}

fn rooms<'a>(order: &[&'a str]) -> impl Iterator<Item = Place<'a>> {
    let lines = order.iter().enumerate();
    lines.flat_map(|(line, rooms)| rooms.split(' ').map(move |room| (line, room)))
}

/// Says what a file takes from another, and where it first does.
pub fn says(from: &str, to: &str, names: &BTreeMap<String, usize>) -> String {
    let line = names.values().min().copied().unwrap_or_default();
    let names: Vec<&str> = names.keys().map(String::as_str).collect();
    format!("{from}:{line} takes {} from {to}", names.join(", "))
}
