//! The page on the class: how each question went, what failed most often, and each hand-in with a link to
//! its feedback. Whatever a student wrote is shown as text.

use std::collections::BTreeMap;

use backprop_report::export::escape;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::result::{Graded, Marked, file_name};
use super::table::Row;

const PAGE: &str = include_str!("page.html");
/// So many of the failures that most students share.
const MOST_COMMON: usize = 12;

/// Gives the summary of a class: how each question went, what failed most often, what to look at.
pub fn summary(results: &[Graded], rows: &[Row]) -> String {
    let mut body =
        format!("<h1>The class</h1>\n<p>{} students, {} hand-ins</p>\n", rows.len(), results.len());
    body += "<h2>Questions</h2>\n<table>\n<thead><tr><th>question</th><th class=\"number\">mean</th>\
             <th class=\"number\">all, some, no points</th><th>distribution</th></tr></thead>\n<tbody>\n";
    body.extend(by_question(results).into_iter().map(|(name, marks)| distribution(&name, &marks)));
    body += "</tbody>\n</table>\n<h2>What failed most often</h2>\n<table>\n<tbody>\n";
    for (count, text) in failures(results).into_iter().take(MOST_COMMON) {
        body += &format!("<tr><td class=\"number\">{count}</td><td>{}</td></tr>\n", escape(&text));
    }
    body += "</tbody>\n</table>\n<h2>Hand-ins</h2>\n<table>\n<thead><tr><th>student</th>\
             <th class=\"number\">points</th><th class=\"number\">to mark</th><th>to look at</th></tr></thead>\n\
             <tbody>\n";
    body.extend(results.iter().map(hand_in));
    body += "</tbody>\n</table>\n";
    page("The class", &body)
}

/// Gives a hand-in's line, which leads to its feedback.
fn hand_in(graded: &Graded) -> String {
    let path = [&graded.student, &graded.notebook].map(|name| address(&file_name(name))).join("/");
    let problem = graded.problem.iter().map(|problem| format!("not graded: {problem}"));
    let notes = problem.chain(graded.findings.iter().map(|found| found.text.clone()));
    let notes: Vec<String> = notes.map(|note| escape(&note)).collect();
    let open = graded.questions.iter().filter(|question| question.is_open);
    format!(
        "<tr><td><a href=\"feedback/{path}.html\">{}</a></td><td class=\"number\">{} of {}</td>\
         <td class=\"number\">{}</td><td>{}</td></tr>\n",
        escape(&graded.student),
        graded.points(),
        graded.maximum(),
        open.map(|question| question.maximum).sum::<f64>() + 0.0,
        notes.join("<br>")
    )
}

/// Gives a file's name as a part of an address.
fn address(name: &str) -> String {
    const ENCODED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');
    utf8_percent_encode(name, &ENCODED).to_string()
}

fn by_question(results: &[Graded]) -> Vec<(String, Vec<&Marked>)> {
    let mut questions: Vec<(String, Vec<&Marked>)> = Vec::new();
    for question in results.iter().flat_map(|graded| &graded.questions) {
        match questions.iter_mut().find(|(_, marks)| marks[0].id == question.id) {
            Some((_, marks)) => marks.push(question),
            None => questions.push((question.title.clone(), vec![question])),
        }
    }
    questions
}

fn distribution(name: &str, marks: &[&Marked]) -> String {
    let closed: Vec<_> = marks.iter().filter(|mark| !mark.is_open).collect();
    if closed.is_empty() {
        return format!(
            "<tr><td>{}</td><td colspan=\"3\">{} answers are to be marked</td></tr>\n",
            escape(name),
            marks.len()
        );
    }
    let mean = closed.iter().map(|mark| mark.points).sum::<f64>() / closed.len() as f64;
    let all = closed.iter().filter(|mark| mark.points >= mark.maximum).count();
    let none = closed.iter().filter(|mark| mark.points <= 0.0 && mark.maximum > 0.0).count();
    let some = closed.len() - all - none;
    let percent = |count: usize| 100 * count / closed.len();
    format!(
        "<tr><td>{}</td><td class=\"number\">{mean:.1} of {}</td><td class=\"number\">{all}, {some}, {none}</td>\
         <td><div class=\"bar\"><i class=\"all\" style=\"width: {}%\"></i>\
         <i class=\"some\" style=\"width: {}%\"></i></div></td></tr>\n",
        escape(name),
        closed[0].maximum,
        percent(all),
        percent(some)
    )
}

/// Counts failed checks by question and sentence, the most frequent first.
fn failures(results: &[Graded]) -> Vec<(usize, String)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for question in results.iter().flat_map(|graded| &graded.questions) {
        for check in question.checks.iter().filter(|check| !check.passed) {
            *counts.entry(format!("{}: {}", question.title, check.sentence)).or_default() += 1;
        }
        if let Some(line) = question.message.lines().next().filter(|_| question.points <= 0.0) {
            let line: String = line.chars().take(120).collect();
            *counts.entry(format!("{}: {line}", question.title)).or_default() += 1;
        }
    }
    let mut counted: Vec<(usize, String)> =
        counts.into_iter().map(|(text, count)| (count, text)).collect();
    counted.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    counted
}

fn page(title: &str, body: &str) -> String {
    PAGE.replace("{{title}}", &escape(title)).replace("{{body}}", body)
}

#[cfg(test)]
mod tests {
    use super::super::result::Check;
    use super::*;
    use crate::hand_in::finding::{Finding, FindingKind};

    fn graded() -> Graded {
        let check = Check { sentence: "seen".into(), points: 1.0, ..Check::default() };
        let question = Marked {
            id: "q".into(),
            title: "A <b>question</b>".into(),
            maximum: 2.0,
            checks: vec![check],
            ..Marked::default()
        };
        Graded {
            student: "<img onerror=x>".into(),
            notebook: "small".into(),
            questions: vec![question],
            findings: vec![Finding::new(FindingKind::Differs, "<i>")],
            ..Graded::default()
        }
    }

    #[test]
    fn whatever_a_student_wrote_is_text() {
        let page = summary(&[graded()], &[]);
        for tag in ["<script", "<img", "<b>", "<i>"] {
            assert!(!page.contains(tag), "{tag}: {page}");
        }
        assert!(page.contains("default-src 'none'"));
    }

    #[test]
    fn the_summary_counts_what_failed_and_leads_to_the_feedback() {
        let page = summary(&[graded(), graded()], &[]);
        let line = "<td class=\"number\">2</td><td>A &lt;b&gt;question&lt;/b&gt;: seen</td>";
        assert!(page.contains(line), "{page}");
        assert_eq!(address("Zoë 1"), "Zo%C3%AB%201");
        assert!(page.contains("<a href=\"feedback/_img%20onerror_x_-"), "{page}");
    }
}
