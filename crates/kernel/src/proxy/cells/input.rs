//! What a running cell reads: asked of its front end, or at its end.

use jupyter_protocol::messaging::Channel;

use super::{Action, Cell, Cells, MonitorCommand, MonitorId};

impl Cells {
    /// Asks the front end for what the running cell reads. Where nobody is to be asked, or it was to stop,
    /// it comes to the end of its input.
    pub(super) fn ask_for_input(&mut self, monitor: MonitorId) {
        let cell = self.running.as_ref().filter(|_| self.interrupt.is_none());
        match cell.and_then(Cell::question) {
            Some(question) => {
                self.actions.send(Channel::Stdin, question);
                self.asking = Some(monitor);
            }
            None => self.give_input(monitor, None),
        }
    }

    pub(super) fn give_input(&mut self, monitor: MonitorId, text: Option<String>) {
        self.actions.push(Action::Command(monitor, MonitorCommand::Input { text }));
    }
}
