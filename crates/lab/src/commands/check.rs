//! `cargo lab check`: what an instructor looks at first, before a notebook is handed in.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use backprop_report::export::{Exporter, Source, folder_of};
use backprop_report::files;
use clap::Args;

use super::display::Display;
use super::run::{resolve_data, stop_on_interrupt};
use crate::execute::{ChildGuards, Execution, Executor, Settings};
use crate::hand_in::check::{Checked, Scratch};
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

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let source = Source::read(&arguments.notebook)?;
    let lab = setup::complete(Workspace::find()?)?;
    let exporter = Exporter::new(&lab.python)?;
    let checked = check(&source, &arguments.run, &lab, &exporter)?;
    checked.items.iter().for_each(|item| println!("{}", item.line()));

    let folder = arguments.out.clone().unwrap_or_else(|| folder_of(&arguments.notebook));
    let name = source.path.with_extension("check.html");
    let path = folder.join(name.file_name().context("a notebook's path has a name")?);
    files::write_whole(&path, &checked.page(&exporter)?, 0o644)?;
    println!("The list as a page: {}", path.display());
    Ok(if checked.all_passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs a notebook anew, showing how far it is, and checks it.
pub fn check(source: &Source, run: &Running, lab: &Lab, exporter: &Exporter) -> Result<Checked> {
    Checked::new(source, exporter, |scratch| execute(scratch, run, lab))
}

fn execute(scratch: &Scratch, run: &Running, lab: &Lab) -> Result<Execution> {
    let guards = ChildGuards::default();
    stop_on_interrupt(guards.clone())?;
    let settings = Settings {
        data: run.data.as_ref().map(resolve_data).transpose()?,
        quick: false,
        timeout: run.timeout,
        versions: setup::versions(lab)?.into_iter().collect(),
    };
    execute_alone(lab, scratch, settings, guards)
}

/// Executes one notebook in its scratch folder, showing how far it is.
pub(super) fn execute_alone(
    lab: &Lab,
    scratch: &Scratch,
    settings: Settings,
    guards: ChildGuards,
) -> Result<Execution> {
    let executor = Executor::new(lab, &scratch.out(), settings, guards)?;
    let display = Display::new(1);
    let name = scratch.notebook.file_stem().unwrap_or_default().to_string_lossy();
    let line = display.begin(&name);
    let outcome = executor.execute(&scratch.notebook, |event| line.show(event))?;
    line.end(&outcome);
    Ok(outcome)
}
