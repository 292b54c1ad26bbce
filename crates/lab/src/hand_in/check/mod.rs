//! What an instructor looks at first, checked before a notebook is handed in.

use backprop_protocol::mime;
use backprop_report::export::{Flaw, Place, Warning};
use backprop_report::notebook::Notebook;
use serde_json::Value;

use crate::execute::Execution;
use crate::hand_in::answered;

mod checked;
mod item;
mod reproduction;
mod scratch;

pub use self::checked::Checked;
pub use self::item::Item;
use self::reproduction::compare;
pub use self::reproduction::{IGNORE, difference};
pub use self::scratch::Scratch;

/// Whether the notebook ran from top to bottom.
fn execution(outcome: &Execution) -> Item {
    const NAME: &str = "runs from top to bottom";
    match outcome {
        Execution::Passed { seconds } => Item::passed(NAME, format!("in {seconds:.0} s, no error")),
        Execution::Interrupted => Item::failed(NAME, "interrupted"),
        Execution::Failed(failure) => {
            let place = failure.cell.map(|cell| format!(" in cell [{cell}]")).unwrap_or_default();
            let message = failure.message.lines().next().unwrap_or_default();
            Item::failed(NAME, format!("{}{place}: {message}", failure.kind.word()))
        }
    }
}

/// Whether every question has an answer in place of its stub.
fn answers(notebook: &Notebook) -> Item {
    const NAME: &str = "every question is answered";
    let open: Vec<String> = (1..)
        .zip(&notebook.cells)
        .filter(|(_, cell)| answered::is_unanswered(cell))
        .map(|(number, cell)| match cell.id() {
            "" => format!("cell {number}"),
            id => format!("cell {number} ({id})"),
        })
        .collect();
    match open.is_empty() {
        true => Item::passed(NAME, "no stub is left"),
        false => Item::failed(NAME, format!("not answered yet: {}", open.join(", "))),
    }
}

/// Whether the checks of the exercises pass, where there are any.
fn points(executed: &Notebook) -> Option<Item> {
    const NAME: &str = "the checks of the exercises pass";
    let results = executed.cells.iter().flat_map(|cell| cell.outputs());
    let questions: Vec<Value> = results
        .filter_map(|output| match &output["data"][mime::QUESTION] {
            Value::String(text) => serde_json::from_str(text).ok(),
            Value::Null => None,
            question => Some(question.clone()),
        })
        .collect();
    let sum = |name: &str| questions.iter().filter_map(|it| it[name].as_f64()).sum::<f64>() + 0.0;
    let (reached, maximum) = (sum("points"), sum("maximum"));
    let found = format!("{reached} of {maximum} points");
    (!questions.is_empty()).then_some(Item { name: NAME, passed: reached >= maximum, found })
}

/// Whether there are figures, and each says in words what it shows.
fn figures(executed: &Notebook, warnings: &[Warning]) -> Item {
    const NAME: &str = "figures have descriptions";
    let is_picture = |output: &&Value| {
        let data = output["data"].as_object();
        data.is_some_and(|data| data.keys().any(|mime| mime.starts_with("image/")))
    };
    let figures = executed.cells.iter().flat_map(|cell| cell.outputs()).filter(is_picture).count();
    let bare: Vec<String> = warnings
        .iter()
        .filter(|warning| warning.what == Flaw::NoDescription)
        .filter_map(|warning| warning.place.as_ref().map(Place::to_string))
        .collect();
    match (figures, bare.is_empty()) {
        (0, _) => Item::failed(NAME, "there is no figure"),
        (_, true) => Item::passed(NAME, format!("{figures} figures, each with its alt text")),
        (_, false) => Item::failed(NAME, format!("no alt text: {}", bare.join(", "))),
    }
}

/// Whether the page and the PDF could be written, and all that is in the notebook is in them.
fn export(warnings: &[Warning], error: Option<String>) -> Item {
    const NAME: &str = "can be written as a page and a PDF";
    let lost = warnings.iter().filter(|warning| warning.what != Flaw::NoDescription);
    let lost: Vec<String> = lost.map(Warning::to_string).collect();
    match (error, lost.is_empty()) {
        (Some(error), _) => Item::failed(NAME, error),
        (None, true) => Item::passed(NAME, "everything is in them"),
        (None, false) => Item::failed(NAME, lost.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::execute::event::{Failure, FailureKind};
    use serde_json::json;

    fn notebook(cells: Value) -> Notebook {
        let json = json!({ "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells });
        Notebook::parse(json.to_string().as_bytes()).unwrap()
    }

    fn warning(number: usize, what: Flaw) -> Warning {
        Warning { place: Some(Place { number, id: String::new() }), what }
    }

    fn result(data: Value) -> Value {
        json!([{ "cell_type": "code", "source": "", "outputs": [{ "output_type": "execute_result", "data": data }] }])
    }

    #[test]
    fn an_open_question_is_named_by_its_cell() {
        let open = notebook(json!([
            { "cell_type": "code", "id": "why", "source": "{\n    panic!(\"This question is not answered yet.\");\n}" },
            { "cell_type": "markdown", "source": "Because.\n\n*Your answer here.*" },
            { "cell_type": "markdown", "source": "Because it learns." },
        ]));
        let line = answers(&open).line();
        assert_eq!(line, "✗ every question is answered: not answered yet: cell 1 (why), cell 2");
        assert!(answers(&notebook(json!([]))).passed);
    }

    #[test]
    fn figures_are_there_and_have_words() {
        let shown = notebook(result(json!({ "image/png": "AA" })));
        assert!(figures(&shown, &[]).passed);
        let bare = [warning(1, Flaw::NoDescription)];
        assert_eq!(figures(&shown, &bare).found, "no alt text: cell 1");
        assert_eq!(figures(&notebook(json!([])), &[]).found, "there is no figure");
    }

    #[test]
    fn points_of_the_exercises_add_up() {
        let question = json!({ "application/vnd.backprop-lab.question+json": { "points": 2.5, "maximum": 4.0 } });
        let item = points(&notebook(result(question))).unwrap();
        assert_eq!((item.passed, item.found.as_str()), (false, "2.5 of 4 points"));
        assert_eq!(points(&notebook(json!([]))), None);
    }

    #[test]
    fn a_failure_and_what_a_page_lacks_are_told() {
        let failure = Failure {
            cell: Some(3),
            kind: FailureKind::Error("Panic".into()),
            message: "boom\nat".into(),
            ..Failure::default()
        };
        let item = execution(&Execution::Failed(failure));
        assert_eq!(item.line(), "✗ runs from top to bottom: Panic in cell [3]: boom");
        let warnings = [warning(1, Flaw::NoDescription), warning(2, Flaw::Formula("x".into()))];
        let expected = "cell 2: the formula x cannot be read, and is shown as it is written";
        assert_eq!(export(&warnings, None).found, expected);
        assert_eq!(export(&[], Some("Typst failed".into())).found, "Typst failed");
        assert!(export(&[], None).passed);
    }
}
