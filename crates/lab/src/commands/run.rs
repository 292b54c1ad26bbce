//! `cargo lab run`: executes notebooks and writes the report.

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use backprop_report::export::Exporter;
use clap::Args;

use super::display::Display;
use crate::execute::index;
use crate::execute::{ChildGuards, Execution, Executor, Settings};
use crate::hand_in::pages;
use crate::parallel;
use crate::setup::{self, Lab};
use crate::workspace::Workspace;

/// Execute the notebooks and write the report
///
/// Every notebook gets a kernel of its own. Fails if a cell ends in an error, a panic or an early
/// return by `?`; the pages of the notebooks that failed are written too, up to that cell.
#[derive(Args)]
pub struct Arguments {
    /// The notebooks to execute [default: all of notebooks/]
    notebooks: Vec<PathBuf>,
    /// How many to execute at a time; each open kernel takes about 0.1 GB
    #[arg(long, short, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..))]
    jobs: u16,
    /// The data that notebooks with `Data::auto()` get: auto, mnist, digits, or a folder with the
    /// four IDX files
    #[arg(long)]
    data: Option<OsString>,
    /// Fewer repetitions, same story: notebooks that train for long take fewer seeds or depths, and
    /// what they claim still holds; the report says that it is quick
    #[arg(long)]
    quick: bool,
    /// The folder that the report is written to [default: report/]
    #[arg(long, short)]
    out: Option<PathBuf>,
    /// How long a cell may take, in seconds
    #[arg(long, default_value_t = 1800)]
    timeout: u64,
}

/// How one notebook fared.
struct Ended {
    name: String,
    outcome: Execution,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let begun = Instant::now();
    let workspace = Workspace::find()?;
    let notebooks = find_notebooks(arguments, &workspace)?;
    let data = arguments.data.as_ref().map(resolve_data).transpose()?;
    let out = arguments.out.clone().unwrap_or_else(|| workspace.report());
    let out = std::path::absolute(out)?;
    fs::create_dir_all(&out)
        .with_context(|| format!("cannot make the folder {}", out.display()))?;

    let lab = setup::complete(workspace).context("no notebook was executed")?;
    let guards = ChildGuards::default();
    stop_on_interrupt(guards.clone())?;
    let settings = Settings {
        data,
        quick: arguments.quick,
        timeout: arguments.timeout,
        versions: setup::versions(&lab)?.into_iter().collect(),
    };
    let asked = notebooks.len();
    let executor = Executor::new(&lab, &out, settings, guards.clone())?;
    let exporter = Exporter::new(&lab.python)?;
    let ended = execute_all(&lab, &executor, &exporter, notebooks, arguments.jobs, &out)?;

    let index = index::write(&out)?;
    for one in &ended {
        if let Execution::Failed(failure) = &one.outcome {
            eprintln!("\nFAILED {}", failure.report(&one.name));
        }
    }
    if guards.are_stopped() {
        eprintln!("\nInterrupted; the notebooks that had finished are in the report.");
    }
    let tally = Tally::of(&ended, asked);
    let seconds = begun.elapsed().as_secs_f64();
    println!("{tally} in {seconds:.0} s; report: {}", lab.workspace.display(&index));
    Ok(if tally.passed == asked { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Gives the notebooks to execute, with absolute paths.
fn find_notebooks(arguments: &Arguments, workspace: &Workspace) -> Result<Vec<PathBuf>> {
    if arguments.notebooks.is_empty() {
        return workspace.list_notebooks();
    }
    let mut found = Vec::new();
    for path in &arguments.notebooks {
        let absolute = path
            .canonicalize()
            .with_context(|| format!("there is no notebook {}", path.display()))?;
        if absolute.extension().is_none_or(|extension| extension != "ipynb") {
            bail!("{} is no notebook: its name does not end in .ipynb", path.display());
        }
        if found.iter().any(|other: &PathBuf| other.file_name() == absolute.file_name()) {
            bail!("two notebooks are named {}: their reports would collide", stem(&absolute));
        }
        found.push(absolute);
    }
    Ok(found)
}

/// Checks the choice of data, and makes a folder's path absolute, because kernels run elsewhere.
pub(super) fn resolve_data(choice: &OsString) -> Result<OsString> {
    if ["auto", "mnist", "digits"].iter().any(|name| choice == name) {
        return Ok(choice.clone());
    }
    let folder = Path::new(choice);
    if !folder.is_dir() {
        bail!(
            "--data {}: expected auto, mnist, digits or a folder; there is no such folder",
            folder.display()
        );
    }
    Ok(folder.canonicalize()?.into())
}

pub(super) fn stop_on_interrupt(guards: ChildGuards) -> Result<()> {
    ctrlc::set_handler(move || {
        if guards.are_stopped() {
            std::process::exit(130); // asked twice: do not wait for the kernels
        }
        eprintln!("Stopping: the kernels are shut down.");
        guards.stop();
    })
    .context("cannot watch for Ctrl-C")
}

/// Executes the notebooks, `jobs` at a time, in their order.
fn execute_all(
    lab: &Lab,
    executor: &Executor,
    exporter: &Exporter,
    notebooks: Vec<PathBuf>,
    jobs: u16,
    out: &Path,
) -> Result<Vec<Ended>> {
    let display = Display::new(notebooks.len());
    let ended = Mutex::new(Vec::new());
    parallel::for_each(jobs, notebooks, |_, path| {
        let name = lab.workspace.display(&path).to_string();
        let line = display.begin(&stem(&path));
        let outcome = executor.execute(&path, |event| line.show(event))?;
        let interrupted = matches!(outcome, Execution::Interrupted);
        if !interrupted {
            line.warn(&pages::write_executed(exporter, &path, out)?);
        }
        line.end(&outcome);
        let mut ended = ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.push(Ended { name, outcome });
        if interrupted {
            return Ok(ControlFlow::Break(()));
        }
        // After each notebook, so that the index also tells of a run that was cut off.
        index::write(out)?;
        Ok(ControlFlow::Continue(()))
    })?;
    let mut ended = ended.into_inner().unwrap_or_else(PoisonError::into_inner);
    ended.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(ended)
}

/// How many notebooks fared how, of those that were to be executed.
struct Tally {
    asked: usize,
    passed: usize,
    failed: usize,
}

impl Tally {
    fn of(ended: &[Ended], asked: usize) -> Tally {
        let count = |wanted: fn(&Execution) -> bool| {
            ended.iter().filter(|one| wanted(&one.outcome)).count()
        };
        Tally {
            asked,
            passed: count(|outcome| matches!(outcome, Execution::Passed { .. })),
            failed: count(|outcome| matches!(outcome, Execution::Failed(_))),
        }
    }
}

impl fmt::Display for Tally {
    /// Writes "9 of 11 notebooks passed, 1 failed, 1 not finished", and of the latter what there is.
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let Tally { asked, passed, failed } = self;
        write!(formatter, "{passed} of {asked} notebooks passed")?;
        let unfinished = asked - passed - failed;
        for (count, what) in [(*failed, "failed"), (unfinished, "not finished")] {
            if count > 0 {
                write!(formatter, ", {count} {what}")?;
            }
        }
        Ok(())
    }
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::execute::event::Failure;

    #[test]
    fn notebooks_that_never_began_are_counted() {
        let ended = |outcome| Ended { name: "a.ipynb".to_owned(), outcome };
        let passed = || ended(Execution::Passed { seconds: 1.0 });
        let failed = || ended(Execution::Failed(Failure::default()));
        let told = |ended: &[Ended], asked| Tally::of(ended, asked).to_string();
        assert_eq!(told(&[passed()], 1), "1 of 1 notebooks passed");
        let some = [passed(), failed(), ended(Execution::Interrupted)];
        assert_eq!(told(&some, 5), "1 of 5 notebooks passed, 1 failed, 3 not finished");
        assert_ne!(Tally::of(&[passed()], 2).passed, 2, "so that the command fails");
    }
}
