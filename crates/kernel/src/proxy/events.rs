//! What the proxy hears, and what it does: the events and actions of its state machine.

use std::path::PathBuf;

use jupyter_protocol::messaging::{Channel, JupyterMessage};
use zeromq::ZmqMessage;

use super::message::Received;
use crate::monitor_link::{MonitorCommand, MonitorEvent};

/// A monitor's number; each runtime has a monitor of its own.
pub type MonitorId = u64;

/// What happens around the proxy.
#[derive(Debug)]
pub enum Event {
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
    MonitorCame(MonitorId),
    MonitorLeft(MonitorId),
    Monitor(MonitorId, MonitorEvent),
    /// The time of [`Cells::deadline`](super::cells::Cells::deadline) has come.
    Time,
    /// Nothing has happened for a while: see [`Cells::is_quiet`](super::cells::Cells::is_quiet).
    Quiet,
}

/// What the proxy is to do.
#[derive(Debug)]
pub enum Action {
    /// Send this to the front end that it is addressed to, or publish it.
    Send(Channel, Box<JupyterMessage>),
    /// Pass this on to the front ends, as it is.
    Pass(Channel, ZmqMessage),
    /// Pass this on to evcxr, as it is.
    Ask(Channel, ZmqMessage),
    /// Ask evcxr on the shell channel, in the name of the session that the message says.
    AskAnew(Box<JupyterMessage>),
    /// Give a monitor a command.
    Command(MonitorId, MonitorCommand),
    /// Ask the running cell to stop, or cease to.
    AskToStop(bool),
    /// Shut everything down.
    End,
}
