//! The checks that need the kernel: its set-up, the tests that run cells, grading in a box.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use backprop_protocol::variable;

use super::rust::program;
use super::{COMPILE, Plan, SET_UP, TESTS_SET_UP, step};
use crate::cache::Cache;
use crate::commands::env::TESTS_PYTHON;
use crate::commands::test::cost;
use crate::commands::test::outcome::{self, Outcome, Report};
use crate::commands::test::programs::{self, Target};
use crate::commands::test::runner::{Holds, Step};
use crate::download::{self, Checksum, KnownFile};
use crate::grade::sandbox;
use crate::setup::{self, kernel};

/// The accessibility checker, from npm; one of the end-to-end tests runs it in a browser.
const AXE: KnownFile = KnownFile {
    name: "axe-core-4.14.1.tgz",
    checksum: Checksum::Sha256("e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745"),
};
const AXE_MIRROR: &str = "https://registry.npmjs.org/axe-core/-";

/// What takes longest on the kernel begins first.
const LONGEST: [&str; 5] = ["front_ends", "kernel", "cells", "nbgrader", "types"];
/// What runs programs of the tests' own Python environment.
const WITH_TESTS_PYTHON: [&str; 3] = ["front_ends", "grading", "nbgrader"];

impl Plan<'_> {
    /// Makes what the kernel's checks need; it compiles in the kernel's target folder, which stays.
    pub(super) fn set_up(&self) -> Step<'_> {
        let work = setup::work_left(self.workspace, self.cache, self.toolchain);
        let run = move || {
            let target = kernel::target_folder(self.cache, self.toolchain);
            if let Err(error) = kernel::keep_target(&target) {
                return Report::not_run(format!("{error:#}"));
            }
            let report = self.lab(&["env"]);
            let _ = self.is_set_up.set(matches!(report.outcome, Outcome::Passed(_)));
            report
        };
        Step { holds: Holds::KernelsTarget, ..step(SET_UP, SET_UP, work, run) }
    }

    pub(super) fn tests_set_up(&self) -> Step<'_> {
        let run = || {
            if let Err(reason) = self.set_up_succeeded() {
                return Report::not_run(reason);
            }
            let report = self.lab(&["env", "--tests"]);
            let mut lines = report.output.lines();
            let path = lines.find_map(|line| line.strip_prefix(TESTS_PYTHON)?.strip_prefix('='));
            if let Some(path) = path {
                let _ = self.tests_python.set(path.into());
            }
            report
        };
        let after = vec![SET_UP.to_owned()];
        Step { after, ..step(TESTS_SET_UP, TESTS_SET_UP, cost::TESTS_PYTHON, run) }
    }

    /// Runs this program with another command, for what it shows is kept apart there.
    fn lab(&self, arguments: &[&str]) -> Report {
        let mut command = match this_program() {
            Ok(program) => Command::new(program),
            Err(error) => return Report::not_run(format!("{error:#}")),
        };
        outcome::check(command.args(arguments).env(variable::WORKSPACE, self.workspace.root()))
    }

    fn set_up_succeeded(&self) -> Result<(), &'static str> {
        match self.is_set_up.get() {
            Some(true) => Ok(()),
            _ => Err("the set-up failed"),
        }
    }

    /// Runs the tests that need the kernel, which are marked `#[ignore]`: a bare `cargo test` stays
    /// quick.
    pub(super) fn on_the_kernel(&self, targets: &[Target]) -> Vec<Step<'_>> {
        let of_lab =
            targets.iter().filter(|target| target.package == "lab" && target.kind == "test");
        let mut of_lab: Vec<Target> = of_lab.cloned().collect();
        let place = |target: &Target| LONGEST.iter().position(|name| *name == target.name);
        of_lab.sort_by_key(|target| place(target).unwrap_or(LONGEST.len()));
        of_lab.into_iter().map(|target| self.program_on_the_kernel(target)).collect()
    }

    fn program_on_the_kernel(&self, target: Target) -> Step<'_> {
        const GROUP: &str = "tests on the kernel";
        let with_tests_python = WITH_TESTS_PYTHON.contains(&target.name.as_str());
        let set_up = if with_tests_python { TESTS_SET_UP } else { SET_UP };
        let work = if target.name == "kernel" { cost::NOTEBOOKS } else { cost::ON_THE_KERNEL };
        let name = format!("{} on the kernel", target.name);
        let of_run = target.clone();
        let run = move || match self.ignored(&of_run, with_tests_python) {
            Ok(mut command) => {
                let left_out = self.give_axe(&of_run, &mut command);
                command.args(["--test-threads=2", "--skip", "in_the_box::"]);
                let report = outcome::tests(&mut command);
                Report { output: left_out + &report.output, ..report }
            }
            Err(reason) => Report::not_run(reason),
        };
        let after = vec![COMPILE.to_owned(), set_up.to_owned()];
        // Its tests look at the clock.
        let holds = if target.name == "export" { Holds::Machine } else { Holds::Nothing };
        Step { holds, after, ..step(GROUP, name, work, run) }
    }

    /// Makes the command for a program's tests that need the kernel, or says why they cannot run.
    fn ignored(&self, target: &Target, with_tests_python: bool) -> Result<Command, &'static str> {
        self.set_up_succeeded()?;
        let mut command = program(&self.compiled, target)?;
        command.arg("--ignored").env(variable::CACHE, self.cache.root());
        if with_tests_python {
            let python = self.tests_python.get().ok_or("the tests' Python could not be made")?;
            command.env("BACKPROP_TEST_PYTHON", python);
        }
        Ok(command)
    }

    /// Gives the accessibility checker to the program that uses it; tells if there is none.
    fn give_axe(&self, target: &Target, command: &mut Command) -> String {
        if target.name != "export" {
            return String::new();
        }
        match axe(self.cache) {
            Ok(archive) => {
                command.env("BACKPROP_TEST_AXE", archive);
                String::new()
            }
            Err(error) => format!("left out: accessibility of the pages: {error:#}\n"),
        }
    }

    /// Grades hand-ins in boxes, one test at a time and nothing beside: each keeps two processors busy, and
    /// trainings that share processors wait for each other.
    pub(super) fn in_the_box(&self) -> Step<'_> {
        const NAME: &str = "grading in a box";
        let targets = programs::targets(&self.metadata, &["lab"]);
        let target = targets.into_iter().find(|target| target.name == "grading");
        let run = move || {
            if let Err(error) = sandbox::require() {
                return Report::skipped(format!("{error:#}"));
            }
            let target = target.ok_or("there is no test program named grading");
            match target.and_then(|target| self.ignored(&target, false)) {
                Ok(mut command) => {
                    outcome::tests(command.args(["--test-threads=1", "in_the_box::"]))
                }
                Err(reason) => Report::not_run(reason),
            }
        };
        let after = vec![COMPILE.to_owned(), SET_UP.to_owned()];
        Step { holds: Holds::Machine, after, ..step(NAME, NAME, cost::BOX, run) }
    }
}

/// Gives this program: on Linux the running one, since cargo may have put another in its place.
fn this_program() -> Result<PathBuf> {
    let running = Path::new("/proc/self/exe");
    if running.exists() {
        Ok(running.into())
    } else {
        env::current_exe().context("cannot find this program")
    }
}

/// Gives the archive of the accessibility checker, fetched once.
fn axe(cache: &Cache) -> Result<PathBuf> {
    let folder = cache.root().join("downloads");
    if download::is_present(&AXE, &folder)? {
        return Ok(folder.join(AXE.name));
    }
    download::fetch(&AXE, &[AXE_MIRROR.to_owned()], &folder, &|_, _| {})
}

#[cfg(test)]
mod tests {
    use super::super::{PACKAGES, tests::with_plan};
    use super::*;

    #[test]
    fn what_the_lists_name_is_there() -> Result<()> {
        with_plan(|plan| {
            let targets = programs::targets(&plan.metadata, &PACKAGES);
            for name in LONGEST.iter().chain(&WITH_TESTS_PYTHON) {
                assert!(targets.iter().any(|target| target.name == *name), "{name}");
            }
        })
    }
}
