//! The proxy's state machine, without sockets: events in, actions out.
//!
//! evcxr gets one cell at a time. A cell ends for its front end when evcxr has replied and published
//! all, and every monitor has told all: none of its output comes late, and none of the next cell's
//! early.

mod input;
mod interrupt;

use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use jupyter_protocol::messaging::{Channel, CompleteRequest, Header, JupyterMessage};

use super::cell::{Cell, Stage, stream};
use super::events::{Action, Actions, Event, MonitorId};
use super::inspection;
use super::message::{Received, aborted_reply, publication};
use super::replies;
use crate::monitor_link::{Death, MonitorCommand, MonitorEvent};

/// How long a running cell may take to stop by itself.
const GRACE: Duration = Duration::from_secs(3);

/// The cells of a kernel, and who waits for them.
pub struct Cells {
    session: String,
    start: Start,
    /// The requests that wait for the running cell to end.
    waiting: VecDeque<Received>,
    running: Option<Cell>,
    /// What keeps it from running, where that is known.
    doing: Option<String>,
    /// The monitors that have not told all of the running cell yet.
    untold: Option<BTreeSet<MonitorId>>,
    /// The monitor whose cell waits for what its front end was asked for.
    asking: Option<MonitorId>,
    /// When the running cell was asked to stop, and until when it may take to do so.
    interrupt: Option<Interrupt>,
    monitors: BTreeSet<MonitorId>,
    /// How the last runtime ended, until a cell has said so.
    death: Option<Death>,
    /// The last cell, whose threads may still print.
    last: Option<Header>,
    /// The number of the last cell, and of the last command to tell all.
    count: usize,
    synced: u64,
    /// Whether evcxr was asked for names, so that it has them at hand.
    has_names: bool,
    actions: Actions,
}

enum Start {
    UnderWay,
    Done { generated: PathBuf },
    Failed { why: String },
}

struct Interrupt {
    /// When the cell is killed, once it runs.
    kill: Option<Instant>,
}

impl Cells {
    /// Starts without any cell; `session` is the proxy's own, whose questions no front end has asked.
    pub fn new(session: &str) -> Self {
        Cells {
            session: session.to_owned(),
            start: Start::UnderWay,
            waiting: VecDeque::new(),
            running: None,
            doing: None,
            untold: None,
            asking: None,
            interrupt: None,
            monitors: BTreeSet::new(),
            death: None,
            last: None,
            count: 0,
            synced: 0,
            has_names: false,
            actions: Actions::default(),
        }
    }

    /// Gives when to come back although nothing happens.
    pub fn deadline(&self) -> Option<Instant> {
        let kill = self.interrupt.as_ref().and_then(|interrupt| interrupt.kill);
        let pulse = self.running.as_ref().and_then(Cell::next_pulse);
        kill.into_iter().chain(pulse).min()
    }

    /// Says whether it would disturb nobody to have evcxr prepare completion, which it has yet to do.
    pub fn is_quiet(&self) -> bool {
        let is_ready = matches!(self.start, Start::Done { .. });
        is_ready && self.running.is_none() && !self.has_names
    }

    /// Gives the actions that an event asks for.
    pub fn handle(&mut self, event: Event, now: Instant) -> Vec<Action> {
        match event {
            Event::Front(Channel::Shell, request) => self.waiting.push_back(request),
            Event::Front(Channel::Control, request) => self.control(&request, now),
            Event::Front(channel, message) => match self.asking.take() {
                Some(monitor) if message.kind() == "input_reply" => {
                    self.give_input(monitor, Some(message.text("value") + "\n"));
                }
                asking => {
                    self.asking = asking;
                    self.actions.push(Action::Ask(channel, message.whole));
                }
            },
            Event::Evcxr(channel, message) => self.evcxr(channel, message),
            Event::Ready { generated } => {
                self.start = Start::Done { generated };
                self.hand_over();
            }
            Event::Gone { why } => self.start = Start::Failed { why },
            Event::Doing(what) => self.doing = Some(what),
            Event::MonitorCame(monitor) => drop(self.monitors.insert(monitor)),
            Event::MonitorLeft(monitor) => {
                self.monitors.remove(&monitor);
                self.has_told_all(monitor);
            }
            Event::Monitor(monitor, event) => self.handle_monitor(monitor, event, now),
            Event::Interrupt => self.interrupt(now),
            Event::Time => self.time(now),
            Event::Quiet => self.ask_for_names(),
        }
        self.go_on(now);
        self.actions.take()
    }

    /// Ends the running cell if it is over, and begins what waits.
    fn go_on(&mut self, now: Instant) {
        loop {
            self.end_cell();
            let next = self.waiting.iter().position(|request| self.can_begin(request.kind()));
            let Some(request) = next.and_then(|next| self.waiting.remove(next)) else { return };
            self.begin(request, now);
        }
    }

    fn can_begin(&self, kind: &str) -> bool {
        match kind {
            "execute_request" | "kernel_info_request" | "comm_info_request" | "history_request" => {
                self.running.is_none()
            }
            _ => !matches!(self.start, Start::UnderWay),
        }
    }

    fn begin(&mut self, request: Received, now: Instant) {
        match request.kind() {
            "execute_request" => self.begin_cell(request, now),
            "kernel_info_request" => self.actions.answer(&request, replies::kernel_info()),
            "comm_info_request" => self.actions.answer(&request, replies::no_comms()),
            "history_request" => self.actions.answer(&request, replies::no_history()),
            "inspect_request" => {
                let meant = request.with_content(inspection::at_name(&request.content));
                self.actions.push(Action::AskAnew(Box::new(meant)));
            }
            _ => self.actions.push(Action::Ask(Channel::Shell, request.whole)),
        }
    }

    fn begin_cell(&mut self, request: Received, now: Instant) {
        if !request.flag("silent", false) {
            self.count += 1;
        }
        let (cell, messages) = Cell::begin(request, self.count, now);
        self.actions.publish(messages);
        self.running = Some(cell);
        self.hand_over();
    }

    /// Hands the cell to evcxr as soon as both are there.
    fn hand_over(&mut self) {
        if let (Some(cell), Start::Done { .. }) = (&mut self.running, &self.start) {
            self.doing = None;
            self.actions.push(Action::Ask(Channel::Shell, cell.request.whole.clone()));
            cell.note_hand_over();
        }
    }

    fn control(&mut self, request: &Received, now: Instant) {
        match request.kind() {
            "interrupt_request" => {
                self.actions.send(Channel::Control, request.reply(replies::interrupt()));
                self.interrupt(now);
            }
            "shutdown_request" => {
                let reply = replies::shutdown(request.flag("restart", false));
                self.actions.send(Channel::Control, request.reply(reply));
                self.actions.push(Action::End);
            }
            "kernel_info_request" => {
                self.actions.send(Channel::Control, request.reply(replies::kernel_info()));
            }
            _ => {}
        }
    }

    fn evcxr(&mut self, channel: Channel, message: Received) {
        let cell = self.running.as_mut().filter(|cell| message.is_of(&cell.request.header));
        let is_ours = message.parent.as_ref().is_some_and(|asked| asked.session == self.session);
        let is_taken = match (&channel, cell) {
            (Channel::Shell, Some(cell)) => cell.replied(&message),
            (Channel::IOPub, Some(cell)) => cell.published(&message),
            _ => is_ours,
        };
        if !is_taken {
            self.actions.push(Action::Pass(channel, message.whole));
        }
        let is_done = self.running.as_ref().is_some_and(Cell::is_done);
        if is_done && self.untold.is_none() {
            self.synced += 1;
            self.untold = Some(self.monitors.clone());
            self.command_all(MonitorCommand::Sync { number: self.synced });
        }
    }

    fn handle_monitor(&mut self, monitor: MonitorId, event: MonitorEvent, now: Instant) {
        match event {
            MonitorEvent::Synced { number } if number == self.synced => self.has_told_all(monitor),
            MonitorEvent::Died { death } => self.death = Some(death),
            MonitorEvent::Reads => self.ask_for_input(monitor),
            event => {
                if matches!(event, MonitorEvent::Started)
                    && let Some(interrupt) = &mut self.interrupt
                {
                    interrupt.kill = Some(now + GRACE);
                }
                match &mut self.running {
                    Some(cell) => {
                        let messages = cell.handle(event);
                        self.actions.publish(messages);
                    }
                    None => self.late_event(event),
                }
            }
        }
    }

    /// Shows what a thread printed that has outlived its cell.
    fn late_event(&mut self, event: MonitorEvent) {
        if let (MonitorEvent::Stream { name, text }, Some(last)) = (event, &self.last) {
            let message = publication(last, stream(name, text));
            self.actions.send(Channel::IOPub, message);
        }
    }

    fn has_told_all(&mut self, monitor: MonitorId) {
        if let Some(untold) = &mut self.untold {
            untold.remove(&monitor);
        }
    }

    /// Ends the running cell once everything about it is known.
    fn end_cell(&mut self) {
        let has_told_all = self.untold.as_ref().is_some_and(BTreeSet::is_empty);
        let is_over = has_told_all || matches!(self.start, Start::Failed { .. });
        let Some(cell) = self.running.take_if(|cell| is_over || cell.is_given_up()) else { return };
        self.untold = None;
        self.asking = None;
        let stops_others = cell.stops_others();
        let header = cell.request.header.clone();
        let (messages, reply, failed) = match &self.start {
            Start::Failed { why } => cell.end_without_evcxr(why),
            Start::Done { generated } => {
                let death = self.death.take_if(|_| cell.is_dead());
                cell.end(death.as_ref(), &fs::read_to_string(generated).unwrap_or_default())
            }
            Start::UnderWay => cell.end(None, ""),
        };
        self.actions.send(Channel::Shell, reply);
        self.actions.publish(messages);
        if self.interrupt.take().is_some() {
            self.actions.push(Action::AskToStop(false));
            self.command_all(MonitorCommand::Refuse { refuse: false });
        }
        if failed && stops_others {
            self.abort_waiting();
        }
        self.last = Some(header);
    }

    /// Answers the cells that wait: they will not be run.
    fn abort_waiting(&mut self) {
        let (cells, others) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|request| request.kind() == "execute_request");
        self.waiting = others;
        for cell in cells {
            self.actions.answer(&cell, aborted_reply());
        }
    }

    fn time(&mut self, now: Instant) {
        let kill = self.interrupt.as_ref().and_then(|interrupt| interrupt.kill);
        if kill.is_some_and(|kill| kill <= now) {
            self.kill();
        }
        if let Some(message) = self.running.as_mut().and_then(|cell| cell.pulse(&self.doing, now)) {
            self.actions.send(Channel::IOPub, message);
        }
    }

    /// Asks for a completion that nobody wants: for the first in a template evcxr needs seconds.
    fn ask_for_names(&mut self) {
        let any = CompleteRequest { code: "a".into(), cursor_pos: 1 };
        let mut question = JupyterMessage::new(any, None);
        question.header.session.clone_from(&self.session);
        self.has_names = true;
        self.actions.push(Action::AskAnew(Box::new(question)));
    }

    fn command_all(&mut self, command: MonitorCommand) {
        for &monitor in &self.monitors {
            self.actions.push(Action::Command(monitor, command.clone()));
        }
    }
}

#[cfg(test)]
mod tests;
