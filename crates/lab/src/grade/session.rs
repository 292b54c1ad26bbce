//! The execution of one hand-in: a Python process that drives a kernel in its box.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use backprop_protocol::{KERNEL_PROCESSES, failure};
use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::limits::Limits;
use super::sandbox::Sandbox;
use crate::execute::ChildGuards;
use crate::setup::Lab;

/// The program's files, by their names.
const PROGRAM: [(&str, &str); 6] = [
    ("__main__.py", include_str!("../../python/grade/__main__.py")),
    ("box.py", include_str!("../../python/grade/box.py")),
    ("outputs.py", include_str!("../../python/grade/outputs.py")),
    ("processes.py", include_str!("../../python/grade/processes.py")),
    ("replies.py", include_str!("../../python/grade/replies.py")),
    ("run.py", include_str!("../../python/grade/run.py")),
];

/// A cell as the kernel gets it.
pub struct PreparedCell {
    pub source: String,
    /// What is run of it again after a later cell has cost all variables.
    pub replay: String,
    pub is_check: bool,
}

/// What became of a cell.
#[derive(Debug, Default, Deserialize)]
pub struct CellOutcome {
    pub status: Status,
    /// As nbformat has them.
    pub outputs: Vec<Value>,
    /// What ran beside it.
    pub others: Vec<String>,
    /// Whether outputs were dropped because they were too many.
    pub cut: bool,
}

/// How a cell ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Ok,
    Error,
    /// It took too long.
    Timeout,
    /// It took too much memory.
    Memory,
    /// No time was left for it.
    Skipped,
    /// The kernel had ended.
    #[default]
    #[serde(other)]
    Lost,
}

/// What became of a hand-in's cells.
#[derive(Debug, Default)]
pub struct Executed {
    /// For each cell that came to its turn.
    pub cells: Vec<CellOutcome>,
    pub seconds: f64,
    /// The most memory that the box took, in bytes.
    pub memory: u64,
    /// Whether the program ended as it should.
    pub is_whole: bool,
}

/// Executes hand-ins, each in a box of its own.
pub struct Sessions {
    python: PathBuf,
    /// The folder of the program, which Python runs as it runs a file.
    program: TempDir,
    limits: Limits,
    guards: ChildGuards,
}

impl Sessions {
    pub fn new(lab: &Lab, limits: &Limits, guards: ChildGuards) -> Result<Sessions> {
        let program = tempfile::tempdir()?;
        for (name, text) in PROGRAM {
            std::fs::write(program.path().join(name), text)?;
        }
        Ok(Sessions { python: lab.python.clone(), program, limits: limits.clone(), guards })
    }

    /// Executes the cells, and waits until nothing of them runs any more.
    ///
    /// # Errors
    /// An interruption, and a Python that does not start. What a submission brings about is none.
    pub fn execute(&self, sandbox: &Sandbox, cells: &[PreparedCell]) -> Result<Executed> {
        let mut child = self.start(sandbox)?;
        let job = self.job(sandbox, cells);
        let handed_over = self.guards.guard_after(&mut child, |stdin| writeln!(stdin, "{job}"));
        let output = child.stdout.take().context("the program's stdout is piped")?;
        let mut executed = Executed::default();
        for line in BufReader::new(output).lines() {
            let Ok(line) = line else { break };
            executed.take(&line);
        }
        let status = child.wait()?;
        self.guards.release(&child);
        if self.guards.are_stopped() {
            bail!("interrupted");
        }
        handed_over.context("cannot hand the cells over")?;
        executed.is_whole &= status.success();
        Ok(executed)
    }

    fn start(&self, sandbox: &Sandbox) -> Result<Child> {
        let mut command = Command::new(&self.python);
        command.arg("-I").arg(self.program.path()).envs(sandbox.environment());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        // Ctrl-C in the terminal goes to this process alone, which then closes their standard input.
        command.process_group(0);
        command.spawn().with_context(|| format!("cannot start {}", self.python.display()))
    }

    fn job(&self, sandbox: &Sandbox, cells: &[PreparedCell]) -> Value {
        let cells = cells.iter().map(|cell| {
            json!({"source": cell.source, "replay": cell.replay, "check": cell.is_check,
                   "seconds": self.limits.seconds_per_cell})
        });
        json!({
            "argv": sandbox.command(), "sockets": sandbox.sockets(), "folders": sandbox.folders(),
            "cells": cells.collect::<Vec<_>>(), "seconds": self.limits.seconds,
            "memory": self.limits.memory, "output": self.limits.output,
            "kernel_processes": KERNEL_PROCESSES,
            "losses": {failure::PROCESS_ENDED: "", failure::INTERRUPTED: failure::ALL_LOST},
        })
    }
}

impl Executed {
    fn take(&mut self, line: &str) {
        let Ok(event) = serde_json::from_str::<Value>(line) else { return };
        match event["event"].as_str() {
            Some("cell") => self.cells.extend(serde_json::from_value(event)),
            Some("done") => {
                self.is_whole = true;
                self.seconds = event["seconds"].as_f64().unwrap_or_default();
                self.memory = event["memory"].as_u64().unwrap_or_default();
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Workspace;

    /// The program is in another language, and says them as well.
    #[test]
    fn the_statuses_are_the_programs() -> Result<()> {
        let statuses = [
            ("ok", Status::Ok),
            ("error", Status::Error),
            ("timeout", Status::Timeout),
            ("memory", Status::Memory),
            ("skipped", Status::Skipped),
            ("lost", Status::Lost),
        ];
        for (word, status) in statuses {
            assert_eq!(serde_json::from_value::<Status>(json!(word))?, status);
            let is_said = PROGRAM.iter().any(|(_, text)| text.contains(&format!("\"{word}\"")));
            assert!(is_said, "{word}");
        }
        Ok(())
    }

    #[test]
    fn the_program_has_all_of_its_files() -> Result<()> {
        let folder = Workspace::find()?.root().join("crates/lab/python/grade");
        let mut found: Vec<String> = std::fs::read_dir(folder)?
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<Result<_>>()?;
        found.retain(|name| name.ends_with(".py"));
        found.sort();
        assert_eq!(found, PROGRAM.map(|(name, _)| name));
        Ok(())
    }
}
