//! From the instructor's notebooks to the students': which they are, and what is taken out of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use backprop_report::export::folder_of;
use backprop_report::files;
use backprop_report::notebook::Notebook;
use backprop_report::solution_markers;
use serde_json::json;

use crate::hand_in::course::{self, Course};
use crate::workspace::Workspace;

/// Gives what a student gets: stubs for solutions, no hidden tests, no outputs, and graded cells that
/// JupyterLab neither edits nor deletes.
pub fn student_version(notebook: &Notebook) -> Result<Notebook> {
    let mut released = notebook.clone();
    solution_markers::remove_hidden_tests(&mut released)?;
    solution_markers::replace_by_stubs(&mut released)?;
    released.clear_outputs();
    for cell in &mut released.cells {
        let locked = cell.nbgrader().is_some_and(|marks| marks.get("locked") == Some(&json!(true)));
        if locked {
            cell.set_metadata("deletable", json!(false));
            cell.set_metadata("editable", json!(false));
        }
    }
    Ok(released)
}

/// Gives the students' versions of the notebooks, by their files' names.
pub fn student_versions(workspace: &Workspace) -> Result<Vec<(String, Notebook)>> {
    let mut versions = Vec::new();
    for path in workspace.list_notebooks()? {
        let notebook = student_version(&Notebook::read(&path)?)
            .with_context(|| workspace.display(&path).to_string())?;
        let name = path.file_name().context("a notebook's path has a name")?;
        versions.push((name.to_string_lossy().into_owned(), notebook));
    }
    Ok(versions)
}

/// Gives the instructor's notebooks by their names without `.ipynb`: those of the checkout, and in
/// their place or beside them those of the folder `hidden`.
pub fn sources(workspace: &Workspace, hidden: Option<&Path>) -> Result<BTreeMap<String, Notebook>> {
    let mut paths = workspace.list_notebooks()?;
    if let Some(folder) = hidden {
        let own = notebooks_in(folder)?;
        if own.is_empty() {
            bail!(
                "{} holds no notebooks; `cargo lab hidden init` makes some to start from",
                folder.display()
            );
        }
        paths.extend(own);
    }
    let mut found = BTreeMap::new();
    for path in paths {
        let name = path.file_stem().context("a notebook's path has a name")?.to_string_lossy();
        found.insert(name.into_owned(), Notebook::read(&path)?);
    }
    Ok(found)
}

/// Gives the notebooks of a folder, in the order of their names.
pub fn notebooks_in(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let mut found = files::list_own(folder)?;
    found.retain(|path| path.extension().is_some_and(|extension| extension == "ipynb"));
    Ok(found)
}

/// Gives the file that says when and where to hand in, from the instructor's own folder.
pub fn course_file(hidden: Option<&Path>) -> Result<Option<Vec<u8>>> {
    let path = hidden.map(|folder| folder.join(course::NAME)).filter(|path| path.is_file());
    let Some(path) = path else { return Ok(None) };
    Course::of(&folder_of(&path))?; // one that students could not read is refused here
    let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Some(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notebook() -> Notebook {
        let marks = |grade: bool, solution: bool| json!({"nbgrader": {"grade": grade, "solution": solution, "locked": grade}});
        let cell = |source: &str, metadata: serde_json::Value| {
            json!({"cell_type": "code", "source": source, "metadata": metadata,
                   "execution_count": 3, "outputs": [{"output_type": "stream"}]})
        };
        let cells = [
            cell("// BEGIN SOLUTION\nlet a: i32 = 6;\n// END SOLUTION", marks(false, true)),
            cell(
                "assert!(a > 5);\n// BEGIN HIDDEN TESTS\nassert!(a < 7);\n// END HIDDEN TESTS",
                marks(true, false),
            ),
        ];
        let text = json!({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells});
        Notebook::parse(text.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn a_student_gets_neither_solutions_nor_hidden_tests_nor_outputs() {
        let released = student_version(&notebook()).unwrap();
        let text = released.to_text();
        for kept_back in ["let a", "a < 7", "SOLUTION", "HIDDEN", "output_type"] {
            assert!(!text.contains(kept_back), "{kept_back} is still there: {text}");
        }
        assert_eq!(released.cells[0].source, solution_markers::STUB);
        assert_eq!(released.cells[1].source, "assert!(a > 5);");
    }

    #[test]
    fn graded_cells_alone_are_locked() {
        let released = student_version(&notebook()).unwrap().to_text();
        assert_eq!(released.matches(r#""editable": false"#).count(), 1, "{released}");
        assert_eq!(released.matches(r#""deletable": false"#).count(), 1, "{released}");
    }

    #[test]
    fn releasing_twice_gives_the_same() {
        let once = student_version(&notebook()).unwrap();
        assert_eq!(student_version(&once).unwrap().to_text(), once.to_text());
    }
}
