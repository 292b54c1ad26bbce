//! The monitor: stands between evcxr and the process that runs the cells.
//!
//! evcxr reads from its runtime that a cell panicked, or that a `?` ended it, and tells nobody. Since
//! that runtime is our own executable, the monitor takes its place and runs the true one as its
//! child. It tells the proxy, in order, all that a cell shows and how it ended; evcxr itself only hears
//! what it must.

mod errors;
mod input;
mod pipes;
mod protocol;

use std::env;
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::process::{self, Child, Command, ExitCode, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{Resource, Rlimit, Signal, getpid, kill_process, setrlimit};

use crate::monitor_link::{Death, MonitorEvent};
use crate::{environment, runtime};
use input::Input;
use pipes::Pipes;
use protocol::{Protocol, Step};

/// How long a running cell may live on after the kernel has closed the door.
const GRACE: Duration = Duration::from_secs(1);
/// How often it is looked whether a running cell waits for input.
const GLANCE: Duration = Duration::from_millis(100);

/// Runs the true runtime until it ends, then ends in the same way.
pub fn run() -> Result<ExitCode> {
    let (mut child, input) = start_runtime()?;
    // Linux gives a process's first thread the number of the process.
    let protocol = Protocol::new(child.id());
    let status = Pipes::of(&mut child, input).and_then(|pipes| {
        Monitor { pipes, protocol, child: &mut child, looked: Instant::now() }.pass_on()
    });
    if status.is_err() {
        let _ = child.kill(); // nobody listens any more
    }
    end_like(status?)
}

fn start_runtime() -> Result<(Child, Input)> {
    let mut command = Command::new(env::current_exe()?);
    command.args(env::args_os().skip(1));
    runtime::mark(&mut command);
    environment::for_cells(&mut command);
    let (input, theirs) = Input::pair().context("cannot make the runtime's stdin")?;
    command.stdin(OwnedFd::from(theirs)).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().context("cannot start the process that runs the cells")?;
    Ok((child, input))
}

struct Monitor<'a> {
    pipes: Pipes,
    protocol: Protocol,
    child: &'a mut Child,
    /// When it was last looked whether the cell waits for input.
    looked: Instant,
}

impl Monitor<'_> {
    /// Passes on what is said, in all directions, until the runtime has ended.
    fn pass_on(mut self) -> Result<ExitStatus> {
        let mut deadline = None;
        loop {
            let ready = self.pipes.wait(self.protocol.is_holding(), self.protocol.may_read())?;
            if ready.commands {
                for command in self.pipes.read_commands()? {
                    let steps = self.protocol.command(command);
                    self.carry_out(steps)?;
                }
            }
            // stderr first: what a cell wrote there is known before its end is read.
            if ready.errors {
                self.read_errors()?;
            }
            if ready.output {
                let bytes = self.pipes.read_output()?;
                let steps = self.protocol.output(&bytes);
                self.carry_out(steps)?;
            }
            if ready.input {
                match self.pipes.read_input()? {
                    Some(bytes) => {
                        let steps = self.protocol.input(&bytes);
                        self.carry_out(steps)?;
                    }
                    None => deadline = Some(Instant::now() + GRACE),
                }
            }
            if ready.is_nothing() {
                let steps = self.protocol.pause();
                self.carry_out(steps)?;
            }
            if self.protocol.may_read() && self.looked.elapsed() >= GLANCE {
                self.looked = Instant::now();
                // What it printed last may be a question that evcxr passes on.
                if self.cell_reads()? && self.protocol.may_read() {
                    let steps = self.protocol.reads();
                    self.carry_out(steps)?;
                }
            }
            if deadline.is_some_and(|deadline| deadline < Instant::now()) {
                let _ = self.child.kill();
            }
            if let Some(status) = self.pipes.status(self.child)? {
                self.tell_of_the_end(status)?;
                return Ok(status);
            }
        }
    }

    fn carry_out(&mut self, steps: Vec<Step>) -> Result<()> {
        for step in steps {
            match step {
                Step::Evcxr(bytes) => self.pipes.write_output(&bytes)?,
                Step::Runtime(bytes) => self.pipes.write_input(&bytes),
                Step::Input(text) => self.give_input(text.as_deref())?,
                Step::Tell(event) => self.pipes.tell(&event)?,
                Step::EndCell => {
                    // The cell is over, so all that it wrote to stderr is in the pipe by now.
                    self.read_errors()?;
                    let steps = self.protocol.end_of_cell();
                    self.carry_out(steps)?;
                }
                Step::Kill => drop(self.child.kill()),
            }
        }
        Ok(())
    }

    /// Whether the running cell waits for input. A runtime that waits for evcxr's next command reads as
    /// well, but has told of the cell's end before.
    fn cell_reads(&mut self) -> Result<bool> {
        let waits = input::is_waited_for(self.child.id());
        if waits {
            self.read_last_output()?;
        }
        Ok(waits && self.protocol.is_running())
    }

    /// Gives the cell a text, or the end of input, if it still waits for one.
    fn give_input(&mut self, text: Option<&str>) -> Result<()> {
        if self.cell_reads()? {
            match text {
                Some(text) => self.pipes.write_input(text.as_bytes()),
                None => self.pipes.end_input(),
            }
        }
        Ok(())
    }

    fn read_last_output(&mut self) -> Result<()> {
        while let Some(bytes) = self.pipes.read_last_output()? {
            let steps = self.protocol.output(&bytes);
            self.carry_out(steps)?;
        }
        Ok(())
    }

    fn read_errors(&mut self) -> Result<()> {
        while let Some(bytes) = self.pipes.read_errors()? {
            let steps = self.protocol.errors(&bytes);
            self.carry_out(steps)?;
        }
        Ok(())
    }

    /// Tells what the runtime has left in its pipes, and how it ended.
    fn tell_of_the_end(&mut self, status: ExitStatus) -> Result<()> {
        self.read_errors()?;
        self.read_last_output()?;
        let steps = self.protocol.last_events();
        self.carry_out(steps)?;
        let (code, signal) = (status.code(), status.signal());
        let death = Death { code, signal, last_words: self.protocol.last_words() };
        self.pipes.tell(&MonitorEvent::Died { death })
    }
}

/// Ends this process with the exit code, or by the signal, that ended the runtime.
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
