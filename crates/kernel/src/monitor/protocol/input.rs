//! When a cell may wait for input, as far as what was said tells.

use super::{MonitorEvent, Protocol, Step};

impl Protocol {
    /// Says whether a cell runs.
    pub fn is_running(&self) -> bool {
        self.is_running
    }

    /// Says whether a cell runs that may wait for input, which nobody was asked for yet.
    pub fn may_read(&self) -> bool {
        self.is_running && !self.has_asked
    }

    /// Tells that the cell waits for input, behind what it printed before.
    pub fn reads(&mut self) -> Vec<Step> {
        self.has_asked = true;
        let mut steps = self.pause();
        steps.push(Step::Tell(MonitorEvent::Reads));
        steps
    }
}
