//! Between cargo and rustc, for the crate of a cell alone: notes how it is compiled.

use std::env;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use backprop_analysis::call::{self, Call};

use crate::files;

/// The name under which this program is rustc, for cargo.
const NAME: &str = "cell-rustc";
/// Has cargo call it.
pub const VARIABLE: &str = "RUSTC_WORKSPACE_WRAPPER";

/// Makes the link in `folder` by which cargo calls this program, and gives it.
pub fn link(folder: &Path) -> Result<PathBuf> {
    let link = folder.join(NAME);
    files::link(&env::current_exe().context("cannot find this executable")?, &link)?;
    Ok(link)
}

/// Says whether this process was started as rustc.
pub fn is_asked() -> bool {
    env::args_os().next().is_some_and(|name| Path::new(&name).ends_with(NAME))
}

/// Notes the call, and becomes rustc.
pub fn run() -> Result<ExitCode> {
    let mut arguments = env::args().skip(1);
    let rustc = PathBuf::from(arguments.next().context("which rustc?")?);
    let arguments: Vec<String> = arguments.collect();
    if is_of_a_cell(&arguments) {
        Call::note(&rustc, &arguments)?;
        if env::var_os(call::NOTE_ONLY).is_some() {
            return Ok(ExitCode::FAILURE);
        }
    }
    let error = Command::new(&rustc).args(arguments).exec();
    Err(error).with_context(|| format!("cannot start {}", rustc.display()))
}

fn is_of_a_cell(arguments: &[String]) -> bool {
    arguments.windows(2).any(|pair| pair[0] == "--crate-name" && pair[1] == "ctx")
}
