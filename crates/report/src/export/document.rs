//! A notebook as parts in the order in which they are shown.

use std::collections::HashMap;

use anyhow::Result;
use serde_json::{Value, json};

use super::formula::Definitions;
use super::output::{Output, Surroundings};
use super::page::{Page, View};
use super::pandoc::Pandoc;
use super::picture::Picture;
use super::prose::{self, Formula, Heading, Node, Outline, markdown};
use super::warning::{Flaw, Warning};
use crate::notebook::{Cell, text};

/// A notebook, read.
pub struct Document {
    pub title: String,
    pub headings: Vec<Heading>,
    pub parts: Vec<Part>,
    pub rendered: Rendered,
    pub warnings: Vec<Warning>,
}

/// A part of a cell.
pub struct Part {
    /// The number of its cell, counted from 1.
    pub cell: usize,
    pub body: Body,
}

pub enum Body {
    /// A cell of Markdown.
    Prose(Vec<Node>),
    Code(Code),
    Output(Output),
}

pub struct Code {
    /// The number in brackets, of a cell that was executed.
    pub count: Option<u64>,
    pub source: String,
    pub is_folded: bool,
}

/// What pandoc made of a document's formulas and code.
#[derive(Default)]
pub struct Rendered {
    /// MathML by a formula's LaTeX and whether it is displayed; those that cannot be read are not here.
    pub mathml: HashMap<(String, bool), String>,
    /// HTML by the language and the code.
    pub code: HashMap<(String, String), String>,
}

impl Document {
    /// Reads what a page shows of a notebook; code is coloured for a page alone.
    pub fn read(page: &Page, pandoc: &Pandoc, with_code: bool) -> Result<Document> {
        let mut document = Document::unrendered(page);
        document.render(page, pandoc, with_code)?;
        document.warnings.sort_by_key(|warning| warning.place.as_ref().map(|place| place.number));
        document.warnings.dedup();
        Ok(document)
    }

    /// Reads what a page shows, with formulas and code as they are written.
    pub fn unrendered(page: &Page) -> Document {
        let mut reading = Reading::new(page);
        for (number, cell) in (1..).zip(&page.notebook.cells) {
            reading.add(number, cell);
        }
        reading.prepare_formulas();
        reading.finish()
    }

    /// Has pandoc write formulas and code. Names the formulas that it cannot read; they are shown as they
    /// are written.
    fn render(&mut self, page: &Page, pandoc: &Pandoc, with_code: bool) -> Result<()> {
        let formulas: Vec<(usize, &Formula)> = self
            .parts
            .iter()
            .flat_map(|part| {
                let formulas = part.body.nodes().map(prose::formulas).unwrap_or_default();
                formulas.into_iter().map(|formula| (part.cell, formula))
            })
            .collect();
        let code = if with_code { self.code() } else { Vec::new() };
        let all: Vec<&Formula> = formulas.iter().map(|(_, formula)| *formula).collect();
        let (mathml, coloured) = pandoc.write_html(&all, &code)?;
        for ((number, formula), mathml) in formulas.iter().zip(mathml) {
            match mathml {
                Some(mathml) => {
                    let key = (formula.tex.clone(), formula.display);
                    self.rendered.mathml.insert(key, mathml);
                }
                None => self.warnings.push(Warning::of_cell(
                    *number,
                    &page.notebook.cells[number - 1],
                    Flaw::Formula(formula.source.clone()),
                )),
            }
        }
        self.rendered.code = code.into_iter().zip(coloured).collect();
        Ok(())
    }

    /// Gives each piece of code with its language.
    fn code(&self) -> Vec<(String, String)> {
        let of = |part: &Part| match &part.body {
            Body::Code(code) => vec![("rust".to_owned(), code.source.trim_end().to_owned())],
            body => body.nodes().map(prose::code).unwrap_or_default(),
        };
        self.parts.iter().flat_map(of).collect()
    }
}

impl Body {
    /// The tree of prose, where it is one.
    pub fn nodes(&self) -> Option<&[Node]> {
        match self {
            Body::Prose(nodes) | Body::Output(Output::Prose(nodes)) => Some(nodes),
            _ => None,
        }
    }

    fn nodes_mut(&mut self) -> Option<&mut [Node]> {
        match self {
            Body::Prose(nodes) | Body::Output(Output::Prose(nodes)) => Some(nodes),
            _ => None,
        }
    }
}

/// A document that is being read.
struct Reading<'a> {
    page: &'a Page<'a>,
    /// The heading that the notebook begins with.
    title: Option<String>,
    /// The first heading of the first level, wherever it stands.
    later_title: Option<String>,
    outline: Outline,
    parts: Vec<Part>,
    warnings: Vec<Warning>,
}

impl<'a> Reading<'a> {
    fn new(page: &'a Page<'a>) -> Reading<'a> {
        let (parts, warnings) = (Vec::new(), Vec::new());
        let (title, later_title) = (None, None);
        Reading { page, title, later_title, outline: Outline::default(), parts, warnings }
    }

    fn add(&mut self, number: usize, cell: &Cell) {
        if self.hides(cell, &["remove-cell", "remove_cell"]) || is_empty(cell) {
            return;
        }
        match cell.kind() {
            "markdown" => self.add_prose(number, cell),
            "code" => self.add_code(number, cell),
            _ => self.push(number, Body::Output(Output::Text(cell.source.clone()))),
        }
    }

    fn add_prose(&mut self, number: usize, cell: &Cell) {
        let mut warn = |what: Flaw| self.warnings.push(Warning::of_cell(number, cell, what));
        let mut nodes = markdown::read(&cell.source, &mut warn);
        let find = |address: &str| Picture::find(address, cell, self.page.folder);
        prose::embed_pictures(&mut nodes, find, &mut warn);
        for language in prose::diagrams(&nodes) {
            warn(Flaw::Diagram(language));
        }
        if self.title.is_none() && self.parts.is_empty() {
            self.title = prose::take_title(&mut nodes);
        }
        self.later_title = self.later_title.take().or_else(|| prose::first_title(&nodes));
        self.outline.add(&mut nodes);
        if !nodes.is_empty() {
            self.push(number, Body::Prose(nodes));
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
        for output in &joined_streams(cell.outputs()) {
            let warn = &mut |what: Flaw| self.warnings.push(Warning::of_cell(number, cell, what));
            let find = &|address: &str| Picture::find(address, cell, self.page.folder);
            if let Some(output) = Output::of(output, &mut Surroundings { find, warn }) {
                self.push(number, Body::Output(output));
            }
        }
    }

    fn push(&mut self, cell: usize, body: Body) {
        self.parts.push(Part { cell, body });
    }

    /// Carries out macros in the order of the cells, and puts numbers in place of references.
    fn prepare_formulas(&mut self) {
        let mut definitions = Definitions::default();
        for part in &mut self.parts {
            prose::each_formula(part.body.nodes_mut().unwrap_or_default(), &mut |formula| {
                definitions.prepare(formula)
            });
        }
        for part in &mut self.parts {
            let cell = &self.page.notebook.cells[part.cell - 1];
            let mut warn = |what: Flaw| self.warnings.push(Warning::of_cell(part.cell, cell, what));
            prose::each_formula(part.body.nodes_mut().unwrap_or_default(), &mut |formula| {
                definitions.resolve(formula, &mut warn);
                true
            });
        }
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
            self.outline.connect_links(part.body.nodes_mut().unwrap_or_default());
        }
        let own_title = self.title.or(self.later_title).filter(|title| !title.is_empty());
        let header = &self.page.header;
        let title = header.title.clone().or(own_title).or_else(|| header.file.clone());
        Document {
            title: title.unwrap_or_else(|| "Notebook".to_owned()),
            headings: self.outline.headings,
            parts: self.parts,
            rendered: Rendered::default(),
            warnings: self.warnings,
        }
    }
}

/// Whether a cell shows nothing: blank, and without outputs.
fn is_empty(cell: &Cell) -> bool {
    cell.source.trim().is_empty() && cell.outputs().is_empty()
}

/// Gives outputs with what was printed in pieces as one, for the cursor may go back into an earlier piece.
fn joined_streams(outputs: &[Value]) -> Vec<Value> {
    let mut joined: Vec<Value> = Vec::new();
    for output in outputs {
        let is_more = output["output_type"] == "stream"
            && joined.last().is_some_and(|last| {
                last["output_type"] == "stream" && last["name"] == output["name"]
            });
        match (joined.last_mut().filter(|_| is_more), text(&output["text"])) {
            (Some(last), Some(more)) => {
                let before = text(&last["text"]).unwrap_or_default();
                last["text"] = json!(before + &more);
            }
            _ => joined.push(output.clone()),
        }
    }
    joined
}
