//! What was written is what is shown: in a page and in a PDF, or named with its cell. They need the lab's
//! Python environment, so a bare `cargo test` leaves them out; `cargo lab test` runs them. What needs
//! poppler's programs says so where they are missing.
//!
//! `cases/` holds what people stumbled upon in other tools, as notebooks; `markdown/` snippets and how
//! JupyterLab reads them.

#[path = "shown/cases.rs"]
mod cases;
#[path = "shown/words.rs"]
mod words;

mod exports;
mod notebooks;
use exports::{Shown, of_case, of_cells, of_notebook};
use notebooks::{executed, markdown, output};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

fn stream(text: &str) -> Value {
    json!({"output_type": "stream", "name": "stdout", "text": text})
}

/// Asserts that a page and a PDF hold some words.
fn assert_holds(shown: &Shown, words: &[&str]) {
    for word in words {
        assert!(shown.page_text().contains(word), "no {word:?} in the page: {}", shown.page_text());
        if let Some(text) = &shown.pdf_text {
            assert!(text.contains(word), "no {word:?} in the PDF: {text}");
        }
    }
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn a_notebook_without_a_heading_has_its_files_name_for_title() {
    let shown = of_cells(&[markdown("text")]);
    assert!(shown.page.contains("<title>a</title>"), "{}", shown.page);
}

/// The snippets as one notebook: Typst sets all of it, and what MathJax reads is a formula here, too.
#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn the_snippets_are_set_and_their_formulas_read() {
    let folder = exports::root().join("tests/markdown");
    let text = format!("\n{}", fs::read_to_string(folder.join("snippets.txt")).unwrap());
    let readings: Value =
        serde_json::from_slice(&fs::read(folder.join("readings.json")).unwrap()).unwrap();
    let cells: Vec<Value> = text
        .split("\n=== ")
        .skip(1)
        .filter_map(|snippet| Some(snippet.split_once('\n')?.1))
        .flat_map(|body| body.split("--- next cell\n").map(markdown))
        .collect();
    assert!(cells.len() > 200);
    let shown = of_cells(&cells);
    assert!(!shown.said.contains("cannot be set in a PDF"), "{}", shown.said);
    let unread: Vec<&str> = readings
        .as_object()
        .unwrap()
        .values()
        .flat_map(|reading| reading["formulas"].as_array().unwrap())
        .filter(|formula| formula["reads"] == false)
        .map(|formula| formula["tex"].as_str().unwrap())
        .chain(["\\frac{1}{2"]) // to MathJax no formula at all
        .collect();
    let told = shown.said.split("the formula ").skip(1);
    for formula in told.filter_map(|rest| Some(rest.split_once(" cannot be read")?.0)) {
        assert!(unread.contains(&formula), "MathJax reads {formula}");
    }
}

/// Each picture, or what is said instead: how it is written, and the beginning of its address in the page.
#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn pictures_are_found_by_their_bytes_however_they_are_named() {
    let folder = tempfile::TempDir::new().unwrap();
    let case = exports::root().join("tests/cases/E14");
    let (png, webp) = (case.join("whatsapp.jpg"), case.join("screenshot.png"));
    for name in ["a.gif", "no ending", "100%.png", "a#b.png", "Ü.PNG", "a.svg"] {
        fs::copy(&png, folder.path().join(name)).unwrap();
    }
    fs::copy(&webp, folder.path().join("b.jpeg")).unwrap();
    fs::write(folder.path().join("c.png"), "\u{feff}<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><rect width=\"9\" height=\"9\"/></svg>").unwrap();
    let rows = [
        ("![a](a.gif)", "image/png"),
        ("![a](<no ending>)", "image/png"),
        ("![a](100%.png)", "image/png"),
        ("![a](100%25.png)", "image/png"),
        ("![a](a%23b.png)", "image/png"),
        ("<IMG SRC='Ü.PNG' ALT=a>", "image/png"),
        ("<img\nsrc=a.svg alt=a>", "image/png"),
        ("![a](b.jpeg)", "image/webp"),
        ("![a](c.png)", "image/svg+xml"),
        (
            "![a](DATA:image/gif;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==)",
            "image/png",
        ),
        (
            "<img alt=a src=\"data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>\">",
            "image/svg+xml",
        ),
        (
            "<svg aria-label=a width=9 height=9 onload='x()'><script>x()</script><circle r=4 /></svg>",
            "image/svg+xml",
        ),
    ];
    let cells: Vec<Value> = rows.iter().map(|(source, _)| markdown(source)).collect();
    let shown = of_notebook(folder.path(), &cells);
    assert_eq!(shown.said, "");
    for (number, (source, kind)) in (1..).zip(rows) {
        let cell = shown.cell(number);
        assert!(cell.contains(&format!("src=\"data:{kind};base64,")), "{source}: {cell}");
        assert!(!cell.contains("<script") && !cell.contains("onload"), "{source}: {cell}");
    }
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn one_bad_picture_costs_itself_alone() {
    let folder = tempfile::TempDir::new().unwrap();
    let good = exports::root().join("tests/cases/E14/whatsapp.jpg");
    fs::copy(&good, folder.path().join("good.png")).unwrap();
    let content = fs::read(&good).unwrap();
    fs::write(folder.path().join("cut.png"), &content[..40]).unwrap();
    fs::write(
        folder.path().join("bad.svg"),
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><rect></svg>",
    )
    .unwrap();
    fs::write(folder.path().join("text.png"), "no picture").unwrap();
    let source =
        "before ![a](good.png) ![b](cut.png) ![c](bad.svg) ![d](text.png) ![e](good.png) after";
    let shown = of_notebook(folder.path(), &[markdown("# A"), markdown(source)]);
    assert_eq!(shown.said.matches("a picture cannot be set in a PDF").count(), 2, "{}", shown.said);
    assert!(
        shown.said.contains("the picture text.png is of a kind that is not shown"),
        "{}",
        shown.said
    );
    assert_holds(&shown, &["before", "after"]);
    assert_eq!(shown.pictures_in_pdf().unwrap_or(2), 2);
}

/// Outputs: what is left below a cell, and what a page and a PDF hold of it.
#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn outputs_of_any_kind_are_shown() {
    let widget = "application/vnd.jupyter.widget-view+json";
    let rows: [(Vec<Value>, &str); 12] = [
        (vec![output(json!({"text/markdown": "**bold** list\n\n- item"}))], "bold list"),
        (vec![output(json!({"text/latex": "words $x^2$"}))], "words"),
        (vec![output(json!({"application/json": {"key": [1, 2]}}))], "\"key\": ["),
        (
            vec![output(json!({widget: {}, "text/plain": "IntSlider(value=7)"}))],
            "IntSlider(value=7)",
        ),
        (vec![stream("10 %\u{8}\u{8}\u{8}\u{8}99 %\n")], "99 %"),
        (vec![stream("1/3\r"), stream("2/3\r"), stream("3/3\n")], "3/3"),
        (vec![stream("abcdef\rxyz\n")], "xyzdef"),
        (
            vec![output(json!({"text/html": "<center>centred</center><style>p{}</style>"}))],
            "centred",
        ),
        (
            vec![output(json!({"text/html": "<script>a()</script>", "text/plain": "fallback"}))],
            "fallback",
        ),
        (
            vec![output(json!({"application/x-unheard": "1"}))],
            "an output of the kind application/x-unheard cannot be shown",
        ),
        (
            vec![output(json!({"application/vnd.plotly.v1+json": {}, "text/plain": "Figure 9"}))],
            "Figure 9",
        ),
        (
            vec![json!({"output_type": "error", "ename": "E", "evalue": "why", "traceback": null})],
            "why",
        ),
    ];
    let cells: Vec<Value> =
        (1..).zip(&rows).map(|(number, (outputs, _))| executed(number, "()", outputs)).collect();
    let shown = of_cells(&cells);
    for (number, (_, expected)) in (1..).zip(&rows) {
        let text = exports::text_of(&shown.cell(number));
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let words: Vec<&str> = rows.iter().map(|(_, expected)| *expected).collect();
    assert_holds(&shown, &words);
    for (cell, kind) in
        [(4, widget), (10, "application/x-unheard"), (11, "application/vnd.plotly.v1+json")]
    {
        let told = format!(
            "cell {cell} (id cell-{}): an output of the kind {kind} cannot be shown",
            cell - 1
        );
        assert_eq!(shown.said.matches(&told).count(), 2, "{}", shown.said);
    }
    assert!(!shown.page_text().contains("2/3") && !shown.page_text().contains("10 %"));
}

/// What a page or a PDF cannot show: how it is written, and how it is named.
#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn what_cannot_be_shown_is_named_with_its_cell_and_in_its_place() {
    let rows = [
        ("<iframe src='https://a.org'></iframe>", "an element <iframe> cannot be shown"),
        ("<video src=a.mp4></video>", "an element <video> cannot be shown"),
        ("<audio controls src=a.mp3></audio>", "an element <audio> cannot be shown"),
        ("<object data=a.pdf></object>", "an element <object> cannot be shown"),
        ("<canvas></canvas>", "an element <canvas> cannot be shown"),
        ("<input type=text value=7>", "an element <input> cannot be shown"),
        ("<select><option>a</select>", "an element <select> cannot be shown"),
        (
            "![a](https://a.org/a.png)",
            "the picture https://a.org/a.png is on the network and not loaded",
        ),
        ("<img src=gone.png>", "the picture gone.png cannot be read"),
        ("![a](attachment:gone.png)", "the attachment gone.png is missing"),
        (
            "<svg aria-label=a><foreignObject>a</foreignObject></svg>",
            "an element <foreignObject> cannot be shown",
        ),
        ("```mermaid\ngraph TD\n```", "a diagram of mermaid is shown as it is written"),
        ("$$\na\n\n= b$$", "a formula that begins with $$ does not end"),
        ("$\\unheard{x}$", "the formula \\unheard{x} cannot be read"),
        ("\\eqref{gone}", "the reference gone leads to no equation with a number"),
        ("a\n\n<!-- b", "a tag or a comment of HTML does not end"),
        ("<script>a()</script>", "a script of unknown origin is taken out"),
    ];
    let cells: Vec<Value> = rows.iter().map(|(source, _)| markdown(source)).collect();
    let shown = of_cells(&cells);
    for (number, (source, expected)) in (1..).zip(rows) {
        let told = format!("cell {number} (id cell-{}): {expected}", number - 1);
        assert_eq!(shown.said.matches(&told).count(), 2, "{source}: {}", shown.said);
        let link = format!("<a href=\"#cell.{number}\">");
        assert!(shown.page.contains(&link), "{source}");
    }
    assert_holds(
        &shown,
        &["[an element <iframe> that a page cannot show]", "is on the network and not loaded]"],
    );
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn addresses_that_hold_something_lead_nowhere() {
    let links = "[a](javascript:x()) [b]( DATA:text/html,x ) <a href=' data:text/html,x'>c</a> \
                 <a href='da\tta:text/html,x'>d</a> <a href='JaVaScRiPt:x()'>e</a> [f](vbscript:x)";
    let html = output(json!({"text/html": links}));
    let shown = of_cells(&[markdown(links), executed(1, "()", &[html])]);
    let page = shown.page.to_ascii_lowercase();
    for scheme in
        ["href=\"javascript", "href=\"data", "href=\" data", "href=\"da", "href=\"vbscript"]
    {
        assert!(!page.contains(scheme), "{scheme}");
    }
    assert!(Path::new(&shown.pdf).is_file());
}

/// Half a minute, and no PDF at all, before the gaps in long words were counted.
#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn words_of_any_length_are_set() {
    let folder = tempfile::TempDir::new().unwrap();
    let brackets = "[".repeat(100_000);
    let words = vec!["x".repeat(33); 3000].join(" ");
    let cells = [markdown("# A"), markdown(&brackets), markdown(&words), markdown("behind")];
    let shown = of_notebook(folder.path(), &cells);
    assert_holds(&shown, &["behind"]);
    assert!(!shown.said.contains("cannot be set in a PDF"), "{}", shown.said);
}
