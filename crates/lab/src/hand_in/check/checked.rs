//! A notebook that was run anew before it is handed in, with the list of what was found.

use std::path::Path;

use anyhow::{Result, bail};
use backprop_report::export::{Exporter, Header, Page, Source, View, Warning};
use backprop_report::notebook::{Cell, Notebook};

use super::{Item, Scratch};
use crate::execute::Execution;
use crate::hand_in::pages;

/// A notebook that was run anew, and what is to be said of it.
pub struct Checked {
    pub items: Vec<Item>,
    /// As it was executed just now.
    pub executed: Source,
    pub scratch: Scratch,
}

impl Checked {
    /// Checks a notebook, which `execute` runs anew.
    pub fn new(
        source: &Source,
        exporter: &Exporter,
        execute: impl FnOnce(&Scratch) -> Result<Execution>,
    ) -> Result<Checked> {
        let scratch = Scratch::new(&source.path)?;
        let outcome = execute(&scratch)?;
        if matches!(outcome, Execution::Interrupted) {
            bail!("interrupted");
        }
        let name = source.path.file_name().unwrap_or_default();
        let executed = scratch.out().join(name);
        if !executed.is_file() {
            bail!("{}", super::execution(&outcome).line());
        }
        let executed = Source { folder: source.folder.clone(), ..Source::read(&executed)? };
        let (warnings, error) = try_export(&executed, exporter)?;
        let mut items = vec![super::execution(&outcome), super::answers(&source.notebook)];
        items.extend(super::points(&executed.notebook));
        items.push(super::figures(&executed.notebook, &warnings));
        items.push(super::compare(&source.notebook, &executed.notebook));
        items.push(super::export(&warnings, error));
        Ok(Checked { items, executed, scratch })
    }

    /// Whether nothing is left to be done.
    pub fn all_passed(&self) -> bool {
        self.items.iter().all(|item| item.passed)
    }

    /// Gives the list as a page.
    pub fn page(&self, exporter: &Exporter) -> Result<Vec<u8>> {
        let lines: Vec<String> = self
            .items
            .iter()
            .map(|item| {
                let mark = if item.passed { "✓" } else { "✗" };
                format!(
                    "| {mark} | {} | `{}` |\n",
                    item.name,
                    item.found.replace(['`', '|', '\n'], " ")
                )
            })
            .collect();
        let text = format!("| mark | what | found |\n|---|---|---|\n{}", lines.concat());
        let notebook = Notebook::of_cells(vec![Cell::markdown(&text)]);
        let failed = self.items.iter().filter(|item| !item.passed).count();
        let verdict = match failed {
            0 => "ready to be handed in".to_owned(),
            _ => format!("{failed} of {} points are open", self.items.len()),
        };
        let executed = &self.executed;
        let mut header = Header::of(&executed.path, &executed.bytes, &executed.notebook);
        header.title = Some(format!("Check: {verdict}"));
        let page = Page { notebook: &notebook, folder: Path::new("."), header, view: View::Full };
        Ok(exporter.html(&page)?.content)
    }
}

/// Writes the page and the PDF into memory; gives what they lack, once each, and why there is none.
fn try_export(source: &Source, exporter: &Exporter) -> Result<(Vec<Warning>, Option<String>)> {
    let page = pages::page(source, View::Full)?;
    let mut warnings = Vec::new();
    for exported in [exporter.html(&page), exporter.pdf(&page)] {
        match exported {
            Ok(exported) => {
                let new: Vec<Warning> =
                    exported.warnings.into_iter().filter(|it| !warnings.contains(it)).collect();
                warnings.extend(new);
            }
            Err(error) => return Ok((warnings, Some(format!("{error:#}")))),
        }
    }
    Ok((warnings, None))
}
