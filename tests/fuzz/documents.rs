//! The readers of notebooks, archives and marks, each as a function of bytes: for the fuzz targets of `fuzz/`, and
//! for the test that reads their corpora again.

use backprop_report::export::{Exporter, Header, Page, View};
use backprop_report::notebook::{Cell, Notebook};
use backprop_report::solution_markers;
use lab::fuzz;
use std::path::Path;

/// A reader, by the name of its target and of its corpus.
type Reader = (&'static str, fn(&[u8]));

/// All of them.
#[allow(dead_code, reason = "a target has one")]
pub const ALL: [Reader; 4] = [
    ("notebook", notebook),
    ("markdown", markdown),
    ("archive", fuzz::archive),
    ("marks", fuzz::marks),
];

/// Notebooks: read, written, made a student's version, exported.
pub fn notebook(bytes: &[u8]) {
    let Ok(notebook) = Notebook::parse(bytes) else { return };
    let again = Notebook::parse(notebook.to_text().as_bytes()).expect("what was written is read");
    assert_eq!(again.to_text(), notebook.to_text());
    export(&notebook, Header::of(Path::new("a.ipynb"), bytes, &notebook));
    let mut release = again;
    if solution_markers::replace_by_stubs(&mut release).is_ok() {
        solution_markers::remove_hidden_tests(&mut release).ok();
        release.clear_outputs();
        export(&release, Header::default());
    }
}

/// Markdown, with what of HTML and formulas is in it.
pub fn markdown(bytes: &[u8]) {
    let cell = Cell::markdown(&String::from_utf8_lossy(bytes));
    export(&Notebook::of_cells(vec![cell]), Header::default());
}

/// Writes the page, and the prose for a PDF; a script that is not the lab's own gets into no page.
fn export(notebook: &Notebook, header: Header) {
    for view in [View::Full, View::Report] {
        let page =
            Page { notebook, folder: Path::new("/nonexistent"), header: header.clone(), view };
        let (exported, _) = Exporter::unrendered(&page);
        String::from_utf8(exported.content).expect("a page is UTF-8");
    }
}
