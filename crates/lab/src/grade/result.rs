//! What is kept of a graded hand-in: one file each, from which everything else is made.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use backprop_report::files;
use backprop_report::notebook::Cell;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::hand_in::finding::Finding;
use crate::hand_in::submission::HandIn;

/// The most that is kept of an answer, in bytes.
const LONGEST_ANSWER: usize = 100_000;

/// A graded hand-in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Graded {
    pub student: String,
    /// The assignment's name.
    pub notebook: String,
    /// When it was handed in, where that is known: RFC 3339.
    pub handed_in: Option<String>,
    /// The SHA-256 of what was handed in.
    pub hash: String,
    /// Names the state of the assignment that it was graded by.
    pub assignment: String,
    /// Why it could not be graded.
    pub problem: Option<String>,
    pub questions: Vec<Marked>,
    pub findings: Vec<Finding>,
    pub seconds: f64,
    /// The most memory that its box took, in bytes.
    pub memory: u64,
}

/// A question's mark.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Marked {
    pub id: String,
    pub title: String,
    pub points: f64,
    pub maximum: f64,
    /// Whether a person has yet to mark it.
    pub is_open: bool,
    /// Why it has no points, or what went before.
    pub message: String,
    pub checks: Vec<Check>,
    /// What was handed in for it.
    pub answers: Vec<Answer>,
}

/// A cell of the student's that answers a question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    pub source: String,
    pub is_code: bool,
    /// Pictures that were pasted into it, as the notebook has them.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub attachments: Map<String, Value>,
}

impl Answer {
    /// Takes a cell's text with what is attached to it, and of an endless text the beginning.
    pub fn of(cell: &Cell) -> Answer {
        let end = cell.source.floor_char_boundary(LONGEST_ANSWER);
        Answer {
            source: cell.source[..end].to_owned(),
            is_code: cell.is_code(),
            attachments: cell.attachments(),
        }
    }
}

/// A check of a question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Check {
    pub sentence: String,
    pub points: f64,
    pub passed: bool,
    pub expected: String,
    pub found: String,
    /// Whether it is part of a hidden test, which students are not told.
    #[serde(default)]
    pub is_hidden: bool,
}

impl Graded {
    pub fn points(&self) -> f64 {
        self.questions.iter().map(|question| question.points).sum::<f64>() + 0.0
    }

    pub fn maximum(&self) -> f64 {
        self.questions.iter().map(|question| question.maximum).sum::<f64>() + 0.0
    }

    /// Gives the result with the time of a hand-in and what is noted of the way it came.
    pub fn arrived_as(mut self, hand_in: &HandIn) -> Graded {
        self.handed_in = hand_in.time.map(|time| time.to_rfc3339());
        self.findings.retain(|finding| !finding.kind.is_of_arrival());
        self.findings.splice(0..0, hand_in.findings.iter().cloned());
        self
    }

    /// Whether it stands for this very hand-in and state of the assignment.
    pub fn is_of(&self, hash: &str, assignment: &str) -> bool {
        self.hash == hash && self.assignment == assignment
    }
}

/// The folder of results: `<student>/<notebook>.json`.
pub struct Results {
    folder: PathBuf,
}

impl Results {
    pub fn in_folder(out: &Path) -> Results {
        Results { folder: out.join("results") }
    }

    fn path(&self, student: &str, notebook: &str) -> PathBuf {
        self.folder.join(file_name(student)).join(format!("{}.json", file_name(notebook)))
    }

    /// Reads the result that is there; none if there is none, or none that can be read.
    pub fn find(&self, student: &str, notebook: &str) -> Option<Graded> {
        serde_json::from_slice(&fs::read(self.path(student, notebook)).ok()?).ok()
    }

    /// Writes a result; an earlier one is kept beside it, as `<notebook>.json.1` and so on.
    pub fn keep(&self, graded: &Graded) -> Result<()> {
        let path = self.path(&graded.student, &graded.notebook);
        if path.exists() {
            let earlier = (1..)
                .map(|number| path.with_extension(format!("json.{number}")))
                .find(|earlier| !earlier.exists())
                .context("no name is left for the earlier result")?;
            fs::rename(&path, earlier).context("cannot keep the earlier result")?;
        }
        self.replace(graded)
    }

    /// Writes a result in the place of the one that is there.
    pub fn replace(&self, graded: &Graded) -> Result<()> {
        let path = self.path(&graded.student, &graded.notebook);
        let text = serde_json::to_string_pretty(graded)? + "\n";
        files::write_whole(&path, text.as_bytes(), 0o600)
    }

    /// Reads all results, in the order of the students' names.
    pub fn all(&self) -> Result<Vec<Graded>> {
        let mut found: Vec<Graded> = Vec::new();
        if !self.folder.is_dir() {
            return Ok(found);
        }
        for student in files::list(&self.folder)? {
            for path in files::list(&student)? {
                if path.extension().is_some_and(|extension| extension == "json") {
                    let text = fs::read(&path)?;
                    let graded = serde_json::from_slice(&text)
                        .with_context(|| format!("{} is no result", path.display()))?;
                    found.push(graded);
                }
            }
        }
        found.sort_by(|a, b| (&a.student, &a.notebook).cmp(&(&b.student, &b.notebook)));
        Ok(found)
    }
}

/// Gives a name that is a file's name and nothing else, whatever the student is called.
pub fn file_name(name: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_. ".contains(c);
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let short: String = plain.trim_matches(['.', ' ']).chars().take(60).collect();
    if short == name && !name.is_empty() {
        return short;
    }
    // Two names that look alike now must not become one.
    let key = files::Key::default().with(name.as_bytes()).finish();
    format!("{short}-{}", &key[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_students_name_leads_nowhere_else() {
        assert_eq!(file_name("Zoë Müller-Żak"), "Zoë Müller-Żak");
        for name in ["../../x", "=cmd()", "a/b", "..", "", ".hidden", "a\0b", &"x".repeat(300)] {
            let file = file_name(name);
            assert!(!file.contains(['/', '\0']) && !file.starts_with('.'), "{file}");
            assert!(file.len() < 100 && file != name, "{file}");
        }
        assert_ne!(file_name("a/b"), file_name("a_b"));
    }

    #[test]
    fn a_result_is_found_again_and_the_one_before_is_kept() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let results = Results::in_folder(folder.path());
        let first = Graded { student: "ü".into(), notebook: "n".into(), ..Graded::default() };
        let second = Graded { hash: "2".into(), ..first.clone() };
        results.keep(&first)?;
        results.keep(&second)?;
        assert_eq!(results.find("ü", "n"), Some(second.clone()));
        assert_eq!(results.all()?, [second]);
        let earlier = fs::read(folder.path().join("results/ü/n.json.1"))?;
        assert_eq!(serde_json::from_slice::<Graded>(&earlier)?, first);
        Ok(())
    }
}
