//! The set-up: what notebooks need, made once in the user's cache.
//!
//! What the machine must have is looked at first, all of it. Then four steps, each of which finds out
//! by itself whether its work is done already: the Python environment and, at the same time, the
//! kernel; the kernel's template; the kernelspec. A step makes its result under another name, or marks
//! it at the very end, so an interrupted set-up goes on where it stopped. Only `cargo lab test` makes a
//! second Python environment.

use std::env;
use std::ffi::OsString;
use std::fs::File;
use std::path::PathBuf;
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use backprop_protocol::{folders, variable};
use backprop_report::files;

use crate::cache::Cache;
#[cfg(feature = "whole")]
use crate::estimate::Work;
use crate::workspace::Workspace;

mod cost;
mod disk;
pub mod kernel;
mod kernelspec;
mod missing;
mod python;
mod steps;
mod template;
mod toolchain;
mod versions;

pub use kernelspec::NAME as KERNEL_NAME;

pub use toolchain::Toolchain;
pub use versions::versions;

use cost::Cost;
use missing::Missing;
use python::Progress;
use steps::Steps;

const LAB_PYTHON: &str = "Python environment with JupyterLab and pandoc";
const TESTS_PYTHON: &str = "Python environment with nbgrader and papermill";
const KERNEL: &str = "the kernel";

/// Everything that starts a notebook.
pub struct Lab {
    pub workspace: Workspace,
    pub cache: Cache,
    pub toolchain: Toolchain,
    /// The Python environment's interpreter.
    pub python: PathBuf,
    /// The kernel's program.
    pub kernel: PathBuf,
    /// The prewarmed folder that each kernel starts from a copy of.
    pub template: PathBuf,
    /// A folder for `$JUPYTER_PATH` with the kernelspec of just this checkout's kernel.
    pub jupyter_path: PathBuf,
}

impl Lab {
    /// Gives the variables by which Jupyter finds the kernel, and the kernel's cells the checkout's
    /// crate and data, wherever their notebook lies.
    pub fn environment(&self) -> [(&'static str, OsString); 4] {
        [
            (variable::CACHE, self.cache.root().into()),
            (variable::DATA, self.workspace.data().into()),
            (variable::WORKSPACE, self.workspace.root().into()),
            ("JUPYTER_PATH", self.jupyter_path.clone().into()),
        ]
    }
}

/// Completes the set-up, showing on stderr what it does, and gives the result.
///
/// When all is there already, that takes a fraction of a second and shows nothing.
pub fn complete(workspace: Workspace) -> Result<Lab> {
    let cache = Cache::open()?;
    let (toolchain, python) = look_around(&workspace, &cache)?;
    let kernel = kernel::Plan::new(&workspace, &cache, &toolchain)?;
    let mut steps = Steps::new(&cache);
    let (python, kernel) = python_and_kernel(&python, &kernel, &cache, &mut steps)?;
    // Others need not wait for this: the kernel lets one process at a time make a template.
    let template = template::prepare(&kernel, &workspace, &cache, &mut steps)?;
    let jupyter_path = kernelspec::install(&kernel, &python, &cache)?;
    note_workspace(&workspace, &cache)?;
    Ok(Lab { workspace, cache, toolchain, python, kernel, template, jupyter_path })
}

/// Gives what remains to be done before all is there, as far as can be told before.
#[cfg(feature = "whole")]
pub fn work_left(workspace: &Workspace, cache: &Cache, toolchain: &Toolchain) -> Work {
    let python = python::Plan::new(python::LAB, cache).is_ok_and(|plan| plan.is_done());
    let kernel = kernel::Plan::new(workspace, cache, toolchain).is_ok_and(|plan| plan.is_done());
    let left = [
        (python, cost::PYTHON),
        (kernel, cost::KERNEL),
        (!template::is_first(cache), cost::TEMPLATE),
    ];
    let left = left.iter().filter(|(is_done, _)| !is_done).map(|(_, cost)| cost.work);
    left.fold(Work::default(), |sum, work| Work {
        processor: sum.processor + work.processor,
        elapsed: sum.elapsed.max(work.elapsed),
    })
}

/// Looks for everything that the machine must have, and tells all that is missing at once.
fn look_around(workspace: &Workspace, cache: &Cache) -> Result<(Toolchain, python::Plan)> {
    let mut missing = Missing::default();
    let toolchain = missing.note(Toolchain::of(workspace));
    missing.note(toolchain::require_cargo());
    missing.note(toolchain::require_linker());
    let python = missing.note(python::Plan::new(python::LAB, cache));
    let python_is_done = python.as_ref().is_some_and(python::Plan::is_done);
    if let Some(python) = python.as_ref().filter(|_| !python_is_done) {
        missing.note(python.require_venv());
    }
    let kernel_is_done = match &toolchain {
        Some(toolchain) => kernel::Plan::new(workspace, cache, toolchain)?.is_done(),
        None => false,
    };
    missing.note(disk::require(cache, megabytes_needed(python_is_done, kernel_is_done)));
    missing.tell()?;
    toolchain.zip(python).context("what is not missing was found")
}

/// Counts the room for what is to be made; none once both are there, as the kernel itself looks
/// before it makes a template.
fn megabytes_needed(python_is_done: bool, kernel_is_done: bool) -> u64 {
    let python = if python_is_done { 0 } else { cost::PYTHON.room() };
    let kernel = if kernel_is_done { 0 } else { cost::KERNEL.room() };
    if python + kernel == 0 { 0 } else { python + kernel + disk::FOR_NOTEBOOKS }
}

/// Makes the Python environment and the kernel, at the same time, and gives their programs.
fn python_and_kernel(
    python: &python::Plan,
    kernel: &kernel::Plan,
    cache: &Cache,
    steps: &mut Steps,
) -> Result<(PathBuf, PathBuf)> {
    if python.is_done() && kernel.is_done() {
        return Ok((python.make(Progress::Bar)?, kernel.make()?)); // without waiting for others
    }
    let _lock: File = cache.lock()?;
    let of_python = (!python.is_done()).then(|| steps.announce(LAB_PYTHON, cost::PYTHON));
    let of_kernel = (!kernel.is_done()).then(|| steps.announce(KERNEL, cost::KERNEL));
    if template::is_first(cache) {
        steps.announce(template::NAME, cost::TEMPLATE);
    }
    steps.show();
    // cargo's own progress goes through, and leaves no line for a bar.
    let progress = if of_kernel.is_some() { Progress::Silent } else { Progress::Bar };
    let steps = &*steps;
    let (python, kernel) = thread::scope(|scope| {
        let python = scope.spawn(|| steps.carry_out(of_python, || python.make(progress)));
        let kernel = steps.carry_out(of_kernel, || kernel.make());
        (python.join().unwrap_or_else(|_| bail!("the thread that makes it panicked")), kernel)
    });
    both(python, kernel)
}

/// Gives two results, or the errors of both.
fn both<A, B>(first: Result<A>, second: Result<B>) -> Result<(A, B)> {
    match (first, second) {
        (Ok(first), Ok(second)) => Ok((first, second)),
        (Err(first), Err(second)) => Err(anyhow!("{first:#}\n\n{second:#}")),
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

/// Notes the checkout in the cache: kernels whose notebook lies outside any checkout use it. One that
/// `$BACKPROP_WORKSPACE` names is meant for this command alone, and may be gone tomorrow.
fn note_workspace(workspace: &Workspace, cache: &Cache) -> Result<()> {
    if env::var_os(variable::WORKSPACE).is_some() {
        return Ok(());
    }
    let pointer = format!("{}\n", workspace.root().display());
    files::write_whole(&folders::noted_workspace(cache.root()), pointer.as_bytes(), 0o644)
        .context("cannot note the checkout in the cache")
}

/// Makes the lab's Python environment alone, which suffices where no notebook is executed, and gives
/// its interpreter.
pub fn python_of_lab(cache: &Cache) -> Result<PathBuf> {
    python_alone(cache, python::LAB, LAB_PYTHON, cost::PYTHON)
}

/// Makes the Python environment that the tests use beside the lab's, showing on stderr what it does,
/// and gives its interpreter.
pub fn python_of_tests(cache: &Cache) -> Result<PathBuf> {
    python_alone(cache, python::TESTS, TESTS_PYTHON, cost::TESTS_PYTHON)
}

/// Gives the interpreter of the lab's Python environment where that has been made.
#[cfg(feature = "whole")]
pub fn made_python_of_lab(cache: &Cache) -> Option<PathBuf> {
    python::Plan::new(python::LAB, cache).ok()?.made()
}

/// Gives the interpreter of the tests' Python environment where that has been made.
#[cfg(feature = "whole")]
pub fn made_python_of_tests(cache: &Cache) -> Option<PathBuf> {
    python::Plan::new(python::TESTS, cache).ok()?.made()
}

fn python_alone(
    cache: &Cache,
    packages: python::Packages,
    name: &'static str,
    cost: Cost,
) -> Result<PathBuf> {
    let python = python::Plan::new(packages, cache)?;
    if python.is_done() {
        return python.make(Progress::Bar); // without waiting for others, who may build a kernel
    }
    let _lock: File = cache.lock()?;
    let mut steps = Steps::new(cache);
    let step = (!python.is_done()).then(|| steps.announce(name, cost));
    steps.show();
    steps.carry_out(step, || python.make(Progress::Bar))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_asked_for_what_is_to_be_made() {
        assert_eq!(megabytes_needed(true, true), 0);
        let kernel_alone = megabytes_needed(true, false);
        assert_eq!(kernel_alone, cost::KERNEL.room() + disk::FOR_NOTEBOOKS);
        assert_eq!(megabytes_needed(false, false), kernel_alone + cost::PYTHON.room());
    }

    #[test]
    fn two_errors_are_both_told() {
        let fail = |text: &'static str| -> Result<()> { bail!(text) };
        assert!(both(Ok(1), Ok(2)).is_ok_and(|both| both == (1, 2)));
        assert_eq!(both(Ok(1), fail("no kernel")).unwrap_err().to_string(), "no kernel");
        let error = both(fail("no Python"), fail("no kernel")).unwrap_err().to_string();
        assert_eq!(error, "no Python\n\nno kernel");
    }
}
