//! What must hold of the files in the repository: notebooks without outputs, whose exercises can be
//! graded, pins that agree, and a README that names what the machine must have.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn notebooks() -> Vec<(String, Value)> {
    let entries = fs::read_dir(root().join("notebooks")).unwrap();
    let mut found: Vec<(String, Value)> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ipynb"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = fs::read(&path).unwrap();
            let notebook = serde_json::from_slice(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
            (name, notebook)
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(found.len() >= 2, "notebooks in notebooks/");
    found
}

#[test]
fn notebooks_in_git_hold_no_outputs() {
    for (name, notebook) in notebooks() {
        for cell in notebook["cells"].as_array().expect("cells") {
            if cell["cell_type"] == "code" {
                assert_eq!(cell["outputs"], Value::Array(Vec::new()), "{name}: a cell has outputs");
                assert_eq!(cell["execution_count"], Value::Null, "{name}: a cell has a count");
            }
        }
    }
}

#[test]
fn what_the_lab_and_its_peers_write_into_a_checkout_is_ignored_by_git() {
    if !root().join(".git").exists() {
        eprintln!("skipped: this is no clone");
        return;
    }
    let paths = [
        "report/index.html",
        "notebooks/results/a.json",
        "my-lab/01-a.ipynb",
        "crates/backprop/benches/peers/candle_mlp/target/release/candle_mlp",
    ];
    for path in paths {
        let mut git = Command::new("git");
        let status = git.args(["check-ignore", "--quiet", path]).current_dir(root()).status();
        assert!(status.unwrap().success(), "{path} is not in .gitignore");
    }
}

#[test]
fn notebooks_are_of_format_4_5_for_the_labs_kernel() {
    for (name, notebook) in notebooks() {
        assert_eq!((&notebook["nbformat"], &notebook["nbformat_minor"]), (&4.into(), &5.into()));
        assert_eq!(notebook["metadata"]["kernelspec"]["name"], "backprop-lab", "{name}");
        let mut ids: Vec<&str> = notebook["cells"]
            .as_array()
            .expect("cells")
            .iter()
            .map(|cell| cell["id"].as_str().unwrap_or_else(|| panic!("{name}: a cell without id")))
            .collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "{name}: two cells with one id");
    }
}

/// A cell that nbgrader grades or that holds a solution, with what its metadata say.
struct Graded {
    /// The notebook and the cell, for messages.
    place: String,
    nbgrader: Value,
    kind: String,
    source: String,
}

impl Graded {
    fn has(&self, key: &str) -> bool {
        self.nbgrader[key].as_bool().unwrap_or_else(|| panic!("{}: no {key}", self.place))
    }

    fn grade_id(&self) -> &str {
        self.nbgrader["grade_id"].as_str().unwrap_or_else(|| panic!("{}: no grade_id", self.place))
    }

    fn points(&self) -> f64 {
        self.nbgrader["points"].as_f64().unwrap_or_else(|| panic!("{}: no points", self.place))
    }
}

/// The cells of a notebook that have metadata of nbgrader, in order.
fn graded_cells(name: &str, notebook: &Value) -> Vec<Graded> {
    let cells = notebook["cells"].as_array().expect("cells").iter();
    cells
        .filter(|cell| !cell["metadata"]["nbgrader"].is_null())
        .map(|cell| Graded {
            place: format!("{name}, cell {}", cell["id"]),
            nbgrader: cell["metadata"]["nbgrader"].clone(),
            kind: cell["cell_type"].as_str().expect("a cell type").to_owned(),
            source: source(cell),
        })
        .collect()
}

/// The text of a cell, which is one string or a list of lines.
fn source(cell: &Value) -> String {
    match &cell["source"] {
        Value::Array(lines) => lines.iter().map(|line| line.as_str().expect("a line")).collect(),
        text => text.as_str().expect("a text").to_owned(),
    }
}

#[test]
fn graded_cells_have_a_name_of_their_own_points_and_schema_3() {
    let mut seen = Vec::new();
    for (name, notebook) in notebooks() {
        for cell in graded_cells(&name, &notebook) {
            let place = &cell.place;
            assert_eq!(cell.nbgrader["schema_version"], 3, "{place}");
            assert_eq!(cell.nbgrader["cell_type"], *cell.kind, "{place}");
            assert!(!cell.has("task") && (cell.has("grade") || cell.has("solution")), "{place}");
            if cell.has("grade") {
                assert!(cell.points() > 0.0, "{place}: {} points", cell.points());
            }
            let id = cell.grade_id().to_owned();
            assert!(!seen.contains(&id), "{place}: {id} is the grade_id of another cell, too");
            seen.push(id);
        }
    }
}

#[test]
fn solutions_stand_between_markers_in_the_cells_that_are_marked_for_them() {
    for (name, notebook) in notebooks() {
        for cell in notebook["cells"].as_array().expect("cells") {
            let (begin, end) = match cell["cell_type"] == "code" {
                true => ("// BEGIN SOLUTION", "// END SOLUTION"),
                false => ("<!-- BEGIN SOLUTION -->", "<!-- END SOLUTION -->"),
            };
            let text = source(cell);
            let marks: Vec<&str> =
                text.lines().map(str::trim).filter(|line| line.contains("SOLUTION")).collect();
            let alternate = marks.chunks(2).all(|pair| pair == [begin, end]);
            assert!(alternate, "{name}, cell {}: {marks:?}", cell["id"]);
            let marked = cell["metadata"]["nbgrader"]["solution"] == true;
            assert_eq!(marked, !marks.is_empty(), "{name}, cell {}", cell["id"]);
        }
    }
}

#[test]
fn a_solution_in_code_is_followed_by_its_locked_test() {
    for (name, notebook) in notebooks() {
        let cells = graded_cells(&name, &notebook);
        for (i, cell) in cells.iter().enumerate() {
            if cell.kind == "markdown" {
                assert!(cell.has("grade") && cell.has("solution"), "{}", cell.place);
            } else if cell.has("solution") {
                assert!(!cell.has("grade") && !cell.has("locked"), "{}", cell.place);
                let test = cells.get(i + 1).unwrap_or_else(|| panic!("{}: no test", cell.place));
                assert_eq!(test.grade_id(), format!("{}-test", cell.grade_id()), "{}", cell.place);
            } else {
                assert!(cell.has("grade") && cell.has("locked"), "{}", cell.place);
                assert!(cell.source.contains("Question::new("), "{}: no Question", cell.place);
            }
        }
    }
}

#[test]
fn the_points_of_the_report_add_up_to_100() {
    let report = notebooks().into_iter().find(|(name, _)| name == "11-report.ipynb");
    let (name, notebook) = report.expect("notebooks/11-report.ipynb");
    let graded = graded_cells(&name, &notebook).into_iter().filter(|cell| cell.has("grade"));
    assert_eq!(graded.map(|cell| cell.points()).sum::<f64>(), 100.0);
}

/// The versions of the Python environments, the lab's and that of the tests.
const LAB_LOCK: &str = "crates/lab/python/requirements.lock";
const TESTS_LOCK: &str = "tests/python/requirements.lock";

/// Names and versions of the lines that list packages: `name=version`, or pip's `name==version`.
fn conda_pins() -> Vec<(String, String)> {
    let text = read("environment.yml");
    let pins =
        text.lines().filter_map(|line| line.trim_start().strip_prefix("- ")?.split_once('='));
    let version = |version: &str| version.trim_start_matches('=').to_owned();
    pins.map(|(name, rest)| (name.to_owned(), version(rest))).collect()
}

#[test]
fn condas_python_packages_are_those_of_the_pip_lock() {
    let lock = read(LAB_LOCK);
    let of_rust = ["python", "rust"];
    let pins: Vec<_> =
        conda_pins().into_iter().filter(|(n, _)| !of_rust.contains(&n.as_str())).collect();
    assert!(pins.len() >= 8, "{pins:?}");
    for (name, version) in pins {
        let name = name.replace('_', "-");
        // Where the lock has several, conda's Python 3.12 gets the one for 3.12.
        let is_it = |line: &str| {
            line.strip_prefix(&format!("{name}=="))
                .is_some_and(|rest| rest.split([' ', ';']).next() == Some(&version))
        };
        assert!(lock.lines().any(is_it), "{name} {version} is not in requirements.lock");
    }
}

/// So that a stub compiles, and the check after it says "not answered yet" and nothing else.
#[test]
fn solutions_in_code_are_bodies_of_functions() {
    let mut found = 0;
    for (name, notebook) in notebooks() {
        for cell in graded_cells(&name, &notebook).iter().filter(|cell| cell.kind == "code") {
            let mut head = "";
            for line in cell.source.lines() {
                if line.trim() == "// BEGIN SOLUTION" {
                    let of_function = head.starts_with("fn ") || head.starts_with(") -> ");
                    assert!(of_function, "{}: a solution in `{head}`", cell.place);
                    found += 1;
                }
                if !line.is_empty() && !line.starts_with(' ') {
                    head = line;
                }
            }
        }
    }
    assert!(found > 0, "no solution in code");
}

#[test]
fn condas_rust_is_the_toolchain_files() {
    let toolchain = read("rust-toolchain.toml");
    let pin = conda_pins().into_iter().find(|(name, _)| name == "rust");
    let (_, version) = pin.expect("environment.yml lists rust");
    assert!(toolchain.contains(&format!("channel = \"{version}\"")), "rust {version}");
}

#[test]
fn the_version_of_a_dependency_stands_once_for_all_crates() {
    let manifest = |path: &str| read(path).parse::<toml::Table>().unwrap();
    let workspace = manifest("Cargo.toml");
    let shared = workspace["workspace"]["dependencies"].as_table().unwrap();
    let mut used: Vec<String> = Vec::new();
    for path in manifests("crates") {
        let krate = manifest(&path);
        for kind in ["dependencies", "dev-dependencies"] {
            for (name, said) in
                krate.get(kind).and_then(toml::Value::as_table).into_iter().flatten()
            {
                let inherited = said.get("workspace").and_then(toml::Value::as_bool);
                assert_eq!(inherited, Some(true), "{path}: {name} has a version of its own");
                used.push(name.clone());
            }
        }
    }
    let unused = shared.keys().find(|name| !used.contains(name));
    assert_eq!(unused, None, "[workspace.dependencies] names what no crate needs");
}

/// The manifests of the workspace's crates below a folder; programs to compare with have locks of their own.
fn manifests(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        let path = format!("{folder}/{name}");
        if name == "Cargo.toml" {
            found.push(path);
        } else if root().join(&path).is_dir() && !["benches", "target"].contains(&name.as_str()) {
            found.extend(manifests(&path));
        }
    }
    found
}

#[test]
fn nothing_asks_for_rusts_own_sources() {
    for file in ["rust-toolchain.toml", "environment.yml", "README.md", ".ci/run"] {
        assert!(!read(file).contains("rust-src"), "{file}");
    }
}

/// Whatever a forge is to do stands in .ci/run, which works on any machine.
#[test]
fn the_forges_ci_runs_what_ci_runs_and_nothing_else() {
    let workflow = read(".github/workflows/ci.yml");
    let values = |key: &str| -> Vec<String> {
        let lines = workflow.lines().map(|line| line.trim().trim_start_matches("- "));
        lines.filter_map(|line| Some(line.strip_prefix(key)?.trim().to_owned())).collect()
    };
    assert_eq!(values("run:"), [".ci/run"]);
    let actions = values("uses:");
    let names: Vec<&str> = actions.iter().filter_map(|action| action.split('@').next()).collect();
    assert_eq!(names, ["actions/checkout", "actions/cache"]);
    for key in ["env:", "container:", "services:", "shell:"] {
        assert_eq!(values(key), Vec::<String>::new(), "{key} is for .ci/run to say");
    }
    assert!(workflow.contains("~/.cache/backprop-lab"), "the cache is kept between runs");
    let key = values("key:").concat();
    for lock in ["rust-toolchain.toml", "Cargo.lock", LAB_LOCK, TESTS_LOCK] {
        assert!(key.contains(&format!("'{lock}'")) && root().join(lock).is_file(), "{lock}");
    }
}

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
