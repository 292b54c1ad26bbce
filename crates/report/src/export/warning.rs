//! What the author of a notebook should know about its page.

use std::fmt::{Display, Formatter, Result};

use super::picture::NoPicture;
use crate::notebook::Cell;

/// Something to know about a page, and the cell that it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Warning {
    /// The cell; none where it is about the whole.
    pub place: Option<Place>,
    /// What is to be known.
    pub what: Flaw,
}

/// A cell, as messages name it.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Its number in the notebook, counted from 1.
    pub number: usize,
    /// Its id; empty where it has none.
    pub id: String,
}

/// What a page lacks, or does not show as it is in the notebook.
#[derive(Clone, Debug, PartialEq)]
pub enum Flaw {
    /// There are no results, because nothing was executed.
    NotExecuted,
    /// A picture says in no words what it shows.
    NoDescription,
    /// A picture of a cell of Markdown cannot be shown.
    NoPicture(NoPicture),
    /// A picture among the outputs is too large: its bytes.
    LargePicture(usize),
    /// An output in HTML is too large: its bytes.
    LargeHtml(usize),
    /// The middle of an output is left out.
    Shortened {
        /// The bytes that are left out.
        left_out: usize,
        /// The bytes of the whole output.
        of: usize,
    },
    /// An output had a script that is not the lab's.
    Script,
    /// A formula that pandoc cannot read: its source.
    Formula(String),
    /// A displayed formula that is begun and never ended: its first line.
    OpenFormula(String),
    /// A reference to an equation that has no number: its label.
    Reference(String),
    /// An element of HTML that a page cannot show: its name.
    Element(String),
    /// A table whose grid has too many places.
    LargeTable {
        /// The rows of the grid.
        rows: usize,
        /// Its columns.
        columns: usize,
    },
    /// A tag or a comment of HTML that does not end.
    OpenTag,
    /// A diagram in words that only JupyterLab draws: their language.
    Diagram(String),
    /// Renditions of an output that a page cannot show: their MIME types.
    OutputKind(String),
    /// A picture that Typst cannot set: what hinders it.
    PictureNotSet(String),
    /// Signs that no font of this machine has.
    Glyphs(String),
    /// A part that Typst cannot set: what hinders it.
    NotSet(String),
    /// The PDF does not follow PDF/UA: why.
    NotAccessible(String),
}

const NOT_EXECUTED: &str =
    "no cell of this notebook was executed, so there are no results; `cargo lab run` executes it";

impl Warning {
    /// Makes a warning about a cell.
    pub fn of_cell(number: usize, cell: &Cell, what: Flaw) -> Warning {
        Warning { place: Some(Place { number, id: cell.id().to_owned() }), what }
    }
}

impl Display for Warning {
    fn fmt(&self, formatter: &mut Formatter) -> Result {
        match &self.place {
            Some(place) => write!(formatter, "{place}: {}", self.what),
            None => self.what.fmt(formatter),
        }
    }
}

impl Display for Place {
    fn fmt(&self, formatter: &mut Formatter) -> Result {
        match self.id.as_str() {
            "" => write!(formatter, "cell {}", self.number),
            id => write!(formatter, "cell {} (id {id})", self.number),
        }
    }
}

impl Display for Flaw {
    fn fmt(&self, formatter: &mut Formatter) -> Result {
        match self {
            Flaw::NotExecuted => formatter.write_str(NOT_EXECUTED),
            Flaw::NoDescription => formatter.write_str("a picture has no description (alt text)"),
            Flaw::NoPicture(why) => why.fmt(formatter),
            Flaw::LargePicture(bytes) => {
                write!(formatter, "a picture of {} is left out", size(*bytes))
            }
            Flaw::LargeHtml(bytes) => {
                write!(formatter, "an output of {} in HTML is left out", size(*bytes))
            }
            Flaw::Shortened { left_out, of } => {
                write!(formatter, "{} of an output of {} are left out", size(*left_out), size(*of))
            }
            Flaw::Script => {
                formatter.write_str("a script of unknown origin is taken out of an output")
            }
            Flaw::Formula(source) => write!(
                formatter,
                "the formula {source} cannot be read, and is shown as it is written"
            ),
            Flaw::OpenFormula(line) => write!(
                formatter,
                "a formula that begins with {line} does not end, so it is shown as it is written; \
                 a formula holds no blank line"
            ),
            Flaw::Reference(label) => write!(
                formatter,
                "the reference {label} leads to no equation with a number; write \\tag{{1}} beside \
                 its \\label"
            ),
            Flaw::Element(name) => write!(formatter, "an element <{name}> cannot be shown"),
            Flaw::LargeTable { rows, columns } => write!(
                formatter,
                "a table of {rows} rows and {columns} columns is too large, so it is shown without \
                 cells that span others, or as lines"
            ),
            Flaw::OpenTag => formatter.write_str(
                "a tag or a comment of HTML does not end, so what follows it is not shown",
            ),
            Flaw::Diagram(language) => {
                write!(formatter, "a diagram of {language} is shown as it is written")
            }
            Flaw::OutputKind(kinds) => {
                write!(formatter, "an output of the kind {kinds} cannot be shown")
            }
            Flaw::PictureNotSet(why) => {
                write!(formatter, "a picture cannot be set in a PDF: {why}")
            }
            Flaw::Glyphs(signs) => write!(
                formatter,
                "no font of this machine has {}, so the PDF shows a box; fonts such as \
                 Noto Sans CJK and Noto Emoji have many",
                code_points(signs)
            ),
            Flaw::NotSet(why) => write!(formatter, "this part cannot be set in a PDF: {why}"),
            Flaw::NotAccessible(why) => {
                write!(formatter, "the PDF is tagged, but not PDF/UA: {why}")
            }
        }
    }
}

/// Names signs by their numbers in Unicode.
fn code_points(signs: &str) -> String {
    let named = signs.chars().map(|sign| format!("{sign} (U+{:04X})", u32::from(sign)));
    named.collect::<Vec<_>>().join(", ")
}

/// Gives a number of bytes for people.
pub(super) fn size(bytes: usize) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}
