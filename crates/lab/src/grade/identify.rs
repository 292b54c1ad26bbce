//! Which of the instructor's cells a cell that was handed in is: by its name, else by what it says, else by
//! where it stands. Editors write names anew, and some drop all that nbgrader noted.

use backprop_report::notebook::{Cell, Notebook};

use super::assignment::{self, Assignment};
use crate::hand_in::submission::HandIn;

/// The instructor's cells among those that were handed in.
pub struct Identified {
    /// For each cell handed in, the place of the instructor's cell that it is, if any.
    pub is: Vec<Option<usize>>,
    /// Of these, the cells of questions that are not known by their names any more.
    pub renamed: Vec<usize>,
}

/// Finds the instructor's cells among those that were handed in.
pub fn identify(assignment: &Assignment, submitted: &[Cell]) -> Identified {
    let own = &assignment.notebook.cells;
    let by_names = by_names(own, submitted);
    let mut is = with_texts(assignment, submitted, by_names.clone());
    for (place, cell) in own.iter().enumerate() {
        let found = by_place(cell, place, submitted, &is);
        if let Some(number) = found.filter(|_| !is.contains(&Some(place))) {
            is[number] = Some(place);
        }
    }
    let is_of_question = |place: usize| {
        let role = assignment::role(&own[place]);
        role.has_points() || role.is_students()
    };
    let renamed = (0..is.len()).filter(|&number| {
        by_names[number].is_none()
            && is[number]
                .is_some_and(|place| is_of_question(place) && !is[..number].contains(&Some(place)))
    });
    Identified { renamed: renamed.collect(), is }
}

/// Adds the cells that their texts tell to those that their names do.
fn with_texts(
    assignment: &Assignment,
    submitted: &[Cell],
    mut is: Vec<Option<usize>>,
) -> Vec<Option<usize>> {
    for (number, cell) in submitted.iter().enumerate() {
        if is[number].is_none() {
            is[number] = by_text(assignment, cell, &is);
        }
    }
    is
}

/// Counts the questions of an assignment that a notebook has cells of, by their names or texts: where cells
/// stand says nothing of which notebook it is.
fn count(assignment: &Assignment, notebook: &Notebook) -> usize {
    let by_names = by_names(&assignment.notebook.cells, &notebook.cells);
    let is = with_texts(assignment, &notebook.cells, by_names);
    assignment.questions.iter().filter(|question| is.contains(&Some(question.place))).count()
}

/// Gives the assignment that a hand-in answers: the one of its name, else the one with the most questions
/// in it, else the only one there is; and how many of its questions are in it.
pub fn assignment_of<'a>(
    hand_in: &HandIn,
    assignments: &'a [Assignment],
) -> Option<(&'a Assignment, usize)> {
    let notebook = hand_in.content.as_ref().ok().and_then(|bytes| Notebook::parse(bytes).ok());
    let counted = |one| (one, notebook.as_ref().map_or(0, |notebook| count(one, notebook)));
    let of_name = assignments.iter().find(|one| one.name == hand_in.name).map(counted);
    let answered = || {
        let answered = assignments.iter().map(counted).filter(|(_, count)| *count > 0);
        answered.max_by_key(|(_, count)| *count)
    };
    let only = || assignments.first().filter(|_| assignments.len() == 1).map(|one| (one, 0));
    of_name.or_else(answered).or_else(only)
}

fn by_names(own: &[Cell], submitted: &[Cell]) -> Vec<Option<usize>> {
    let by_name = |cell: &Cell| {
        let name = assignment::key(cell);
        let place = own.iter().position(|other| assignment::key(other) == name);
        place.filter(|_| !name.is_empty())
    };
    submitted.iter().map(by_name).collect()
}

/// Finds the instructor's cell of the same text, one that is not found yet before others. Answers are known
/// so only where they are as they were given out, and no other is given out in the same words.
fn by_text(assignment: &Assignment, cell: &Cell, is: &[Option<usize>]) -> Option<usize> {
    let text = plain(&cell.source);
    let own = assignment.notebook.cells.iter().zip(&assignment.released);
    let same = own.enumerate().filter(|(_, (own, released))| {
        let texts = [&own.source, &released.source];
        own.kind() == cell.kind() && texts.iter().any(|other| plain(other) == text)
    });
    let same: Vec<usize> = same.map(|(place, _)| place).collect();
    let is_answer =
        |place: usize| assignment::role(&assignment.notebook.cells[place]).is_students();
    if text.is_empty() || (same.len() > 1 && same.iter().any(|&place| is_answer(place))) {
        return None;
    }
    let new = same.iter().find(|&&place| !is.contains(&Some(place)));
    new.or(same.first()).copied()
}

/// Finds an answer's cell: the first unknown one of its kind between the instructor's cells around it.
fn by_place(own: &Cell, place: usize, submitted: &[Cell], is: &[Option<usize>]) -> Option<usize> {
    if !assignment::role(own).is_students() {
        return None;
    }
    let last_before = is.iter().rposition(|is| is.is_some_and(|other| other < place));
    let from = last_before.map_or(0, |number| number + 1);
    let is_behind = |is: &Option<usize>| is.is_some_and(|other| other > place);
    let first_behind = is[from..].iter().position(is_behind);
    let to = first_behind.map_or(submitted.len(), |count| from + count);
    // In a notebook of which nothing is known, no place means anything.
    let between = if last_before.or(first_behind).is_some() { from..to } else { 0..0 };
    between.into_iter().find(|&number| {
        let cell = &submitted[number];
        is[number].is_none() && cell.kind() == own.kind() && !cell.source.trim().is_empty()
    })
}

/// Gives a text without what editors change of it: line ends, and white space where lines end.
pub fn plain(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn cell(kind: &str, name: &str, source: &str) -> Value {
        json!({"cell_type": kind, "id": name, "metadata": {}, "source": source, "outputs": []})
    }

    fn graded(kind: &str, name: &str, role: (bool, bool), source: &str) -> Value {
        let (grade, solution) = role;
        let mut cell = cell(kind, name, source);
        cell["metadata"]["nbgrader"] = json!({"grade_id": name, "grade": grade,
            "solution": solution, "locked": grade && !solution, "points": 2});
        cell
    }

    fn notebook(cells: &[Value]) -> Notebook {
        let text = json!({"nbformat": 4, "metadata": {}, "cells": cells}).to_string();
        Notebook::parse(text.as_bytes()).unwrap()
    }

    fn instructors() -> Vec<Value> {
        let answer = "fn f() {\n    // BEGIN SOLUTION\n    1\n    // END SOLUTION\n}";
        let prose = "<!-- BEGIN SOLUTION -->\nSo.\n<!-- END SOLUTION -->";
        vec![
            cell("markdown", "text", "# A"),
            cell("code", "load", "load"),
            graded("code", "f", (false, true), answer),
            graded("code", "f-test", (true, false), "check(f)"),
            cell("code", "show", "f()"),
            graded("markdown", "words", (true, true), prose),
            graded("markdown", "more", (true, true), prose),
            cell("markdown", "end", "The end."),
        ]
    }

    /// Gives the place of each cell handed in, and which are told.
    fn places(cells: &[Value]) -> (Vec<Option<usize>>, Vec<usize>) {
        let assignment = Assignment::new("a", &notebook(&instructors())).unwrap();
        let Identified { is, renamed } = identify(&assignment, &notebook(cells).cells);
        (is, renamed)
    }

    /// What an editor leaves that writes ids anew and drops metadata, or keeps what nbgrader noted.
    fn edited(cells: Vec<Value>, keeps_names: bool) -> Vec<Value> {
        let edit = |(number, mut cell): (usize, Value)| {
            cell["id"] = json!(format!("new-{number}"));
            if !keeps_names {
                cell["metadata"] = json!({});
            }
            cell
        };
        cells.into_iter().enumerate().map(edit).collect()
    }

    fn answered() -> Vec<Value> {
        let mut cells = instructors();
        cells[2]["source"] = json!("fn f() { 2 }");
        cells[5]["source"] = json!("Because.");
        cells[6]["source"] = json!("Therefore.");
        cells
    }

    /// Case G07.
    #[test]
    fn ids_that_were_written_anew_cost_nothing() {
        let all: Vec<Option<usize>> = (0..8).map(Some).collect();
        assert_eq!(places(&answered()), (all.clone(), vec![]));
        assert_eq!(places(&edited(answered(), true)), (all, vec![]));
    }

    /// Case G08.
    #[test]
    fn without_any_name_cells_are_known_by_text_and_place() {
        let (is, renamed) = places(&edited(answered(), false));
        assert_eq!(is, (0..8).map(Some).collect::<Vec<_>>());
        assert_eq!(renamed, [2, 3, 5, 6]);
        let mut added = answered();
        added.insert(3, cell("code", "mine", "println!(\"mine\")"));
        added.insert(5, cell("markdown", "note", "A note."));
        let (is, _) = places(&edited(added, false));
        let expected = [Some(0), Some(1), Some(2), None, Some(3), None, Some(4), Some(5), Some(6)];
        assert_eq!(is[..9], expected);
    }

    #[test]
    fn a_stub_that_is_left_is_the_answers_cell() {
        let mut cells = answered();
        cells[2]["source"] =
            json!("fn f() {\r\n    panic!(\"This question is not answered yet.\");\r\n}\r\n");
        assert_eq!(places(&edited(cells, false)).0[2], Some(2));
        // Two questions have the same stub; by their places they are told apart.
        let mut cells = answered();
        cells[6]["source"] = json!("*Your answer here.*");
        assert_eq!(places(&edited(cells, false)).0[5..7], [Some(5), Some(6)]);
    }

    #[test]
    fn another_notebook_is_not_taken_for_this_one() {
        let assignment = Assignment::new("a", &notebook(&instructors())).unwrap();
        let other = notebook(&[
            cell("markdown", "other", "# Another lab"),
            cell("code", "g", "fn g() {}"),
            graded("code", "g-test", (true, false), "check(g)"),
            graded("markdown", "why", (true, true), "Because."),
        ]);
        assert_eq!(count(&assignment, &other), 0);
        assert_eq!(identify(&assignment, &other.cells).is, [None; 4]);
        assert_eq!(count(&assignment, &notebook(&answered())), 3);
        assert_eq!(count(&assignment, &notebook(&edited(answered(), false))), 1, "its check");
    }

    #[test]
    fn a_copy_is_its_originals_cell_and_what_is_new_is_none() {
        let mut cells = answered();
        cells.push(cell("code", "copy", "check(f)  \n"));
        cells.push(cell("code", "new", "check(g)"));
        cells.push(cell("markdown", "blank", " \n"));
        let (is, renamed) = places(&cells);
        assert_eq!((&is[8..], renamed), (&[Some(3), None, None][..], vec![]));
    }
}
