//! Notebooks as pages and PDFs. They need the lab's Python environment, so a bare `cargo test` leaves
//! them out; `cargo lab test` runs them. What needs Chromium or poppler's programs says so where they
//! are missing.

mod browser;
mod notebooks;

use backprop::prelude::*;
use browser::Chromium;
use notebooks::{code, executed, figure, markdown, output};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A picture of one pixel.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn lab() -> Command {
    let mut lab = Command::new(env!("CARGO_BIN_EXE_lab"));
    lab.env("BACKPROP_WORKSPACE", root()).stdin(Stdio::null());
    lab
}

fn export(notebook: &Path, arguments: &[&str]) -> Output {
    lab().arg("export").arg(notebook).args(arguments).output().unwrap()
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Writes a notebook, exports it, and gives its page and what was said.
fn page_of(cells: &[Value], arguments: &[&str]) -> (String, String) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.ipynb");
    notebooks::write(&path, cells);
    let output = export(&path, arguments);
    assert!(output.status.success(), "{}", errors(&output));
    (fs::read_to_string(folder.path().join("a.html")).unwrap(), errors(&output))
}

/// Has a program of poppler read a PDF; none, with the reason told, where it is not installed.
fn poppler(program: &str, pdf: &Path) -> Option<String> {
    let into_stdout = (program == "pdftotext").then_some("-");
    let output = Command::new(program).arg(pdf).args(into_stdout).output();
    match output {
        Ok(output) => Some(String::from_utf8_lossy(&output.stdout).into_owned()),
        Err(_) => {
            eprintln!("left out: {program} (of poppler-utils) is not installed");
            None
        }
    }
}

/// A text as one line, however it was broken into lines.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A recorded training, as a cell shows it.
fn explore() -> Explore {
    let data = Data::digits(200, 20).unwrap();
    let mut network = Network::new(&[784, 4, 10]).unwrap();
    let trainer = Trainer { epochs: 2, ..Trainer::default() };
    let mut explore = Explore::new("Two epochs", &network, &data.test, 3).unwrap();
    trainer.train_with(&mut network, &data, &mut |progress| explore.record(progress)).unwrap();
    explore
}

/// A notebook of everything that the lab's own notebooks hold.
fn report() -> Vec<Value> {
    let curves = Curves::new("Loss over the epochs")
        .x("epoch")
        .y("loss (nats)")
        .series("training", &[2.3, 1.2, 0.6])
        .caption("784-30-10, seed 0. Data: MNIST (60,000 images, SHA-256 4c919928…).")
        .draw();
    let table =
        Table::new(&["network", "loss"]).row(&["784-30-10", "0.21"]).caption("Final losses.");
    let question = Question::new("1.1 Count").sizes(2.0, "one layer", &[30], &[30]);
    let explore = explore();
    let moving = json!({
        "text/html": explore.html(), "image/svg+xml": explore.draw().svg(), "text/plain": explore.draw().text(),
    });
    let (w, b) = (array![[1.0, -1.0], [0.5, 1.0]], array![0.0, 0.2]);
    let layer = Layer { w, b, activation: Activation::Sigmoid };
    let venn = VennDiagram::new("Two units", &layer);
    let lines = json!({
        "text/html": venn.html(), "image/svg+xml": venn.draw().svg(), "text/plain": venn.draw().text(),
    });
    vec![
        markdown(
            "# Train *one* layer\n\nEach layer computes $a^l = \\sigma(W^l a^{l-1} + b^l)$.\n\n$$C = -\\frac{1}{N} \\sum_{n=1}^N \\ln p_n, \\quad \\delta^l = \\nabla_a C \\odot \\sigma'(z^l)$$",
        ),
        markdown(
            "## The loss\n\n| symbol | meaning |\n|---|---|\n| $\\alpha$ | learning rate |\n\nSee [the end](#Summary).",
        ),
        executed(
            1,
            "let x: f32 = 0.5; // σ\nprintln!(\"{x}\");",
            &[json!({"output_type": "stream", "name": "stdout", "text": "0.5\n"})],
        ),
        executed(2, "curves", &[output(figure(&curves))]),
        executed(
            3,
            "table",
            &[output(json!({"text/html": table.html(), "text/plain": table.text()}))],
        ),
        executed(
            4,
            "question",
            &[output(json!({"text/html": question.table().html(), "text/plain": "2"}))],
        ),
        executed(5, "explore", &[output(moving)]),
        executed(6, "venn", &[output(lines)]),
        markdown("#### Deep below\n\n1. one\n2. two\n\n> quoted"),
        markdown("## Summary\n\n- It learns."),
    ]
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn a_page_holds_everything_and_loads_nothing() {
    let (page, said) = page_of(&report(), &[]);
    assert_eq!(said, "");
    browser::assert_loads_nothing(&page);
    browser::assert_pictures_are_described(&page);
    assert_eq!(page.matches("<math ").count(), 3, "every formula is MathML");
    assert!(!page.contains("class=\"math"), "a formula is left as it was written");
    for part in [
        "<html lang=\"en\">",
        "<h1>Train one layer</h1>",
        "<dt>Data</dt><dd>MNIST (60,000 images, SHA-256 4c919928…); built-in digits (200 ",
        "<dt>Seeds</dt><dd>0</dd>",
        "<li><a href=\"#summary\">Summary</a></li>",
        "<a href=\"#summary\" rel=\"noopener noreferrer\">the end</a>",
        "<h3 id=\"deep-below\">Deep below</h3>",
        "<details class=\"code\" open><summary>Code [1]</summary>",
        "<span class=\"kw\">let</span>",
        "<th scope=\"col\" style=\"text-align:left\">network</th>",
        "<figcaption>784-30-10, seed 0.",
    ] {
        assert!(page.contains(part), "no {part}");
    }
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn a_page_works_in_a_browser_without_a_network() {
    let Some(chromium) = Chromium::find() else { return };
    let (page, _) = page_of(&report(), &[]);
    let shown = chromium.open(&page);
    assert_eq!(shown.complaints, Vec::<String>::new());
    assert!(shown.dom.contains("type=\"range\""), "the slider of the figure that moves is there");
    // Nothing but what the page holds: a script that another put in is stopped by the page's policy.
    let forged = page.replace("</main>", "<script>document.title = 'forged'</script></main>");
    let shown = chromium.open(&forged);
    assert!(!shown.dom.contains("<title>forged"), "the policy lets a foreign script run");
    assert!(
        shown.complaints.iter().any(|it| it.contains("Content Security Policy")),
        "{:?}",
        shown.complaints
    );
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn an_accessibility_checker_finds_nothing_serious() {
    let Some(chromium) = Chromium::find() else { return };
    let Some(axe) = browser::axe() else { return };
    let hostile = page_of(&hostile(), &[]).0;
    let sum = (1..100).map(|i| format!("a_{{{i}}}")).collect::<Vec<String>>().join(" + ");
    let wide = page_of(&[markdown(&format!("# A long formula\n\n$${sum}$$"))], &[]).0;
    for page in [page_of(&report(), &[]).0, hostile, wide] {
        for dark in [false, true] {
            let violations = chromium.check(&page, &axe, dark);
            let serious =
                |it: &&Value| ["serious", "critical"].contains(&it["impact"].as_str().unwrap());
            let serious: Vec<&Value> = violations.iter().filter(serious).collect();
            assert!(serious.is_empty(), "dark: {dark}: {serious:#?}");
        }
    }
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn a_pdf_is_tagged_and_holds_headings_captions_and_formulas() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.ipynb");
    notebooks::write(&path, &report());
    let output = export(&path, &["--to", "pdf"]);
    // PDF/UA, or the lab had said why not.
    assert!(output.status.success() && output.stderr.is_empty(), "{}", errors(&output));
    let pdf = folder.path().join("a.pdf");
    let bytes = fs::read(&pdf).unwrap();
    assert!(bytes.windows(9).any(|window| window == b"pdfuaid:p"), "no mark of PDF/UA");
    if let Some(info) = poppler("pdfinfo", &pdf) {
        let has = |line: &str| info.lines().any(|it| one_line(it).starts_with(line));
        assert!(has("Title: Train one layer") && has("Tagged: yes"), "{info}");
        assert!(info.contains("A4"), "{info}");
    }
    if let Some(text) = poppler("pdftotext", &pdf).map(|text| one_line(&text)) {
        for part in [
            "Train one layer",
            "The loss",
            "Deep below",
            "Summary",
            "Figure 1: 784-30-10, seed 0. Data: MNIST (60,000 images, SHA-256 4c919928…).",
            "Table 1: Final losses.",
            "1.1 Count: 2 of 2 points",
            "Figure 2: ",
            "let x: f32 = 0.5; // σ",
        ] {
            assert!(text.contains(part), "no {part:?} in {text}");
        }
    }
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn the_labs_own_notebooks_are_written_quickly_and_without_a_complaint() {
    let folder = TempDir::new().unwrap();
    let entries = fs::read_dir(root().join("notebooks")).unwrap();
    let notebooks: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "ipynb"))
        .collect();
    assert!(notebooks.len() >= 2);
    let out = folder.path().to_str().unwrap();
    for path in notebooks {
        for (to, most) in [("html", 2), ("pdf", 3)] {
            let begun = Instant::now();
            let output = export(&path, &["--to", to, "--out", out]);
            let said = errors(&output);
            assert!(output.status.success(), "{said}");
            let expected = "no cell of this notebook was executed";
            assert!(said.lines().all(|line| line.contains(expected)), "{said}");
            assert!(begun.elapsed() < Duration::from_secs(most), "{}: {to}", path.display());
        }
        let page = folder.path().join(path.with_extension("html").file_name().unwrap());
        let page = fs::read_to_string(page).unwrap();
        browser::assert_loads_nothing(&page);
        assert!(!page.contains("class=\"math"), "{}: a formula is not MathML", path.display());
    }
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn a_report_folds_code_and_hides_what_tags_say() {
    let printed = |text: &str| json!({"output_type": "stream", "name": "stdout", "text": text});
    let tagged = |tag: &str, count: u64| {
        let mut cell =
            executed(count, &format!("source_{count}()"), &[printed(&format!("printed_{count}"))]);
        cell["metadata"]["tags"] = json!([tag]);
        cell
    };
    let mut answer = executed(4, "source_4()", &[]);
    answer["metadata"]["nbgrader"] = json!({"solution": true, "grade": false});
    let cells = [
        markdown("# A"),
        tagged("remove-cell", 1),
        tagged("hide-input", 2),
        tagged("remove-output", 3),
        answer,
        executed(5, "source_5()", &[]),
    ];
    let (full, _) = page_of(&cells, &[]);
    for part in ["source_1", "printed_1", "printed_3", "open><summary>Code [5]"] {
        assert!(full.contains(part), "no {part}");
    }
    assert!(full.contains("<details class=\"code\"><summary>Code [2]"));
    let (report, _) = page_of(&cells, &["--view", "report"]);
    for part in ["printed_2", "open><summary>Code [4]", "<details class=\"code\"><summary>Code [5]"]
    {
        assert!(report.contains(part), "no {part}");
    }
    for part in ["source_1", "printed_1", "printed_3"] {
        assert!(!report.contains(part), "{part} is not hidden");
    }
}

/// Cells that try what they should not, or are broken.
fn hostile() -> Vec<Value> {
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

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn a_notebook_without_outputs_is_written_with_a_warning() {
    let (page, said) = page_of(&[markdown("# A"), code("let a: i32 = 1;")], &[]);
    let expected = "cell 2 (id cell-1): no cell of this notebook was executed";
    assert!(
        said.contains(expected) && page.contains("no cell of this notebook was executed"),
        "{said}"
    );
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn pictures_and_pages_lie_in_folders_of_any_name() {
    let folder = TempDir::new().unwrap();
    let below = folder.path().join("Meine Übung/Teil 1");
    fs::create_dir_all(below.join("Bilder")).unwrap();
    fs::write(below.join("Bilder/ein Punkt.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .unwrap();
    let path = below.join("Übung 1.ipynb");
    notebooks::write(&path, &[markdown("# A\n\n![a dot](Bilder/ein%20Punkt.svg)")]);
    let out = folder.path().join("Ausgabe für alle");
    let output = export(&path, &["--to", "both", "--out", out.to_str().unwrap()]);
    assert!(output.status.success() && output.stderr.is_empty(), "{}", errors(&output));
    let page = fs::read_to_string(out.join("Übung 1.html")).unwrap();
    assert!(
        page.contains("<img alt=\"a dot\" src=\"data:image/svg+xml;base64,")
            || page.contains("alt=\"a dot\"")
    );
    assert!(page.contains("Übung 1.ipynb, SHA-256 ") && out.join("Übung 1.pdf").is_file());
}

#[test]
fn what_is_no_notebook_is_refused_and_an_earlier_page_stays() {
    let cases = [
        ("{\"cells\": [", "no notebook, which is a JSON object: EOF while parsing"),
        ("{\"nbformat\": 3, \"worksheets\": []}", "expected a notebook of format 4, found 3"),
        ("{\"nbformat\": 4}", "expected a list of cells, found none"),
    ];
    for (text, expected) in cases {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("a.ipynb");
        fs::write(&path, text).unwrap();
        fs::write(folder.path().join("a.html"), "earlier").unwrap();
        let output = export(&path, &[]);
        let said = errors(&output);
        assert!(!output.status.success() && said.contains(expected), "{said}");
        assert!(said.contains("a.ipynb"), "{said}");
        assert_eq!(fs::read_to_string(folder.path().join("a.html")).unwrap(), "earlier");
    }
    let output = export(Path::new("nowhere.ipynb"), &[]);
    assert!(errors(&output).contains("cannot read nowhere.ipynb"), "{}", errors(&output));
}

/// Files may not grow beyond 8 blocks of 512 bytes: to a program as if the disk were full.
#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn on_a_full_disk_the_earlier_page_stays_whole() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.ipynb");
    notebooks::write(&path, &report());
    for to in ["html", "pdf"] {
        let earlier = folder.path().join(format!("a.{to}"));
        fs::write(&earlier, "earlier").unwrap();
        let output = Command::new("sh")
            .args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" export \"$1\" --to \"$2\""])
            .arg(env!("CARGO_BIN_EXE_lab"))
            .arg(&path)
            .arg(to)
            .env("BACKPROP_WORKSPACE", root())
            .output()
            .unwrap();
        let said = errors(&output);
        assert!(!output.status.success(), "{to}");
        assert!(said.contains("cannot write") && said.contains("File too large"), "{to}: {said}");
        assert_eq!(fs::read_to_string(&earlier).unwrap(), "earlier");
    }
    let left: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "nothing half-written is left: {left:?}");
}

#[test]
fn two_notebooks_of_one_name_are_not_written_over_each_other() {
    let folder = TempDir::new().unwrap();
    let paths = ["one/a.ipynb", "two/a.ipynb"].map(|name| folder.path().join(name));
    paths.iter().for_each(|path| notebooks::write(path, &[markdown("# A")]));
    let out = folder.path().join("out");
    let output = export(&paths[0], &[paths[1].to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert!(errors(&output).contains("two notebooks are named a: their pages would collide"));
    assert!(!output.status.success() && !out.exists());
}
