//! The true runtime: the process that loads and runs the cells, a child of the doorkeeper.

use std::env;
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::leash;

/// Marks the true runtime, which evcxr does not start itself.
const INNER: &str = "BACKPROP_KERNEL_RUNTIME";

/// Makes `command` start the true runtime.
pub fn mark(command: &mut Command) {
    command.env(INNER, "1");
    leash::hold(command);
}

/// Says whether this runtime was started by a doorkeeper.
pub fn is_inner() -> bool {
    env::var_os(INNER).is_some()
}

/// Runs cells until the doorkeeper closes our standard input, or is no more.
pub fn run() -> Result<ExitCode> {
    leash::wear()?;
    evcxr::runtime_hook();
    Ok(ExitCode::SUCCESS)
}
