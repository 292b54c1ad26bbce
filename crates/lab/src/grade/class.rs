//! The hand-ins of a class: those that are still to be graded, and what is written of all results.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use backprop_report::export::Exporter;
use backprop_report::files;

use super::assignment::Assignment;
use super::feedback::Feedback;
use super::grader::Grader;
use super::result::{Graded, Results, file_name};
use super::summary;
use super::table::{self, Row};
use crate::hand_in::submission::HandIn;
use crate::parallel;

/// A hand-in that has no result yet.
pub struct Job<'a> {
    pub hand_in: &'a HandIn,
    pub assignment: &'a Assignment,
}

/// Gives the hand-ins to grade: those without a result of the same notebooks, and those asked for again.
/// What belongs to no assignment gets its result at once.
pub fn jobs<'a>(
    hand_ins: &'a [HandIn],
    grader: &'a Grader,
    results: &Results,
    again: &[String],
) -> Result<Vec<Job<'a>>> {
    let mut jobs = Vec::new();
    for hand_in in hand_ins {
        let Some(assignment) = grader.assignment_of(hand_in) else {
            let graded = unknown(hand_in);
            if results.find(&graded.student, &graded.notebook).as_ref() != Some(&graded) {
                results.keep(&graded)?;
            }
            continue;
        };
        let there = results.find(&hand_in.student, &assignment.name);
        let is_there = there.is_some_and(|graded| graded.is_of(&hand_in.hash(), &assignment.key));
        if !is_there || again.contains(&hand_in.student) {
            jobs.push(Job { hand_in, assignment });
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
