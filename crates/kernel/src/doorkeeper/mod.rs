//! The doorkeeper: stands between evcxr and the process that runs the cells.
//!
//! evcxr reads from its runtime that a cell panicked, or that a `?` ended it, and tells nobody. Since
//! that runtime is our own executable, the doorkeeper takes its place, runs the true one as its child
//! and passes everything on, so that it knows how each cell ended. It adds one content block to a cell
//! that failed, and lets a cell end only when all that it wrote to stderr is on its way.

mod cell_end;
mod pipes;
mod protocol;

use std::env;
use std::os::unix::process::ExitStatusExt;
use std::process::{self, Child, Command, ExitCode, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{Resource, Rlimit, Signal, getpid, kill_process, setrlimit};

use crate::{cell_env, runtime};
use pipes::Pipes;
use protocol::{Protocol, Step};

/// How long a running cell may live on after the kernel has closed the door.
const GRACE: Duration = Duration::from_secs(1);

/// Runs the true runtime until it ends, then ends in the same way.
pub fn run() -> Result<ExitCode> {
    let mut child = start_runtime()?;
    let status = pass_on(&mut child);
    if status.is_err() {
        let _ = child.kill(); // evcxr no longer listens
    }
    end_like(status?)
}

fn start_runtime() -> Result<Child> {
    let mut command = Command::new(env::current_exe()?);
    command.args(env::args_os().skip(1)).env(runtime::DOORKEEPER, process::id().to_string());
    cell_env::for_cells(&mut command);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().context("cannot start the process that runs the cells")
}

/// Passes lines on in both directions until the runtime has ended.
fn pass_on(child: &mut Child) -> Result<ExitStatus> {
    let mut pipes = Pipes::of(child)?;
    // Linux gives a process's first thread the number of the process.
    let mut protocol = Protocol::new(child.id());
    let mut deadline = None;
    loop {
        let ready = pipes.wait()?;
        // stderr first: what a cell wrote there is remembered before its end is read.
        if ready.errors {
            pass_errors_on(&mut pipes, &mut protocol)?;
        }
        if ready.output {
            let bytes = pipes.read_output()?;
            carry_out(protocol.output(&bytes), &mut pipes, &mut protocol)?;
        }
        if ready.commands {
            match pipes.read_commands()? {
                Some(bytes) => {
                    protocol.commands(&bytes);
                    pipes.write_commands(&bytes);
                }
                None => deadline = Some(Instant::now() + GRACE),
            }
        }
        if deadline.is_some_and(|deadline| deadline < Instant::now()) {
            let _ = child.kill();
        }
        if let Some(status) = pipes.status(child)? {
            pass_errors_on(&mut pipes, &mut protocol)?;
            let rest = pipes.read_last_output()?;
            carry_out(protocol.output(&rest), &mut pipes, &mut protocol)?;
            pipes.write_output(&protocol.last_words())?;
            return Ok(status);
        }
    }
}

fn carry_out(steps: Vec<Step>, pipes: &mut Pipes, protocol: &mut Protocol) -> Result<()> {
    for step in steps {
        match step {
            Step::Write(bytes) => pipes.write_output(&bytes)?,
            Step::EndCell => {
                // The cell is over, so all that it wrote to stderr is in the pipe by now.
                pass_errors_on(pipes, protocol)?;
                pipes.let_errors_be_read();
                pipes.write_output(&protocol.end_of_cell())?;
            }
        }
    }
    Ok(())
}

fn pass_errors_on(pipes: &mut Pipes, protocol: &mut Protocol) -> Result<()> {
    while let Some(bytes) = pipes.read_errors()? {
        protocol.errors(&bytes);
        pipes.write_errors(&bytes)?;
    }
    Ok(())
}

/// Ends this process with the exit code, or by the signal, that ended the runtime: evcxr tells the
/// user about it.
fn end_like(status: ExitStatus) -> Result<ExitCode> {
    if let Some(raw) = status.signal()
        && let Some(signal) = Signal::from_named_raw(raw)
    {
        // One memory dump, of the runtime, is enough.
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
        // Rust's own handler for a segmentation fault swallows the first one.
        for _ in 0..2 {
            kill_process(getpid(), signal)?;
        }
        process::exit(128 + raw);
    }
    process::exit(status.code().unwrap_or(1));
}
