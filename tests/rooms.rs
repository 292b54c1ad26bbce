//! The layout of the crates, read from their sources: no files use each other in a circle, and no arrow leads
//! from a lower room to a higher one.

#[path = "rooms/arrows.rs"]
mod arrows;
#[path = "rooms/examples.rs"]
mod examples;
#[path = "rooms/order.rs"]
mod order;
#[path = "rooms/source.rs"]
mod source;

use arrows::Arrows;
use source::Files;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The rooms of each crate, a line of them above the other: files and folders of its `src`. A room uses those
/// of lower lines, here above, and none of its own line. Where a part of a room stands here by itself, it is
/// a room of its own. The root of a crate stands above all.
const ROOMS: [(&str, &[&str]); 7] = [
    (
        "analysis",
        &[
            "call insertions source type_name",
            "names probe statement",
            "closure cursor",
            "receiver variables",
            "completion documentation",
        ],
    ),
    (
        "backprop",
        &[
            "error view",
            "isa",
            "data",
            "network",
            "training/optimizer",
            "fast",
            "network/evaluation",
            "training",
            "gradient_check sweep",
            "notebook",
            "prelude",
        ],
    ),
    (
        "figures",
        &[
            "error parts",
            "figure",
            "setters sliders",
            "bars computation_graph contour curves heat_map image_grid pixel_numbers table",
            "confusion_matrix",
        ],
    ),
    (
        "kernel",
        &[
            "files hash monitor_link parent paths startup toolchain",
            "private runtime",
            "compile",
            "stock",
            "environment",
            "monitor template",
            "proxy",
        ],
    ),
    (
        "lab",
        &[
            "cache closed_pipe estimate workspace",
            "download parallel",
            "setup",
            "execute",
            "bench hand_in",
            "hand_out",
            "grade",
            "commands fuzz",
        ],
    ),
    ("report", &["files", "notebook", "solution_markers", "export"]),
    ("protocol", &["evcxr failure files foreign mime variable", "folders"]),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A crate: its name, its sources, and which of them use which.
struct Crate {
    name: String,
    files: Files,
    arrows: Arrows,
}

impl Crate {
    fn read(folder: &Path) -> Self {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let mut files = Files::new();
        collect(&folder.join("src"), "", &mut files);
        Crate { name, arrows: arrows::arrows(&files), files }
    }
}

static CRATES: LazyLock<Vec<Crate>> = LazyLock::new(|| {
    let entries = fs::read_dir(root().join("crates")).unwrap();
    entries.map(|entry| Crate::read(&entry.unwrap().path())).collect()
});

fn collect(folder: &Path, before: &str, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{before}{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files);
        } else if name.ends_with(".rs") {
            files.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

/// Gives each circle as a sentence, with the arrows that make it.
fn circles(arrows: &Arrows) -> Vec<String> {
    let circle = |files: BTreeSet<&str>| {
        let inside = arrows
            .iter()
            .filter(|((from, to), _)| [from, to].iter().all(|file| files.contains(file.as_str())));
        let lines =
            inside.map(|((from, to), names)| format!("\n  {}", order::says(from, to, names)));
        format!("a circle of {} files:{}", files.len(), lines.collect::<String>())
    };
    arrows::circles(arrows).into_iter().map(circle).collect()
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    for krate in CRATES.iter() {
        let found = circles(&krate.arrows);
        assert!(found.is_empty(), "crates/{}/src: {}", krate.name, found.join("\n"));
    }
}

#[test]
fn a_room_uses_only_those_below_it() {
    for krate in CRATES.iter() {
        let rooms = ROOMS.iter().find(|(name, _)| *name == krate.name);
        let (_, order) =
            rooms.unwrap_or_else(|| panic!("{}: say in ROOMS what it has", krate.name));
        let faults = order::faults(order, &krate.files, &krate.arrows);
        assert!(faults.is_empty(), "crates/{}/src:\n  {}", krate.name, faults.join("\n  "));
    }
}
