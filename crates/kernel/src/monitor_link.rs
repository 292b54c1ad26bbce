//! What a monitor and the proxy tell each other: one JSON object a line, over a Unix socket.
//!
//! All that a cell shows goes this way and not through evcxr, which passes stdout and stderr on from
//! threads of its own: here, what was written first arrives first, and before the cell's end.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Names the proxy's end of the socket in a monitor's environment, as a path from the folder that it
/// runs in: an absolute one may be longer than a socket's path can be.
pub const SOCKET: &str = "BACKPROP_KERNEL_MONITOR_SOCKET";

/// What a monitor tells of the cell that evcxr has given it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum MonitorEvent {
    /// The compiled cell runs.
    Started,
    /// The compiled cell was not run, because of [`MonitorCommand::Refuse`].
    Refused,
    /// The cell printed something.
    Stream { name: Stream, text: String },
    /// The cell showed something: one rendition for each MIME type. A place that is named may change.
    Display { id: Option<String>, data: Map<String, Value> },
    /// The cell waits for input, until [`MonitorCommand::Input`] comes.
    Reads,
    /// The cell ended.
    Ended { failure: Option<Failure> },
    /// The process that ran the cell ended, and with it all variables.
    Died { death: Death },
    /// All that was told before [`MonitorCommand::Sync`] has been told.
    Synced { number: u64 },
}

/// Where a cell prints to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stream {
    Stdout,
    Stderr,
}

/// How a cell failed that left its process alive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Failure {
    /// A panic, with the place that Rust names: `src/lib.rs:9:5` is a line of the compiled cell.
    Panic { message: String, location: Option<String> },
    /// A `?` on an error.
    EarlyReturn { message: String },
}

/// How the process that ran a cell ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Death {
    /// Its exit code, where it was not a signal that ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// The end of what it wrote to stderr.
    pub last_words: String,
}

/// What the proxy asks a monitor to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum MonitorCommand {
    /// Answer with [`MonitorEvent::Synced`] when all else has been told.
    Sync { number: u64 },
    /// Do not run the cell that is still being compiled; or do, after all.
    Refuse { refuse: bool },
    /// Kill the process that runs the cell.
    Kill,
    /// Give the cell what it waits for: a text, or the end of input.
    Input { text: Option<String> },
}
