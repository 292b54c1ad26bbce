//! What a student wrote in words, wherever it stands: whoever marks a question sees all of it.

use backprop_report::notebook::Cell;

use super::assignment::{self, Assignment, Question, Role};
use super::identify::{Identified, plain};
use super::result::Answer;
use crate::hand_in::finding::{Finding, FindingKind};

/// The texts beside the cells that were meant for them.
#[derive(Debug, Default)]
pub struct Texts {
    /// The question's number and the text, in their order.
    pub found: Vec<(usize, Answer)>,
    pub findings: Vec<Finding>,
}

/// Finds text in cells that the student added, in given cells that were changed, and in cells of answers
/// that are of another kind now.
pub fn find(assignment: &Assignment, submitted: &[Cell], identified: &Identified) -> Texts {
    let mut texts = Texts::default();
    for (number, cell) in submitted.iter().enumerate() {
        let question = match identified.is[number] {
            _ if cell.source.trim().is_empty() => None,
            Some(place) => of_known(assignment, place, cell),
            None if cell.is_code() => None,
            None => of_unknown(&assignment.questions, &identified.is, number),
        };
        if let Some(question) = question {
            texts.add(assignment, question, number, cell);
        }
    }
    texts
}

impl Texts {
    fn add(&mut self, assignment: &Assignment, question: usize, number: usize, cell: &Cell) {
        self.found.push((question, Answer::of(cell)));
        let question = &assignment.questions[question];
        if question.manual {
            let text = format!(
                "cell {} holds text that belongs to {}, outside of the cell for it",
                number + 1,
                question.id
            );
            self.findings.push(Finding::new(FindingKind::Added, text));
        }
    }
}

/// Text in a cell of the instructor's that was not meant for it.
fn of_known(assignment: &Assignment, place: usize, cell: &Cell) -> Option<usize> {
    let own = &assignment.notebook.cells[place];
    let texts = [&assignment.released[place].source, &own.source];
    let is_changed = !texts.map(|text| plain(text)).contains(&plain(&cell.source));
    let belongs = match assignment::role(own) {
        Role::Answer => !cell.is_code() && is_changed,
        Role::Given | Role::Locked => !own.is_code() && is_changed,
        Role::Check | Role::Manual => false,
    };
    next(&assignment.questions, place).filter(|_| belongs)
}

/// Text in a cell that was added: it belongs to the question that a person marks beside it, else to the
/// check before it, else to the question that comes next.
fn of_unknown(questions: &[Question], is: &[Option<usize>], number: usize) -> Option<usize> {
    let before = is[..number].iter().rev().find_map(|is| *is);
    let behind = is[number..].iter().find_map(|is| *is);
    let at = |place: Option<usize>| questions.iter().position(|it| Some(it.place) == place);
    let manual = |place: Option<usize>| at(place).filter(|&it| questions[it].manual);
    manual(before)
        .or_else(|| manual(behind))
        .or_else(|| at(before))
        .or_else(|| next(questions, before.map_or(0, |place| place + 1)))
}

/// The first question at a place or behind it, else the last of all.
fn next(questions: &[Question], place: usize) -> Option<usize> {
    let next = questions.iter().position(|question| question.place >= place);
    next.or(questions.len().checked_sub(1))
}
