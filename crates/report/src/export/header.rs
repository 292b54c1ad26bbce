//! What stands at a page's head: what was executed, when, on which data, with which seed.

use std::path::Path;

use serde_json::Value;

use crate::files;
use crate::notebook::{Notebook, RECORD, text};

/// The head of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    /// In place of the notebook's own title.
    pub title: Option<String>,
    /// Where neither that nor the notebook gives a title.
    pub file: Option<String>,
    /// Lines of a name and what is said of it, in the order in which they are shown.
    pub facts: Vec<(String, String)>,
}

impl Header {
    /// Gathers what a notebook's file says of itself.
    pub fn of(path: &Path, bytes: &[u8], notebook: &Notebook) -> Header {
        let record = &notebook.metadata()[RECORD];
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let mut header = Header { file: stem, ..Header::default() };
        header.add("Executed", &execution(record));
        let words = words_of_outputs(notebook);
        header.add("Data", &data(&words).join("; "));
        header.add("Seeds", &seeds(&words).join("; "));
        header.add("Versions", &versions(record));
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        header.add("Notebook", &format!("{name}, SHA-256 {}", files::sha256(bytes)));
        header
    }

    /// Adds a line, unless there is nothing to say.
    pub fn add(&mut self, name: &str, what: &str) {
        if !what.is_empty() {
            self.facts.push((name.to_owned(), what.to_owned()));
        }
    }
}

/// Tells how the last `cargo lab run` went, as the notebook's record has it.
fn execution(record: &Value) -> String {
    let Some(finished) = record["finished"].as_str() else {
        return "not by cargo lab run; when is not known".to_owned();
    };
    let seconds = record["seconds"].as_f64().unwrap_or_default();
    let outcome = match (&record["failure"], record["failure"]["cell"].as_u64()) {
        (Value::Null, _) => "from top to bottom without an error".to_owned(),
        (_, Some(cell)) => format!("failed in cell [{cell}]"),
        (_, None) => "failed".to_owned(),
    };
    let quick = if record["quick"] == true { "; quick: fewer repetitions" } else { "" };
    format!("{}, in {seconds:.0} s, {outcome}{quick}", finished.replace('T', " "))
}

fn versions(record: &Value) -> String {
    let versions = record["versions"].as_object().into_iter().flatten();
    let versions =
        versions.filter_map(|(name, version)| Some(format!("{name} {}", version.as_str()?)));
    versions.collect::<Vec<_>>().join(", ")
}

/// The outputs' words: what a figure shows, its caption, and what was printed.
fn words_of_outputs(notebook: &Notebook) -> Vec<String> {
    let outputs = notebook.cells.iter().flat_map(|cell| cell.outputs());
    outputs.filter_map(|output| text(&output["data"]["text/plain"])).collect()
}

/// Finds the data sets in captions such as "Data: MNIST (60,000 training images, SHA-256 4c919928…)."
fn data(words: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for text in words {
        for (at, beginning) in text.match_indices("Data: ") {
            let rest = &text[at + beginning.len()..];
            let end =
                rest.find("SHA-256").and_then(|hash| Some(hash + rest[hash..].find(')')? + 1));
            if let Some(name) = end.map(|end| rest[..end].to_owned())
                && !found.contains(&name)
            {
                found.push(name);
            }
        }
    }
    found
}

/// Finds the seeds in captions such as "seed 0" or "seeds 0, 1, 2".
fn seeds(words: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for text in words {
        let text = text.to_lowercase();
        for (name, between) in [("seed ", ""), ("seeds ", ", ")] {
            for (at, _) in text.match_indices(name) {
                let list = seeds_at(&text[at + name.len()..], between);
                if !list.is_empty() && !found.contains(&list) {
                    found.push(list);
                }
            }
        }
    }
    found
}

/// Gives the list, or the range, of numbers that a text begins with.
fn seeds_at(text: &str, between: &str) -> String {
    let number = |text: &str| text.chars().take_while(char::is_ascii_digit).count();
    let first = number(text);
    let last = text[first..].strip_prefix(" to ").map_or(0, number);
    if first > 0 && last > 0 && !between.is_empty() {
        return text[..first + " to ".len() + last].to_owned();
    }
    let end = text.find(|c: char| !(c.is_ascii_digit() || between.contains(c)));
    text[..end.unwrap_or(text.len())].trim_matches([',', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_head_tells_when_on_what_and_with_what() {
        let caption =
            "Loss falls.\n784-30-10, seed 0. Data: MNIST (60,000 images, SHA-256 4c919928…).";
        let result =
            |text: &str| json!({ "output_type": "execute_result", "data": { "text/plain": text } });
        let outputs = [
            result(caption),
            result(caption),
            result("Mean, seeds 0, 1, 2, and to 3 epochs. Seed 7, 600 images"),
            result("Mean, seeds 0 to 4, 1000 images; seed of a flower"),
        ];
        let json = json!({
            "nbformat": 4, "nbformat_minor": 5,
            "cells": [{ "cell_type": "code", "source": "", "metadata": {}, "outputs": outputs }],
            "metadata": { "backprop_lab": {
                "failure": null, "finished": "2026-01-02T03:04:05+00:00", "seconds": 12.3,
                "versions": { "rustc": "1.95.0", "backprop": "0.1.0" },
            }},
        });
        let notebook = Notebook::parse(json.to_string().as_bytes()).unwrap();
        let header = Header::of(Path::new("a/01-a.ipynb"), b"", &notebook);
        let lines: Vec<String> =
            header.facts.iter().map(|(name, what)| format!("{name}: {what}")).collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        Executed: 2026-01-02 03:04:05+00:00, in 12 s, from top to bottom without an error
        Data: MNIST (60,000 images, SHA-256 4c919928…)
        Seeds: 0; 7; 0, 1, 2; 0 to 4
        Versions: backprop 0.1.0, rustc 1.95.0
        Notebook: 01-a.ipynb, SHA-256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        ");
    }

    #[test]
    fn a_failure_and_a_run_elsewhere_are_told() {
        let failed = json!({ "finished": "2026-01-02T03:04:05+00:00", "seconds": 1.0, "quick": true,
                             "failure": { "cell": 3 } });
        assert_eq!(
            execution(&failed),
            "2026-01-02 03:04:05+00:00, in 1 s, failed in cell [3]; quick: fewer repetitions"
        );
        assert_eq!(execution(&Value::Null), "not by cargo lab run; when is not known");
    }
}
