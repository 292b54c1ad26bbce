//! The six ends of pipe that the doorkeeper holds: three towards evcxr, three towards the runtime.

use std::io::{self, ErrorKind, Read, Stderr, Stdin, Stdout, Write};
use std::os::fd::AsFd;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::ioctl_fionread;

/// How often a runtime is asked whether it has ended: a process that a cell left running may hold the
/// pipes open, so that their end does not tell.
const LOOK: Timespec = Timespec { tv_sec: 1, tv_nsec: 0 };
const NOW: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };
/// How long a cell's end waits for evcxr to read the cell's stderr.
const READ_TIME: Duration = Duration::from_millis(100);

pub struct Pipes {
    commands: Option<Stdin>,
    output: Stdout,
    errors: Stderr,
    child_commands: Option<ChildStdin>,
    child_output: Option<ChildStdout>,
    child_errors: Option<ChildStderr>,
    unread_errors: bool,
    buffer: Vec<u8>,
}

/// What there is to read.
#[derive(Default)]
pub struct Ready {
    pub commands: bool,
    pub output: bool,
    pub errors: bool,
}

impl Pipes {
    /// Takes our own three and the child's.
    pub fn of(child: &mut Child) -> Result<Self> {
        Ok(Pipes {
            commands: Some(io::stdin()),
            output: io::stdout(),
            errors: io::stderr(),
            child_commands: child.stdin.take(),
            child_output: Some(child.stdout.take().context("no pipe for stdout")?),
            child_errors: Some(child.stderr.take().context("no pipe for stderr")?),
            unread_errors: false,
            buffer: vec![0; 64 * 1024],
        })
    }

    /// Waits until something can be read, or for a second.
    pub fn wait(&self) -> Result<Ready> {
        let ends = (&self.commands, &self.child_output, &self.child_errors);
        let mut polled = Vec::with_capacity(3);
        polled.extend(ends.0.as_ref().map(|end| PollFd::new(end, PollFlags::IN)));
        polled.extend(ends.1.as_ref().map(|end| PollFd::new(end, PollFlags::IN)));
        polled.extend(ends.2.as_ref().map(|end| PollFd::new(end, PollFlags::IN)));
        match poll(&mut polled, Some(&LOOK)) {
            Err(rustix::io::Errno::INTR) => return Ok(Ready::default()),
            result => result.context("cannot wait for the runtime")?,
        };
        let mut polled = polled.iter();
        let mut is_ready =
            |open: bool| open && polled.next().is_some_and(|end| !end.revents().is_empty());
        Ok(Ready {
            commands: is_ready(ends.0.is_some()),
            output: is_ready(ends.1.is_some()),
            errors: is_ready(ends.2.is_some()),
        })
    }

    /// Says whether the runtime has closed its stdout and stderr.
    pub fn are_closed(&self) -> bool {
        self.child_output.is_none() && self.child_errors.is_none()
    }

    /// Gives the runtime's exit status, if it has ended; waits for its end if it has closed the pipes.
    pub fn status(&self, child: &mut Child) -> Result<Option<ExitStatus>> {
        let status = if self.are_closed() { child.wait().map(Some) } else { child.try_wait() };
        status.context("cannot learn how the runtime ended")
    }

    /// Reads what evcxr tells the runtime; `None` when it has closed the pipe, as we then do in turn.
    pub fn read_commands(&mut self) -> Result<Option<Vec<u8>>> {
        // Not through the standard library's buffer, of which `poll` knows nothing.
        let read = match &self.commands {
            Some(stdin) => {
                rustix::io::read(stdin, &mut self.buffer).context("cannot read stdin")?
            }
            None => 0,
        };
        if read == 0 {
            self.commands = None;
            self.child_commands = None;
            return Ok(None);
        }
        Ok(Some(self.buffer[..read].to_vec()))
    }

    /// Passes on what evcxr says. A runtime that has ended does not read it; its end is seen elsewhere.
    pub fn write_commands(&mut self, bytes: &[u8]) {
        if let Some(stdin) = &mut self.child_commands {
            let _ = stdin.write_all(bytes);
        }
    }

    /// Reads what the runtime printed, once [`Ready`] says that there is something.
    pub fn read_output(&mut self) -> Result<Vec<u8>> {
        let bytes = read_some(&mut self.child_output, &mut self.buffer);
        Ok(bytes.context("cannot read what the runtime prints")?.unwrap_or_default())
    }

    /// Reads all that an ended runtime has left in its stdout.
    pub fn read_last_output(&mut self) -> Result<Vec<u8>> {
        let mut rest = Vec::new();
        while self.child_output.as_ref().is_some_and(has_something) {
            rest.extend(self.read_output()?);
        }
        Ok(rest)
    }

    /// Reads what is in the runtime's stderr, without waiting; `None` when it is empty.
    pub fn read_errors(&mut self) -> Result<Option<Vec<u8>>> {
        if !self.child_errors.as_ref().is_some_and(has_something) {
            return Ok(None);
        }
        read_some(&mut self.child_errors, &mut self.buffer)
            .context("cannot read the runtime's stderr")
    }

    /// Passes output on to evcxr.
    pub fn write_output(&mut self, bytes: &[u8]) -> Result<()> {
        self.output.write_all(bytes)?;
        Ok(self.output.flush()?)
    }

    /// Passes stderr on to evcxr.
    pub fn write_errors(&mut self, bytes: &[u8]) -> Result<()> {
        self.unread_errors = true;
        Ok(self.errors.write_all(bytes)?)
    }

    /// Waits until evcxr has read the cell's stderr: a thread of its own does so, and text that it
    /// reads after the cell's end would hang on the next cell.
    pub fn let_errors_be_read(&mut self) {
        if !std::mem::take(&mut self.unread_errors) {
            return;
        }
        let deadline = Instant::now() + READ_TIME;
        while ioctl_fionread(&self.errors).is_ok_and(|waiting| waiting > 0) {
            if Instant::now() > deadline {
                return;
            }
            thread::sleep(Duration::from_micros(200));
        }
        // For its way from that thread to the front end.
        thread::sleep(Duration::from_millis(2));
    }
}

/// Reads once; gives `None` and closes our end when the other end is closed.
fn read_some(pipe: &mut Option<impl Read>, buffer: &mut [u8]) -> io::Result<Option<Vec<u8>>> {
    let Some(open) = pipe else { return Ok(None) };
    loop {
        match open.read(buffer) {
            Ok(0) => {
                *pipe = None;
                return Ok(None);
            }
            Ok(read) => return Ok(Some(buffer[..read].to_vec())),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn has_something(pipe: &impl AsFd) -> bool {
    let mut polled = [PollFd::new(pipe, PollFlags::IN)];
    poll(&mut polled, Some(&NOW)).is_ok_and(|ready| ready > 0)
}
