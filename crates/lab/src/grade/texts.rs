//! What a student wrote in words, wherever it stands: whoever marks a question sees all of it.

use backprop_report::notebook::Cell;

use super::assignment::{self, Assignment, Role};
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
    let questions = Questions::of(assignment);
    let mut texts = Texts::default();
    for (number, cell) in submitted.iter().enumerate() {
        let question = match identified.is[number] {
            _ if cell.source.trim().is_empty() => None,
            Some(place) => questions.of_known(assignment, place, cell),
            None if cell.is_code() => None,
            None => questions.of_unknown(&identified.is, number),
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

/// The places of the questions among the instructor's cells.
struct Questions {
    places: Vec<usize>,
    manual: Vec<bool>,
}

impl Questions {
    fn of(assignment: &Assignment) -> Questions {
        let cells = assignment.notebook.cells.iter().map(assignment::role).enumerate();
        let questions = cells.filter(|(_, role)| matches!(role, Role::Check | Role::Manual));
        let (places, manual) = questions.map(|(place, role)| (place, role == Role::Manual)).unzip();
        Questions { places, manual }
    }

    fn at(&self, place: usize) -> Option<usize> {
        self.places.iter().position(|&other| other == place)
    }

    /// The first question at a place or behind it, else the last of all.
    fn next(&self, place: usize) -> Option<usize> {
        let next = self.places.iter().position(|&other| other >= place);
        next.or(self.places.len().checked_sub(1))
    }

    /// Text in a cell of the instructor's that was not meant for it.
    fn of_known(&self, assignment: &Assignment, place: usize, cell: &Cell) -> Option<usize> {
        let own = &assignment.notebook.cells[place];
        let released = &assignment.released[place];
        let is_changed = plain(&cell.source) != plain(&released.source)
            && plain(&cell.source) != plain(&own.source);
        let belongs = match assignment::role(own) {
            Role::Answer => !cell.is_code() && is_changed,
            Role::Given | Role::Locked => !own.is_code() && is_changed,
            Role::Check | Role::Manual => false,
        };
        self.next(place).filter(|_| belongs)
    }

    /// Text in a cell that was added: it belongs to the question that a person marks beside it, else to the
    /// check before it, else to the question that comes next.
    fn of_unknown(&self, is: &[Option<usize>], number: usize) -> Option<usize> {
        let before = is[..number].iter().rev().find_map(|is| *is);
        let behind = is[number..].iter().find_map(|is| *is);
        let question = |place: Option<usize>| self.at(place?);
        let manual = |place: Option<usize>| question(place).filter(|&it| self.manual[it]);
        let next = before.map_or(0, |place| place + 1);
        manual(before)
            .or_else(|| manual(behind))
            .or_else(|| question(before))
            .or_else(|| self.next(next))
    }
}
