//! `cargo lab release`: the students' versions of the instructor's notebooks.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use backprop_report::files;
use clap::Args;

use crate::hand_in::course;
use crate::hand_out::release;
use crate::workspace::Workspace;

/// Write the notebooks that students get
///
/// Solutions are replaced by a line to be replaced in turn, hidden tests and outputs taken out, graded
/// cells locked. The same sources give the same files, byte for byte. A `course.toml` of your own goes
/// along.
#[derive(Args)]
pub struct Arguments {
    /// The notebooks to release, by their names [default: all]
    notebooks: Vec<String>,
    /// The folder with your own versions of notebooks (see `cargo lab hidden init`)
    #[arg(long)]
    hidden: Option<PathBuf>,
    /// The folder that the students' versions are written to
    #[arg(long, short)]
    out: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    let sources = release::sources(&workspace, arguments.hidden.as_deref())?;
    let chosen = |name: &str| arguments.notebooks.iter().any(|wanted| stem(wanted) == name);
    if let Some(unknown) = arguments.notebooks.iter().find(|name| !sources.contains_key(stem(name)))
    {
        bail!("there is no notebook {unknown}");
    }
    if [Some(workspace.notebooks()), arguments.hidden.clone()]
        .iter()
        .flatten()
        .any(|folder| same(folder, &arguments.out))
    {
        bail!("{} holds the sources; choose another folder", arguments.out.display());
    }
    // All of them before the first is written: a broken one leaves nothing half-done.
    let mut released = Vec::new();
    for (name, notebook) in &sources {
        if arguments.notebooks.is_empty() || chosen(name) {
            let version = release::student_version(notebook).with_context(|| name.clone())?;
            released.push((name, version));
        }
    }
    let course = release::course_file(arguments.hidden.as_deref())?;
    for (name, notebook) in released {
        let path = arguments.out.join(format!("{name}.ipynb"));
        files::write_whole(&path, notebook.to_text().as_bytes(), 0o644)?;
        println!("{}", path.display());
    }
    if let Some(text) = course {
        let path = arguments.out.join(course::NAME);
        files::write_whole(&path, &text, 0o644)?;
        println!("{}", path.display());
    }
    Ok(ExitCode::SUCCESS)
}

fn stem(name: &str) -> &str {
    name.strip_suffix(".ipynb").unwrap_or(name)
}

fn same(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
