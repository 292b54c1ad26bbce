//! What people add to the results: marks for discussions, extra points, extensions.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use chrono::{DateTime, FixedOffset};

use super::result::Graded;
use super::table::{self, Row};
use crate::hand_in::course::Course;
use crate::hand_in::time;

/// What is merged with the results.
#[derive(Debug, Default)]
pub struct Additions {
    marks: Vec<Mark>,
    /// Own due dates, by students.
    extensions: BTreeMap<String, DateTime<FixedOffset>>,
    /// Says when all others are due.
    course: Option<Course>,
}

#[derive(Debug)]
struct Mark {
    student: String,
    /// Without a question these are extra points.
    question: String,
    points: f64,
    comment: String,
}

impl Additions {
    /// Reads a file of marks (student, question, points, comment) and one of extensions (student, due).
    pub fn read(
        marks: Option<&PathBuf>,
        extensions: Option<&PathBuf>,
        course: Option<Course>,
    ) -> Result<Additions> {
        Ok(Additions {
            marks: marks.map(|path| read_marks(path)).transpose()?.unwrap_or_default(),
            extensions: extensions
                .map(|path| read_extensions(path))
                .transpose()?
                .unwrap_or_default(),
            course,
        })
    }
}

/// Reads the marks; lines without points are still to be marked.
fn read_marks(path: &Path) -> Result<Vec<Mark>> {
    let lines = table::read(path, ["student", "question", "points", "comment"])?;
    let mark = |[student, question, points, comment]: [String; 4]| {
        let points = number(&points).with_context(|| path.display().to_string())?;
        Ok(Mark { student, question, points, comment })
    };
    lines.into_iter().filter(|[_, _, points, _]| !points.is_empty()).map(mark).collect()
}

fn read_extensions(path: &Path) -> Result<BTreeMap<String, DateTime<FixedOffset>>> {
    let lines = table::read(path, ["student", "due"])?;
    let extension = |[student, due]: [String; 2]| {
        Ok((student, time::read(&due).with_context(|| path.display().to_string())?))
    };
    lines.into_iter().map(extension).collect()
}

/// Reads a number; spreadsheets write a comma for the point where people do.
fn number(text: &str) -> Result<f64> {
    let number: Option<f64> = text.replace(',', ".").parse().ok();
    number
        .filter(|number| number.is_finite())
        .with_context(|| format!("expected points, found `{text}`"))
}

impl Additions {
    /// Gives the marks of people to the results that they belong to; no question gets more than its
    /// maximum. Returns how many marks belong to none.
    pub fn merge(&self, results: &mut [Graded]) -> usize {
        let belongs = |mark: &&Mark| {
            let mut of_student = results.iter().filter(|graded| graded.student == mark.student);
            of_student.any(|graded| {
                mark.question.is_empty() || graded.questions.iter().any(|it| it.id == mark.question)
            })
        };
        let unused = self.marks.len() - self.marks.iter().filter(belongs).count();
        for graded in results {
            let student = graded.student.clone();
            for question in &mut graded.questions {
                let of_question =
                    |mark: &&Mark| mark.student == student && mark.question == question.id;
                if let Some(mark) = self.marks.iter().rev().find(of_question) {
                    question.points = mark.points.clamp(0.0, question.maximum);
                    question.is_open = false;
                    question.message.clone_from(&mark.comment);
                }
            }
        }
        unused
    }

    /// Gives the table's lines, one for each student.
    pub fn rows(&self, results: &[Graded]) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        for graded in results {
            if rows.last().is_none_or(|row| row.student != graded.student) {
                let extra = self.extra(&graded.student);
                rows.push(Row {
                    student: graded.student.clone(),
                    extra,
                    points: extra,
                    ..Row::default()
                });
            }
            let Some(row) = rows.last_mut() else { continue };
            row.points += graded.points();
            row.maximum += graded.maximum();
            let open = graded.questions.iter().filter(|question| question.is_open);
            row.open += open.map(|question| question.maximum).sum::<f64>();
            if let Some(late) = self.late(graded) {
                row.late = late;
            }
            let mut notes: Vec<&str> =
                graded.findings.iter().map(|found| found.kind.word()).collect();
            notes.extend(graded.problem.as_ref().map(|_| "not graded"));
            notes.sort_unstable();
            notes.dedup();
            row.notes = [row.notes.clone(), notes.join("; ")].join(" ").trim().to_owned();
        }
        rows
    }

    fn extra(&self, student: &str) -> f64 {
        let extra =
            self.marks.iter().filter(|mark| mark.student == student && mark.question.is_empty());
        extra.map(|mark| mark.points).sum::<f64>() + 0.0
    }

    /// Says by how much a hand-in was late; none where it was not, or where that is not known.
    fn late(&self, graded: &Graded) -> Option<String> {
        let course = self.course.clone().unwrap_or_default();
        let due = self.extensions.get(&graded.student).copied().or(course.due);
        Course { due, ..course }.lateness(&time::read(graded.handed_in.as_deref()?).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::super::result::Marked;
    use super::*;

    #[test]
    fn marks_extra_points_and_extensions_reach_their_students() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let (marks, extensions) = (folder.path().join("m.csv"), folder.path().join("e.csv"));
        std::fs::write(
            &marks,
            "student;question;points;comment\na;q;99;well argued\na;;2,5;a slip of ours found\nc;q;1;nobody\n",
        )?;
        std::fs::write(&extensions, "student,due\nb,2026-02-03T00:00:00Z\n")?;
        let due = time::read("2026-02-01T00:00:00Z").ok();
        let course = Course { due, ..Course::default() };
        let additions = Additions::read(Some(&marks), Some(&extensions), Some(course))?;
        let question = Marked { id: "q".into(), maximum: 5.0, is_open: true, ..Marked::default() };
        let of = |student: &str| Graded {
            student: student.into(),
            handed_in: Some("2026-02-02T12:00:00Z".into()),
            questions: vec![question.clone()],
            ..Graded::default()
        };
        let mut results = [of("a"), of("b")];
        assert_eq!(additions.merge(&mut results), 1);
        let rows = additions.rows(&results);
        assert_eq!((rows[0].points, rows[0].open, rows[0].extra), (7.5, 0.0, 2.5));
        assert_eq!((rows[0].late.as_str(), rows[1].late.as_str()), ("1 d 12 h late", ""));
        assert_eq!((rows[1].points, rows[1].open), (0.0, 5.0));
        Ok(())
    }
}
