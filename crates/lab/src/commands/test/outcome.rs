//! How a check ends: what cargo and its test programs said, and what it counts for.

use std::io::{self, Read};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

/// How a check ended.
#[derive(Debug, PartialEq)]
pub enum Outcome {
    /// The tests that were counted; 1 for a check that is no test program.
    Passed(usize),
    Failed {
        passed: usize,
        failed: usize,
    },
    /// It cannot run on this machine, for this reason.
    Skipped(String),
    /// It should have run, and for this reason it did not.
    NotRun(String),
}

/// A check that has ended.
pub struct Ended {
    pub name: String,
    pub seconds: f64,
    pub outcome: Outcome,
}

/// What is left of a check: how it ended, and all that it said.
pub struct Report {
    pub outcome: Outcome,
    pub output: String,
}

impl Report {
    pub fn skipped(reason: impl Into<String>) -> Report {
        Report { outcome: Outcome::Skipped(reason.into()), output: String::new() }
    }

    pub fn not_run(reason: impl Into<String>) -> Report {
        Report { outcome: Outcome::NotRun(reason.into()), output: String::new() }
    }
}

/// Runs a command to its end; gives whether it succeeded, and all that it said, in its order.
pub fn hear(command: &mut Command) -> Result<(bool, String)> {
    let (mut output, writer) = io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let child = command.spawn();
    // The command holds the pipe open as long as it could be started once more.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child =
        child.with_context(|| format!("cannot start {}", command.get_program().display()))?;
    let mut said = Vec::new();
    output.read_to_end(&mut said)?;
    Ok((child.wait()?.success(), String::from_utf8_lossy(&said).into_owned()))
}

/// Runs a check that is no test program.
pub fn check(command: &mut Command) -> Report {
    carry_out(command, 1)
}

/// Runs a test program, or several, and counts their tests.
pub fn tests(command: &mut Command) -> Report {
    carry_out(command, 0)
}

fn carry_out(command: &mut Command, least: usize) -> Report {
    let (succeeded, output) = match hear(command) {
        Ok(heard) => heard,
        Err(error) => (false, format!("{error:#}\n")),
    };
    let counts = output.lines().filter_map(counts_in).chain(pythons_counts_in(&output));
    let (passed, failed) = counts.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let outcome = match succeeded {
        true => Outcome::Passed(passed.max(least)),
        false => Outcome::Failed { passed, failed: failed.max(1) },
    };
    Report { outcome, output }
}

/// Reads `test result: ok. 12 passed; 0 failed; …`, which ends the output of a test program.
fn counts_in(line: &str) -> Option<(usize, usize)> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let number_before = |word: &str| {
        counts.split("; ").find_map(|part| part.strip_suffix(word)?.trim().parse().ok())
    };
    Some((number_before(" passed")?, number_before(" failed")?))
}

/// Reads `Ran 12 tests in 0.4s` and `FAILED (failures=1, errors=2)`, with which Python's unit tests end.
fn pythons_counts_in(output: &str) -> Option<(usize, usize)> {
    let number = |text: &str| text.parse::<usize>().ok();
    let mut lines = output.lines().rev();
    let end = lines.find(|line| line.starts_with("OK") || line.starts_with("FAILED ("))?;
    let ran = lines.find_map(|line| number(line.strip_prefix("Ran ")?.split(' ').next()?))?;
    let kinds = end.split(['(', ',', ')']).filter_map(|part| part.trim().split_once('='));
    let count = |wanted: &str| {
        kinds
            .clone()
            .filter_map(|(kind, count)| (kind == wanted).then(|| number(count))?)
            .sum::<usize>()
    };
    let failed = count("failures") + count("errors");
    Some((ran.saturating_sub(failed + count("skipped")), failed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn cargos_counts_are_read() {
        let line =
            "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out";
        assert_eq!(counts_in(line), Some((12, 3)));
        assert_eq!(counts_in("test a ... ok"), None);
    }

    #[test]
    fn pythons_counts_are_read() {
        let end = |last: &str| format!("...\n-----\nRan 39 tests in 0.452s\n\n{last}\n");
        assert_eq!(pythons_counts_in(&end("OK")), Some((39, 0)));
        assert_eq!(pythons_counts_in(&end("OK (skipped=2)")), Some((37, 0)));
        let failed = end("FAILED (failures=1, errors=2, skipped=3)");
        assert_eq!(pythons_counts_in(&failed), Some((33, 3)));
        assert_eq!(pythons_counts_in("OK\ntest result: ok. 4 passed; 0 failed"), None);
    }

    #[test]
    fn a_commands_tests_are_counted_and_its_failure_seen() {
        let cases = [
            ("echo 'test result: ok. 4 passed; 0 failed; 0 ignored'", Outcome::Passed(4)),
            (
                "echo 'test result: FAILED. 4 passed; 2 failed; 0 ignored'; exit 101",
                Outcome::Failed { passed: 4, failed: 2 },
            ),
            ("exit 1", Outcome::Failed { passed: 0, failed: 1 }),
            ("exit 0", Outcome::Passed(0)),
        ];
        for (script, expected) in cases {
            assert_eq!(super::tests(&mut shell(script)).outcome, expected, "{script}");
        }
        assert_eq!(check(&mut shell("exit 0")).outcome, Outcome::Passed(1));
    }

    #[test]
    fn all_that_a_command_says_is_kept_in_its_order() {
        let report = check(&mut shell("echo one; echo two >&2; echo three"));
        assert_eq!(report.output, "one\ntwo\nthree\n");
        let missing = check(&mut Command::new("/nonexistent/program"));
        assert_eq!(missing.outcome, Outcome::Failed { passed: 0, failed: 1 });
        assert!(missing.output.contains("cannot start"), "{}", missing.output);
    }
}
