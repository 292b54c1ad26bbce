//! The hand-ins of a class: those that are still to be graded, and what is written of all results.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use backprop_report::export::Exporter;
use backprop_report::files;

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

/// A hand-in that counts, and the assignment that it answers, if any.
pub type Chosen<'a> = (HandIn, Option<&'a Assignment>);

/// A hand-in that has no result yet.
pub struct Job<'a> {
    pub hand_in: &'a HandIn,
    pub assignment: &'a Assignment,
}

/// Keeps of each student's hand-ins the one that counts for each assignment, with that assignment.
pub fn chosen(hand_ins: Vec<HandIn>, assignments: &[Assignment]) -> Vec<Chosen<'_>> {
    let kept = choice::choose(hand_ins, |hand_in| {
        let (assignment, answered) = identify::assignment_of(hand_in, assignments)?;
        Some((assignment.name.clone(), answered))
    });
    let found =
        |name: Option<String>| assignments.iter().find(|one| Some(&one.name) == name.as_ref());
    kept.into_iter().map(|(hand_in, name)| (hand_in, found(name))).collect()
}

/// Gives who and what marks can be of: all who handed something in, and all questions.
pub fn known(chosen: &[Chosen], results: &[Graded], assignments: &[Assignment]) -> Known {
    let students = chosen.iter().map(|(hand_in, _)| &hand_in.student);
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
    chosen: &'a [Chosen<'a>],
    results: &Results,
    again: &[String],
) -> Result<Vec<Job<'a>>> {
    let mut jobs = Vec::new();
    for (hand_in, assignment) in chosen {
        let Some(assignment) = *assignment else {
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

#[cfg(test)]
mod tests {
    use super::*;
    use backprop_report::notebook::Notebook;
    use serde_json::json;

    /// What cannot be read answers the only assignment there is, as all else does: it is no hand-in beside it.
    #[test]
    fn a_file_that_cannot_be_read_is_no_second_hand_in() {
        let marks = json!({"grade": true, "solution": true, "grade_id": "words", "points": 5});
        let cell =
            json!({"cell_type": "markdown", "metadata": {"nbgrader": marks}, "source": "So."});
        let text = json!({"nbformat": 4, "metadata": {}, "cells": [cell]}).to_string();
        let notebook = Notebook::parse(text.as_bytes()).unwrap();
        let assignments = [Assignment::new("small", &notebook).unwrap()];
        let right = HandIn::new("ada", "mine", Ok(text.into_bytes()));
        let link = HandIn::new("ada", "link", Err("a link, and no file".to_owned()));
        for hand_ins in [[right.clone(), link.clone()], [link, right.clone()]] {
            let chosen = chosen(hand_ins.into(), &assignments);
            assert_eq!(chosen.len(), 1);
            assert_eq!(chosen[0].0.content, right.content);
            assert_eq!(chosen[0].1.map(|one| one.name.as_str()), Some("small"));
        }
    }
}
