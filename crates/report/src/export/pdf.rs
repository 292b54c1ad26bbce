//! The document as a PDF: `typst` writes the markup, Typst sets it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use tempfile::TempDir;

use super::ansi;
use super::document::{Body, Code, Document, Part};
use super::gaps::{quote, short_lines};
use super::output::{Figure, Output};
use super::page::{Exported, Page, View};
use super::pandoc::Pandoc;
use super::picture::Picture;
use super::prose::{Formula, Image, NO_DESCRIPTION, Node, formulas, plain_text};
use super::typst::{self, Formulas, raw_block};
use super::warning::{Flaw, Warning};

const TEMPLATE: &str = include_str!("report.typ");
const SCRIPT: &str = include_str!("../../python/typeset.py");

/// A document of fewer headings has no table of contents.
const LEAST_CONTENTS: usize = 4;

/// What Typst made of a document.
enum Typeset {
    /// The PDF is there; the message says why it does not follow PDF/UA, where it does not, and which
    /// signs no font has.
    Done { message: Option<String>, missing: String },
    /// What hinders it, and the line of the document that it is found in.
    Hindered { line: Option<usize>, message: String },
}

/// Sets the PDF. A picture that Typst cannot read is left out alone, and a part that it cannot set is
/// shown as its source; both with a warning.
pub fn write(document: &Document, page: &Page, pandoc: &Pandoc, python: &Path) -> Result<Exported> {
    let folder = TempDir::new().context("cannot make a temporary folder")?;
    let mut written =
        Writer { folder: folder.path(), pictures: 0 }.write(document, page, pandoc)?;
    fs::write(folder.path().join("report.typ"), TEMPLATE).context("cannot write beside the PDF")?;
    let mut warnings = document.warnings.clone();
    let mut knows_signs = false;
    loop {
        let (text, lines) = assemble(document, page, &written, &warnings);
        match set(folder.path(), &text, python)? {
            Typeset::Done { missing, .. } if !missing.is_empty() && !knows_signs => {
                // Set once more, so that the document says so as well.
                knows_signs = true;
                warnings.extend(without_font(document, page, &written, &missing));
                warnings.sort_by_key(|warning| warning.place.as_ref().map(|place| place.number));
            }
            Typeset::Done { message, .. } => {
                let what = message.map(Flaw::NotAccessible);
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
                let said = line.and_then(|line| text.lines().nth(line - 1)).unwrap_or_default();
                let what = match said.starts_with(PICTURE) && written[part].contains(said) {
                    true => {
                        let what = Flaw::PictureNotSet(message);
                        let note = format!("emph({})", quote(&format!("[{what}]")));
                        written[part] = written[part].replace(said, &note);
                        what
                    }
                    false => {
                        let what = Flaw::NotSet(message);
                        let source = source_of(&document.parts[part], page);
                        written[part] = format!(
                            "#unset({}, {})",
                            quote(&what.to_string()),
                            quote(&short_lines(&source))
                        );
                        what
                    }
                };
                warnings.push(Warning::of_cell(number, &page.notebook.cells[number - 1], what));
            }
        }
    }
}

/// How the line of a picture begins; see `Writer::image` of `typst`.
const PICTURE: &str = "image(\"picture-";

/// Names the signs without a font, for each cell that shows some; those of a title that stands in no
/// cell are the document's.
fn without_font(
    document: &Document,
    page: &Page,
    written: &[String],
    missing: &str,
) -> Vec<Warning> {
    let cells = &page.notebook.cells;
    let mut by_cell: BTreeMap<Option<usize>, BTreeSet<char>> = BTreeMap::new();
    for sign in missing.chars() {
        for (part, text) in document.parts.iter().zip(written) {
            if text.contains(sign) {
                by_cell.entry(Some(part.cell)).or_default().insert(sign);
            }
        }
        if document.title.contains(sign) {
            let cell = cells.iter().position(|cell| cell.source.contains(sign));
            by_cell.entry(cell.map(|index| index + 1)).or_default().insert(sign);
        }
    }
    let warnings = by_cell.into_iter().map(|(number, signs)| {
        let what = Flaw::Glyphs(signs.into_iter().collect());
        match number {
            Some(number) => Warning::of_cell(number, &cells[number - 1], what),
            None => Warning { place: None, what },
        }
    });
    warnings.collect()
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
        Some(_) => Typeset::Done {
            message,
            missing: outcome["missing"].as_str().unwrap_or_default().to_owned(),
        },
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
        Body::Output(Output::Prose(nodes)) => plain_text(nodes),
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
        let formulas =
            document.parts.iter().filter_map(|part| part.body.nodes()).flat_map(formulas);
        let is_read = |formula: &&Formula| {
            document.rendered.mathml.contains_key(&(formula.tex.clone(), formula.display))
        };
        let formulas: Vec<&Formula> = formulas.filter(is_read).collect();
        let keys = formulas.iter().map(|formula| (formula.tex.clone(), formula.display));
        let formulas: Formulas = keys.zip(pandoc.write_typst(&formulas)?).collect();
        let mut parts = Vec::new();
        for part in &document.parts {
            parts.push(match &part.body {
                Body::Prose(nodes) | Body::Output(Output::Prose(nodes)) => {
                    self.prose(nodes, &formulas)?
                }
                Body::Code(code) if is_left_out(code, page) => String::new(),
                Body::Code(code) => raw_block("rust", code.source.trim_end()),
                Body::Output(output) => self.output(output)?,
            });
        }
        Ok(parts)
    }

    fn prose(&mut self, nodes: &[Node], formulas: &Formulas) -> Result<String> {
        let mut failure = None;
        let mut store = |image: &Image| match self.store(&image.picture) {
            Ok(name) => Some(name),
            Err(error) => {
                failure = Some(error);
                None
            }
        };
        let text = typst::Writer { formulas, store: &mut store }.blocks(nodes);
        failure.map_or(Ok(text), Err)
    }

    fn output(&mut self, output: &Output) -> Result<String> {
        Ok(match output {
            Output::Stream { text, .. } | Output::Text(text) => {
                format!("#stream({})", quote(&short_lines(ansi::strip(text).trim_end())))
            }
            Output::Error { name, traceback } => {
                format!(
                    "#failure({}, {})",
                    quote(name),
                    quote(&short_lines(ansi::strip(traceback).trim_end()))
                )
            }
            Output::Figure(Figure { picture, alt, caption, .. }) => {
                let alt = if alt.is_empty() { NO_DESCRIPTION } else { alt };
                let path = self.store(picture)?;
                let image = format!("image({}, alt: {})", quote(&path), quote(alt));
                format!("#picture({image}, {})", quote(caption))
            }
            Output::Missing(note) => format!("#emph({})", quote(&format!("[{note}]"))),
            Output::Prose(_) => unreachable!("a tree is written as prose"),
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

/// Paper cannot unfold: a report is without the code that its page folds.
fn is_left_out(code: &Code, page: &Page) -> bool {
    page.view == View::Report && code.is_folded
}
