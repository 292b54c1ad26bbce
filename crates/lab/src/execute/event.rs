//! What the execution of a notebook tells, and how it ends.

use serde_json::Value;

/// What a notebook's execution tells while it goes on.
#[derive(Debug, PartialEq)]
pub enum Event {
    KernelReady,
    /// Code cell `number` of `of` starts; `line` is its first.
    Cell {
        number: u64,
        of: u64,
        line: String,
    },
    Failed(Failure),
    Done {
        seconds: f64,
    },
}

/// Why a notebook did not run to its end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Failure {
    /// The code cell, counted from 1, and its first line; none if no cell had started.
    pub cell: Option<u64>,
    pub line: String,
    pub kind: FailureKind,
    pub message: String,
}

/// What hindered a notebook.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum FailureKind {
    /// A cell took too long.
    Timeout,
    /// The kernel or the executor ended, or did not answer.
    #[default]
    Kernel,
    /// A cell ended in an error of this name, such as "Panic".
    Error(String),
}

impl FailureKind {
    /// Reads the word of the executor's.
    fn of_word(word: &str) -> FailureKind {
        match word {
            "timeout" => FailureKind::Timeout,
            "kernel" => FailureKind::Kernel,
            name => FailureKind::Error(name.to_owned()),
        }
    }

    /// Gives the word of the executor's.
    pub fn word(&self) -> &str {
        match self {
            FailureKind::Timeout => "timeout",
            FailureKind::Kernel => "kernel",
            FailureKind::Error(name) => name,
        }
    }
}

/// How a notebook's execution ended.
#[derive(Debug)]
pub enum Execution {
    Passed { seconds: f64 },
    Failed(Failure),
    Interrupted,
}

impl Event {
    /// Reads a line of the executor's; none if it tells no event.
    pub fn parse(line: &str) -> Option<Event> {
        let value: Value = serde_json::from_str(line).ok()?;
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        match value["event"].as_str()? {
            "kernel" => Some(Event::KernelReady),
            "cell" => Some(Event::Cell {
                number: value["number"].as_u64()?,
                of: value["of"].as_u64()?,
                line: text("line"),
            }),
            "failed" => Some(Event::Failed(Failure {
                cell: value["cell"].as_u64(),
                line: text("line"),
                kind: FailureKind::of_word(&text("kind")),
                message: text("message"),
            })),
            "done" => Some(Event::Done { seconds: value["seconds"].as_f64()? }),
            _ => None,
        }
    }
}

impl Failure {
    /// Tells the failure in full, beginning with the notebook and the cell.
    pub fn report(&self, notebook: &str) -> String {
        let kind = match &self.kind {
            FailureKind::Timeout => "took too long",
            FailureKind::Kernel => "kernel trouble",
            FailureKind::Error(name) => name,
        };
        let place = match self.cell {
            Some(cell) => format!("{notebook}, cell [{cell}]"),
            None => notebook.to_owned(),
        };
        let mut lines = vec![format!("{place}: {kind}")];
        if !self.line.is_empty() {
            lines.push(format!("  > {}", self.line));
        }
        lines.extend(self.message.lines().map(|line| format!("    {line}")));
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use backprop_report::notebook;

    #[test]
    fn the_executors_lines_become_events() {
        let cell = r#"{"event": "cell", "number": 2, "of": 9, "line": "let x = 1;"}"#;
        let expected = Event::Cell { number: 2, of: 9, line: "let x = 1;".into() };
        assert_eq!(Event::parse(cell), Some(expected));
        assert_eq!(Event::parse("a warning of some library"), None);
        assert_eq!(Event::parse(r#"{"event": "cell"}"#), None);
    }

    /// The executor is a program in another language, and says them as well.
    #[test]
    fn the_words_are_the_executors() {
        let program = include_str!("../../python/execute.py");
        let says = |words: String| assert!(program.contains(&words), "{words}");
        for kind in [FailureKind::Timeout, FailureKind::Kernel] {
            assert_eq!(FailureKind::of_word(kind.word()), kind);
            says(format!("CellFailed(\"{}\", ", kind.word()));
        }
        for event in ["kernel", "cell", "failed", "done"] {
            says(format!("tell(\"{event}\", "));
        }
        says(format!("notebook.metadata[\"{}\"]", notebook::RECORD));
        says(format!("default=\"{}\"", crate::setup::KERNEL_NAME));
    }

    #[test]
    fn a_failure_names_notebook_cell_place_and_message() {
        let failure = Failure {
            cell: Some(7),
            line: "assert!(loss < 0.2);".into(),
            kind: FailureKind::Error("Panic".into()),
            message: "Panic: assertion failed: loss < 0.2\n  in cell [7], line 1:".into(),
        };
        insta::assert_snapshot!(failure.report("notebooks/06-train.ipynb"), @r"
        notebooks/06-train.ipynb, cell [7]: Panic
          > assert!(loss < 0.2);
            Panic: assertion failed: loss < 0.2
              in cell [7], line 1:
        ");
    }
}
