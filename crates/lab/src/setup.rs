//! The set-up: what notebooks need, made once in the user's cache.
//!
//! Four steps, each of which finds out by itself whether its work is done already: the Python
//! environment, the kernel, the kernel's template, the kernelspec. A step makes its result under
//! another name, or marks it at the very end, so an interrupted set-up goes on where it stopped.

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

/// Everything that starts a notebook.
pub struct Lab {
    pub workspace: Workspace,
    pub cache: Cache,
    pub toolchain: Toolchain,
    /// The Python environment's interpreter.
    pub python: PathBuf,
    /// A folder for `$JUPYTER_PATH` with the kernelspec of just this checkout's kernel.
    pub jupyter_path: PathBuf,
}

/// Completes the set-up, showing on stderr what it does, and gives the result.
///
/// When all is there already, that takes a fraction of a second and shows nothing.
pub fn complete(workspace: Workspace) -> Result<Lab> {
    let cache = Cache::open()?;
    let _lock: File = cache.lock()?;
    let toolchain = Toolchain::of(&workspace)?;

    let python = python::Plan::new(&cache)?;
    let kernel = kernel::Plan::new(&workspace, &cache, &toolchain)?;
    let mut steps = steps::Steps::new(&cache);
    if !python.is_done() {
        steps.announce("Python environment with JupyterLab", "about a minute, 320 MB");
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
    template::prepare(&kernel, &workspace, &cache, &mut steps)?;
    let jupyter_path = kernelspec::install(&kernel, &python, &cache)?;
    // Kernels whose notebook lies outside any checkout use this one.
    let pointer = format!("{}\n", workspace.root().display());
    files::write_whole(&cache.root().join("workspace"), pointer.as_bytes(), 0o644)
        .context("cannot note the checkout in the cache")?;
    Ok(Lab { workspace, cache, toolchain, python, jupyter_path })
}
