//! `cargo lab grade`: from hand-ins to points and feedback.

use std::ffi::OsString;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use backprop_protocol::variable;
use backprop_report::export::Exporter;
use clap::Args;

use super::check::execute_alone;
use super::run::{resolve_data, stop_on_interrupt};
use crate::cache::Cache;
use crate::execute::{ChildGuards, Execution, Settings};
use crate::grade::assignment::{self, Assignment};
use crate::grade::class::{Chosen, Job};
use crate::grade::grader::Grader;
use crate::grade::known_runs::{self, KnownRuns};
use crate::grade::limits::Limits;
use crate::grade::marks::Additions;
use crate::grade::result::{Graded, Results};
use crate::grade::sandbox::{self, Sandbox, Site};
use crate::grade::session::Sessions;
use crate::grade::{class, workers};
use crate::hand_in::course::Course;
use crate::hand_in::submission;
use crate::hand_out::release;
use crate::parallel;
use crate::setup::{self, Lab};
use crate::workspace::Workspace;

/// Grade what students handed in
///
/// Each hand-in is executed anew on a kernel of its own in a box without network, with the checks put
/// back as you wrote them. Writes results, grades.csv, to-mark.csv, summary.html and a page of feedback
/// for each student. What is graded already is not graded again; run the command again to go on.
#[derive(Args)]
pub struct Arguments {
    /// Notebooks, archives, or folders of them, such as nbgrader's `submitted` [none: merge what is there]
    submissions: Vec<PathBuf>,
    /// The folder with your own versions of notebooks (see `cargo lab hidden init`)
    #[arg(long)]
    hidden: Option<PathBuf>,
    /// The folder for results, table and pages
    #[arg(long, short)]
    out: PathBuf,
    /// Only this notebook counts, and every hand-in is one of it
    #[arg(long)]
    notebook: Option<String>,
    /// Grade the hand-ins of this student again; the earlier result is kept beside the new one
    #[arg(long, value_name = "STUDENT")]
    again: Vec<String>,
    /// Marks and extra points: a CSV file with the columns student, question, points, comment
    #[arg(long)]
    marks: Option<PathBuf>,
    /// Later due dates: a CSV file with the columns student, due
    #[arg(long)]
    extensions: Option<PathBuf>,
    /// How many to grade at a time [default: as memory and cores allow]
    #[arg(long, short, value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// How long a cell may take, in seconds
    #[arg(long, default_value_t = 300)]
    timeout: u64,
    /// How long a hand-in may take, in seconds
    #[arg(long, default_value_t = 1800)]
    total: u64,
    /// How much memory a hand-in may take, in MB
    #[arg(long, default_value_t = 3000)]
    memory: u64,
    /// The data that notebooks with `Data::auto()` get: auto, mnist, digits, or a folder with the
    /// four IDX files
    #[arg(long)]
    data: Option<OsString>,
    /// Run what students wrote with your own rights on your own files
    #[arg(long)]
    unsafe_no_sandbox: bool,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    if !arguments.submissions.is_empty() && !arguments.unsafe_no_sandbox {
        sandbox::require()?;
    }
    let workspace = Workspace::find()?;
    let additions = additions(arguments, &workspace)?;
    let assignments = assignments(arguments, &workspace)?;
    fs::create_dir_all(&arguments.out)
        .with_context(|| format!("cannot make the folder {}", arguments.out.display()))?;
    let results = Results::in_folder(&arguments.out);
    let guards = ChildGuards::default();
    let chosen = class::chosen(submission::find(&arguments.submissions)?, &assignments);
    for told in additions.check(&class::known(&chosen, &results.all()?, &assignments))? {
        eprintln!("warning: {told}");
    }
    let mut graded = Ok(());
    if !chosen.is_empty() {
        let lab = setup::complete(workspace)?;
        stop_on_interrupt(guards.clone())?;
        graded = grade_all(arguments, &lab, &chosen, &results, &guards);
    }
    write(&arguments.out, &results, &additions)?;
    if guards.are_stopped() {
        bail!("interrupted; run the command again to go on");
    }
    graded.context(
        "the grading stopped; what was graded stays, and the command goes on from there",
    )?;
    Ok(ExitCode::SUCCESS)
}

fn assignments(arguments: &Arguments, workspace: &Workspace) -> Result<Vec<Assignment>> {
    let mut notebooks = release::sources(workspace, arguments.hidden.as_deref())?;
    if let Some(name) = &arguments.notebook {
        let name = name.strip_suffix(".ipynb").unwrap_or(name);
        notebooks.retain(|other, _| other == name);
    }
    let assignments = assignment::of_notebooks(&notebooks)?;
    if assignments.is_empty() {
        bail!("there is no such notebook with questions");
    }
    Ok(assignments)
}

/// Reads what is merged with the results; the course is that of the instructor's own folder, else of the
/// checkout's notebooks.
fn additions(arguments: &Arguments, workspace: &Workspace) -> Result<Additions> {
    let own = arguments.hidden.as_deref().map(Course::of).transpose()?.flatten();
    let course = match own {
        Some(course) => Some(course),
        None => Course::of(&workspace.notebooks())?,
    };
    Additions::read(arguments.marks.as_ref(), arguments.extensions.as_ref(), course)
}

/// Grades all that has no result yet, and writes each result as soon as it is there.
fn grade_all(
    arguments: &Arguments,
    lab: &Lab,
    chosen: &[Chosen],
    results: &Results,
    guards: &ChildGuards,
) -> Result<()> {
    let limits = Limits {
        seconds_per_cell: arguments.timeout,
        seconds: arguments.total,
        memory: arguments.memory * 1_000_000,
        output: 1_000_000,
    };
    let sessions = Sessions::new(lab, &limits, guards.clone())?;
    let grader = Grader { sessions: &sessions };
    let data = arguments.data.as_ref().map(resolve_data).transpose()?;
    let jobs = class::jobs(chosen, results, &arguments.again)?;
    let known = know_runs(lab, &jobs, data.clone(), arguments.timeout, guards)?;
    let site = Site::find(lab, known.folder())?;
    let variables: Vec<_> = data.map(|data| (variable::DATASET, data)).into_iter().collect();

    let count = arguments.jobs.unwrap_or_else(workers::count).min(jobs.len().max(1) as u16);
    println!("{} hand-ins, {} to grade, {count} at a time", chosen.len(), jobs.len());
    let (of, done) = (jobs.len(), AtomicUsize::new(0));
    let sandbox = |worker: u16| match arguments.unsafe_no_sandbox {
        true => Sandbox::none(&site, lab, &variables),
        false => {
            let cores = workers::cores(worker, count);
            Sandbox::new(&site, worker, cores.as_deref(), &variables)
        }
    };
    let sandboxes: Vec<Sandbox> = (0..count).map(sandbox).collect();
    // The first thing that is no student's fault stops all workers.
    let failure: Mutex<Option<anyhow::Error>> = Mutex::default();
    parallel::for_each(count, jobs, |worker, job| {
        let sandbox = &sandboxes[worker as usize];
        let graded = grader.grade(job.hand_in, job.assignment, sandbox);
        match graded.and_then(|graded| results.keep(&graded).map(|()| graded)) {
            Ok(graded) => tell(&graded, 1 + done.fetch_add(1, Ordering::Relaxed), of),
            Err(_) if guards.are_stopped() => return Ok(ControlFlow::Break(())),
            Err(error) => {
                failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    failure.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
}

/// Executes those of the instructor's notebooks whose sweeps many hand-ins make again.
fn know_runs(
    lab: &Lab,
    jobs: &[Job],
    data: Option<OsString>,
    timeout: u64,
    guards: &ChildGuards,
) -> Result<KnownRuns> {
    let known = KnownRuns::new()?;
    for assignment in known_runs::worth_knowing(jobs) {
        println!("{}: your own is executed first; its runs are the class's", assignment.name);
        let outcome = known.add(assignment, |scratch| {
            let (data, versions) = (data.clone(), serde_json::json!({}));
            let settings = Settings { data, quick: false, timeout, versions };
            execute_alone(lab, scratch, settings, guards.clone())
        })?;
        match outcome {
            Execution::Passed { .. } => {}
            Execution::Interrupted => bail!("interrupted"),
            Execution::Failed(failure) => {
                eprintln!("warning: your own notebook: {}", failure.report(&assignment.name));
            }
        }
    }
    Ok(known)
}

/// Tells of a result, without saying whose it is.
fn tell(graded: &Graded, number: usize, of: usize) {
    let what = match &graded.problem {
        Some(_) => "not graded".to_owned(),
        None => format!("{} of {} points", graded.points(), graded.maximum()),
    };
    let look = if graded.findings.is_empty() { "" } else { ", to be looked at" };
    println!(
        "[{number:>3}/{of}] {}  {what}, {:.0} s, {} MB{look}",
        &graded.hash[..8],
        graded.seconds,
        graded.memory / 1_000_000
    );
}

/// Writes the tables and the pages of all results that are there.
fn write(out: &Path, results: &Results, additions: &Additions) -> Result<()> {
    let mut all = results.all()?;
    additions.merge(&mut all);
    let exporter = Exporter::new(&setup::python_of_lab(&Cache::open()?)?)?;
    for path in class::write(out, &all, &additions.rows(&all), exporter)? {
        println!("{}", path.display());
    }
    Ok(())
}
