//! The hand-ins of a class: those that are still to be graded, and what is written of all results.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use backprop_report::export::Exporter;
use backprop_report::files;
use backprop_report::notebook::Notebook;

use super::assignment::Assignment;
use super::feedback::Feedback;
use super::identify;
use super::marks::Known;
use super::result::{Graded, Results, file_name};
use super::summary;
use super::table::{self, Row};
use crate::hand_in::choice;
use crate::hand_in::submission::HandIn;
use crate::parallel;

/// A hand-in that has no result yet.
pub struct Job<'a> {
    pub hand_in: &'a HandIn,
    pub assignment: &'a Assignment,
}

/// Keeps of each student's hand-ins the one that counts for each assignment.
pub fn chosen(hand_ins: Vec<HandIn>, assignments: &[Assignment]) -> Vec<HandIn> {
    choice::choose(hand_ins, |hand_in| {
        let assignment = identify::assignment_of(hand_in, assignments)?;
        let notebook = Notebook::parse(hand_in.content.as_ref().ok()?).ok();
        let answered = notebook.map_or(0, |notebook| identify::count(assignment, &notebook));
        Some((assignment.name.clone(), answered))
    })
}

/// Gives who and what marks can be of: all who handed something in, and all questions.
pub fn known(hand_ins: &[HandIn], results: &[Graded], assignments: &[Assignment]) -> Known {
    let students = hand_ins.iter().map(|hand_in| &hand_in.student);
    let students = students.chain(results.iter().map(|graded| &graded.student));
    let questions = assignments.iter().flat_map(|assignment| &assignment.questions);
    let of_results = results.iter().flat_map(|graded| &graded.questions);
    let maximum = questions.map(|question| (question.id.clone(), question.maximum));
    let of_results = of_results.map(|question| (question.id.clone(), question.maximum));
    Known { students: students.cloned().collect(), maximum: of_results.chain(maximum).collect() }
}

/// Gives the hand-ins to grade: those without a result of the same notebooks, and those asked for again.
/// What belongs to no assignment gets its result at once, and what came another way or at another time
/// than a result says is noted in it.
pub fn jobs<'a>(
    hand_ins: &'a [HandIn],
    assignments: &'a [Assignment],
    results: &Results,
    again: &[String],
) -> Result<Vec<Job<'a>>> {
    let mut jobs = Vec::new();
    for hand_in in hand_ins {
        let Some(assignment) = identify::assignment_of(hand_in, assignments) else {
            let graded = unknown(hand_in);
            if results.find(&graded.student, &graded.notebook).as_ref() != Some(&graded) {
                results.keep(&graded)?;
            }
            continue;
        };
        let there = results.find(&hand_in.student, &assignment.name);
        let there = there.filter(|graded| graded.is_of(&hand_in.hash(), &assignment.key));
        match there {
            Some(graded) if !again.contains(&hand_in.student) => {
                let arrived = graded.clone().arrived_as(hand_in);
                if arrived != graded {
                    results.replace(&arrived)?;
                }
            }
            _ => jobs.push(Job { hand_in, assignment }),
        }
    }
    Ok(jobs)
}

fn unknown(hand_in: &HandIn) -> Graded {
    let problem = match &hand_in.content {
        Ok(_) => "it answers no question of the lab's notebooks".to_owned(),
        Err(problem) => problem.clone(),
    };
    Graded {
        student: hand_in.student.clone(),
        notebook: "unknown".into(),
        hash: hand_in.hash(),
        problem: Some(problem),
        ..Graded::default()
    }
    .arrived_as(hand_in)
}

/// Writes the tables, the summary, and each student's page of feedback; gives the paths of the first.
pub fn write(out: &Path, all: &[Graded], rows: &[Row], exporter: Exporter) -> Result<Vec<PathBuf>> {
    write_feedback(out, all, rows, exporter)?;
    let files = [
        ("grades.csv", table::grades(all, rows)?),
        ("to-mark.csv", table::to_mark(all)?),
        ("summary.html", summary::summary(all, rows)),
    ];
    let mut paths = Vec::new();
    for (name, text) in files {
        let path = out.join(name);
        files::write_whole(&path, text.as_bytes(), 0o600)?;
        paths.push(path);
    }
    Ok(paths)
}

/// Writes the pages of feedback, as many at a time as there are cores: each waits for pandoc.
fn write_feedback(out: &Path, all: &[Graded], rows: &[Row], exporter: Exporter) -> Result<()> {
    let feedback = Feedback::new(exporter)?;
    parallel::for_each(parallel::cores(), all, |_, graded| {
        let row = rows.iter().find(|row| row.student == graded.student);
        let page = feedback.page(graded, row.context("each student has a line")?)?;
        let name = format!("{}.html", file_name(&graded.notebook));
        let path = out.join("feedback").join(file_name(&graded.student)).join(name);
        files::write_whole(&path, &page, 0o600)?;
        Ok(ControlFlow::Continue(()))
    })
}
