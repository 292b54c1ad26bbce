//! What the relay does about all that it is told: no sockets in here.
//!
//! evcxr gets one cell at a time. A cell ends for its front end when evcxr has replied and published
//! all, and every doorkeeper has told all: none of its output comes late, and none of the next cell's
//! early.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use jupyter_protocol::messaging::{
    Channel, CommInfoReply, CompleteRequest, ExecutionState, Header, HistoryReply, InterruptReply,
    JupyterMessage, JupyterMessageContent, ReplyStatus, ShutdownReply,
};
use zeromq::ZmqMessage;

use super::cell::{Cell, Stage, stream};
use super::inspection;
use super::kernel_info::kernel_info;
use super::message::{Received, aborted_reply, publication, status};
use crate::note::{Death, Note, Order};

/// How long a running cell may take to stop by itself.
const GRACE: Duration = Duration::from_secs(3);

/// A doorkeeper's number; each runtime has a doorkeeper of its own.
pub type Keeper = u64;

/// What the relay is told.
#[derive(Debug)]
pub enum Told {
    /// A front end asks something.
    Front(Channel, Received),
    /// evcxr says something.
    Evcxr(Channel, Received),
    /// evcxr is ready for cells; `generated` is the file that it makes of one.
    Ready {
        generated: PathBuf,
    },
    /// evcxr could not be started, or is gone.
    Gone {
        why: String,
    },
    /// The system asks for what an interrupt_request asks for.
    Interrupt,
    /// What keeps cells from running.
    Doing(String),
    KeeperCame(Keeper),
    KeeperLeft(Keeper),
    Note(Keeper, Note),
    /// The time of [`Cells::deadline`] has come.
    Time,
    /// Nothing has happened for a while: see [`Cells::is_quiet`].
    Quiet,
}

/// What the relay is to do.
#[derive(Debug)]
pub enum Act {
    /// Send this to the front end that it is addressed to, or publish it.
    Send(Channel, Box<JupyterMessage>),
    /// Pass this on to the front ends, as it is.
    Pass(Channel, ZmqMessage),
    /// Pass this on to evcxr, as it is.
    Ask(Channel, ZmqMessage),
    /// Ask evcxr on the shell channel, in the name of the session that the message says.
    AskAnew(Box<JupyterMessage>),
    /// Order a doorkeeper.
    Order(Keeper, Order),
    /// Ask the running cell to stop, or cease to.
    AskToStop(bool),
    /// Shut everything down.
    End,
}

/// The cells of a kernel, and who waits for them.
pub struct Cells {
    session: String,
    start: Start,
    /// The requests that wait for the running cell to end.
    waiting: VecDeque<Received>,
    running: Option<Cell>,
    /// What keeps it from running, where that is known.
    doing: Option<String>,
    /// The doorkeepers that have not told all of the running cell yet.
    untold: Option<BTreeSet<Keeper>>,
    /// When the running cell was asked to stop, and until when it may take to do so.
    interrupt: Option<Interrupt>,
    keepers: BTreeSet<Keeper>,
    /// How the last runtime ended, until a cell has said so.
    death: Option<Death>,
    /// The last cell, whose threads may still print.
    last: Option<Header>,
    /// The number of the last cell, and of the last order to tell all.
    count: usize,
    synced: u64,
    /// Whether evcxr was asked for names, so that it has them at hand.
    has_names: bool,
    acts: Vec<Act>,
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
    /// Starts without any cell; `session` is the relay's own, whose questions no front end has asked.
    pub fn new(session: &str) -> Self {
        Cells {
            session: session.to_owned(),
            start: Start::UnderWay,
            waiting: VecDeque::new(),
            running: None,
            doing: None,
            untold: None,
            interrupt: None,
            keepers: BTreeSet::new(),
            death: None,
            last: None,
            count: 0,
            synced: 0,
            has_names: false,
            acts: Vec::new(),
        }
    }

    /// Gives when to come back although nothing was told.
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

    /// Says what to do about what is told.
    pub fn handle(&mut self, told: Told, now: Instant) -> Vec<Act> {
        match told {
            Told::Front(Channel::Shell, request) => self.waiting.push_back(request),
            Told::Front(Channel::Control, request) => self.control(&request, now),
            Told::Front(channel, message) => self.acts.push(Act::Ask(channel, message.whole)),
            Told::Evcxr(channel, message) => self.evcxr(channel, message),
            Told::Ready { generated } => {
                self.start = Start::Done { generated };
                self.hand_over();
            }
            Told::Gone { why } => self.start = Start::Failed { why },
            Told::Doing(what) => self.doing = Some(what),
            Told::KeeperCame(keeper) => drop(self.keepers.insert(keeper)),
            Told::KeeperLeft(keeper) => {
                self.keepers.remove(&keeper);
                self.has_told_all(keeper);
            }
            Told::Note(keeper, note) => self.note(keeper, note, now),
            Told::Interrupt => self.interrupt(now),
            Told::Time => self.time(now),
            Told::Quiet => self.ask_for_names(),
        }
        self.go_on(now);
        std::mem::take(&mut self.acts)
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
            "kernel_info_request" => self.answer(&request, kernel_info()),
            "comm_info_request" => self.answer(&request, no_comms()),
            "history_request" => self.answer(&request, no_history()),
            "inspect_request" => {
                let meant = request.with_content(inspection::at_name(&request.content));
                self.acts.push(Act::AskAnew(Box::new(meant)));
            }
            _ => self.acts.push(Act::Ask(Channel::Shell, request.whole)),
        }
    }

    fn begin_cell(&mut self, request: Received, now: Instant) {
        if !request.flag("silent", false) {
            self.count += 1;
        }
        let (cell, messages) = Cell::begin(request, self.count, now);
        self.publish(messages);
        self.running = Some(cell);
        self.hand_over();
    }

    /// Hands the cell to evcxr as soon as both are there.
    fn hand_over(&mut self) {
        if let (Some(cell), Start::Done { .. }) = (&mut self.running, &self.start) {
            self.doing = None;
            self.acts.push(Act::Ask(Channel::Shell, cell.request.whole.clone()));
            cell.note_hand_over();
        }
    }

    fn control(&mut self, request: &Received, now: Instant) {
        match request.kind() {
            "interrupt_request" => {
                let reply = InterruptReply { status: ReplyStatus::Ok, error: None };
                self.acts.push(Act::Send(Channel::Control, Box::new(request.reply(reply))));
                self.interrupt(now);
            }
            "shutdown_request" => {
                let restart = request.flag("restart", false);
                let reply = ShutdownReply { restart, status: ReplyStatus::Ok, error: None };
                self.acts.push(Act::Send(Channel::Control, Box::new(request.reply(reply))));
                self.acts.push(Act::End);
            }
            "kernel_info_request" => {
                self.acts.push(Act::Send(Channel::Control, Box::new(request.reply(kernel_info()))));
            }
            _ => {}
        }
    }

    /// Asks the running cell to stop, and no longer asks the second time.
    fn interrupt(&mut self, now: Instant) {
        if self.running.as_ref().is_some_and(Cell::stops_others) {
            self.abort_waiting();
        }
        let Some(cell) = &mut self.running else { return };
        let is_running = cell.stage() == Stage::Running;
        if cell.stage() == Stage::Waiting {
            cell.note_refusal();
        } else if self.interrupt.is_none() {
            self.interrupt = Some(Interrupt { kill: is_running.then(|| now + GRACE) });
            self.acts.push(Act::AskToStop(true));
            self.order_all(Order::Refuse { refuse: true });
        } else if is_running {
            self.kill();
        }
    }

    fn kill(&mut self) {
        if let (Some(cell), Some(interrupt)) = (&mut self.running, &mut self.interrupt) {
            cell.note_kill();
            interrupt.kill = None;
            self.order_all(Order::Kill);
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
            self.acts.push(Act::Pass(channel, message.whole));
        }
        let is_done = self.running.as_ref().is_some_and(Cell::is_done);
        if is_done && self.untold.is_none() {
            self.synced += 1;
            self.untold = Some(self.keepers.clone());
            self.order_all(Order::Sync { number: self.synced });
        }
    }

    fn note(&mut self, keeper: Keeper, note: Note, now: Instant) {
        match note {
            Note::Synced { number } if number == self.synced => self.has_told_all(keeper),
            Note::Died { death } => self.death = Some(death),
            note => {
                if matches!(note, Note::Started)
                    && let Some(interrupt) = &mut self.interrupt
                {
                    interrupt.kill = Some(now + GRACE);
                }
                match &mut self.running {
                    Some(cell) => {
                        let messages = cell.note(note);
                        self.publish(messages);
                    }
                    None => self.late_note(note),
                }
            }
        }
    }

    /// Shows what a thread printed that has outlived its cell.
    fn late_note(&mut self, note: Note) {
        if let (Note::Stream { name, text }, Some(last)) = (note, &self.last) {
            let message = publication(last, stream(name, text));
            self.acts.push(Act::Send(Channel::IOPub, Box::new(message)));
        }
    }

    fn has_told_all(&mut self, keeper: Keeper) {
        if let Some(untold) = &mut self.untold {
            untold.remove(&keeper);
        }
    }

    /// Ends the running cell once everything about it is known.
    fn end_cell(&mut self) {
        let has_told_all = self.untold.as_ref().is_some_and(BTreeSet::is_empty);
        let is_over = has_told_all || matches!(self.start, Start::Failed { .. });
        let Some(cell) = self.running.take_if(|cell| is_over || cell.is_given_up()) else { return };
        self.untold = None;
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
        self.acts.push(Act::Send(Channel::Shell, Box::new(reply)));
        self.publish(messages);
        if self.interrupt.take().is_some() {
            self.acts.push(Act::AskToStop(false));
            self.order_all(Order::Refuse { refuse: false });
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
            self.answer(&cell, aborted_reply());
        }
    }

    fn time(&mut self, now: Instant) {
        let kill = self.interrupt.as_ref().and_then(|interrupt| interrupt.kill);
        if kill.is_some_and(|kill| kill <= now) {
            self.kill();
        }
        if let Some(message) = self.running.as_mut().and_then(|cell| cell.pulse(&self.doing, now)) {
            self.acts.push(Act::Send(Channel::IOPub, Box::new(message)));
        }
    }

    /// Asks for a completion that nobody wants: for the first in a template evcxr needs seconds.
    fn ask_for_names(&mut self) {
        let any = CompleteRequest { code: "a".into(), cursor_pos: 1 };
        let mut question = JupyterMessage::new(any, None);
        question.header.session.clone_from(&self.session);
        self.has_names = true;
        self.acts.push(Act::AskAnew(Box::new(question)));
    }

    /// Answers a request on our own.
    fn answer(&mut self, request: &Received, content: impl Into<JupyterMessageContent>) {
        let header = &request.header;
        self.publish(vec![status(header, ExecutionState::Busy)]);
        self.acts.push(Act::Send(Channel::Shell, Box::new(request.reply(content))));
        self.publish(vec![status(header, ExecutionState::Idle)]);
    }

    fn publish(&mut self, messages: Vec<JupyterMessage>) {
        let publish = |message| Act::Send(Channel::IOPub, Box::new(message));
        self.acts.extend(messages.into_iter().map(publish));
    }

    fn order_all(&mut self, order: Order) {
        self.acts.extend(self.keepers.iter().map(|&keeper| Act::Order(keeper, order)));
    }
}

fn no_history() -> HistoryReply {
    HistoryReply { history: Vec::new(), status: ReplyStatus::Ok, error: None }
}

fn no_comms() -> CommInfoReply {
    CommInfoReply { status: ReplyStatus::Ok, comms: HashMap::new(), error: None }
}

#[cfg(test)]
mod tests;
