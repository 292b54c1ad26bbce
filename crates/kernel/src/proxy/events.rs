//! What the proxy hears, and what it does: the events and actions of its state machine.

use std::path::PathBuf;

use jupyter_protocol::messaging::{Channel, ExecutionState, JupyterMessage, JupyterMessageContent};
use zeromq::ZmqMessage;

use super::message::{Received, status};
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

/// What is to be done, in order.
#[derive(Default)]
pub struct Actions(Vec<Action>);

impl Actions {
    pub fn push(&mut self, action: Action) {
        self.0.push(action);
    }

    pub fn send(&mut self, channel: Channel, message: JupyterMessage) {
        self.push(Action::Send(channel, Box::new(message)));
    }

    pub fn publish(&mut self, messages: Vec<JupyterMessage>) {
        messages.into_iter().for_each(|message| self.send(Channel::IOPub, message));
    }

    /// Answers a request without evcxr.
    pub fn answer(&mut self, request: &Received, content: impl Into<JupyterMessageContent>) {
        let header = &request.header;
        self.publish(vec![status(header, ExecutionState::Busy)]);
        self.send(Channel::Shell, request.reply(content));
        self.publish(vec![status(header, ExecutionState::Idle)]);
    }

    /// Gives all that has come together, and begins anew.
    pub fn take(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.0)
    }
}
