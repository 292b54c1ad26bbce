//! One notebook's execution: a Python process of the lab's environment, and what it tells.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::{Context, Result};
use backprop_protocol::variable;
use serde_json::Value;
use tempfile::NamedTempFile;

use crate::setup::{KERNEL_NAME, Lab};

const SCRIPT: &str = include_str!("../../python/execute.py");

/// How notebooks are executed: the same for all of a run.
pub struct Executor {
    python: PathBuf,
    script: NamedTempFile,
    out: PathBuf,
    settings: Settings,
    environment: Vec<(&'static str, OsString)>,
    guards: ChildGuards,
}

/// What all notebooks of a run are executed with.
pub struct Settings {
    /// The choice that the library's `Data::auto()` reads.
    pub data: Option<OsString>,
    /// Whether notebooks do with fewer repetitions, as `BACKPROP_QUICK` tells them.
    pub quick: bool,
    /// How long each cell may take, in seconds.
    pub timeout: u64,
    /// What is noted in the executed notebooks.
    pub versions: Value,
}

/// What a notebook's execution tells while it goes on.
#[derive(Debug, PartialEq)]
pub enum Event {
    KernelReady,
    /// Code cell `number` of `of` starts; `line` is its first.
    Cell {
        number: u64,
        of: u64,
        line: String,
    },
    Failed(Failure),
    Done {
        seconds: f64,
    },
}

/// Why a notebook did not run to its end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Failure {
    /// The code cell, counted from 1, and its first line; none if no cell had started.
    pub cell: Option<u64>,
    pub line: String,
    /// An error's name, such as "Panic", or "timeout" or "kernel".
    pub kind: String,
    pub message: String,
}

/// How a notebook's execution ended.
#[derive(Debug)]
pub enum Outcome {
    Passed { seconds: f64 },
    Failed(Failure),
    Interrupted,
}

/// The executors' standard inputs. Each executor shuts its kernel down and ends when its own
/// closes, be it dropped here or because this process died.
#[derive(Clone, Default)]
pub struct ChildGuards {
    held: Arc<Mutex<BTreeMap<u32, ChildStdin>>>,
    stopped: Arc<AtomicBool>,
}

impl ChildGuards {
    /// Ends all executions, and lets no other one begin.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        self.held().clear();
    }

    pub fn are_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    /// Holds the standard input of a child once something has been written to it.
    pub fn guard_after(
        &self,
        child: &mut Child,
        write: impl FnOnce(&mut ChildStdin) -> io::Result<()>,
    ) -> io::Result<()> {
        let written = child.stdin.as_mut().map_or(Ok(()), write);
        self.guard(child);
        written
    }

    /// Lets go of a child that has ended.
    pub fn release(&self, child: &Child) {
        self.held().remove(&child.id());
    }

    fn guard(&self, child: &mut Child) {
        if let Some(stdin) = child.stdin.take() {
            self.held().insert(child.id(), stdin);
        }
        if self.are_stopped() {
            self.held().clear();
        }
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<u32, ChildStdin>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Executor {
    /// Makes an executor that writes into the folder `out`.
    pub fn new(lab: &Lab, out: &Path, settings: Settings, guards: ChildGuards) -> Result<Executor> {
        let script = NamedTempFile::with_suffix(".py")?;
        std::fs::write(script.path(), SCRIPT)?;
        let mut environment = lab.environment().to_vec();
        environment.extend(settings.data.clone().map(|choice| (variable::DATASET, choice)));
        environment.extend(settings.quick.then(|| (variable::QUICK, "1".into())));
        Ok(Executor {
            python: lab.python.clone(),
            script,
            out: out.to_path_buf(),
            settings,
            environment,
            guards,
        })
    }

    /// Executes a notebook and hands on what it tells; its pages lie in the folder afterwards.
    pub fn execute(&self, notebook: &Path, mut tell: impl FnMut(&Event)) -> Result<Outcome> {
        let mut child = self.start(notebook)?;
        let mut stderr = child.stderr.take().context("the executor's stderr is piped")?;
        let complaints = thread::spawn(move || {
            let mut text = Vec::new();
            let _ = stderr.read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        });

        let (mut failure, mut done) = (None, None);
        let stdout = child.stdout.take().context("the executor's stdout is piped")?;
        for line in BufReader::new(stdout).lines() {
            let Some(event) = Event::parse(&line?) else { continue };
            tell(&event);
            match event {
                Event::Failed(what) => failure = Some(what),
                Event::Done { seconds } => done = Some(seconds),
                Event::KernelReady | Event::Cell { .. } => {}
            }
        }
        let status = child.wait()?;
        self.guards.release(&child);
        let complaints = complaints.join().unwrap_or_default();
        Ok(match (done, failure) {
            (Some(seconds), None) => Outcome::Passed { seconds },
            (Some(_), Some(failure)) => Outcome::Failed(failure),
            (None, _) if self.guards.are_stopped() => Outcome::Interrupted,
            (None, _) => Outcome::Failed(Failure {
                kind: "kernel".into(),
                message: format!(
                    "the executor ended early ({status}): {}",
                    last_lines(&complaints)
                ),
                ..Failure::default()
            }),
        })
    }

    fn start(&self, notebook: &Path) -> Result<Child> {
        let Settings { quick, timeout, versions, .. } = &self.settings;
        let mut child = Command::new(&self.python)
            .arg("-I")
            .arg(self.script.path())
            .arg(notebook)
            .arg(&self.out)
            .args(["--kernel", KERNEL_NAME, "--timeout", &timeout.to_string()])
            .args(["--versions", &versions.to_string()])
            .args(quick.then_some("--quick"))
            // A stray variable must not change a report.
            .env_remove(variable::QUICK)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Ctrl-C in the terminal goes to this process alone, which then closes their standard input.
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {}", self.python.display()))?;
        self.guards.guard(&mut child);
        Ok(child)
    }
}

impl Event {
    fn parse(line: &str) -> Option<Event> {
        let value: Value = serde_json::from_str(line).ok()?;
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        match value["event"].as_str()? {
            "kernel" => Some(Event::KernelReady),
            "cell" => Some(Event::Cell {
                number: value["number"].as_u64()?,
                of: value["of"].as_u64()?,
                line: text("line"),
            }),
            "failed" => Some(Event::Failed(Failure {
                cell: value["cell"].as_u64(),
                line: text("line"),
                kind: text("kind"),
                message: text("message"),
            })),
            "done" => Some(Event::Done { seconds: value["seconds"].as_f64()? }),
            _ => None,
        }
    }
}

impl Failure {
    /// Tells the failure in full, beginning with the notebook and the cell.
    pub fn report(&self, notebook: &str) -> String {
        let kind = match self.kind.as_str() {
            "timeout" => "took too long",
            "kernel" => "kernel trouble",
            error => error,
        };
        let place = match self.cell {
            Some(cell) => format!("{notebook}, cell [{cell}]"),
            None => notebook.to_owned(),
        };
        let mut lines = vec![format!("{place}: {kind}")];
        if !self.line.is_empty() {
            lines.push(format!("  > {}", self.line));
        }
        lines.extend(self.message.lines().map(|line| format!("    {line}")));
        lines.join("\n")
    }
}

fn last_lines(text: &str) -> String {
    let lines: Vec<_> = text.trim().lines().collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_executors_lines_become_events() {
        let cell = r#"{"event": "cell", "number": 2, "of": 9, "line": "let x = 1;"}"#;
        let expected = Event::Cell { number: 2, of: 9, line: "let x = 1;".into() };
        assert_eq!(Event::parse(cell), Some(expected));
        assert_eq!(Event::parse("a warning of some library"), None);
        assert_eq!(Event::parse(r#"{"event": "cell"}"#), None);
    }

    #[test]
    fn a_failure_names_notebook_cell_place_and_message() {
        let failure = Failure {
            cell: Some(7),
            line: "assert!(loss < 0.2);".into(),
            kind: "Panic".into(),
            message: "Panic: assertion failed: loss < 0.2\n  in cell [7], line 1:".into(),
        };
        insta::assert_snapshot!(failure.report("notebooks/06-train.ipynb"), @r"
        notebooks/06-train.ipynb, cell [7]: Panic
          > assert!(loss < 0.2);
            Panic: assertion failed: loss < 0.2
              in cell [7], line 1:
        ");
    }
}
