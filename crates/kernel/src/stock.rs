//! Plain evcxr with the same binary, to see that the notebooks run there as well.

use std::env;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::compile::links;
use crate::runtime;

const SWITCH: &str = "BACKPROP_KERNEL_STOCK";

/// Says whether this process is to behave as plain evcxr.
pub fn wanted() -> bool {
    env::var_os(SWITCH).is_some_and(|value| value == "1")
}

/// Runs evcxr_jupyter as it is: no template, no monitor.
pub fn run() -> Result<ExitCode> {
    let nowhere = no_kernelspecs()?;
    let is_helper = env::var_os(runtime::ASKED).or(env::var_os("EVCXR_RUSTC_WRAPPER"));
    if is_helper.is_none() && env::var_os("JUPYTER_PATH").as_deref() != Some(nowhere.as_os_str()) {
        let error = Command::new(env::current_exe()?)
            .args(env::args_os().skip(1))
            .env("JUPYTER_PATH", nowhere)
            .env(links::RUSTC_VARIABLE, links::rustc()?)
            .exec();
        return Err(error).context("cannot start the kernel anew");
    }
    evcxr_jupyter::main()?;
    Ok(ExitCode::SUCCESS)
}

/// Gives a `JUPYTER_PATH` under which no kernelspec can exist.
///
/// At start evcxr_jupyter looks for a kernelspec named `rust` there, or in the user's own folder,
/// and overwrites an outdated one with the running executable. The user's stock kernel is not ours
/// to replace; nothing can lie below a path that is a file.
pub fn no_kernelspecs() -> Result<PathBuf> {
    Ok(env::current_exe().context("cannot find this executable")?.join("no-kernelspecs"))
}
