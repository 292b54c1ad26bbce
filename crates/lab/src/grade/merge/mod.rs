//! The notebook that is executed: the instructor's cells in their order, the student's answers in their
//! places, and what the student added where it was added.

use backprop_report::notebook::{Cell, Notebook};
use backprop_report::solution_markers;
use serde_json::Value;

use super::assignment::{self, Assignment, Question, Role};
use super::identify::{Identified, identify, plain};
use super::result::Answer;
use super::shadow;
use super::texts::{self, Texts};
use crate::hand_in::check;
use crate::hand_in::finding::{Finding, FindingKind};

/// A code cell to execute.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    pub source: String,
    pub kind: CellKind,
    /// Whether it is as the instructor gave it out, and no check.
    pub is_given: bool,
    /// The answer as it was handed in, of a cell that is one.
    pub answer: Option<Answer>,
    /// The cell's place in the notebook that was handed in, counted from 1.
    pub number: Option<usize>,
    /// What the cell showed when it was handed in; nothing where that need not come again.
    pub outputs: Vec<Value>,
}

/// What a cell's outcome means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CellKind {
    /// Its result is that of the question with this number.
    Check(usize),
    /// It answers; without an answer it holds a stub.
    Answer,
    Other,
}

/// What came of a hand-in's cells.
#[derive(Debug, Default)]
pub struct Merged {
    pub cells: Vec<Planned>,
    /// What a person reads: the question's number and the text.
    pub texts: Vec<(usize, Answer)>,
    pub findings: Vec<Finding>,
}

/// Puts the instructor's cells back around a student's answers.
pub fn merge(assignment: &Assignment, submitted: &Notebook) -> Merged {
    let mut merge = Merge::new(assignment, submitted);
    merge.extras_after(None);
    for (place, cell) in assignment.notebook.cells.iter().enumerate() {
        merge.instructors(cell, place);
        merge.extras_after(Some(place));
    }
    merge.look_at_the_order();
    merge.look_at_the_names();
    let Texts { found, findings } = texts::find(assignment, &submitted.cells, &merge.identified);
    merge.merged.texts.extend(found);
    merge.merged.findings.extend(findings);
    merge.merged
}

struct Merge<'a> {
    assignment: &'a Assignment,
    submitted: &'a Notebook,
    identified: Identified,
    /// The names that the instructor's checks use and the answers do not define.
    used: Vec<String>,
    merged: Merged,
}

impl<'a> Merge<'a> {
    fn new(assignment: &'a Assignment, submitted: &'a Notebook) -> Merge<'a> {
        let own = &assignment.notebook.cells;
        let identified = identify(assignment, &submitted.cells);
        let checks = own.iter().filter(|cell| assignment::role(cell) == Role::Check);
        let mut used: Vec<String> =
            checks.flat_map(|cell| shadow::names_used(&cell.source)).collect();
        let code = own.iter().filter(|cell| cell.is_code());
        let defined: Vec<String> =
            code.flat_map(|cell| shadow::names_defined(&cell.source)).collect();
        used.retain(|name| !defined.contains(name));
        Merge { assignment, submitted, identified, used, merged: Merged::default() }
    }

    /// Takes the instructor's cell, or the student's where that is the student's to write.
    fn instructors(&mut self, own: &Cell, place: usize) {
        let questions = &self.assignment.questions;
        let question = questions.iter().position(|question| question.place == place).unwrap_or(0);
        let found = self.identified.is.iter().position(|&is| is == Some(place));
        let theirs = found.map(|number| &self.submitted.cells[number]);
        let name = assignment::key(own);
        match assignment::role(own) {
            Role::Check => {
                self.compare_check(question, own, theirs);
                self.plan(own.source.clone(), CellKind::Check(question), found);
            }
            Role::Manual => {
                match theirs {
                    Some(cell) if own.is_code() && cell.is_code() => {
                        self.students(cell, CellKind::Other, found);
                    }
                    Some(_) => {}
                    None => self.note(FindingKind::Deleted, format!("the cell {name} is missing")),
                }
                let missing = Answer { is_code: own.is_code(), ..Answer::default() };
                let answer = theirs.map_or(missing, Answer::of);
                self.merged.texts.push((question, answer));
            }
            Role::Answer => match theirs {
                Some(cell) if cell.is_code() => self.students(cell, CellKind::Answer, found),
                Some(_) => {
                    let number = found.map_or(0, |number| number + 1);
                    let text =
                        format!("cell {number} ({name}) was not run: it is no code cell any more");
                    self.note(FindingKind::Changed, text);
                    self.plan(solution_markers::STUB.to_owned(), CellKind::Answer, None);
                }
                None => {
                    self.note(FindingKind::Deleted, format!("the cell {name} is missing"));
                    self.plan(solution_markers::STUB.to_owned(), CellKind::Answer, None);
                }
            },
            Role::Locked if own.is_code() => {
                self.plan(own.source.clone(), CellKind::Other, found);
            }
            Role::Given if own.is_code() => match theirs {
                Some(cell) if cell.is_code() => self.students(cell, CellKind::Other, found),
                _ => self.plan(own.source.clone(), CellKind::Other, None),
            },
            Role::Locked | Role::Given => {}
        }
    }

    /// Takes the cells that the student added behind the first that is the instructor's `place`.
    fn extras_after(&mut self, place: Option<usize>) {
        let first = match place {
            None => 0,
            Some(_) => match self.identified.is.iter().position(|&is| is == place) {
                Some(found) => found + 1,
                None => return,
            },
        };
        for number in first..self.submitted.cells.len() {
            let cell = &self.submitted.cells[number];
            match self.identified.is[number] {
                None if cell.is_code() => self.students(cell, CellKind::Other, Some(number)),
                None => {}
                Some(known) if self.identified.is[..number].contains(&Some(known)) => {
                    self.duplicate(cell, known, number);
                }
                Some(_) => return,
            }
        }
    }

    fn duplicate(&mut self, cell: &Cell, known: usize, number: usize) {
        let own = &self.assignment.notebook.cells[known];
        let name = assignment::key(own);
        let is_copy = plain(&cell.source) == plain(&own.source);
        if assignment::key(cell) == name {
            self.note(FindingKind::Duplicated, format!("cell {} is another {name}", number + 1));
        }
        let role = assignment::role(own);
        if cell.is_code() && (role.is_students() || (role == Role::Given && !is_copy)) {
            self.students(cell, CellKind::Other, Some(number));
        }
    }

    /// Takes a cell of the student's, unless it would give the checks another meaning.
    fn students(&mut self, cell: &Cell, kind: CellKind, number: Option<usize>) {
        let place = number.map_or(0, |number| number + 1);
        let is_other = |line: &&str| shadow::replaces_the_crate(line);
        if let Some(line) = cell.source.lines().find(is_other) {
            let line = line.trim();
            self.note(
                FindingKind::OtherCrate,
                format!("cell {place} is not run as it is: it asks for `{line}`"),
            );
        }
        if let Some(name) = shadow::shadows(&cell.source, &self.used) {
            self.note(
                FindingKind::Shadowed,
                format!("cell {place} is not run: it defines `{name}`, which the checks use"),
            );
            return;
        }
        let lines = cell.source.split_inclusive('\n').filter(|line| !is_other(line));
        self.plan(lines.collect(), kind, number);
    }

    fn plan(&mut self, source: String, kind: CellKind, number: Option<usize>) {
        let own = number.and_then(|number| self.identified.is[number]);
        let own = own.map(|place| &self.assignment.notebook.cells[place]);
        let outputs = match number {
            Some(number) if !own.is_some_and(|own| own.has_tag(check::IGNORE)) => {
                self.submitted.cells[number].outputs().to_vec()
            }
            _ => Vec::new(),
        };
        let answered = number.filter(|_| kind == CellKind::Answer);
        let answer = answered.map(|number| Answer::of(&self.submitted.cells[number]));
        let is_given = kind == CellKind::Other && self.is_given(&source);
        let number = number.map(|number| number + 1);
        self.merged.cells.push(Planned { source, kind, is_given, answer, number, outputs });
    }

    fn is_given(&self, source: &str) -> bool {
        let mut own = self.assignment.notebook.cells.iter();
        own.any(|own| {
            let is_given = matches!(assignment::role(own), Role::Given | Role::Locked);
            is_given && own.is_code() && plain(&own.source) == plain(source)
        })
    }

    /// Notes what a student did to a check; the instructor's is run in any case.
    fn compare_check(&mut self, question: usize, own: &Cell, theirs: Option<&Cell>) {
        let Question { id, maximum, visible, .. } = &self.assignment.questions[question];
        let Some(theirs) = theirs else {
            return self
                .note(FindingKind::Deleted, format!("the check {id} is missing; it was put back"));
        };
        let is_one_of_ours =
            [visible, &own.source].map(|ours| plain(ours)).contains(&plain(&theirs.source));
        if !is_one_of_ours {
            self.note(FindingKind::Changed, format!("the check {id} was changed; it was put back"));
        }
        let is_named = assignment::key(theirs) == id;
        if is_named && assignment::points(theirs) != Some(*maximum) {
            self.note(
                FindingKind::Changed,
                format!("the points of {id} were changed; it has {maximum}"),
            );
        }
    }

    /// Tells of cells that an editor took the names from.
    fn look_at_the_names(&mut self) {
        let cells = &self.assignment.notebook.cells;
        let told = self.identified.renamed.iter().filter_map(|&number| {
            let own = &cells[self.identified.is[number]?];
            Some(format!("{} as {}", number + 1, assignment::key(own)))
        });
        let told: Vec<String> = told.collect();
        if !told.is_empty() {
            let text = format!(
                "an editor took the names from cells; they are known by their text or place: {}",
                told.join(", ")
            );
            self.note(FindingKind::Renamed, text);
        }
    }

    fn look_at_the_order(&mut self) {
        let mut places: Vec<usize> = Vec::new();
        for place in self.identified.is.iter().flatten() {
            if !places.contains(place) {
                places.push(*place);
            }
        }
        if !places.is_sorted() {
            let text = "cells were moved; they ran in the instructor's order".to_owned();
            self.note(FindingKind::Reordered, text);
        }
    }

    fn note(&mut self, kind: FindingKind, text: String) {
        self.merged.findings.push(Finding::new(kind, text));
    }
}

#[cfg(test)]
mod tests;
