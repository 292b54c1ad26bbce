//! evcxr's line protocol, as a machine that reads bytes and says what to do: no pipes in here.

mod input;
mod marker;

use backprop_protocol::evcxr::{self, BEGIN_CONTENT, COMPLETE, INPUT_REQUEST, RUN_CELL};
use backprop_protocol::mime;
use serde_json::{Map, Value};

use self::marker::{Marker, certain_text, find_marker};
use super::errors::Errors;
use crate::monitor_link::{MonitorCommand, MonitorEvent, Stream};

/// A line that is no UTF-8. evcxr fails to read it and drops the cell as if it had never been: its
/// variables and the runtime stay as they were.
const UNREADABLE: &[u8] = b"\xff\n";

/// What is to be done next.
#[derive(Debug, PartialEq)]
pub enum Step {
    /// Write these bytes to evcxr.
    Evcxr(Vec<u8>),
    /// Write these bytes to the runtime.
    Runtime(Vec<u8>),
    /// Give the cell a text that it reads, or the end of its input.
    Input(Option<String>),
    /// Tell the proxy.
    Tell(MonitorEvent),
    /// Read what the cell has left in its stderr, then carry out [`Protocol::end_of_cell`].
    EndCell,
    /// Kill the runtime.
    Kill,
}

/// Where in the conversation between evcxr and its runtime we are.
pub struct Protocol {
    /// A command that has not ended yet.
    command: Vec<u8>,
    /// A line of output that has not ended yet.
    line: Vec<u8>,
    /// A content block that has not ended yet.
    block: Option<Block>,
    /// The renditions of what the cell showed last.
    shown: Vec<Block>,
    /// How the running cell failed, once it has.
    failed: Option<Failed>,
    errors: Errors,
    refuses: bool,
    is_running: bool,
    /// Whether somebody was asked for what the cell reads: the proxy by us, or evcxr by the cell.
    has_asked: bool,
}

/// One rendition of a figure or result.
struct Block {
    mime_type: String,
    text: String,
}

#[derive(Clone, Copy)]
enum Failed {
    Panic,
    EarlyReturn,
}

impl Protocol {
    /// Starts with a runtime whose first thread has the number `cell_thread`.
    pub fn new(cell_thread: u32) -> Self {
        let errors = Errors::new(cell_thread);
        let (command, line, shown) = (Vec::new(), Vec::new(), Vec::new());
        let (is_running, has_asked) = (false, false);
        let (block, failed, refuses) = (None, None, false);
        Protocol { command, line, block, shown, failed, errors, refuses, is_running, has_asked }
    }

    /// Reads what evcxr tells the runtime. A line may come in pieces.
    pub fn input(&mut self, bytes: &[u8]) -> Vec<Step> {
        let mut steps = Vec::new();
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            self.command.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                let command = std::mem::take(&mut self.command);
                self.read_command(command, &mut steps);
            }
        }
        steps
    }

    /// Reads what the proxy commands.
    pub fn command(&mut self, command: MonitorCommand) -> Vec<Step> {
        match command {
            MonitorCommand::Sync { number } => {
                let mut steps = self.pause();
                steps.push(Step::Tell(MonitorEvent::Synced { number }));
                steps
            }
            MonitorCommand::Refuse { refuse } => {
                self.refuses = refuse;
                Vec::new()
            }
            MonitorCommand::Kill => vec![Step::Kill],
            MonitorCommand::Input { text } => {
                self.has_asked = false;
                vec![Step::Input(text)]
            }
        }
    }

    /// Reads what the runtime wrote to stderr.
    pub fn errors(&mut self, bytes: &[u8]) -> Vec<Step> {
        self.errors.read(bytes);
        if self.errors.is_full() { self.tell_errors() } else { Vec::new() }
    }

    /// Reads what the runtime wrote to stdout.
    pub fn output(&mut self, bytes: &[u8]) -> Vec<Step> {
        let mut steps = Vec::new();
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                self.read_line(&line, &mut steps);
            }
        }
        steps
    }

    /// Says whether something waits to be told that should not wait for long.
    pub fn is_holding(&self) -> bool {
        self.errors.is_holding() || (self.block.is_none() && certain_text(&self.line) > 0)
    }

    /// Tells what waits: nothing more has come for a while.
    pub fn pause(&mut self) -> Vec<Step> {
        let mut steps = Vec::new();
        if self.block.is_none() {
            let rest = self.line.split_off(certain_text(&self.line));
            let text = std::mem::replace(&mut self.line, rest);
            self.take_text(&text, &mut steps);
        }
        steps.extend(self.tell_errors());
        steps
    }

    /// Ends the cell: its failure and the rest of its stderr for the proxy, its result for evcxr.
    pub fn end_of_cell(&mut self) -> Vec<Step> {
        let mut steps = Vec::new();
        let failure = self.failed.take().map(|failed| match failed {
            Failed::Panic => self.errors.panic(),
            Failed::EarlyReturn => self.errors.early_return(),
        });
        if failure.is_some() {
            self.tell_shown(&mut steps);
        }
        let errors = self.errors.take_rest();
        steps.extend(stream(Stream::Stderr, errors));
        steps.push(Step::Tell(MonitorEvent::Ended { failure }));
        let result: Vec<u8> = self.shown.drain(..).flat_map(|block| block.for_evcxr()).collect();
        steps.push(Step::Evcxr([&result[..], COMPLETE.as_bytes(), b"\n"].concat()));
        steps
    }

    /// Tells what was held back when the runtime ended in the middle of a cell.
    pub fn last_events(&mut self) -> Vec<Step> {
        let mut steps = Vec::new();
        self.tell_shown(&mut steps);
        let text = std::mem::take(&mut self.line);
        steps.extend(stream(Stream::Stdout, lossy(&text)));
        let errors = self.errors.take_rest();
        steps.extend(stream(Stream::Stderr, errors));
        steps
    }

    /// Gives the end of what the runtime wrote to stderr.
    pub fn last_words(&self) -> String {
        self.errors.last_words()
    }

    fn read_command(&mut self, command: Vec<u8>, steps: &mut Vec<Step>) {
        if !command.starts_with(RUN_CELL.as_bytes()) {
            // An answer to what the cell has asked evcxr.
            self.has_asked = false;
            steps.push(Step::Runtime(command));
        } else if self.refuses {
            steps.extend([Step::Tell(MonitorEvent::Refused), Step::Evcxr(UNREADABLE.to_vec())]);
        } else {
            self.failed = None;
            (self.is_running, self.has_asked) = (true, false);
            self.errors.begin();
            steps.extend([Step::Tell(MonitorEvent::Started), Step::Runtime(command)]);
        }
    }

    fn read_line(&mut self, line: &[u8], steps: &mut Vec<Step>) {
        let Some((at, marker)) = find_marker(line.trim_ascii_end()) else {
            return self.take_text(line, steps);
        };
        // `print!` without a newline puts the marker at the end of the user's own line, where evcxr
        // would miss it: a panic would pass for a success, and a completed cell would hang.
        let (text, marked) = line.split_at(at);
        self.take_text(text, steps);
        match marker {
            Marker::BeginContent if self.block.is_none() => {
                let mime_type = lossy(&marked[BEGIN_CONTENT.len()..]).trim_end().to_owned();
                self.block = Some(Block { mime_type, text: String::new() });
            }
            Marker::EndContent if self.block.is_some() => self.end_block(steps),
            Marker::BeginContent | Marker::EndContent => self.take_text(marked, steps),
            Marker::ForEvcxr => {
                self.has_asked |= marked.starts_with(INPUT_REQUEST.as_bytes());
                steps.push(Step::Evcxr(marked.to_vec()));
            }
            Marker::Panicked => self.fail(Failed::Panic, marked, steps),
            Marker::ReturnedEarly => self.fail(Failed::EarlyReturn, marked, steps),
            Marker::Complete => {
                self.block = None;
                self.is_running = false;
                steps.push(Step::EndCell);
            }
        }
    }

    /// Keeps text that belongs to an open block, and tells other text.
    fn take_text(&mut self, text: &[u8], steps: &mut Vec<Step>) {
        if text.is_empty() {
            return;
        }
        if let Some(block) = &mut self.block {
            return block.text.push_str(&lossy(text));
        }
        self.tell_shown(steps);
        if let Some(Step::Tell(MonitorEvent::Stream { name: Stream::Stdout, text: before })) =
            steps.last_mut()
        {
            return before.push_str(&lossy(text));
        }
        steps.extend(stream(Stream::Stdout, lossy(text)));
    }

    /// Shows a figure at once, or keeps the block with the other renditions of the same.
    fn end_block(&mut self, steps: &mut Vec<Step>) {
        let Some(block) = self.block.take() else { return };
        if block.mime_type == mime::DISPLAY {
            self.tell_shown(steps);
            steps.extend(live_figure(&block.text).map(Step::Tell));
            return;
        }
        if self.shown.iter().any(|other| other.mime_type == block.mime_type) {
            self.tell_shown(steps); // another figure begins
        }
        self.shown.push(block);
    }

    /// Tells of a figure that is not the cell's result, since something came after it.
    fn tell_shown(&mut self, steps: &mut Vec<Step>) {
        if !self.shown.is_empty() {
            let data = self.shown.drain(..).map(Block::for_the_proxy).collect();
            steps.push(Step::Tell(MonitorEvent::Display { id: None, data }));
        }
    }

    fn tell_errors(&mut self) -> Vec<Step> {
        let text = self.errors.take_text();
        stream(Stream::Stderr, text).into_iter().collect()
    }

    /// Notes a failure. A block that it cut short is dropped: it would be shown by half.
    fn fail(&mut self, failed: Failed, marked: &[u8], steps: &mut Vec<Step>) {
        self.block = None;
        self.failed = Some(failed);
        steps.push(Step::Evcxr(marked.to_vec()));
    }
}

impl Block {
    fn for_evcxr(self) -> Vec<u8> {
        let text = self.text.trim_end_matches('\n');
        evcxr::content(&self.mime_type, text).into_bytes()
    }

    /// Gives the block as Jupyter wants it: JSON as such, everything else as text.
    fn for_the_proxy(self) -> (String, Value) {
        let text = self.text.trim_end_matches('\n');
        let json = self.mime_type.contains("json").then(|| serde_json::from_str(text).ok());
        let value = json.flatten().unwrap_or_else(|| text.into());
        (self.mime_type, value)
    }
}

/// Reads the crate's block for a figure that is shown at once.
fn live_figure(text: &str) -> Option<MonitorEvent> {
    let mut display: Map<String, Value> = serde_json::from_str(text).ok()?;
    let id = display.get("id").and_then(Value::as_str).map(str::to_owned);
    match display.remove("data") {
        Some(Value::Object(data)) => Some(MonitorEvent::Display { id, data }),
        _ => None,
    }
}

fn stream(name: Stream, text: String) -> Option<Step> {
    (!text.is_empty()).then_some(Step::Tell(MonitorEvent::Stream { name, text }))
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests;
