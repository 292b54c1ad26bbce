//! The programs that the code starts, and where each of them comes from.

use std::fs;
use std::path::Path;

use super::{read, root};

/// Where a program that the code starts comes from.
#[derive(Clone, Copy, Debug)]
enum Origin {
    /// The machine: the README's list names it.
    Readme(&'static str),
    /// The machine, for grading alone: so says the README there.
    Grading(&'static str),
    /// Rust, which the README's list names.
    Rust,
    /// The Python environment that the set-up makes.
    Environment,
    /// Whoever checks the checkout: CONTRIBUTING.md says how it is installed.
    Contributor(&'static str),
    /// The checkout itself.
    Lab,
}

/// What stands in the code where a program is started or looked for, and where that comes from.
const PROGRAMS: [(&str, Origin); 27] = [
    ("\"bwrap\"", Origin::Grading("sudo apt-get install bubblewrap")),
    ("\"cc\"", Origin::Readme("`cc`")),
    ("\"cargo\"", Origin::Rust),
    ("\"cargo-deny\"", Origin::Contributor("`cargo install cargo-deny --locked`")),
    ("\"rustc\"", Origin::Rust),
    ("&cargo", Origin::Rust),
    ("&lab.python", Origin::Environment),
    ("&lab.toolchain.rustc", Origin::Rust),
    ("&lab.toolchain.rustc.to_string_lossy(", Origin::Rust),
    ("&rustc", Origin::Rust),
    ("&self.base.executable", Origin::Readme("`python3`")),
    ("&self.executable", Origin::Readme("`python3`")),
    ("&self.program", Origin::Environment), // pandoc, of pypandoc_binary
    ("&self.python", Origin::Environment),
    ("&self.rustc", Origin::Rust),
    ("&self.toolchain.cargo", Origin::Rust),
    ("&toolchain.cargo", Origin::Rust),
    ("cargo", Origin::Rust),
    ("env::current_exe(", Origin::Lab),
    ("kernel", Origin::Lab),
    ("name", Origin::Readme("Python 3.10 or newer, with `venv`")), // each name that it goes by
    ("program", Origin::Lab),
    ("python", Origin::Environment),
    ("rustc", Origin::Rust),
    ("self.python(", Origin::Environment),
    // Without it there is no completion of crates, and nothing else is missing.
    ("self.rustc.with_file_name(\"rustdoc\"", Origin::Rust),
    ("tool", Origin::Rust), // each is named where the kernel asks
];

/// The sources below a folder, without their tests.
fn sources(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !path.ends_with("tests.rs")
        {
            let text = fs::read_to_string(&path).unwrap();
            found.push(text.split("#[cfg(test)]").next().unwrap_or_default().to_owned());
        }
    }
    found
}

/// What stands in a text between each occurrence of `before` and the next parenthesis, comma or line's
/// end.
fn arguments(text: &str, before: &str) -> Vec<String> {
    let ends = |c: char| [')', ',', '\n'].contains(&c);
    let argument = |rest: &str| rest.split(ends).next().unwrap_or_default().to_owned();
    text.split(before).skip(1).map(argument).collect()
}

#[test]
fn the_readme_names_what_the_machine_must_have() {
    let folders =
        ["crates/lab/src", "crates/report/src", "crates/kernel/src", "crates/analysis/src"];
    let texts = folders.iter().flat_map(|folder| sources(&root().join(folder)));
    let calls = ["Command::new(", "find_program(", "ask(workspace, "];
    let mut found: Vec<String> =
        texts.flat_map(|text| calls.map(|call| arguments(&text, call)).concat()).collect();
    found.sort_unstable();
    found.dedup();
    for argument in &found {
        let is_known = PROGRAMS.iter().any(|(known, _)| known == argument);
        assert!(is_known, "{argument} is started: say in PROGRAMS where it comes from");
    }
    let (readme, contributing) = (read("README.md"), read("CONTRIBUTING.md"));
    let (_, needs) = readme.split_once("## Two commands").expect("a section");
    let (needs, _) = needs.split_once("\n```").expect("an end of the list");
    assert!(needs.contains("rustup.rs") && needs.contains("`rustc`, `cargo`"), "{needs}");
    for (argument, origin) in PROGRAMS {
        assert!(found.iter().any(|one| one == argument), "nothing starts {argument} any more");
        match origin {
            Origin::Readme(text) => assert!(needs.contains(text), "{argument}: no {text}"),
            Origin::Grading(text) => assert!(readme.contains(text), "{argument}: no {text}"),
            Origin::Contributor(text) => {
                assert!(contributing.contains(text), "{argument}: no {text}")
            }
            Origin::Rust | Origin::Environment | Origin::Lab => {}
        }
    }
}
