//! The set-up: what notebooks need, made once in the user's cache.
//!
//! Four steps, each of which finds out by itself whether its work is done already: the Python
//! environment, the kernel, the kernel's template, the kernelspec. A step makes its result under
//! another name, or marks it at the very end, so an interrupted set-up goes on where it stopped.
//! Only `cargo lab test` makes a second Python environment.

use std::env;
use std::ffi::OsString;
use std::fs::File;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::cache::Cache;
use crate::files;
use crate::workspace::Workspace;

pub mod kernel;
mod kernelspec;
mod python;
mod steps;
mod template;
mod toolchain;

pub use kernelspec::NAME as KERNEL_NAME;
pub use toolchain::Toolchain;

/// What the Python environments are and cost, as the set-up announces them.
const LAB_PYTHON: (&str, &str) =
    ("Python environment with JupyterLab and pandoc", "about a minute, 540 MB");
#[cfg(feature = "whole")]
const TESTS_PYTHON: (&str, &str) =
    ("Python environment with nbgrader and papermill", "about a minute, 340 MB");

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
            ("BACKPROP_CACHE", self.cache.root().into()),
            ("BACKPROP_DATA", self.workspace.data().into()),
            ("BACKPROP_WORKSPACE", self.workspace.root().into()),
            ("JUPYTER_PATH", self.jupyter_path.clone().into()),
        ]
    }
}

/// Completes the set-up, showing on stderr what it does, and gives the result.
///
/// When all is there already, that takes a fraction of a second and shows nothing.
pub fn complete(workspace: Workspace) -> Result<Lab> {
    let cache = Cache::open()?;
    let _lock: File = cache.lock()?;
    let toolchain = Toolchain::of(&workspace)?;

    let python = python::Plan::new(python::LAB, &cache)?;
    let kernel = kernel::Plan::new(&workspace, &cache, &toolchain)?;
    let mut steps = steps::Steps::new(&cache);
    if !python.is_done() {
        steps.announce(LAB_PYTHON.0, LAB_PYTHON.1);
    }
    if !kernel.is_done() {
        steps.announce("the kernel", "about 6 minutes on two cores, 1.5 GB");
    }
    if !(python.is_done() && kernel.is_done()) {
        steps.announce("the kernel's template", "about 2 minutes");
    }
    steps.show();

    let python = steps.carry_out(python.is_done(), || python.make())?;
    let kernel = steps.carry_out(kernel.is_done(), || kernel.make())?;
    let template = template::prepare(&kernel, &workspace, &cache, &mut steps)?;
    let jupyter_path = kernelspec::install(&kernel, &python, &cache)?;
    note_workspace(&workspace, &cache)?;
    Ok(Lab { workspace, cache, toolchain, python, kernel, template, jupyter_path })
}

/// Notes the checkout in the cache: kernels whose notebook lies outside any checkout use it. One that
/// `$BACKPROP_WORKSPACE` names is meant for this command alone, and may be gone tomorrow.
fn note_workspace(workspace: &Workspace, cache: &Cache) -> Result<()> {
    if env::var_os("BACKPROP_WORKSPACE").is_some() {
        return Ok(());
    }
    let pointer = format!("{}\n", workspace.root().display());
    files::write_whole(&cache.root().join("workspace"), pointer.as_bytes(), 0o644)
        .context("cannot note the checkout in the cache")
}

/// Makes the lab's Python environment alone, which suffices where no notebook is executed, and gives
/// its interpreter.
pub fn python_of_lab(cache: &Cache) -> Result<PathBuf> {
    python_alone(cache, python::LAB, LAB_PYTHON)
}

/// Makes the Python environment that the tests use beside the lab's, showing on stderr what it does,
/// and gives its interpreter.
#[cfg(feature = "whole")]
pub fn python_of_tests(cache: &Cache) -> Result<PathBuf> {
    python_alone(cache, python::TESTS, TESTS_PYTHON)
}

fn python_alone(
    cache: &Cache,
    packages: python::Packages,
    (name, cost): (&'static str, &'static str),
) -> Result<PathBuf> {
    let python = python::Plan::new(packages, cache)?;
    if python.is_done() {
        return python.make(); // without waiting for others, who may build a kernel
    }
    let _lock: File = cache.lock()?;
    let mut steps = steps::Steps::new(cache);
    steps.announce(name, cost);
    steps.show();
    steps.carry_out(python.is_done(), || python.make())
}
