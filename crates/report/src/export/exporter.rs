//! Writes notebooks down, as pages or as PDFs.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::document::{Body, Document};
use super::page::{Exported, Page};
use super::pandoc::Pandoc;
use super::prose::Image;
use super::typst::{Formulas, Writer};
use super::{html, pdf};

/// Writes notebooks down; made once, used for many.
pub struct Exporter {
    pandoc: Pandoc,
    python: PathBuf,
}

impl Exporter {
    /// Makes an exporter with the tools of the lab's Python environment.
    pub fn new(python: &Path) -> Result<Exporter> {
        Ok(Exporter { pandoc: Pandoc::of(python)?, python: python.to_owned() })
    }

    /// Gives the notebook as one HTML page that loads nothing from anywhere.
    pub fn html(&self, page: &Page) -> Result<Exported> {
        Ok(html::write(&Document::read(page, &self.pandoc, true)?, page))
    }

    /// Gives the notebook as a PDF for A4, tagged for those who listen to it.
    pub fn pdf(&self, page: &Page) -> Result<Exported> {
        let document = Document::read(page, &self.pandoc, false)?;
        pdf::write(&document, page, &self.pandoc, &self.python)
    }

    /// Gives the page with formulas and code as they are written, and the prose in Typst's markup: what is made
    /// of a notebook without another program, for fuzzing.
    #[doc(hidden)]
    pub fn unrendered(page: &Page) -> (Exported, String) {
        let document = Document::unrendered(page);
        let (formulas, mut store) = (Formulas::new(), |_: &Image| None);
        let mut writer = Writer { formulas: &formulas, store: &mut store };
        let prose = document.parts.iter().filter_map(|part| match &part.body {
            Body::Prose(nodes) => Some(writer.blocks(nodes)),
            Body::Code(_) | Body::Output(_) => None,
        });
        let typst = prose.collect();
        (html::write(&document, page), typst)
    }
}
