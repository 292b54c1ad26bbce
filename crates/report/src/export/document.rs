//! A notebook as parts in the order in which they are shown.

use anyhow::Result;
use serde_json::Value;

use super::output::Output;
use super::pandoc::Pandoc;
use super::picture::Picture;
use super::prose::{self, Heading, Outline};
use super::warning::{Flaw, Warning};
use super::{Page, View};
use crate::notebook::Cell;

/// A notebook, read.
pub struct Document {
    pub title: String,
    pub headings: Vec<Heading>,
    pub parts: Vec<Part>,
    pub warnings: Vec<Warning>,
}

/// A part of a cell.
pub struct Part {
    /// The number of its cell, counted from 1.
    pub cell: usize,
    pub body: Body,
}

pub enum Body {
    /// Pandoc's blocks.
    Prose(Vec<Value>),
    Code(Code),
    Output(Output),
}

pub struct Code {
    /// The number in brackets, of a cell that was executed.
    pub count: Option<u64>,
    pub source: String,
    pub is_folded: bool,
}

impl Document {
    /// Reads what a page shows of a notebook.
    pub fn read(page: &Page, pandoc: &Pandoc) -> Result<Document> {
        let prose: Vec<&str> = page
            .notebook
            .cells
            .iter()
            .filter(|cell| cell.is_markdown())
            .map(|cell| cell.source.as_str())
            .collect();
        let mut prose = pandoc.read_markdown(&prose)?.into_iter();
        let mut reading = Reading::new(page);
        for (number, cell) in (1..).zip(&page.notebook.cells) {
            let blocks =
                if cell.is_markdown() { prose.next().unwrap_or_default() } else { Vec::new() };
            reading.add(number, cell, blocks);
        }
        let mut document = reading.finish();
        let broken = broken_formulas(&document.parts, page, pandoc)?;
        document.warnings.extend(broken);
        document.warnings.sort_by_key(|warning| warning.place.as_ref().map(|place| place.number));
        Ok(document)
    }
}

/// Names the formulas that pandoc cannot read; they are shown as they are written.
fn broken_formulas(parts: &[Part], page: &Page, pandoc: &Pandoc) -> Result<Vec<Warning>> {
    let formulas: Vec<(usize, &Value)> = parts
        .iter()
        .filter_map(|part| match &part.body {
            Body::Prose(blocks) => Some((part.cell, blocks)),
            Body::Code(_) | Body::Output(_) => None,
        })
        .flat_map(|(cell, blocks)| {
            blocks.iter().flat_map(prose::formulas).map(move |formula| (cell, formula))
        })
        .collect();
    let all: Vec<&Value> = formulas.iter().map(|(_, formula)| *formula).collect();
    let readable = pandoc.can_read(&all)?;
    let broken = formulas.iter().zip(readable).filter(|(_, is_readable)| !is_readable);
    let warnings = broken.map(|((number, formula), _)| {
        let source = formula["c"][1].as_str().unwrap_or_default().to_owned();
        Warning::of_cell(*number, &page.notebook.cells[number - 1], Flaw::Formula(source))
    });
    Ok(warnings.collect())
}

/// A document that is being read.
struct Reading<'a> {
    page: &'a Page<'a>,
    title: Option<String>,
    outline: Outline,
    parts: Vec<Part>,
    warnings: Vec<Warning>,
}

impl<'a> Reading<'a> {
    fn new(page: &'a Page<'a>) -> Reading<'a> {
        let (parts, warnings) = (Vec::new(), Vec::new());
        Reading { page, title: None, outline: Outline::default(), parts, warnings }
    }

    fn add(&mut self, number: usize, cell: &Cell, blocks: Vec<Value>) {
        if self.hides(cell, &["remove-cell", "remove_cell"]) || cell.source.trim().is_empty() {
            return;
        }
        match cell.kind() {
            "markdown" => self.add_prose(number, cell, blocks),
            "code" => self.add_code(number, cell),
            _ => self.push(number, Body::Output(Output::Text(cell.source.clone()))),
        }
    }

    fn add_prose(&mut self, number: usize, cell: &Cell, mut blocks: Vec<Value>) {
        if self.title.is_none() && self.parts.is_empty() {
            self.title = prose::take_title(&mut blocks);
        }
        let mut warn = |what: Flaw| self.warnings.push(Warning::of_cell(number, cell, what));
        let find = |address: &str| Picture::find(address, cell, self.page.folder);
        prose::embed_pictures(&mut blocks, find, &mut warn);
        self.outline.add(&mut blocks);
        prose::tidy(&mut blocks);
        if !blocks.is_empty() {
            self.push(number, Body::Prose(blocks));
        }
    }

    fn add_code(&mut self, number: usize, cell: &Cell) {
        if !self.hides(cell, &["remove-input", "remove_input"]) {
            let (count, source) = (cell.count(), cell.source.clone());
            let is_folded = self.folds(cell);
            self.push(number, Body::Code(Code { count, source, is_folded }));
        }
        if self.hides(cell, &["remove-output", "remove_output"]) {
            return;
        }
        for output in cell.outputs() {
            let mut warn = |what: Flaw| self.warnings.push(Warning::of_cell(number, cell, what));
            let output = Output::of(output, &mut warn);
            if let Some(output) = output {
                self.push(number, Body::Output(output));
            }
        }
    }

    fn push(&mut self, cell: usize, body: Body) {
        self.parts.push(Part { cell, body });
    }

    /// A page without results is more often a slip than a wish.
    fn warn_of_what_was_not_executed(&mut self) {
        let mut code = self.page.notebook.cells.iter().filter(|cell| cell.is_code());
        let first = code.clone().next();
        if code.all(|cell| cell.count().is_none() && cell.outputs().is_empty())
            && let Some(first) = first
        {
            let number =
                1 + self.page.notebook.cells.iter().take_while(|cell| !cell.is_code()).count();
            self.warnings.push(Warning::of_cell(number, first, Flaw::NotExecuted));
        }
    }

    /// Whether the view leaves out what one of these tags speaks of.
    fn hides(&self, cell: &Cell, tags: &[&str]) -> bool {
        self.page.view == View::Report && tags.iter().any(|tag| cell.has_tag(tag))
    }

    /// Whether a cell's code is folded: where its tag says so, and in a report all but answers.
    fn folds(&self, cell: &Cell) -> bool {
        let is_answer = cell.metadata()["nbgrader"]["solution"] == true;
        let is_hidden = ["hide-input", "hide_input"].iter().any(|tag| cell.has_tag(tag));
        is_hidden || (self.page.view == View::Report && !is_answer)
    }

    fn finish(mut self) -> Document {
        self.warn_of_what_was_not_executed();
        for part in &mut self.parts {
            if let Body::Prose(blocks) = &mut part.body {
                self.outline.connect_links(blocks);
            }
        }
        let own_title = self.title.filter(|title| !title.is_empty());
        let title = self.page.header.title.clone().or(own_title);
        Document {
            title: title.unwrap_or_else(|| "Notebook".to_owned()),
            headings: self.outline.headings,
            parts: self.parts,
            warnings: self.warnings,
        }
    }
}
