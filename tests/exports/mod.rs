//! Notebooks that tests export, and what came of them.
#![allow(dead_code)] // each test program uses some of these

use crate::notebooks;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// What a notebook became.
pub struct Shown {
    pub page: String,
    pub pdf: PathBuf,
    /// The text of the PDF as one line; none where poppler's pdftotext is not installed.
    pub pdf_text: Option<String>,
    /// The warnings, those of the page first.
    pub said: String,
    folder: TempDir,
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Exports one of tests/cases.
pub fn of_case(path: &str) -> Shown {
    of_file(&root().join("tests/cases").join(path))
}

/// Exports a notebook of these cells.
pub fn of_cells(cells: &[Value]) -> Shown {
    of_notebook(TempDir::new().unwrap().path(), cells)
}

/// Exports a notebook of these cells that lies in a folder.
pub fn of_notebook(folder: &Path, cells: &[Value]) -> Shown {
    let path = folder.join("a.ipynb");
    notebooks::write(&path, cells);
    of_file(&path)
}

fn of_file(path: &Path) -> Shown {
    let folder = TempDir::new().unwrap();
    let output = export(path, folder.path());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let made = |ending| folder.path().join(path.with_extension(ending).file_name().unwrap());
    let (page, pdf) = (fs::read_to_string(made("html")).unwrap(), made("pdf"));
    let pdf_text = poppler("pdftotext", &[&pdf, Path::new("-")])
        .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    Shown { page, pdf, pdf_text, said, folder }
}

/// Gives what is said of a case that cannot be read.
pub fn refused(path: &str) -> String {
    let folder = TempDir::new().unwrap();
    let output = export(&root().join("tests/cases").join(path), folder.path());
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn export(path: &Path, out: &Path) -> std::process::Output {
    let mut lab = Command::new(env!("CARGO_BIN_EXE_lab"));
    lab.env("BACKPROP_WORKSPACE", root()).stdin(Stdio::null());
    lab.arg("export").arg(path).args(["--to", "both", "--out"]).arg(out).output().unwrap()
}

/// Has a program of poppler read a PDF; none, with the reason told, where it is not installed.
fn poppler(program: &str, arguments: &[&Path]) -> Option<String> {
    match Command::new(program).args(arguments).output() {
        Ok(output) => Some(String::from_utf8_lossy(&output.stdout).into_owned()),
        Err(_) => {
            eprintln!("left out: {program} (of poppler-utils) is not installed");
            None
        }
    }
}

impl Shown {
    /// The text of the page's title and cells as one line.
    pub fn page_text(&self) -> String {
        let (_, title) = self.page.split_once("<h1>").unwrap();
        let (title, rest) = title.split_once("</h1>").unwrap();
        text_of(&format!("{title} {}", rest.split_once("<main>").unwrap().1))
    }

    /// The page's HTML of a cell, counted from 1.
    pub fn cell(&self, number: usize) -> String {
        let begin = format!("<div class=\"cell\" id=\"cell.{number}\">");
        let (_, rest) = self.page.split_once(&begin).unwrap_or_default();
        rest.split("<div class=\"cell\"").next().unwrap().to_owned()
    }

    /// Counts the PDF's pictures, masks not among them.
    pub fn pictures_in_pdf(&self) -> Option<usize> {
        let list = poppler("pdfimages", &[Path::new("-list"), &self.pdf])?;
        Some(list.lines().filter(|line| line.split_whitespace().nth(2) == Some("image")).count())
    }

    /// Gives how far to the right the words of the PDF reach, in points.
    pub fn right_edge_of_pdf(&self) -> Option<f64> {
        let boxes = poppler("pdftotext", &[Path::new("-bbox"), &self.pdf, Path::new("-")])?;
        let edges = boxes.split("xMax=\"").skip(1);
        let edges = edges.filter_map(|rest| rest.split_once('"')?.0.parse::<f64>().ok());
        Some(edges.fold(0.0, f64::max))
    }
}

/// Gives the text of HTML as one line, without its tags.
pub fn text_of(html: &str) -> String {
    let mut text = String::new();
    // The source of a formula, for programs, is no text of the page.
    let formulas = html.split("<annotation").map(|part| match part.split_once("</annotation>") {
        Some((_, shown)) => shown,
        None => part,
    });
    for part in formulas.collect::<String>().split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, text)| text));
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    let text = text.replace("&nbsp;", "\u{a0}").replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a word is in a PDF's text, where digits may be raised or lowered.
pub fn is_within(word: &str, text: &str) -> bool {
    text.contains(word) || {
        let raised = |digits: &str| -> String {
            let digit = |c: char| c.to_digit(10).and_then(|it| digits.chars().nth(it as usize));
            word.chars().map(|c| digit(c).unwrap_or(c)).collect()
        };
        text.contains(&raised("⁰¹²³⁴⁵⁶⁷⁸⁹")) || text.contains(&raised("₀₁₂₃₄₅₆₇₈₉"))
    }
}
