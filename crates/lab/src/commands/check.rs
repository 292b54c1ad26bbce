//! `cargo lab check`: what an instructor looks at first, before a notebook is handed in.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use backprop_report::export::{Exporter, Header, Page, Source, View, Warning, folder_of};
use backprop_report::files;
use backprop_report::notebook::{Cell, Notebook};
use clap::Args;

use super::display::Display;
use super::env::versions;
use super::run::{resolve_data, stop_on_interrupt};
use crate::execute::{ChildGuards, Executor, Outcome, Settings};
use crate::hand_in::check::{self, Item, Scratch};
use crate::hand_in::pages;
use crate::setup::{self, Lab};
use crate::workspace::Workspace;

/// Check a notebook before you hand it in
///
/// Runs it anew, in a folder without earlier results, and tells with a mark for each: whether it runs
/// from top to bottom, every question is answered, the checks of the exercises pass, figures have
/// descriptions, the results come again, and it can be written as a page and a PDF. The list is also
/// written as a page beside the notebook. The file itself is not changed.
#[derive(Args)]
pub struct Arguments {
    /// The notebook, saved with its results
    notebook: PathBuf,
    #[command(flatten)]
    run: Running,
    /// The folder for the page with the list [default: the notebook's own]
    #[arg(long, short)]
    out: Option<PathBuf>,
}

/// How a notebook is run anew.
#[derive(Args)]
pub struct Running {
    /// The data that notebooks with `Data::auto()` get: auto, mnist, digits, or a folder with the
    /// four IDX files
    #[arg(long)]
    data: Option<std::ffi::OsString>,
    /// How long a cell may take, in seconds
    #[arg(long, default_value_t = 1800)]
    timeout: u64,
}

/// A notebook that was run anew, and what is to be said of it.
pub struct Checked {
    pub items: Vec<Item>,
    /// As it was executed just now.
    pub executed: Source,
    pub scratch: Scratch,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let source = Source::read(&arguments.notebook)?;
    let lab = setup::complete(Workspace::find()?)?;
    let exporter = Exporter::new(&lab.python)?;
    let checked = check(&source, &arguments.run, &lab, &exporter)?;
    checked.items.iter().for_each(|item| println!("{}", item.line()));

    let folder = arguments.out.clone().unwrap_or_else(|| folder_of(&arguments.notebook));
    let name = source.path.with_extension("check.html");
    let path = folder.join(name.file_name().context("a notebook's path has a name")?);
    files::write_whole(&path, &page(&checked, &exporter)?, 0o644)?;
    println!("The list as a page: {}", path.display());
    let all_passed = checked.items.iter().all(|item| item.passed);
    Ok(if all_passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs a notebook anew and checks it.
pub fn check(source: &Source, run: &Running, lab: &Lab, exporter: &Exporter) -> Result<Checked> {
    let scratch = Scratch::new(&source.path)?;
    let outcome = execute(&scratch, run, lab)?;
    if matches!(outcome, Outcome::Interrupted) {
        bail!("interrupted");
    }
    let name = source.path.file_name().unwrap_or_default();
    let executed = scratch.out().join(name);
    if !executed.is_file() {
        bail!("{}", check::execution(&outcome).line());
    }
    let executed = Source { folder: source.folder.clone(), ..Source::read(&executed)? };
    let (warnings, error) = try_export(&executed, exporter)?;
    let mut items = vec![check::execution(&outcome), check::answers(&source.notebook)];
    items.extend(check::points(&executed.notebook));
    items.push(check::figures(&executed.notebook, &warnings));
    items.push(check::compare(&source.notebook, &executed.notebook));
    items.push(check::export(&warnings, error));
    Ok(Checked { items, executed, scratch })
}

fn execute(scratch: &Scratch, run: &Running, lab: &Lab) -> Result<Outcome> {
    let guards = ChildGuards::default();
    stop_on_interrupt(guards.clone())?;
    let settings = Settings {
        data: run.data.as_ref().map(resolve_data).transpose()?,
        quick: false,
        timeout: run.timeout,
        versions: versions(lab)?.into_iter().collect(),
    };
    let executor = Executor::new(lab, &scratch.out(), settings, guards)?;
    let display = Display::new(1);
    let name = scratch.notebook.file_stem().unwrap_or_default().to_string_lossy();
    let line = display.begin(&name);
    let outcome = executor.execute(&scratch.notebook, |event| line.show(event))?;
    line.end(&outcome);
    Ok(outcome)
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

/// Gives the list as a page.
pub fn page(checked: &Checked, exporter: &Exporter) -> Result<Vec<u8>> {
    let lines: Vec<String> = checked
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
    let failed = checked.items.iter().filter(|item| !item.passed).count();
    let verdict = match failed {
        0 => "ready to be handed in".to_owned(),
        _ => format!("{failed} of {} points are open", checked.items.len()),
    };
    let executed = &checked.executed;
    let mut header = Header::of(&executed.path, &executed.bytes, &executed.notebook);
    header.title = Some(format!("Check: {verdict}"));
    let page = Page { notebook: &notebook, folder: Path::new("."), header, view: View::Full };
    Ok(exporter.html(&page)?.content)
}
