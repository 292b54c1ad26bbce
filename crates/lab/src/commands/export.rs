//! `cargo lab export`: notebooks as pages and PDFs, as they are, without executing them.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use backprop_report::export::{Exporter, FileKind, Source, View};
use clap::{Args, ValueEnum};

use crate::cache::Cache;
use crate::hand_in::pages;
use crate::setup;

/// Write notebooks as pages that need no network, or as PDFs
///
/// Shows the notebooks as they are; `cargo lab run` executes them. A page or PDF that is there already
/// is replaced when the new one is complete.
#[derive(Args)]
pub struct Arguments {
    /// The executed notebooks
    #[arg(required = true)]
    notebooks: Vec<PathBuf>,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Html)]
    to: Format,
    /// How much of a notebook to show
    #[arg(long, value_enum, default_value_t = ViewName::Full)]
    view: ViewName,
    /// The folder to write to [default: each notebook's own]
    #[arg(long, short)]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Html,
    Pdf,
    Both,
}

/// A view as the command line names it.
#[derive(Clone, Copy, ValueEnum)]
enum ViewName {
    /// Figures, answers and discussion: other code is folded, in a PDF left out, and cells are hidden
    /// as their tags say
    Report,
    /// Every cell, its code and its outputs
    Full,
}

impl From<ViewName> for View {
    fn from(name: ViewName) -> View {
        match name {
            ViewName::Report => View::Report,
            ViewName::Full => View::Full,
        }
    }
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    // All of them before the first is written: a broken one leaves nothing half-done.
    let sources: Vec<Source> =
        arguments.notebooks.iter().map(|path| Source::read(path)).collect::<Result<_>>()?;
    refuse_collisions(arguments, &sources)?;
    let exporter = Exporter::new(&setup::python_of_lab(&Cache::open()?)?)?;
    for source in &sources {
        let folder = arguments.out.as_deref().unwrap_or(&source.folder);
        for &kind in arguments.to.kinds() {
            let (path, warnings) =
                pages::write(source, &exporter, kind, arguments.view.into(), folder)?;
            println!("{}", path.display());
            for warning in warnings {
                eprintln!("warning: {}, {warning}", source.path.display());
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Two notebooks of one name cannot be written into one folder.
fn refuse_collisions(arguments: &Arguments, sources: &[Source]) -> Result<()> {
    if arguments.out.is_none() {
        return Ok(());
    }
    for (index, source) in sources.iter().enumerate() {
        let name = source.path.file_stem();
        if sources[..index].iter().any(|other| other.path.file_stem() == name) {
            bail!(
                "two notebooks are named {}: their pages would collide",
                name.unwrap_or_default().display()
            );
        }
    }
    Ok(())
}

impl Format {
    fn kinds(self) -> &'static [FileKind] {
        match self {
            Format::Html => &[FileKind::Html],
            Format::Pdf => &[FileKind::Pdf],
            Format::Both => &[FileKind::Html, FileKind::Pdf],
        }
    }
}
