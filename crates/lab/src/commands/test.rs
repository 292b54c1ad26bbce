//! `cargo lab test`: every check that the machine allows, and a list of those it does not.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Args;

use crate::cache::Cache;
use crate::download::{self, Checksum, KnownFile};
use crate::grade::sandbox;
use crate::setup::{self, Lab, Toolchain, kernel};
use crate::workspace::Workspace;

/// The accessibility checker, from npm; one of the end-to-end tests runs it in a browser.
const AXE: KnownFile = KnownFile {
    name: "axe-core-4.14.1.tgz",
    checksum: Checksum::Sha256("e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745"),
};
const AXE_MIRROR: &str = "https://registry.npmjs.org/axe-core/-";

/// Run every check that this machine allows
#[derive(Args)]
pub struct Arguments {
    /// Take a check that cannot run here for a failure
    #[arg(long)]
    require_all: bool,
}

/// A check: the command that makes it, or why it cannot run here.
struct Step {
    name: &'static str,
    command: Result<Command, String>,
}

/// How a check ended.
struct Ended {
    name: &'static str,
    seconds: f64,
    result: Outcome,
}

enum Outcome {
    /// The tests that cargo counted; 1 for a check that is no test program.
    Passed(usize),
    Failed {
        passed: usize,
        failed: usize,
    },
    Skipped(String),
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    let toolchain = Toolchain::of(&workspace)?;
    let mut ended: Vec<Ended> = Vec::new();
    for step in ordinary_steps(&workspace, &toolchain) {
        ended.push(step.run()?);
    }
    // Only now: what needs no set-up has been checked already should the set-up fail.
    let lab = setup::complete(workspace.clone()).map_err(|error| format!("{error:#}"));
    let python = lab
        .as_ref()
        .map_err(String::clone)
        .and_then(|lab| setup::python_of_tests(&lab.cache).map_err(|error| format!("{error:#}")));
    for step in kernel_steps(&workspace, &toolchain, lab.as_ref(), python) {
        ended.push(step.run()?);
    }
    Ok(summarise(&ended, arguments.require_all))
}

/// Gives the checks that need Rust alone.
fn ordinary_steps(workspace: &Workspace, toolchain: &Toolchain) -> Vec<Step> {
    let cargo = |arguments: &str| {
        let mut command = Command::new(&toolchain.cargo);
        command.current_dir(workspace.root()).args(arguments.split(' '));
        Ok(command)
    };
    let mut documentation = cargo("doc --locked --release --no-deps --quiet");
    if let Ok(command) = &mut documentation {
        command.env("RUSTDOCFLAGS", "-D warnings");
    }
    let mut steps = vec![
        Step { name: "format", command: cargo("fmt --all --check") },
        Step {
            name: "clippy",
            command: cargo(
                "clippy --locked --release --workspace --exclude backprop-kernel --all-targets --features backprop/bench --quiet -- -D warnings",
            ),
        },
        Step { name: "documentation", command: documentation },
        Step { name: "tests", command: cargo("test --locked --release") },
    ];
    // The tests above replay these when the variable is set.
    if env::var_os("BACKPROP_FIXTURES").is_none() {
        let reason = "BACKPROP_FIXTURES names no folder with PyTorch's epochs on MNIST".to_owned();
        steps.push(Step { name: "parity on MNIST", command: Err(reason) });
    }
    steps
}

/// Gives the checks that need the kernel, or beside it the Python that only tests use.
fn kernel_steps(
    workspace: &Workspace,
    toolchain: &Toolchain,
    lab: Result<&Lab, &String>,
    python: Result<PathBuf, String>,
) -> Vec<Step> {
    let lab = lab.map_err(String::clone);
    let in_kernels_target = |arguments: &str| {
        lab.clone().map(|lab| {
            let target = kernel::target_folder(&lab.cache, toolchain);
            let mut command = kernel::cargo(workspace, toolchain, &target);
            command.args(arguments.split(' '));
            command
        })
    };
    // Tests that need the set-up are marked `#[ignore]`: a bare `cargo test` stays quick.
    let ignored = |arguments: &str| {
        lab.clone().map(|lab| {
            let mut command = Command::new(&toolchain.cargo);
            command.current_dir(workspace.root()).env("BACKPROP_CACHE", lab.cache.root());
            command.args("test --locked --release --package lab".split(' '));
            command.args(arguments.split(' '));
            command
        })
    };
    let end_to_end = || -> Result<Command, String> {
        let mut command = ignored("--tests -- --ignored --test-threads=2 --skip in_the_box::")?;
        command.env("BACKPROP_TEST_PYTHON", python?);
        match axe(&lab.clone()?.cache) {
            Ok(archive) => {
                command.env("BACKPROP_TEST_AXE", archive);
            }
            Err(error) => println!("left out: accessibility of the pages: {error:#}"),
        }
        Ok(command)
    };
    // Each of these tests keeps all cores busy.
    let in_the_box = || -> Result<Command, String> {
        sandbox::require().map_err(|error| format!("{error:#}"))?;
        ignored("--test grading -- --ignored --test-threads=1 in_the_box::")
    };
    vec![
        Step {
            name: "clippy of the kernel",
            command: in_kernels_target(
                "clippy --locked --profile kernel --package backprop-kernel --all-targets --quiet -- -D warnings",
            ),
        },
        Step {
            name: "tests of the kernel",
            command: in_kernels_target("test --locked --profile kernel --package backprop-kernel"),
        },
        Step { name: "notebooks on the kernel", command: end_to_end() },
        Step { name: "grading in a box", command: in_the_box() },
    ]
}

/// Gives the archive of the accessibility checker, fetched once.
fn axe(cache: &Cache) -> Result<PathBuf> {
    let folder = cache.root().join("downloads");
    if download::is_present(&AXE, &folder)? {
        return Ok(folder.join(AXE.name));
    }
    download::fetch(&AXE, &[AXE_MIRROR.to_owned()], &folder, &|_, _| {})
}

impl Step {
    fn run(self) -> Result<Ended> {
        let begun = Instant::now();
        println!("\n=== {} ===", self.name);
        let result = match self.command {
            Err(reason) => {
                println!("skipped: {reason}");
                Outcome::Skipped(reason)
            }
            Ok(command) => carry_out(command)?,
        };
        Ok(Ended { name: self.name, seconds: begun.elapsed().as_secs_f64(), result })
    }
}

/// Runs a command, passes its output on, and counts the tests in it.
fn carry_out(mut command: Command) -> Result<Outcome> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {:?}", command.get_program()))?;
    let output = child.stdout.take().context("the output is piped")?;
    let (mut passed, mut failed) = (0, 0);
    for line in BufReader::new(output).lines() {
        let line = line?;
        if let Some((more_passed, more_failed)) = counts_in(&line) {
            passed += more_passed;
            failed += more_failed;
        }
        println!("{line}");
    }
    Ok(if child.wait()?.success() {
        Outcome::Passed(passed.max(1))
    } else {
        Outcome::Failed { passed, failed: failed.max(1) }
    })
}

/// Reads `test result: ok. 12 passed; 0 failed; …`, which ends the output of a test program.
fn counts_in(line: &str) -> Option<(usize, usize)> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let number_before = |word: &str| {
        counts.split("; ").find_map(|part| part.strip_suffix(word)?.trim().parse().ok())
    };
    Some((number_before(" passed")?, number_before(" failed")?))
}

fn summarise(ended: &[Ended], require_all: bool) -> ExitCode {
    println!("\n=== summary ===");
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for Ended { name, seconds, result } in ended {
        match result {
            Outcome::Passed(count) => {
                passed += count;
                println!("passed   {name} ({count}, {seconds:.0} s)");
            }
            Outcome::Failed { passed: good, failed: bad } => {
                passed += good;
                failed += bad;
                println!("FAILED   {name} ({bad} of {}, {seconds:.0} s)", good + bad);
            }
            Outcome::Skipped(reason) => {
                skipped += 1;
                println!("skipped  {name}: {reason}");
            }
        }
    }
    if require_all && skipped > 0 {
        println!("FAILED   because of --require-all: nothing may be skipped");
    }
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    if failed > 0 || (require_all && skipped > 0) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_counts_are_read() {
        let line =
            "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out";
        assert_eq!(counts_in(line), Some((12, 3)));
        assert_eq!(counts_in("test a ... ok"), None);
    }

    #[test]
    fn a_commands_tests_are_counted_and_its_failure_seen() -> Result<()> {
        let shell = |script: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", script]);
            command
        };
        let passed = carry_out(shell("echo 'test result: ok. 4 passed; 0 failed; 0 ignored'"))?;
        assert!(matches!(passed, Outcome::Passed(4)));
        let failed = carry_out(shell(
            "echo 'test result: FAILED. 4 passed; 2 failed; 0 ignored'; exit 101",
        ))?;
        assert!(matches!(failed, Outcome::Failed { passed: 4, failed: 2 }));
        let crashed = carry_out(shell("exit 1"))?;
        assert!(matches!(crashed, Outcome::Failed { passed: 0, failed: 1 }));
        Ok(())
    }
}
