//! What is shown while checks run: each check's output in one piece when it ends, and which ones are
//! running, as a line that changes in a terminal and as a line for each that begins elsewhere.

use std::io::{IsTerminal, Write, stderr, stdout};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::outcome::{Ended, Outcome};

/// The line of the running checks.
pub struct Show {
    running: Vec<(String, Instant)>,
    left: usize,
    line: ProgressBar,
    /// Whether each check that begins gets a line.
    tells: bool,
    prints: bool,
}

impl Show {
    pub fn new(steps: usize) -> Show {
        let line = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
            line.set_style(style);
        }
        line.enable_steady_tick(Duration::from_millis(200));
        Show {
            running: Vec::new(),
            left: steps,
            line,
            tells: !stderr().is_terminal(),
            prints: true,
        }
    }

    #[cfg(test)]
    pub fn silent() -> Show {
        let line = ProgressBar::with_draw_target(None, indicatif::ProgressDrawTarget::hidden());
        Show { running: Vec::new(), left: 0, line, tells: false, prints: false }
    }

    pub fn begin(&mut self, name: &str) {
        self.left = self.left.saturating_sub(1);
        self.running.push((name.to_owned(), Instant::now()));
        if self.tells {
            eprintln!("… {name}");
        }
        self.tick();
    }

    pub fn end(&mut self, ended: &Ended, output: &str) {
        self.running.retain(|(name, _)| *name != ended.name);
        // A program none of whose tests was to run has nothing to tell.
        if self.prints && ended.outcome != Outcome::Passed(0) {
            self.line.suspend(|| print(ended, output));
        }
        self.tick();
    }

    /// Tells anew what is running, and for how long.
    pub fn tick(&self) {
        let running = self.running.iter();
        let each = running.map(|(name, since)| format!("{name} {} s", since.elapsed().as_secs()));
        let each: Vec<_> = each.collect();
        self.line.set_message(format!("{} to come; running: {}", self.left, each.join(", ")));
    }
}

impl Drop for Show {
    fn drop(&mut self) {
        self.line.finish_and_clear();
    }
}

fn print(ended: &Ended, output: &str) {
    let how = match &ended.outcome {
        Outcome::Passed(_) => String::new(),
        Outcome::Failed { .. } => " FAILED".to_owned(),
        Outcome::Skipped(reason) => format!(" skipped: {reason}"),
        Outcome::NotRun(reason) => format!(" NOT RUN: {reason}"),
    };
    println!("\n=== {} ({:.0} s){how} ===\n{}", ended.name, ended.seconds, output.trim_end());
    let _ = stdout().flush();
}
