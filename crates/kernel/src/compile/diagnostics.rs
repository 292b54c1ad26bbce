//! What rustc says while it compiles a cell.

use std::io::{BufRead, BufReader};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// A line of rustc's.
pub enum Line {
    /// A message, in JSON: a diagnostic, or that a file is written.
    Message(Value),
    /// What rustc says beside, as of a fault of its own.
    Text(String),
}

/// Runs rustc, and passes on each line as it comes.
pub fn run(rustc: &mut Command, mut tell: impl FnMut(Line) -> Result<()>) -> Result<ExitStatus> {
    let mut child = rustc
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", rustc.get_program().display()))?;
    let lines = child.stderr.take().into_iter().flat_map(|errors| BufReader::new(errors).lines());
    for line in lines {
        tell(read(line.context("cannot hear rustc")?))?;
    }
    child.wait().context("cannot hear rustc")
}

fn read(line: String) -> Line {
    match serde_json::from_str(&line) {
        Ok(message) => Line::Message(without_advice_on_display(message)),
        Err(_) => Line::Text(line),
    }
}

/// Says whether a message is a diagnostic.
pub fn is_diagnostic(message: &Value) -> bool {
    message["$message_type"] == "diagnostic"
}

/// Takes rustc's advice from the error that a result cannot show itself, at which evcxr has its text shown.
///
/// For a type to which some crate gives `evcxr_display` by a trait, as showata does for `Vec`, rustc advises to
/// import that; evcxr takes this for the student's own error, and shows nothing.
fn without_advice_on_display(mut message: Value) -> Value {
    if message["message"].as_str().is_some_and(|text| text.contains("`evcxr_display`")) {
        message["children"] = json!([]);
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_stays_but_for_that_on_display() {
        let advised = |text: &str| {
            let line = json!({ "message": text, "children": [{ "message": "import it" }] });
            match read(line.to_string()) {
                Line::Message(message) => message["children"].as_array().unwrap().len(),
                Line::Text(text) => panic!("{text}"),
            }
        };
        assert_eq!(advised("no method named `evcxr_display` found for struct `Vec<i32>`"), 0);
        assert_eq!(advised("no method named `push` found for struct `Network`"), 1);
        assert!(matches!(read("thread 'rustc' panicked".to_owned()), Line::Text(_)));
    }
}
