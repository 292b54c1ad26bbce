//! The pipes that the monitor holds: two towards evcxr, three towards the runtime, and the socket
//! towards the proxy.

use std::env;
use std::io::{self, ErrorKind, Read, Stdin, Stdout, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, ChildStderr, ChildStdout, ExitStatus};

use anyhow::{Context, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::input::Input;
use crate::monitor_link::{MonitorCommand, MonitorEvent, SOCKET};

/// How often a runtime is asked whether it has ended: a process that a cell left running may hold the
/// pipes open, so that their end does not tell.
const LOOK: Timespec = Timespec { tv_sec: 1, tv_nsec: 0 };
/// How long something that was printed waits for more of it.
const PAUSE: Timespec = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };
/// How long it takes at the most until a cell that waits for input is seen.
const GLANCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
const NOW: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };

pub struct Pipes {
    input: Option<Stdin>,
    output: Stdout,
    child_input: Input,
    child_output: Option<ChildStdout>,
    child_errors: Option<ChildStderr>,
    proxy: UnixStream,
    /// A command that has not been read to its end.
    partial: Vec<u8>,
    buffer: Vec<u8>,
}

/// What there is to read.
#[derive(Default)]
pub struct Ready {
    pub input: bool,
    pub output: bool,
    pub errors: bool,
    pub commands: bool,
}

impl Ready {
    /// Says whether nothing came, for as long as it was waited for.
    pub fn is_nothing(&self) -> bool {
        !(self.input || self.output || self.errors || self.commands)
    }
}

impl Pipes {
    /// Takes our own ends and the child's, and calls the proxy.
    pub fn of(child: &mut Child, child_input: Input) -> Result<Self> {
        let socket = env::var_os(SOCKET).context("nothing says where the proxy is")?;
        Ok(Pipes {
            input: Some(io::stdin()),
            output: io::stdout(),
            child_input,
            child_output: Some(child.stdout.take().context("no pipe for stdout")?),
            child_errors: Some(child.stderr.take().context("no pipe for stderr")?),
            proxy: UnixStream::connect(socket).context("cannot reach the proxy")?,
            partial: Vec::new(),
            buffer: vec![0; 64 * 1024],
        })
    }

    /// Waits until something can be read: for a second, more briefly where a cell may wait for input, and
    /// briefly where text is held back.
    pub fn wait(&self, is_holding: bool, may_read: bool) -> Result<Ready> {
        let mut polled = Vec::with_capacity(4);
        polled.push(PollFd::new(&self.proxy, PollFlags::IN));
        polled.extend(self.input.as_ref().map(|end| PollFd::new(end, PollFlags::IN)));
        polled.extend(self.child_output.as_ref().map(|end| PollFd::new(end, PollFlags::IN)));
        polled.extend(self.child_errors.as_ref().map(|end| PollFd::new(end, PollFlags::IN)));
        let time = match (is_holding, may_read) {
            (true, _) => &PAUSE,
            (_, true) => &GLANCE,
            _ => &LOOK,
        };
        match poll(&mut polled, Some(time)) {
            Err(rustix::io::Errno::INTR) => return Ok(Ready::default()),
            result => result.context("cannot wait for the runtime")?,
        };
        let mut polled = polled.iter();
        let mut is_ready =
            |open: bool| open && polled.next().is_some_and(|end| !end.revents().is_empty());
        Ok(Ready {
            commands: is_ready(true),
            input: is_ready(self.input.is_some()),
            output: is_ready(self.child_output.is_some()),
            errors: is_ready(self.child_errors.is_some()),
        })
    }

    /// Gives the runtime's exit status, if it has ended; waits for its end if it has closed the pipes.
    pub fn status(&self, child: &mut Child) -> Result<Option<ExitStatus>> {
        let are_closed = self.child_output.is_none() && self.child_errors.is_none();
        let status = if are_closed { child.wait().map(Some) } else { child.try_wait() };
        status.context("cannot learn how the runtime ended")
    }

    /// Reads what evcxr tells the runtime; `None` when it has closed the pipe, as we then do in turn.
    pub fn read_input(&mut self) -> Result<Option<Vec<u8>>> {
        // Not through the standard library's buffer, of which `poll` knows nothing.
        let read = match &self.input {
            Some(stdin) => {
                rustix::io::read(stdin, &mut self.buffer).context("cannot read stdin")?
            }
            None => 0,
        };
        if read == 0 {
            self.input = None;
            self.child_input.end();
            return Ok(None);
        }
        Ok(Some(self.buffer[..read].to_vec()))
    }

    /// Reads what the proxy commands, once [`Ready`] says that there is something.
    ///
    /// # Errors
    /// The proxy is gone.
    pub fn read_commands(&mut self) -> Result<Vec<MonitorCommand>> {
        let read = self.proxy.read(&mut self.buffer).context("cannot hear the proxy")?;
        anyhow::ensure!(read > 0, "the proxy is gone");
        self.partial.extend_from_slice(&self.buffer[..read]);
        let Some(end) = self.partial.iter().rposition(|&byte| byte == b'\n') else {
            return Ok(Vec::new());
        };
        let rest = self.partial.split_off(end + 1);
        let lines = std::mem::replace(&mut self.partial, rest);
        let commands = serde_json::Deserializer::from_slice(&lines).into_iter();
        commands.collect::<Result<_, _>>().context("cannot understand the proxy")
    }

    /// Tells the proxy something.
    pub fn tell(&mut self, event: &MonitorEvent) -> Result<()> {
        let mut line = serde_json::to_vec(event)?;
        line.push(b'\n');
        self.proxy.write_all(&line).context("cannot tell the proxy")
    }

    /// Passes on what evcxr says, or a text that the cell reads.
    pub fn write_input(&self, bytes: &[u8]) {
        self.child_input.send(bytes);
    }

    /// Has the cell come to the end of its input.
    pub fn end_input(&self) {
        self.child_input.end();
    }

    /// Reads what the runtime printed, once [`Ready`] says that there is something.
    pub fn read_output(&mut self) -> Result<Vec<u8>> {
        let bytes = read_some(&mut self.child_output, &mut self.buffer);
        Ok(bytes.context("cannot read what the runtime prints")?.unwrap_or_default())
    }

    /// Reads what is in the runtime's stdout, without waiting; `None` when it is empty.
    pub fn read_last_output(&mut self) -> Result<Option<Vec<u8>>> {
        if !self.child_output.as_ref().is_some_and(has_something) {
            return Ok(None);
        }
        read_some(&mut self.child_output, &mut self.buffer)
            .context("cannot read what the runtime printed")
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
