//! The grading of one hand-in, from the file to its result.

use anyhow::Result;
use backprop_report::notebook::Notebook;
use backprop_report::solution_markers;
use serde_json::Value;

use super::assignment::Assignment;
use super::machine;
use super::merge::{self, CellKind, Merged, Planned};
use super::proof;
use super::result::{Answer, Graded, Marked};
use super::sandbox::Sandbox;
use super::score;
use super::session::{CellOutcome, Executed, PreparedCell, Sessions, Status};
use crate::hand_in::answered;
use crate::hand_in::check;
use crate::hand_in::finding::{Finding, FindingKind};
use crate::hand_in::submission::HandIn;

/// The most that is told of a difference, in characters.
const LONGEST_DIFFERENCE: usize = 200;

pub struct Grader<'a> {
    pub sessions: &'a Sessions,
}

impl Grader<'_> {
    /// Grades a hand-in in its box.
    ///
    /// # Errors
    /// What is no student's doing: an interruption, and a machine on which nothing runs.
    pub fn grade(
        &self,
        hand_in: &HandIn,
        assignment: &Assignment,
        sandbox: &Sandbox,
    ) -> Result<Graded> {
        let notebook = match &hand_in.content {
            Ok(bytes) => Notebook::parse(bytes).map_err(|error| format!("{error:#}")),
            Err(problem) => Err(problem.clone()),
        };
        let notebook = match notebook {
            Ok(notebook) => notebook,
            Err(problem) => return Ok(not_graded(hand_in, assignment, problem)),
        };
        let merged = merge::merge(assignment, &notebook);
        let secrets =
            merged.cells.iter().map(|_| proof::draw()).collect::<Result<Vec<String>>>()?;
        let executed = self.sessions.execute(sandbox, &cells(&merged.cells, &secrets)?)?;
        machine::check(&merged.cells, &executed, self.sessions, sandbox)?;
        Ok(ExecutedHandIn {
            hand_in,
            assignment,
            merged: &merged,
            secrets: &secrets,
            executed: &executed,
        }
        .graded())
    }
}

/// Gives the result of a hand-in that cannot be graded: no points, and why.
pub fn not_graded(hand_in: &HandIn, assignment: &Assignment, problem: String) -> Graded {
    let questions = assignment.questions.iter().map(|question| Marked {
        id: question.id.clone(),
        title: question.title.clone(),
        maximum: question.maximum,
        message: "not graded".to_owned(),
        ..Marked::default()
    });
    Graded { problem: Some(problem), questions: questions.collect(), ..of(hand_in, assignment) }
}

fn of(hand_in: &HandIn, assignment: &Assignment) -> Graded {
    Graded {
        student: hand_in.student.clone(),
        notebook: assignment.name.clone(),
        hash: hand_in.hash(),
        assignment: assignment.key.clone(),
        ..Graded::default()
    }
    .arrived_as(hand_in)
}

/// Gives the cells as the kernel gets them: each check with its secret.
fn cells(planned: &[Planned], secrets: &[String]) -> Result<Vec<PreparedCell>> {
    let cell = |(planned, secret): (&Planned, &String)| {
        let is_check = matches!(planned.kind, CellKind::Check(_));
        let replay = planned.source.clone();
        let source = match is_check {
            true => proof::with_proof(&planned.source, secret)?,
            false => replay.clone(),
        };
        Ok(PreparedCell { source, replay, is_check })
    };
    planned.iter().zip(secrets).map(cell).collect()
}

/// A hand-in that has been executed.
struct ExecutedHandIn<'a> {
    hand_in: &'a HandIn,
    assignment: &'a Assignment,
    merged: &'a Merged,
    secrets: &'a [String],
    executed: &'a Executed,
}

impl ExecutedHandIn<'_> {
    fn graded(&self) -> Graded {
        let mut graded = Graded {
            seconds: self.executed.seconds,
            memory: self.executed.memory,
            questions: self.questions(),
            ..of(self.hand_in, self.assignment)
        };
        graded.findings.extend(self.merged.findings.clone());
        if !self.executed.is_whole {
            graded
                .findings
                .push(Finding::new(FindingKind::EndedEarly, "the execution ended early"));
        }
        graded.findings.extend(self.foreign_results());
        graded.findings.extend(self.differences());
        graded
    }

    /// Gives each cell with its secret and what became of it.
    fn run(&self) -> impl Iterator<Item = (&Planned, &str, Option<&CellOutcome>)> {
        let outcomes = self.executed.cells.iter().map(Some).chain(std::iter::repeat(None));
        let secrets = self.secrets.iter().map(String::as_str);
        self.merged
            .cells
            .iter()
            .zip(secrets)
            .zip(outcomes)
            .map(|((cell, secret), outcome)| (cell, secret, outcome))
    }

    fn questions(&self) -> Vec<Marked> {
        let mut marked = self.open();
        let mut before = Before::default();
        for (cell, secret, outcome) in self.run() {
            if let CellKind::Check(number) = cell.kind {
                let question = &self.assignment.questions[number];
                let mut mark = score::mark(question, outcome, secret);
                mark.answers = std::mem::take(&mut marked[number].answers);
                std::mem::take(&mut before).add_to(&mut mark);
                marked[number] = mark;
            } else {
                before.take(cell, outcome);
            }
        }
        marked
    }

    /// Gives a mark for each question with what was written in words: open where a person marks it.
    fn open(&self) -> Vec<Marked> {
        let answers = |number: usize| {
            let answers = self.merged.texts.iter().filter(|(of, _)| *of == number);
            answers.map(|(_, answer)| answer.clone()).collect()
        };
        let questions = self.assignment.questions.iter().enumerate();
        questions
            .map(|(number, question)| Marked {
                id: question.id.clone(),
                title: question.title.clone(),
                maximum: question.maximum,
                is_open: question.manual,
                answers: answers(number),
                ..Marked::default()
            })
            .collect()
    }

    fn foreign_results(&self) -> Vec<Finding> {
        let shows = |(cell, secret, outcome): (&Planned, &str, Option<&CellOutcome>)| {
            let is_check = matches!(cell.kind, CellKind::Check(_));
            if !is_check && score::asks_openly(&cell.source) {
                return None;
            }
            let own = is_check.then_some(secret);
            score::shows_a_foreign_result(outcome?, own).then(|| {
                let text = format!("{} shows a result that no check has given", place(cell));
                Finding::new(FindingKind::Forged, text)
            })
        };
        self.run().filter_map(shows).collect()
    }

    fn differences(&self) -> Vec<Finding> {
        let differs = |(cell, _, outcome): (&Planned, &str, Option<&CellOutcome>)| {
            let outcome = outcome.filter(|outcome| outcome.status == Status::Ok && !outcome.cut)?;
            if cell.outputs.is_empty() || self.has_hidden(cell) {
                return None;
            }
            let text = check::difference(&cell.outputs, &outcome.outputs)?;
            let text: String = text.chars().take(LONGEST_DIFFERENCE).collect();
            let text = format!("{} does not show the same again: {text}", place(cell));
            Some(Finding::new(FindingKind::Differs, text))
        };
        self.run().filter_map(differs).collect()
    }

    /// Says whether a check does more here than the student's own copy did.
    fn has_hidden(&self, cell: &Planned) -> bool {
        matches!(cell.kind, CellKind::Check(number) if self.assignment.questions[number].has_hidden)
    }
}

/// What went before a check, since the last one.
#[derive(Default)]
struct Before {
    /// Whether an answer would still panic as a stub.
    has_stub: bool,
    /// Whether a stub did panic: what fails behind it, fails for that.
    has_panicked: bool,
    answers: Vec<Answer>,
    errors: Vec<String>,
}

impl Before {
    fn take(&mut self, cell: &Planned, outcome: Option<&CellOutcome>) {
        if cell.kind == CellKind::Answer {
            self.has_stub |= answered::has_stub(&cell.source);
            self.answers.extend(cell.answer.clone());
        }
        if let Some(outcome) = outcome.filter(|outcome| outcome.status != Status::Ok) {
            let text = format!("{} {}", place(cell), score::how_it_ended(outcome, false));
            self.has_panicked |= self.has_stub && text.contains(solution_markers::NOT_ANSWERED);
            if !self.has_panicked {
                self.errors.push(with_help(text, cell, outcome));
            }
        }
    }

    fn add_to(self, mark: &mut Marked) {
        let message = std::mem::take(&mut mark.message);
        let is_open = self.has_stub && mark.points < mark.maximum;
        let mut lines: Vec<String> = Vec::new();
        if is_open {
            lines.push("not answered yet".to_owned());
        }
        lines.extend(self.errors);
        // What a stub brings about need not be said as well.
        let is_of_stub = message.contains(solution_markers::NOT_ANSWERED) || self.has_panicked;
        if !(message.is_empty() || (is_open && is_of_stub)) {
            lines.push(message);
        }
        mark.message = lines.join("\n");
        mark.answers.extend(self.answers);
    }
}

/// Adds to an error what its author may not know of the box.
fn with_help(text: String, cell: &Planned, outcome: &CellOutcome) -> String {
    let asks = cell.source.lines().any(|line| line.trim_start().starts_with(":dep"));
    let said = Value::from(outcome.outputs.clone()).to_string();
    let help = if asks && outcome.status == Status::Error {
        " (while grading, new dependencies cannot be downloaded)"
    } else if said.contains("Network is unreachable") {
        " (while grading, there is no network)"
    } else {
        ""
    };
    text + help
}

fn place(cell: &Planned) -> String {
    cell.number.map_or("a cell that was put back".to_owned(), |number| format!("cell {number}"))
}
