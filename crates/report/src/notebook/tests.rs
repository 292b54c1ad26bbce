//! Notebooks that are read, changed and written again.

use super::*;

/// As nbformat 5.11 writes it, with Greek, quotes, a tab and a backspace.
const WRITTEN: &str = r##"{
 "cells": [
  {
   "cell_type": "markdown",
   "id": "a",
   "metadata": {},
   "source": [
    "# σ, \"quoted\"\n",
    "\n",
    "\ta\b"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": null,
   "id": "b",
   "metadata": {
    "nbgrader": {
     "points": 1.5
    },
    "tags": []
   },
   "outputs": [],
   "source": []
  }
 ],
 "metadata": {
  "kernelspec": {
   "name": "backprop-lab"
  }
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
"##;

fn notebook() -> Notebook {
    Notebook::parse(WRITTEN.as_bytes()).unwrap()
}

#[test]
fn what_nbformat_wrote_is_written_again_byte_for_byte() {
    assert_eq!(notebook().to_text(), WRITTEN);
}

#[test]
fn another_tools_spelling_is_written_as_nbformats() {
    let json: Value = serde_json::from_str(WRITTEN).unwrap();
    let one_line = json.to_string();
    assert_ne!(one_line, WRITTEN);
    let whole_source = one_line
        .replace(r##"["# σ, \"quoted\"\n","\n","\ta\b"]"##, r##""# σ, \"quoted\"\n\n\ta\b""##);
    assert_ne!(whole_source, one_line);
    for text in [one_line, whole_source] {
        assert_eq!(Notebook::parse(text.as_bytes()).unwrap().to_text(), WRITTEN);
    }
}

/// Case G06.
#[test]
fn a_file_that_the_text_does_not_name_is_taken_out() {
    let json = json!({"cell_type": "markdown", "metadata": {},
        "source": "![a](attachment:my%20plot.png) ![b](attachment:Übung.png)",
        "attachments": {"my plot.png": {"image/png": "AA=="}, "Übung.png": {}, "solution.png": {}}});
    let mut cell = Cell::parse(json).unwrap();
    cell.keep_named_attachments();
    assert_eq!(cell.attachments().keys().collect::<Vec<_>>(), ["my plot.png", "Übung.png"]);
    cell.source = "*Your answer here.*".to_owned();
    cell.keep_named_attachments();
    assert!(!cell.rest.contains_key("attachments"));
}

#[test]
fn clearing_leaves_no_trace_of_an_execution() {
    let mut executed = notebook();
    executed.cells[1].rest.insert("execution_count".into(), json!(7));
    executed.cells[1].rest.insert("outputs".into(), json!([{"output_type": "stream"}]));
    assert_ne!(executed, notebook());
    executed.clear_outputs();
    assert_eq!(executed, notebook());
}

#[test]
fn the_version_follows_sources_ids_and_kinds_alone() {
    let version = |edit: &dyn Fn(&mut Notebook)| {
        let mut edited = notebook();
        edit(&mut edited);
        edited.version()
    };
    let as_it_was = version(&|_| {});
    let same: [&dyn Fn(&mut Notebook); 3] = [
        &|notebook| drop(notebook.rest.insert("metadata".into(), json!({"saved": true}))),
        &|notebook| drop(notebook.cells[1].rest.insert("outputs".into(), json!([1]))),
        &|notebook| notebook.cells.push(Cell { source: " \n".into(), ..notebook.cells[1].clone() }),
    ];
    for edit in same {
        assert_eq!(version(edit), as_it_was);
    }
    let different: [&dyn Fn(&mut Notebook); 4] = [
        &|notebook| notebook.cells[0].source.push('.'),
        &|notebook| notebook.cells[1].source.push_str("let a: i32 = 1;"),
        &|notebook| drop(notebook.cells[0].rest.insert("id".into(), json!("c"))),
        &|notebook| drop(notebook.cells[0].rest.insert("cell_type".into(), json!("raw"))),
    ];
    for edit in different {
        assert_ne!(version(edit), as_it_was);
    }
}

#[test]
fn what_is_no_notebook_is_refused_with_what_is_wrong() {
    let cases = [
        ("", "no notebook"),
        ("[]", "no notebook"),
        ("\u{feff}{}", "it begins with a byte order mark"),
        ("{\n \"a\": [1.0, NaN]}", "NaN is no number that JSON has"),
        ("{\"a\": -Infinity}", "Infinity is no number that JSON has"),
        (r#"{"nbformat": 3}"#, "expected a notebook of format 4, found 3"),
        (r#"{"nbformat": 4}"#, "expected a list of cells"),
        (r#"{"nbformat": 4, "cells": [1]}"#, "cell 1: expected an object, found 1"),
        (r#"{"nbformat": 4, "cells": [{"source": ""}]}"#, "cell 1: expected a `cell_type`"),
        (r#"{"nbformat": 4, "cells": [{"cell_type": "code"}]}"#, "expected a `source`"),
        (r#"{"nbformat": 4, "cells": [{"cell_type": "raw", "source": [1]}]}"#, "lines of text"),
    ];
    for (text, expected) in cases {
        let error = format!("{:#}", Notebook::parse(text.as_bytes()).unwrap_err());
        assert!(error.contains(expected), "{text}: {error}");
    }
}
