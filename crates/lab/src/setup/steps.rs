//! What the set-up shows while it works: the steps, which of them are at work, and what each took.

use std::io::{IsTerminal, stderr};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use anyhow::Result;

use super::cost::Cost;
use crate::cache::Cache;
use crate::estimate::{Work, about};

/// The steps that have work to do. Two of them may be at work at a time, in threads.
pub struct Steps {
    folder: String,
    steps: Vec<(&'static str, Cost)>,
    /// The places of those at work.
    at_work: Mutex<Vec<usize>>,
}

/// A step's place among those that have work to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place(usize);

impl Steps {
    pub fn new(cache: &Cache) -> Steps {
        let folder = cache.root().display().to_string();
        Steps { folder, steps: Vec::new(), at_work: Mutex::default() }
    }

    /// Adds a step.
    pub fn announce(&mut self, name: &'static str, cost: Cost) -> Place {
        self.steps.push((name, cost));
        Place(self.steps.len() - 1)
    }

    /// Gives a step's place, if it has been announced.
    pub fn place_of(&self, name: &str) -> Option<Place> {
        self.steps.iter().position(|(announced, _)| *announced == name).map(Place)
    }

    /// Says what is going to happen, if anything is.
    pub fn show(&self) {
        if self.steps.is_empty() {
            return;
        }
        let megabytes: u64 = self.steps.iter().map(|(_, cost)| cost.megabytes).sum();
        let (folder, time) = (&self.folder, about(self.seconds()));
        eprintln!("Setting up the lab in {folder}, once: {time}, {megabytes} MB.");
        for (index, (name, cost)) in self.steps.iter().enumerate() {
            eprintln!("  {}. {name} ({})", index + 1, cost.tell());
        }
        eprintln!("Ctrl-C is safe: the next start goes on where this one stopped.");
    }

    /// Gives how long all of it takes: waits pass while others work.
    fn seconds(&self) -> f64 {
        let works = self.steps.iter().map(|(_, cost)| cost.work);
        let elapsed = works.clone().map(|work| work.elapsed).fold(0.0, f64::max);
        let processor: f64 = works.map(|work| work.processor).sum();
        Work { processor, elapsed: 0.0 }.seconds().max(elapsed)
    }

    /// Does a step's work, with a line before it, and one after it that tells the time it took.
    /// A step with no place, because it has no work to do, runs unseen.
    pub fn carry_out<T>(&self, step: Option<Place>, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let Some(step) = step else { return work() };
        let begun = self.begin(step);
        let result = work();
        self.end(step, begun, result.is_ok());
        result
    }

    /// Says that a step begins.
    pub fn begin(&self, step: Place) -> Instant {
        self.at_work.lock().unwrap_or_else(PoisonError::into_inner).push(step.0);
        self.say(step, &self.steps[step.0].1.tell());
        Instant::now()
    }

    /// Says that a step has ended, and which one still is at work.
    pub fn end(&self, step: Place, begun: Instant, succeeded: bool) {
        let mut at_work = self.at_work.lock().unwrap_or_else(PoisonError::into_inner);
        at_work.retain(|place| *place != step.0);
        let outcome = if succeeded { "done in" } else { "FAILED after" };
        let mut text = format!("{outcome} {:.0} s", begun.elapsed().as_secs_f64());
        let others: Vec<_> = at_work.iter().map(|place| self.steps[*place].0).collect();
        if !others.is_empty() {
            text += &format!("; still at work: {}", others.join(", "));
        }
        self.say(step, &text);
    }

    fn say(&self, step: Place, text: &str) {
        let line =
            format!("[{}/{}] {}: {text}", step.0 + 1, self.steps.len(), self.steps[step.0].0);
        // cargo may have left its bar on the line.
        let clear = if stderr().is_terminal() { "\r\x1b[K" } else { "" };
        eprintln!("{clear}{line}");
    }
}
