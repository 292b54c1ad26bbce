//! What people add to the results: marks for discussions, extra points, extensions.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use chrono::{DateTime, FixedOffset};

use super::result::Graded;
use super::sheet;
use super::table::Row;
use crate::hand_in::course::Course;
use crate::hand_in::submission::composed;
use crate::hand_in::time;

/// What is merged with the results.
#[derive(Debug, Default)]
pub struct Additions {
    marks: Vec<Mark>,
    /// Own due dates, by students, each with its place.
    extensions: BTreeMap<String, (DateTime<FixedOffset>, String)>,
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
    /// The file and the line.
    place: String,
}

/// Who and what there is that marks can be of.
pub struct Known {
    pub students: BTreeSet<String>,
    /// The most points of each question, by its name.
    pub maximum: BTreeMap<String, f64>,
}

impl Additions {
    /// Reads a file of marks (student, question, points, comment) and one of extensions (student, due).
    ///
    /// # Errors
    /// All that cannot be read in them, each with its file and line.
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

    /// Compares the marks with what there is. Gives what is to be told of extensions: one may be of somebody
    /// who has handed in nothing yet.
    ///
    /// # Errors
    /// Marks of nobody, of no question, or of more points than a question has, and two of one question: each
    /// with its file and line. Nothing is to be applied then.
    pub fn check(&self, known: &Known) -> Result<Vec<String>> {
        let mut faults: Vec<String> = self.marks.iter().filter_map(|it| it.fault(known)).collect();
        let mut seen: BTreeMap<(&str, &str), &Mark> = BTreeMap::new();
        for mark in self.marks.iter().filter(|mark| !mark.question.is_empty()) {
            if let Some(first) = seen.insert((&mark.student, &mark.question), mark) {
                let Mark { student, question, place, .. } = mark;
                faults.push(format!(
                    "{place}: {student}, {question} has marks in {} too",
                    first.place
                ));
            }
        }
        if !faults.is_empty() {
            bail!(
                "{}\nno mark was applied; mend the table and run the command again",
                faults.join("\n")
            );
        }
        let unknown = self.extensions.iter().filter(|(name, _)| !known.students.contains(*name));
        Ok(unknown.map(|(name, (_, place))| nobody(place, name, &known.students)).collect())
    }
}

impl Mark {
    fn fault(&self, known: &Known) -> Option<String> {
        let Mark { student, question, points, place, .. } = self;
        if !known.students.contains(student) {
            return Some(nobody(place, student, &known.students));
        }
        if question.is_empty() {
            return None;
        }
        match known.maximum.get(question) {
            None => Some(format!("{place}: no question is named {question}")),
            Some(maximum) if !(0.0..=*maximum).contains(points) => Some(format!(
                "{place}: expected 0 to {maximum} points for {question}, found {points}"
            )),
            Some(_) => None,
        }
    }
}

/// Tells that nobody has a name, and who has one like it.
fn nobody(place: &str, name: &str, students: &BTreeSet<String>) -> String {
    let bare = |name: &str| name.trim_start_matches('0').to_lowercase();
    let is_like = |other: &&String| {
        bare(other) == bare(name) || strsim::damerau_levenshtein(other, name) <= 2
    };
    let like: Vec<&str> = students.iter().filter(is_like).map(String::as_str).take(3).collect();
    let like = match like.is_empty() {
        true => String::new(),
        false => format!("; did you mean {}?", like.join(" or ")),
    };
    format!("{place}: nobody named {name} has handed anything in{like}")
}

/// Reads the marks; lines without points are still to be marked.
fn read_marks(path: &Path) -> Result<Vec<Mark>> {
    let lines = sheet::read(path, ["student", "question", "points", "comment"])?;
    let lines = lines.into_iter().filter(|line| !line.cells[2].is_empty());
    all(lines.map(|line| {
        let place = place(path, line.number);
        let [student, question, points, comment] = line.cells;
        let points = number(&points).with_context(|| place.clone())?;
        Ok(Mark { student: composed(&student), question, points, comment, place })
    }))
}

fn read_extensions(path: &Path) -> Result<BTreeMap<String, (DateTime<FixedOffset>, String)>> {
    let lines = sheet::read(path, ["student", "due"])?;
    all(lines.into_iter().map(|line| {
        let place = place(path, line.number);
        let [student, due] = line.cells;
        let due = time::read(&due).with_context(|| place.clone())?;
        Ok((composed(&student), (due, place)))
    }))
}

/// Gives all values, or all that is wrong with them.
fn all<T, C: FromIterator<T>>(values: impl Iterator<Item = Result<T>>) -> Result<C> {
    let mut faults = Vec::new();
    let found = values.filter_map(|value| value.map_err(|it| faults.push(format!("{it:#}"))).ok());
    let found = found.collect();
    if faults.is_empty() { Ok(found) } else { bail!("{}", faults.join("\n")) }
}

fn place(path: &Path, line: u64) -> String {
    format!("{}, line {line}", path.display())
}

/// Reads a number; spreadsheets write a comma for the point where people do.
fn number(text: &str) -> Result<f64> {
    let number: Option<f64> = text.replace(',', ".").parse().ok();
    number
        .filter(|number| number.is_finite())
        .with_context(|| format!("expected points, found `{text}`"))
}

impl Additions {
    /// Gives the marks of people to the results that they belong to.
    pub fn merge(&self, results: &mut [Graded]) {
        for graded in results {
            let student = graded.student.clone();
            for question in &mut graded.questions {
                let of_question =
                    |mark: &&Mark| mark.student == student && mark.question == question.id;
                if let Some(mark) = self.marks.iter().find(of_question) {
                    question.points = mark.points;
                    question.is_open = false;
                    question.message.clone_from(&mark.comment);
                }
            }
        }
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
        let own = self.extensions.get(&graded.student).map(|(due, _)| *due);
        let due = own.or(course.due);
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
            "student;question;points;comment\na;q;5;well argued\na;;2,5;a slip of ours found\n",
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
        additions.merge(&mut results);
        let rows = additions.rows(&results);
        assert_eq!((rows[0].points, rows[0].open, rows[0].extra), (7.5, 0.0, 2.5));
        assert_eq!((rows[0].late.as_str(), rows[1].late.as_str()), ("1 d 12 h late", ""));
        assert_eq!((rows[1].points, rows[1].open), (0.0, 5.0));
        Ok(())
    }

    fn checked(marks: &str, extensions: &str) -> Result<Vec<String>> {
        let folder = tempfile::tempdir()?;
        let (of_marks, of_extensions) = (folder.path().join("m.csv"), folder.path().join("e.csv"));
        std::fs::write(&of_marks, format!("student,question,points,comment\n{marks}"))?;
        std::fs::write(&of_extensions, format!("student,due\n{extensions}"))?;
        let known = Known {
            students: ["ada", "0123456", "Müller Jörg"].map(str::to_owned).into(),
            maximum: [("words".to_owned(), 5.0)].into(),
        };
        Additions::read(Some(&of_marks), Some(&of_extensions), None)?.check(&known)
    }

    /// Cases G13, G15 and their kind.
    #[test]
    fn marks_that_fit_nothing_are_told_with_their_line() -> Result<()> {
        let cases = [
            ("ada,words,45,meant 4.5", "line 2: expected 0 to 5 points for words, found 45"),
            ("ada,words,-1,", "line 2: expected 0 to 5 points for words, found -1"),
            (
                "123456,words,4,",
                "line 2: nobody named 123456 has handed anything in; did you mean 0123456?",
            ),
            ("adda,words,4,", "nobody named adda has handed anything in; did you mean ada?"),
            ("ADA,words,4,", "did you mean ada?"),
            ("zoe,words,4,", "line 2: nobody named zoe has handed anything in\n"),
            ("ada,wrods,4,", "line 2: no question is named wrods"),
            ("ada,words,4,\nada,words,3,", "line 3: ada, words has marks in"),
            ("ada,words,four,", "line 2: expected points, found `four`"),
            ("ada,words,4,5,well argued", "line 2: expected 4 cells, found 5"),
        ];
        for (marks, expected) in cases {
            let error = format!("{:#}", checked(marks, "").unwrap_err());
            assert!(error.contains(expected), "{marks}: {error}");
        }
        let both = checked("ada,words,45,\nbo,words,1,", "").unwrap_err().to_string();
        assert!(both.contains("line 2") && both.contains("line 3"), "{both}");
        // A Mac's spelling of a name is the list's.
        let fine =
            "ada,words,\"4,5\",\nada,,9,extra\nMu\u{308}ller Jo\u{308}rg,words,5,\n0123456,words,,";
        assert_eq!(checked(fine, "")?, [""; 0]);
        Ok(())
    }

    /// Case G17.
    #[test]
    fn extensions_of_nobody_are_told_and_dates_without_a_zone_refused() -> Result<()> {
        let told = checked("", "adda,2026-02-01T12:00+01:00\nada,2026-02-01T12:00+01:00\n")?;
        assert_eq!(told.len(), 1);
        assert!(told[0].contains("line 2: nobody named adda"), "{told:?}");
        let error = format!("{:#}", checked("", "ada,01.02.2026 12:00\n").unwrap_err());
        assert!(error.contains("e.csv, line 2: expected a time with its zone"), "{error}");
        Ok(())
    }
}
