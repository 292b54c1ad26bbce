//! The start of a kernel, in two stages of the same process.
//!
//! The first makes the private folder; then the executable replaces itself, because evcxr reads its
//! settings from the environment, and to change that in a running process is not safe.

use std::env;
use std::os::unix::process::CommandExt;
use std::path::{PathBuf, absolute};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::cell_env::{self, PRIVATE};
use crate::files;
use crate::private::{self, Private, Purpose};
use crate::site::Site;
use crate::template;
use crate::toolchain::Toolchain;

/// Runs the stage that this process has come to.
pub fn run() -> Result<ExitCode> {
    match env::var_os(PRIVATE) {
        None => prepare(),
        Some(folder) => serve(folder.into()),
    }
}

fn prepare() -> Result<ExitCode> {
    let control_file = env::args_os().nth(2).context("--control_file needs a file")?;
    let control_file = absolute(PathBuf::from(control_file))?;
    let site = Site::find()?;
    let toolchain = Toolchain::of(&site.workspace)?;
    let template = template::ensure(&site, &toolchain)?;
    private::remove_leftovers(&site.cache)?;

    let private = Private::create(&site.cache, Purpose::Kernel, &template.snapshot)?;
    files::copy_folder(&template.cargo, &private.cargo())?;
    let mut kernel = Command::new(env::current_exe()?);
    kernel.arg("--control_file").arg(control_file);
    cell_env::for_kernel(&mut kernel, &private, &toolchain)?;
    let error = kernel.exec();
    private.remove()?;
    Err(error).context("cannot start the kernel anew")
}

fn serve(folder: PathBuf) -> Result<ExitCode> {
    let private = Private::take_over(folder)?;
    let result = evcxr_jupyter::main();
    private.remove()?;
    result?;
    Ok(ExitCode::SUCCESS)
}
