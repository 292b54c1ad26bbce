//! The document as a PDF: pandoc writes Typst's markup, Typst sets it.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::document::{Body, Code, Document, Part};
use super::formula::spaced_for_typst;
use super::html::code_block;
use super::output::{Figure, Output};
use super::pandoc::Pandoc;
use super::picture::Picture;
use super::prose::{NO_DESCRIPTION, plain_text, walk};
use super::warning::{Flaw, Warning};
use super::{Exported, Page, View, ansi};
use crate::files;

const TEMPLATE: &str = include_str!("report.typ");
const SCRIPT: &str = include_str!("../../python/typeset.py");

/// A document of fewer headings has no table of contents.
const LEAST_CONTENTS: usize = 4;

/// What Typst made of a document.
enum Typeset {
    /// The PDF is there; the message says why it does not follow PDF/UA, where it does not.
    Done(Option<String>),
    /// What hinders it, and the line of the document that it is found in.
    Hindered { line: Option<usize>, message: String },
}

/// Sets the PDF. A part that Typst cannot set is shown as its source, with a warning.
pub fn write(document: &Document, page: &Page, pandoc: &Pandoc, python: &Path) -> Result<Exported> {
    let folder = TempDir::new().context("cannot make a temporary folder")?;
    let mut written =
        Writer { folder: folder.path(), pictures: 0 }.write(document, page, pandoc)?;
    fs::write(folder.path().join("report.typ"), TEMPLATE).context("cannot write beside the PDF")?;
    let mut warnings = document.warnings.clone();
    loop {
        let (text, lines) = assemble(document, page, &written, &warnings);
        match set(folder.path(), &text, python)? {
            Typeset::Done(standard) => {
                let what = standard.map(Flaw::NotAccessible);
                warnings.extend(what.map(|what| Warning { place: None, what }));
                let content = fs::read(folder.path().join("main.pdf")).context("no PDF")?;
                return Ok(Exported { content, warnings });
            }
            Typeset::Hindered { line, message } => {
                let part = line.and_then(|line| lines.iter().rposition(|first| *first <= line));
                let Some(part) = part.filter(|&part| !written[part].starts_with("#unset(")) else {
                    bail!("Typst cannot set the document: {message}");
                };
                let number = document.parts[part].cell;
                let what = Flaw::NotSet(message);
                let source = source_of(&document.parts[part], page);
                written[part] = format!("#unset({}, {})", quote(&what.to_string()), quote(&source));
                warnings.push(Warning::of_cell(number, &page.notebook.cells[number - 1], what));
            }
        }
    }
}

/// Puts the document together; gives it, and the line that each part begins in.
fn assemble(
    document: &Document,
    page: &Page,
    written: &[String],
    warnings: &[Warning],
) -> (String, Vec<usize>) {
    let facts =
        page.header.facts.iter().map(|(name, what)| format!("({}, {}),", quote(name), quote(what)));
    let mut text = format!(
        "#import \"report.typ\": *\n#show: report.with(title: {}, facts: ({}), contents: {})\n",
        quote(&document.title),
        facts.collect::<String>(),
        document.headings.len() >= LEAST_CONTENTS,
    );
    if !warnings.is_empty() {
        let lines = warnings.iter().map(|warning| quote(&warning.to_string()) + ",");
        text.push_str(&format!("#notes(({}))\n", lines.collect::<String>()));
    }
    let mut lines = Vec::new();
    for part in written {
        lines.push(text.matches('\n').count() + 1);
        text.push_str(part);
        text.push_str("\n\n");
    }
    (text, lines)
}

fn set(folder: &Path, text: &str, python: &Path) -> Result<Typeset> {
    let (main, pdf) = (folder.join("main.typ"), folder.join("main.pdf"));
    fs::write(&main, text).context("cannot write beside the PDF")?;
    let output = Command::new(python)
        .args(["-I", "-c", SCRIPT])
        .args([&main, &pdf])
        .output()
        .with_context(|| format!("cannot start {}", python.display()))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "Typst failed: {}", errors.trim());
    let outcome: Value = serde_json::from_slice(&output.stdout).context("the words of Typst")?;
    let message = outcome["message"].as_str().map(str::to_owned);
    Ok(match outcome.get("standard") {
        Some(_) => Typeset::Done(message),
        None => Typeset::Hindered {
            line: outcome["line"].as_u64().map(|line| line as usize),
            message: message.unwrap_or_default(),
        },
    })
}

/// Gives what the notebook's file says in place of a part that cannot be set.
fn source_of(part: &Part, page: &Page) -> String {
    match &part.body {
        Body::Output(Output::Figure(figure)) => figure.alt.clone(),
        Body::Output(Output::Html(html)) => super::markup::text_of(html),
        Body::Output(_) => String::new(),
        Body::Prose(_) | Body::Code(_) => page.notebook.cells[part.cell - 1].source.clone(),
    }
}

/// Writes parts in Typst's markup, and pictures into files beside it.
struct Writer<'a> {
    folder: &'a Path,
    pictures: usize,
}

impl Writer<'_> {
    fn write(&mut self, document: &Document, page: &Page, pandoc: &Pandoc) -> Result<Vec<String>> {
        let html: Vec<&str> = document.parts.iter().filter_map(html_of).collect();
        let mut html = pandoc.read_html(&html)?.into_iter();
        // No notebook can hold what is made of its own hash.
        let mark = files::sha256(page.notebook.to_text().as_bytes());
        let mark = format!("// {mark}");
        let mut blocks = Vec::new();
        for part in &document.parts {
            blocks.push(raw_block(&mark));
            blocks.extend(match &part.body {
                Body::Prose(prose) => self.prose(prose)?,
                Body::Code(code) if is_left_out(code, page) => Vec::new(),
                Body::Code(code) => vec![code_block(&code.source)],
                Body::Output(Output::Html(_)) => self.prose(&html.next().unwrap_or_default())?,
                Body::Output(output) => vec![raw_block(&self.output(output)?)],
            });
        }
        let text = pandoc.write_typst(blocks)?;
        let parts: Vec<String> =
            text.split(&mark).skip(1).map(|part| part.trim().to_owned()).collect();
        ensure!(parts.len() == document.parts.len(), "pandoc lost a part of the notebook");
        Ok(parts)
    }

    /// Readies prose for paper: headings begin at 1, formulas and pictures have their words.
    fn prose(&mut self, blocks: &[Value]) -> Result<Vec<Value>> {
        let mut blocks = blocks.to_vec();
        let mut result = Ok(());
        for block in &mut blocks {
            walk(block, &mut |element| {
                if let Err(error) = self.ready(element) {
                    result = Err(error);
                }
            });
        }
        result?;
        let mut described = Value::Array(blocks);
        describe_formulas(&mut described);
        Ok(described.as_array().cloned().unwrap_or_default())
    }

    fn ready(&mut self, element: &mut Value) -> Result<()> {
        match element["t"].as_str().unwrap_or_default() {
            "Header" => {
                let level = element["c"][0].as_u64().unwrap_or(2);
                element["c"][0] = level.saturating_sub(1).max(1).into();
            }
            // Nothing that a notebook says is to be run by Typst.
            "RawBlock" => *element = json!({ "t": "Plain", "c": [] }),
            "RawInline" => *element = json!({ "t": "Span", "c": [["", [], []], []] }),
            "Image" => *element = raw_inline(&self.inline_picture(element)?),
            _ => {}
        }
        Ok(())
    }

    fn inline_picture(&mut self, image: &Value) -> Result<String> {
        let alt = plain_text(&image["c"][1]);
        let Some(picture) = image["c"][2][0].as_str().and_then(Picture::of_address) else {
            return Ok(format!("#emph({})", quote(&alt)));
        };
        let width = image["c"][0][2].as_array().into_iter().flatten();
        let width =
            width.filter(|pair| pair[0] == "width").find_map(|pair| points(pair[1].as_str()?));
        let width = width.map(|points| format!(", width: {points}pt")).unwrap_or_default();
        let path = self.store(&picture)?;
        Ok(format!("#box(image({}, alt: {}{width}))", quote(&path), quote(&alt)))
    }

    fn output(&mut self, output: &Output) -> Result<String> {
        Ok(match output {
            Output::Stream { text, .. } | Output::Text(text) => {
                format!("#stream({})", quote(ansi::strip(text).trim_end()))
            }
            Output::Error { name, traceback } => {
                format!("#failure({}, {})", quote(name), quote(ansi::strip(traceback).trim_end()))
            }
            Output::Figure(Figure { picture, alt, caption, .. }) => {
                let alt = if alt.is_empty() { NO_DESCRIPTION } else { alt };
                let path = self.store(picture)?;
                let image = format!("image({}, alt: {})", quote(&path), quote(alt));
                format!("#picture({image}, {})", quote(caption))
            }
            Output::Html(_) => unreachable!("pandoc writes HTML"),
        })
    }

    /// Writes a picture beside the document, and gives its name there.
    fn store(&mut self, picture: &Picture) -> Result<String> {
        self.pictures += 1;
        // What is no base64 is no picture either, which Typst will say.
        let (content, ending) = picture.file().unwrap_or((Vec::new(), "png"));
        let name = format!("picture-{}.{ending}", self.pictures);
        fs::write(self.folder.join(&name), content).context("cannot write beside the PDF")?;
        Ok(name)
    }
}

fn html_of(part: &Part) -> Option<&str> {
    match &part.body {
        Body::Output(Output::Html(html)) => Some(html),
        _ => None,
    }
}

/// Paper cannot unfold: a report is without the code that its page folds.
fn is_left_out(code: &Code, page: &Page) -> bool {
    page.view == View::Report && code.is_folded
}

/// Puts each formula into a call that tells its source.
fn describe_formulas(value: &mut Value) {
    match value {
        Value::Array(elements) => {
            elements.iter_mut().for_each(describe_formulas);
            *elements = std::mem::take(elements).into_iter().flat_map(described).collect();
        }
        Value::Object(element) => {
            element.get_mut("c").into_iter().for_each(describe_formulas);
        }
        _ => {}
    }
}

/// A formula within its call; any other element as it is.
fn described(element: Value) -> Vec<Value> {
    if element["t"] != "Math" {
        return vec![element];
    }
    let source = element["c"][1].as_str().unwrap_or_default();
    let call = format!("#formula({})[", quote(source));
    let roomy = json!({ "t": "Math", "c": [element["c"][0], spaced_for_typst(source)] });
    vec![raw_inline(&call), roomy, raw_inline("]")]
}

/// Gives a width in HTML, such as "300", "300px" or "50%", in points where it is a length.
fn points(width: &str) -> Option<f64> {
    Some(width.trim().trim_end_matches("px").parse::<f64>().ok()? * 0.75)
}

fn raw_block(typst: &str) -> Value {
    json!({ "t": "RawBlock", "c": ["typst", typst] })
}

fn raw_inline(typst: &str) -> Value {
    json!({ "t": "RawInline", "c": ["typst", typst] })
}

/// Gives a text as a string of Typst's.
fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => {}
            other => quoted.push(other),
        }
    }
    quoted + "\""
}
