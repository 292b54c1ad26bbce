//! Stopping a running cell: it is asked, and killed where it does not stop by itself.

use std::time::Instant;

use super::{Action, Cell, Cells, GRACE, Interrupt, MonitorCommand, Stage};

impl Cells {
    /// Asks the running cell to stop, and no longer asks the second time.
    pub(super) fn interrupt(&mut self, now: Instant) {
        if self.running.as_ref().is_some_and(Cell::stops_others) {
            self.abort_waiting();
        }
        let Some(cell) = &mut self.running else { return };
        let is_running = cell.stage() == Stage::Running;
        if cell.stage() == Stage::Waiting {
            cell.note_refusal();
        } else if self.interrupt.is_none() {
            self.interrupt = Some(Interrupt { kill: is_running.then(|| now + GRACE) });
            self.actions.push(Action::AskToStop(true));
            self.command_all(MonitorCommand::Refuse { refuse: true });
            if let Some(monitor) = self.asking.take() {
                self.give_input(monitor, None);
            }
        } else if is_running {
            self.kill();
        }
    }

    pub(super) fn kill(&mut self) {
        if let (Some(cell), Some(interrupt)) = (&mut self.running, &mut self.interrupt) {
            cell.note_kill();
            interrupt.kill = None;
            self.command_all(MonitorCommand::Kill);
        }
    }
}
