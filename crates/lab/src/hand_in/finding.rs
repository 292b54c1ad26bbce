//! What a person should look at in a hand-in.

use serde::{Deserialize, Serialize};

/// Something that a person should look at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Of what kind it is; the table of points names it.
    #[serde(rename = "what")]
    pub kind: FindingKind,
    /// What was found, for people.
    pub text: String,
}

/// The kinds of findings, by the words that results are written with.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FindingKind {
    /// Text was added, or written where no answer was expected: whoever marks should see it.
    Added,
    /// The student handed it in more than once.
    Again,
    /// The archive is not as it was packed.
    Archive,
    /// A cell asks for another crate in the place of the lab's.
    #[serde(rename = "backprop")]
    OtherCrate,
    /// A check or its points were changed.
    Changed,
    /// A cell of the instructor's is missing.
    Deleted,
    /// A cell does not show again what it showed when it was handed in.
    Differs,
    /// A cell of the instructor's is there twice.
    Duplicated,
    /// The execution did not come to its end.
    #[serde(rename = "ended early")]
    EndedEarly,
    /// A cell shows a result that no check has given.
    Forged,
    /// Cells are not known by their names any more, but by what they say or where they stand.
    Renamed,
    /// Cells were moved.
    Reordered,
    /// The archive was packed anew by another program.
    Repacked,
    /// A cell gives a name of the checks another meaning.
    Shadowed,
    /// When it was handed in cannot be read.
    Time,
}

impl Finding {
    /// Makes a finding.
    pub fn new(kind: FindingKind, text: impl Into<String>) -> Finding {
        Finding { kind, text: text.into() }
    }
}

impl FindingKind {
    /// Gives the word that results and the table of points are written with.
    pub fn word(self) -> &'static str {
        match self {
            FindingKind::Added => "added",
            FindingKind::Again => "again",
            FindingKind::Archive => "archive",
            FindingKind::OtherCrate => "backprop",
            FindingKind::Changed => "changed",
            FindingKind::Deleted => "deleted",
            FindingKind::Differs => "differs",
            FindingKind::Duplicated => "duplicated",
            FindingKind::EndedEarly => "ended early",
            FindingKind::Forged => "forged",
            FindingKind::Renamed => "renamed",
            FindingKind::Reordered => "reordered",
            FindingKind::Repacked => "repacked",
            FindingKind::Shadowed => "shadowed",
            FindingKind::Time => "time",
        }
    }

    /// Whether it is of the way in which something was handed in, not of what it holds.
    pub fn is_of_arrival(self) -> bool {
        use FindingKind::{Again, Archive, Repacked, Time};
        matches!(self, Again | Archive | Repacked | Time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As gradings before this type wrote them.
    #[test]
    fn findings_of_older_results_are_read_and_written_again_as_they_were() {
        let words = [
            (FindingKind::Again, "again"),
            (FindingKind::Archive, "archive"),
            (FindingKind::OtherCrate, "backprop"),
            (FindingKind::Changed, "changed"),
            (FindingKind::Deleted, "deleted"),
            (FindingKind::Differs, "differs"),
            (FindingKind::Duplicated, "duplicated"),
            (FindingKind::EndedEarly, "ended early"),
            (FindingKind::Forged, "forged"),
            (FindingKind::Reordered, "reordered"),
            (FindingKind::Shadowed, "shadowed"),
        ];
        for (kind, word) in words {
            let written = format!(r#"{{"what":"{word}","text":"cell 2"}}"#);
            let finding: Finding = serde_json::from_str(&written).unwrap();
            assert_eq!(finding, Finding::new(kind, "cell 2"));
            assert_eq!(serde_json::to_string(&finding).unwrap(), written);
            assert_eq!(kind.word(), word);
        }
    }
}
