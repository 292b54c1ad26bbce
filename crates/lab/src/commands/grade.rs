//! `cargo lab grade`: from hand-ins to points and feedback.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::{fs, thread};

use anyhow::{Context, Result, bail};
use backprop_protocol::variable;
use backprop_report::export::Exporter;
use backprop_report::files;
use clap::Args;

use crate::cache::Cache;
use crate::commands::run::{resolve_data, stop_on_interrupt};
use crate::execute::ChildGuards;
use crate::grade::assignment::{self, Assignment};
use crate::grade::cores;
use crate::grade::feedback::Feedback;
use crate::grade::grader::Grader;
use crate::grade::marks::Additions;
use crate::grade::result::{Graded, Results, file_name};
use crate::grade::sandbox::{self, Limits, Sandbox, Site};
use crate::grade::session::Sessions;
use crate::grade::summary;
use crate::grade::table::{self, Row};
use crate::hand_in::course::Course;
use crate::hand_in::submission::{self, HandIn};
use crate::hand_out::release;
use crate::setup::{self, Lab};
use crate::workspace::Workspace;

/// What a worker's box takes at most in ordinary use, in bytes; the number of workers follows from it.
const MEMORY_OF_A_WORKER: u64 = 1_200_000_000;

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

/// A hand-in that has no result yet.
struct Job<'a> {
    hand_in: &'a HandIn,
    assignment: &'a Assignment,
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
    if !arguments.submissions.is_empty() {
        let lab = setup::complete(workspace)?;
        stop_on_interrupt(guards.clone())?;
        grade_all(arguments, &lab, &assignments, &results, &guards)?;
    }
    merge(&arguments.out, &results, &additions)?;
    if guards.are_stopped() {
        bail!("interrupted; run the command again to go on");
    }
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
    assignments: &[Assignment],
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
    let grader = Grader { assignments, sessions: &sessions };
    let hand_ins = submission::find(&arguments.submissions)?;
    let site = Site::find(lab)?;
    let data = arguments.data.as_ref().map(resolve_data).transpose()?;
    let variables: Vec<_> = data.map(|data| (variable::DATASET, data)).into_iter().collect();

    let queue = jobs(&hand_ins, &grader, results, &arguments.again)?;
    let workers = arguments.jobs.unwrap_or_else(workers).min(queue.len().max(1) as u16);
    println!("{} hand-ins, {} to grade, {workers} at a time", hand_ins.len(), queue.len());
    let (of, done) = (queue.len(), AtomicUsize::new(0));
    let queue = Mutex::new(queue);
    let work = |worker: u16| -> Result<()> {
        let sandbox = match arguments.unsafe_no_sandbox {
            true => Sandbox::none(&site, lab, &variables),
            false => {
                let cores = cores::share(worker, workers);
                Sandbox::new(&site, worker, cores.as_deref(), &variables)
            }
        };
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let Some(Job { hand_in, assignment }) = next else { return Ok(()) };
            let graded = match grader.grade(hand_in, assignment, &sandbox) {
                Err(_) if guards.are_stopped() => return Ok(()),
                graded => graded?,
            };
            results.keep(&graded)?;
            tell(&graded, 1 + done.fetch_add(1, Ordering::Relaxed), of);
        }
    };
    in_parallel(workers, work)
}

/// Gives the hand-ins to grade: those without a result of the same notebooks, and those asked for again.
/// What belongs to no assignment gets its result at once.
fn jobs<'a>(
    hand_ins: &'a [HandIn],
    grader: &'a Grader,
    results: &Results,
    again: &[String],
) -> Result<VecDeque<Job<'a>>> {
    let mut queue = VecDeque::new();
    for hand_in in hand_ins {
        let Some(assignment) = grader.assignment_of(hand_in) else {
            let graded = unknown(hand_in);
            if results.find(&graded.student, &graded.notebook).as_ref() != Some(&graded) {
                results.keep(&graded)?;
            }
            continue;
        };
        let there = results.find(&hand_in.student, &assignment.name);
        let is_there = there.is_some_and(|graded| graded.is_of(&hand_in.hash(), &assignment.key));
        if !is_there || again.contains(&hand_in.student) {
            queue.push_back(Job { hand_in, assignment });
        }
    }
    Ok(queue)
}

fn unknown(hand_in: &HandIn) -> Graded {
    let problem = match &hand_in.content {
        Ok(_) => "it answers no question of the lab's notebooks".to_owned(),
        Err(problem) => problem.clone(),
    };
    Graded {
        student: hand_in.student.clone(),
        notebook: "unknown".into(),
        hash: hand_in.hash(),
        problem: Some(problem),
        ..Graded::default()
    }
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
fn merge(out: &Path, results: &Results, additions: &Additions) -> Result<()> {
    let mut all = results.all()?;
    let unused = additions.merge(&mut all);
    if unused > 0 {
        eprintln!("warning: {unused} marks are of no question that was graded");
    }
    let rows = additions.rows(&all);
    write_feedback(out, &all, &rows)?;
    let files = [
        ("grades.csv", table::grades(&all, &rows)?),
        ("to-mark.csv", table::to_mark(&all)?),
        ("summary.html", summary::summary(&all, &rows)),
    ];
    for (name, text) in files {
        files::write_whole(&out.join(name), text.as_bytes(), 0o600)?;
        println!("{}", out.join(name).display());
    }
    Ok(())
}

/// Writes the pages of feedback, as many at a time as there are cores: each waits for pandoc.
fn write_feedback(out: &Path, all: &[Graded], rows: &[Row]) -> Result<()> {
    let exporter = Exporter::new(&setup::python_of_lab(&Cache::open()?)?)?;
    let feedback = Feedback::new(exporter)?;
    let next = AtomicUsize::new(0);
    let write = || -> Result<()> {
        while let Some(graded) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
            let row = rows.iter().find(|row| row.student == graded.student);
            let page = feedback.page(graded, row.context("each student has a line")?)?;
            let name = format!("{}.html", file_name(&graded.notebook));
            let path = out.join("feedback").join(file_name(&graded.student)).join(name);
            files::write_whole(&path, &page, 0o600)?;
        }
        Ok(())
    };
    in_parallel(number_of_cores(), |_| write())
}

/// Runs so many threads, each with its number, to their ends.
fn in_parallel(count: u16, work: impl Fn(u16) -> Result<()> + Sync) -> Result<()> {
    thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> = (0..count).map(|number| scope.spawn(move || work(number))).collect();
        running.into_iter().try_for_each(|thread| match thread.join() {
            Ok(result) => result,
            Err(_) => bail!("a thread panicked"),
        })
    })
}

fn number_of_cores() -> u16 {
    thread::available_parallelism().map_or(1, |cores| cores.get().try_into().unwrap_or(u16::MAX))
}

/// Gives how many hand-ins can be graded at a time on this machine.
fn workers() -> u16 {
    let free = fs::read_to_string("/proc/meminfo").ok().and_then(|text| available(&text));
    let by_memory = free.map_or(1, |free| free / MEMORY_OF_A_WORKER);
    by_memory.clamp(1, number_of_cores().into()).try_into().unwrap_or(u16::MAX)
}

/// Reads how many bytes of memory programs can still have.
fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machines_free_memory_is_read() {
        let text = "MemTotal:       24000000 kB\nMemAvailable:    3000000 kB\n";
        assert_eq!(available(text), Some(3_072_000_000));
        assert_eq!(available("MemTotal: 1 kB"), None);
    }
}
