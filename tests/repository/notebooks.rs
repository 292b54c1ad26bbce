//! Notebooks in git: without outputs, for the lab's kernel, with exercises that can be graded.

use std::fs;

use serde_json::Value;

use super::root;

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
