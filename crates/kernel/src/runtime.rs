//! The true runtime: the process that loads and runs the cells, a child of the doorkeeper.

use std::env;
use std::os::unix::process::parent_id;
use std::process::{self, ExitCode};

use anyhow::Result;

/// Holds the doorkeeper's process id, and so marks the true runtime.
pub const DOORKEEPER: &str = "BACKPROP_KERNEL_DOORKEEPER";

/// Says whether this runtime was started by a doorkeeper.
pub fn is_inner() -> bool {
    env::var_os(DOORKEEPER).is_some()
}

/// Runs cells until the doorkeeper closes our standard input, or is no more.
pub fn run() -> Result<ExitCode> {
    die_with_the_doorkeeper()?;
    if env::var(DOORKEEPER).ok() != Some(parent_id().to_string()) {
        process::exit(1); // it died before we had tied our life to its own
    }
    evcxr::runtime_hook();
    Ok(ExitCode::SUCCESS)
}

/// Asks for SIGKILL at the doorkeeper's death: evcxr interrupts a cell by killing the doorkeeper,
/// and a cell in an endless loop reads no closed pipe.
#[cfg(target_os = "linux")]
fn die_with_the_doorkeeper() -> Result<()> {
    use rustix::process::{Signal, set_parent_process_death_signal};
    Ok(set_parent_process_death_signal(Some(Signal::KILL))?)
}

/// Watches for the doorkeeper's death, on systems that cannot announce it.
#[cfg(not(target_os = "linux"))]
fn die_with_the_doorkeeper() -> Result<()> {
    use std::{thread, time::Duration};
    let doorkeeper = parent_id();
    thread::Builder::new().name("doorkeeper-watch".into()).spawn(move || {
        while parent_id() == doorkeeper {
            thread::sleep(Duration::from_millis(200));
        }
        process::abort();
    })?;
    Ok(())
}
