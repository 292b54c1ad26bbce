//! One notebook's execution: a Python process of the lab's environment, and what it tells.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use anyhow::{Context, Result};
use backprop_protocol::variable;
use serde_json::Value;
use tempfile::NamedTempFile;

use super::event::{Event, Execution, Failure, FailureKind};
use super::guards::ChildGuards;
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
    pub fn execute(&self, notebook: &Path, mut tell: impl FnMut(&Event)) -> Result<Execution> {
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
            (Some(seconds), None) => Execution::Passed { seconds },
            (Some(_), Some(failure)) => Execution::Failed(failure),
            (None, _) if self.guards.are_stopped() => Execution::Interrupted,
            (None, _) => Execution::Failed(Failure {
                kind: FailureKind::Kernel,
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

fn last_lines(text: &str) -> String {
    let lines: Vec<_> = text.trim().lines().collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}
