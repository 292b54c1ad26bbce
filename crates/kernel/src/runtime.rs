//! The true runtime: the process that loads and runs the cells, a child of the monitor.

use std::env;
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::parent;

/// Set by evcxr for the process that is to be its runtime.
pub const ASKED: &str = "EVCXR_IS_RUNTIME";
/// Marks the true runtime, which evcxr does not start itself.
const INNER: &str = "BACKPROP_KERNEL_RUNTIME";

/// Makes `command` start the true runtime.
pub fn mark(command: &mut Command) {
    command.env(INNER, "1");
    parent::tie(command);
}

/// Says whether this runtime was started by a monitor.
pub fn is_inner() -> bool {
    env::var_os(INNER).is_some()
}

/// Runs cells until the monitor closes our standard input, or is no more.
pub fn run() -> Result<ExitCode> {
    parent::die_with_it()?;
    evcxr::runtime_hook();
    Ok(ExitCode::SUCCESS)
}
