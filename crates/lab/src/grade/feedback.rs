//! A student's page of feedback: what was expected and found, and the answers as they were handed in.
//! Of a hidden test it says only how many points it gave.

use std::path::PathBuf;

use anyhow::Result;
use backprop_report::export::{Exporter, Header, Page, View, escape};
use backprop_report::notebook::{Cell, Notebook};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::result::{Answer, Check, Graded, Marked};
use super::table::Row;
use crate::hand_in::time;

/// Writes pages of feedback.
pub struct Feedback {
    exporter: Exporter,
    /// Pictures are looked for in here: whatever path an answer names, nothing is found.
    nowhere: TempDir,
}

impl Feedback {
    pub fn new(exporter: Exporter) -> Result<Feedback> {
        Ok(Feedback { exporter, nowhere: TempDir::new()? })
    }

    /// Gives the page for a student.
    pub fn page(&self, graded: &Graded, row: &Row) -> Result<Vec<u8>> {
        // A page takes its first heading for its title; the questions follow on the same level, so that
        // no heading of an answer stands above one of them.
        let title = Cell::markdown(&format!("# Feedback on {}", graded.notebook));
        let questions = graded.questions.iter().flat_map(cells);
        let notebook = Notebook::of_cells([title].into_iter().chain(questions).collect());
        let folder: PathBuf = self.nowhere.path().into();
        let header = header(graded, row);
        let page = Page { notebook: &notebook, folder: &folder, header, view: View::Full };
        Ok(self.exporter.html(&page)?.content)
    }
}

fn header(graded: &Graded, row: &Row) -> Header {
    let mut header = Header::default();
    header.add("Student", &graded.student);
    let open = if graded.questions.iter().any(|question| question.is_open) {
        "; some answers are still to be marked"
    } else {
        ""
    };
    header.add("Points", &format!("{} of {}{open}", graded.points(), graded.maximum()));
    if row.extra != 0.0 {
        header.add("Extra points", &row.extra.to_string());
    }
    let time = graded.handed_in.as_deref().and_then(|time| time::read(time).ok());
    let time = time.map(|time| time::show(&time)).unwrap_or_default();
    let late = if row.late.is_empty() { String::new() } else { format!("; {}", row.late) };
    header.add("Handed in", &(time + &late));
    header.add("Not graded", graded.problem.as_deref().unwrap_or_default());
    for finding in &graded.findings {
        header.add("Noted", &finding.text);
    }
    header
}

/// Gives the cells of a page on a question: its name and points, the answers, and what came of them.
fn cells(question: &Marked) -> Vec<Cell> {
    let points = match question.is_open {
        true => format!("To be marked, of {} points.", question.maximum),
        false => format!("{} of {} points.", question.points, question.maximum),
    };
    let mut cells = vec![Cell::markdown(&format!("# {}\n\n{points}", question.title))];
    let (last, before) = match question.answers.split_last() {
        Some((last, before)) if last.is_code => (last.source.as_str(), before),
        _ => ("", &question.answers[..]),
    };
    cells.extend(before.iter().map(answer));
    if last.is_empty() && question.checks.is_empty() && !before.is_empty() {
        cells.extend(outcome_in_words(question));
    } else if !last.is_empty() || !question.checks.is_empty() || !question.message.is_empty() {
        // A message without an answer may have come from the box: it is shown as text, not as ours.
        // A page leaves empty cells out.
        let source = if last.trim().is_empty() { "// no answer" } else { last };
        cells.push(Cell::code(source, &outputs(question)));
    }
    cells
}

/// Gives what the person who marked an answer in words says of it.
fn outcome_in_words(question: &Marked) -> Option<Cell> {
    (!question.message.is_empty()).then(|| Cell::markdown(&question.message))
}

fn answer(answer: &Answer) -> Cell {
    match answer.is_code {
        true => Cell::code(&answer.source, &[]),
        // Quoted, so that it does not look like the page's own words.
        false => {
            let lines = answer.source.lines().map(|line| {
                format!(
                    "> {}
",
                    kept_within(line)
                )
            });
            Cell::markdown(&lines.collect::<String>()).with_attachments(&answer.attachments)
        }
    }
}

/// Gives a line that cannot end the quotation around it: a tag that would is shown as text.
fn kept_within(line: &str) -> String {
    let mut kept = String::new();
    let mut done = 0;
    for (at, _) in line.to_ascii_lowercase().match_indices("</blockquote") {
        kept.push_str(&line[done..at]);
        kept.push_str("&lt;");
        done = at + 1;
    }
    kept + &line[done..]
}

fn outputs(question: &Marked) -> Vec<Value> {
    let mut outputs = Vec::new();
    if !question.message.is_empty() {
        let text = &question.message;
        outputs.push(json!({ "output_type": "stream", "name": "stderr", "text": text }));
    }
    if !question.checks.is_empty() {
        let rows: String = question.checks.iter().map(row).collect();
        let html = format!(
            "<table><thead><tr><th></th><th>check</th><th>expected</th><th>found</th><th>points</th>\
             </tr></thead><tbody>{rows}</tbody></table>"
        );
        outputs.push(json!({ "output_type": "display_data", "data": { "text/html": html } }));
    }
    outputs
}

fn row(check: &Check) -> String {
    let (mark, reached) = if check.passed { ("✓", check.points) } else { ("✗", 0.0) };
    let points = format!("{reached} of {}", check.points);
    let cells = match check.is_hidden {
        true => [mark, "a hidden test", "", "", &points],
        false => [mark, &check.sentence, &check.expected, &check.found, &points],
    };
    format!("<tr>{}</tr>", cells.map(|text| format!("<td>{}</td>", escape(text))).concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sentence: &str, is_hidden: bool) -> Check {
        Check {
            sentence: sentence.into(),
            points: 1.0,
            expected: format!("{sentence} wanted"),
            found: format!("{sentence} got"),
            is_hidden,
            ..Check::default()
        }
    }

    #[test]
    fn what_was_expected_is_said_and_nothing_of_a_hidden_test() {
        let checks = vec![check("seen", false), check("veiled", true)];
        let outputs = outputs(&Marked { checks, ..Marked::default() });
        let html = outputs[0]["data"]["text/html"].as_str().unwrap();
        assert!(html.contains("<td>seen</td><td>seen wanted</td><td>seen got</td>"), "{html}");
        assert!(html.contains("<td>a hidden test</td><td></td><td></td>"), "{html}");
        assert!(!html.contains("veiled"), "{html}");
    }

    #[test]
    fn an_answer_in_words_is_quoted_and_one_in_code_stands_above_its_checks() {
        let words = Answer { source: "# Mine\n\n<script>".into(), ..Answer::default() };
        let code = Answer { source: "fn a() {}".into(), is_code: true, ..Answer::default() };
        let manual = Marked { answers: vec![words], ..Marked::default() };
        assert_eq!(cells(&manual)[1].source, "> # Mine\n> \n> <script>\n");
        let leaving = Answer { source: "a</BlockQuote>b".into(), ..Answer::default() };
        assert_eq!(super::answer(&leaving).source, "> a&lt;/BlockQuote>b\n");
        let checked = Marked { answers: vec![code], checks: vec![check("a", false)], ..manual };
        let cells = cells(&checked);
        assert_eq!((cells[1].source.as_str(), cells[1].outputs().len()), ("fn a() {}", 1));
    }

    #[test]
    fn a_message_without_an_answer_is_text() {
        let message = "# Full points\n\n<b>5 of 5</b>".to_owned();
        let cells = cells(&Marked { message: message.clone(), ..Marked::default() });
        assert!(cells.len() == 2 && cells[1].is_code());
        assert_eq!(cells[1].outputs()[0]["text"], message);
        assert_eq!(super::cells(&Marked::default()).len(), 1);
    }

    #[test]
    fn what_a_person_says_of_an_answer_stands_below_it() {
        let words = Answer { source: "Because.".into(), ..Answer::default() };
        let message = "Say *why*.".to_owned();
        let marked = Marked { answers: vec![words], message, ..Marked::default() };
        let sources: Vec<String> = cells(&marked).into_iter().map(|cell| cell.source).collect();
        assert_eq!(sources, ["# \n\n0 of 0 points.", "> Because.\n", "Say *why*."]);
    }
}
