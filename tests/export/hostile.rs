//! Notebooks that others wrote, and what cannot be set.

use super::*;

/// Cells that try what they should not, or are broken.
pub fn hostile() -> Vec<Value> {
    let html = "<script>document.title = 'stolen'; fetch('https://a.org')</script>\
        <table><tr><th>a</th></tr><tr><td>1</td></tr></table></div></main>\
        <style>* { display: none }</style><img src=\"https://a.org/x.png\">\
        <svg onload=\"document.title = 'stolen'\"></svg><iframe src=\"https://a.org\"></iframe>";
    let attached = json!({"dot.png": {"image/png": PNG}});
    let mut pictures = markdown(
        "![](attachment:dot.png) ![away](https://a.org/a.png) ![up](../up.png) <img src=x onerror=alert(1)>",
    );
    pictures["attachments"] = attached;
    vec![
        markdown("# Hostile {{cells}}\n\n<script>document.title = 'stolen'</script>"),
        markdown("<div><b>never closed\n\n<h1>Not a heading</h1>\n\n</main></body>"),
        pictures,
        executed(
            1,
            "\"</script></details>\"",
            &[output(json!({"text/html": html, "text/plain": "plain"}))],
        ),
        executed(2, "picture", &[output(json!({"image/png": PNG, "text/plain": "<Figure>"}))]),
        executed(
            3,
            "broken",
            &[output(json!({"image/png": "AAAA", "text/plain": "nothing to see"}))],
        ),
        markdown("after the picture"),
    ]
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn what_others_wrote_is_shown_but_neither_run_nor_loaded() {
    let (page, said) = page_of(&hostile(), &[]);
    browser::assert_loads_nothing(&page);
    browser::assert_pictures_are_described(&page);
    assert!(page.contains("script-src 'none'") && !page.contains("<script"));
    assert_eq!((page.matches("</main>").count(), page.matches("<h1>").count()), (1, 1));
    assert!(page.contains("<td>1</td>") && page.contains(&format!("data:image/png;base64,{PNG}")));
    for part in [
        "cell 4 (id cell-3): a script of unknown origin is taken out of an output",
        "cell 5 (id cell-4): a picture has no description",
        "cell 3 (id cell-2): the picture https://a.org/a.png is on the network and not loaded",
        "cell 3 (id cell-2): the picture ../up.png cannot be read",
    ] {
        assert!(said.contains(part), "no {part:?} in {said}");
    }
    let Some(chromium) = Chromium::find() else { return };
    let shown = chromium.open(&page);
    assert!(!shown.dom.contains("<title>stolen"));
    assert_eq!(shown.complaints, Vec::<String>::new());
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn a_part_that_cannot_be_set_is_named_and_does_not_cost_the_pdf() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.ipynb");
    notebooks::write(&path, &hostile());
    let output = export(&path, &["--to", "pdf"]);
    assert!(output.status.success(), "{}", errors(&output));
    let expected = "cell 6 (id cell-5): this part cannot be set in a PDF: failed to decode image";
    assert!(errors(&output).contains(expected), "{}", errors(&output));
    if let Some(text) = poppler("pdftotext", &folder.path().join("a.pdf")) {
        assert!(text.contains("nothing to see") && text.contains("after the picture"), "{text}");
    }
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn a_broken_formula_is_shown_as_it_is_written_and_its_cell_named() {
    let cells = [markdown("# A"), markdown("Good $x^2$, broken $\\brokn{x}$, $$\\frac{1}{2$$")];
    let (page, said) = page_of(&cells, &["--to", "both"]);
    for formula in ["\\brokn{x}", "\\frac{1}{2"] {
        let warning = format!(
            "cell 2 (id cell-1): the formula {formula} cannot be read, and is shown as it is written"
        );
        assert_eq!(said.matches(&warning).count(), 2, "for the page and for the PDF: {said}");
        assert!(page.contains(formula));
    }
    assert!(page.contains("<a href=\"#cell.2\">cell 2 (id cell-1)</a>: the formula"));
    assert_eq!(page.matches("<math ").count(), 1);
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn colours_of_a_terminal_are_colours_of_the_page() {
    let error = json!({"output_type": "error", "ename": "Panic", "evalue": "boom",
                       "traceback": ["\u{1b}[1;31mPanic\u{1b}[0m: <boom>", "  in cell [1]"]});
    let (page, _) = page_of(&[executed(1, "panic!()", &[error])], &["--to", "both"]);
    let expected = "<p>Error: Panic</p>\n<pre><span class=\"ansi-bold ansi-red\">Panic</span>: &lt;boom&gt;\n  in cell [1]</pre>";
    assert!(page.contains(expected) && !page.contains('\u{1b}'));
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn an_output_of_50_megabytes_is_cut_and_told() {
    let line = "a line of the training, one of many\n";
    let printed = json!({"output_type": "stream", "name": "stdout", "text": line.repeat(50_000_000 / line.len())});
    let html =
        json!({"text/html": format!("<p>{}</p>", "b ".repeat(25_000_000)), "text/plain": "short"});
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.ipynb");
    notebooks::write(&path, &[executed(1, "a", &[printed]), executed(2, "b", &[output(html)])]);
    let output = export(&path, &["--to", "both"]);
    let said = errors(&output);
    assert!(output.status.success(), "{said}");
    assert!(
        said.contains("cell 1 (id cell-0): 49.9 MB of an output of 50.0 MB are left out"),
        "{said}"
    );
    assert!(
        said.contains("cell 2 (id cell-1): an output of 50.0 MB in HTML is left out"),
        "{said}"
    );
    for name in ["a.html", "a.pdf"] {
        assert!(fs::metadata(folder.path().join(name)).unwrap().len() < 2_000_000, "{name}");
    }
}
