//! What the set-up shows while it works: the step at hand and what remains.

use std::collections::VecDeque;
use std::time::Instant;

use anyhow::Result;

use crate::cache::Cache;

/// The steps that have work to do, in order.
pub struct Steps {
    folder: String,
    remaining: VecDeque<(&'static str, &'static str)>,
    total: usize,
}

impl Steps {
    pub fn new(cache: &Cache) -> Steps {
        let folder = cache.root().display().to_string();
        Steps { folder, remaining: VecDeque::new(), total: 0 }
    }

    /// Adds a step: its name, and what it costs.
    pub fn announce(&mut self, name: &'static str, cost: &'static str) {
        self.remaining.push_back((name, cost));
        self.total += 1;
    }

    /// Says what is going to happen, if anything is.
    pub fn show(&self) {
        if self.total == 0 {
            return;
        }
        eprintln!("Setting up the lab in {}, once:", self.folder);
        for (index, (name, cost)) in self.remaining.iter().enumerate() {
            eprintln!("  {}. {name} ({cost})", index + 1);
        }
        eprintln!("Ctrl-C is safe: the next start goes on from the step that it stopped in.");
    }

    /// Does a step's work, with a line before it, and one after it that tells the time it took.
    /// A step with no work to do runs unseen.
    pub fn carry_out<T>(&mut self, done: bool, work: impl FnOnce() -> Result<T>) -> Result<T> {
        if done {
            return work();
        }
        let begun = self.begin();
        let result = work()?;
        self.end(begun);
        Ok(result)
    }

    /// Says that the next step begins.
    pub fn begin(&mut self) -> Instant {
        let number = self.total - self.remaining.len() + 1;
        if let Some((name, cost)) = self.remaining.front() {
            eprintln!("[{number}/{}] {name}: {cost}", self.total);
        }
        Instant::now()
    }

    /// Says that the step is done, and what remains.
    pub fn end(&mut self, begun: Instant) {
        let number = self.total - self.remaining.len() + 1;
        if let Some((name, _)) = self.remaining.pop_front() {
            let seconds = begun.elapsed().as_secs_f64();
            let rest: Vec<_> = self.remaining.iter().map(|(name, _)| *name).collect();
            let rest = if rest.is_empty() {
                String::new()
            } else {
                format!("; next: {}", rest.join(", "))
            };
            eprintln!("[{number}/{}] {name}: done in {seconds:.0} s{rest}", self.total);
        }
    }

    pub fn has_announced_more(&self) -> bool {
        !self.remaining.is_empty()
    }
}
