//! Notebooks as pages and PDFs. They need the lab's Python environment, so a bare `cargo test` leaves
//! them out; `cargo lab test` runs them. What needs Chromium or poppler's programs says so where they
//! are missing.

#[path = "export/hostile.rs"]
mod hostile;
#[path = "export/written.rs"]
mod written;

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
    let hostile = page_of(&hostile::hostile(), &[]).0;
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
