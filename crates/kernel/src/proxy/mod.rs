//! The proxy: stands between the front ends and evcxr.
//!
//! It owns the sockets of the connection file and passes Jupyter's messages on to evcxr_jupyter, which
//! runs in a process of its own behind private sockets. From the monitor it learns what a cell shows
//! and how it ends, and puts right what evcxr says of that. [`cells`] decides; the rest is sockets.

mod back;
mod cell;
mod cells;
mod events;
mod failure;
mod front;
mod inspection;
mod listen;
mod message;
mod monitors;
mod prepare;
mod replies;
mod traceback;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, ExitStatus};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use jupyter_protocol::ConnectionInfo;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{self, Receiver};

use crate::parent;
use back::Evcxr;
use cells::Cells;
use events::{Action, Event};
use front::Front;

/// Events that may wait; who sends more waits.
const BACKLOG: usize = 64;
/// After so long without any event nobody is disturbed by what prepares completion. Programs that run a
/// notebook leave no such gap.
const QUIET: Duration = Duration::from_secs(20);
/// How long the last messages may take to leave.
const FAREWELL: Duration = Duration::from_millis(100);

/// Serves the front ends of a connection file until one of them shuts the kernel down.
pub fn run() -> Result<ExitCode> {
    let file = PathBuf::from(env::args_os().nth(2).context("--control_file needs a file")?);
    let info = connection(&file)?;
    parent::adopt_orphans()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let code = runtime.block_on(serve(&info));
    runtime.shutdown_background(); // a template may be in the making
    code
}

fn connection(file: &Path) -> Result<ConnectionInfo> {
    let text = fs::read_to_string(file)
        .with_context(|| format!("cannot read the connection file {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no connection file", file.display()))
}

async fn serve(info: &ConnectionInfo) -> Result<ExitCode> {
    let (sender, events) = mpsc::channel(BACKLOG);
    let session = format!("backprop-kernel-{}", std::process::id());
    let front = Front::bind(info, &session, &sender).await?;
    let start = async {
        let tell = sender.clone();
        let prepared = tokio::task::spawn_blocking(|| prepare::prepare(tell)).await??;
        Evcxr::start(prepared, &info.key, &session, &sender).await
    };
    Proxy { front, cells: Cells::new(&session), evcxr: None }.run(start, events).await
}

struct Proxy {
    front: Front,
    cells: Cells,
    /// There once it has started.
    evcxr: Option<Evcxr>,
}

impl Proxy {
    /// Goes from event to event. evcxr starts meanwhile: front ends are heard from the beginning.
    async fn run(
        mut self,
        start: impl Future<Output = Result<Evcxr>>,
        mut events: Receiver<Event>,
    ) -> Result<ExitCode> {
        let mut start = Box::pin(start);
        let mut is_starting = true;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hang_up = signal(SignalKind::hangup())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut orphaned = Box::pin(parent::orphaned());
        loop {
            let event = tokio::select! {
                Some(event) = events.recv() => event,
                started = &mut start, if is_starting => {
                    is_starting = false;
                    self.note_start(started)
                }
                () = until(self.cells.deadline()) => Event::Time,
                () = tokio::time::sleep(QUIET), if self.cells.is_quiet() => Event::Quiet,
                _ = interrupt.recv() => Event::Interrupt,
                _ = terminate.recv() => break,
                _ = hang_up.recv() => break,
                () = &mut orphaned => break,
                status = ended(&mut self.evcxr) => return self.fail(&status?).await,
            };
            if !self.handle(event).await? {
                break;
            }
        }
        self.shut_down().await
    }

    /// Takes evcxr when it has started, or remembers why it did not: each cell then says so.
    fn note_start(&mut self, started: Result<Evcxr>) -> Event {
        match started {
            Ok(evcxr) => {
                let generated = evcxr.private().cargo().join("src/lib.rs");
                self.evcxr = Some(evcxr);
                Event::Ready { generated }
            }
            Err(error) => {
                eprintln!("backprop-kernel: {error:#}");
                Event::Gone { why: format!("{error:#}") }
            }
        }
    }

    /// Does what an event asks for; gives whether to go on.
    async fn handle(&mut self, event: Event) -> Result<bool> {
        for action in self.cells.handle(event, Instant::now()) {
            match (action, &mut self.evcxr) {
                (Action::Send(channel, message), _) => self.front.send(channel, *message).await,
                (Action::Pass(channel, whole), _) => self.front.pass(channel, whole).await,
                (Action::Ask(channel, whole), Some(evcxr)) => evcxr.ask(channel, whole).await?,
                (Action::AskAnew(message), Some(evcxr)) => evcxr.ask_anew(*message).await?,
                (Action::Command(monitor, command), Some(evcxr)) => {
                    evcxr.monitors.command(monitor, command).await?
                }
                (Action::AskToStop(stop), Some(evcxr)) => evcxr.ask_to_stop(stop)?,
                (Action::End, _) => return Ok(false),
                // Without evcxr there is nobody to ask.
                (
                    Action::Ask(..)
                    | Action::AskAnew(_)
                    | Action::Command(..)
                    | Action::AskToStop(_),
                    None,
                ) => {}
            }
        }
        Ok(true)
    }

    /// Tells the front ends that evcxr has ended by itself, and ends in turn: they can start anew.
    async fn fail(mut self, status: &ExitStatus) -> Result<ExitCode> {
        let why = format!("evcxr has ended ({status})");
        eprintln!("backprop-kernel: {why}");
        self.handle(Event::Gone { why }).await?;
        self.shut_down().await?;
        Ok(ExitCode::FAILURE)
    }

    async fn shut_down(self) -> Result<ExitCode> {
        if let Some(evcxr) = self.evcxr {
            evcxr.shut_down().await?;
        }
        tokio::time::sleep(FAREWELL).await;
        Ok(ExitCode::SUCCESS)
    }
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
        None => std::future::pending().await,
    }
}

async fn ended(evcxr: &mut Option<Evcxr>) -> Result<ExitStatus> {
    match evcxr {
        Some(evcxr) => evcxr.ended().await,
        None => std::future::pending().await,
    }
}
