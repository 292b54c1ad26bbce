//! Which checks there are, what each of them runs, and what must have ended before.

use std::collections::BTreeSet;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result};
use backprop_protocol::variable;
use serde_json::Value;

use super::cost;
use super::outcome::{self, Outcome, Report};
use super::programs::{self, Compiled, Target};
use super::schedule::{Holds, Step};
use crate::cache::Cache;
use crate::commands::env::TESTS_PYTHON;
use crate::download::{self, Checksum, KnownFile};
use crate::estimate::Work;
use crate::grade::sandbox;
use crate::setup::{self, Toolchain, kernel};
use crate::workspace::Workspace;

/// The accessibility checker, from npm; one of the end-to-end tests runs it in a browser.
const AXE: KnownFile = KnownFile {
    name: "axe-core-4.14.1.tgz",
    checksum: Checksum::Sha256("e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745"),
};
const AXE_MIRROR: &str = "https://registry.npmjs.org/axe-core/-";

/// What is compiled in the checkout's target folder, and what in the kernel's.
const PACKAGES: [&str; 3] = ["backprop", "backprop-protocol", "lab"];
const KERNELS_PACKAGES: [&str; 2] = ["backprop-kernel", "backprop-analysis"];

/// What the quick checks leave out.
pub const NOT_QUICK: &str = "documentation and its examples, the kernel and its tests, what runs on \
                             the kernel, grading in a box";

const COMPILE: &str = "compiling the tests";
const KERNELS_COMPILE: &str = "compiling the kernel's tests";
const SET_UP: &str = "set-up";
const TESTS_SET_UP: &str = "set-up of the tests' Python";

/// What takes longest on the kernel begins first.
const LONGEST: [&str; 4] = ["kernel", "cells", "grading", "nbgrader"];
/// What runs programs of the tests' own Python environment.
const WITH_TESTS_PYTHON: [&str; 3] = ["front_ends", "grading", "nbgrader"];

/// All checks, and what some of them leave for others.
pub struct Plan<'a> {
    workspace: &'a Workspace,
    cache: &'a Cache,
    toolchain: &'a Toolchain,
    metadata: Value,
    compiled: OnceLock<Compiled>,
    kernels_compiled: OnceLock<Compiled>,
    /// Whether the set-up succeeded.
    is_set_up: OnceLock<bool>,
    tests_python: OnceLock<PathBuf>,
}

impl<'a> Plan<'a> {
    pub fn new(
        workspace: &'a Workspace,
        cache: &'a Cache,
        toolchain: &'a Toolchain,
    ) -> Result<Plan<'a>> {
        let mut cargo = Command::new(&toolchain.cargo);
        let metadata = programs::metadata(cargo.current_dir(workspace.root()))?;
        Ok(Plan {
            workspace,
            cache,
            toolchain,
            metadata,
            compiled: OnceLock::new(),
            kernels_compiled: OnceLock::new(),
            is_set_up: OnceLock::new(),
            tests_python: OnceLock::new(),
        })
    }

    /// Gives every check, the most urgent first.
    pub fn all(&self) -> Vec<Step<'_>> {
        let targets = programs::targets(&self.metadata, &PACKAGES);
        let mut steps = vec![self.compile(&[]), self.set_up(), self.tests_set_up(), self.format()];
        steps.extend(self.on_the_kernel(&targets));
        steps.push(self.compile_kernels());
        steps.extend(targets.into_iter().map(|target| self.program(target)));
        let of_kernel = programs::targets(&self.metadata, &KERNELS_PACKAGES);
        steps.extend(of_kernel.into_iter().map(|target| self.kernels_program(target)));
        steps.push(self.clippy("--all-targets --features lab/whole,backprop/bench"));
        steps.extend([self.kernels_clippy(), self.documentation(), self.examples()]);
        steps.extend([self.in_the_box()]);
        steps.extend(self.parity());
        steps
    }

    /// Gives the checks that need neither the kernel nor Python.
    pub fn quick(&self) -> Vec<Step<'_>> {
        let mut targets = programs::targets(&self.metadata, &PACKAGES);
        targets.retain(|target| !target.needs_kernel());
        let mut steps = vec![self.compile(&targets), self.format()];
        steps.extend(targets.into_iter().map(|target| self.program(target)));
        steps.push(self.clippy("--all-targets --features lab/whole"));
        steps
    }

    fn cargo(&self, arguments: &str) -> Command {
        let mut command = Command::new(&self.toolchain.cargo);
        command.current_dir(self.workspace.root()).args(arguments.split(' '));
        command
    }

    /// Makes a command that works in the kernel's target folder.
    fn kernels_cargo(&self, arguments: &str) -> Command {
        let target = kernel::target_folder(self.cache, self.toolchain);
        let mut command = kernel::cargo(self.workspace, self.toolchain, &target);
        command.args(arguments.split(' '));
        command
    }

    /// Compiles the test programs of the checkout: these, or all where none are named.
    fn compile(&self, targets: &[Target]) -> Step<'_> {
        let mut command =
            self.cargo("test --no-run --locked --profile lab --features lab/whole --no-fail-fast");
        command.args(chosen(targets));
        let run = move || compile(command, &self.metadata, &self.compiled);
        Step { holds: Holds::Target, ..step(COMPILE, COMPILE, cost::COMPILE, run) }
    }

    fn compile_kernels(&self) -> Step<'_> {
        let mut command =
            self.kernels_cargo("test --no-run --locked --profile kernel --no-fail-fast");
        command.args(KERNELS_PACKAGES.map(|package| format!("--package={package}")));
        let run = move || compile(command, &self.metadata, &self.kernels_compiled);
        Step {
            holds: Holds::KernelsTarget,
            after: vec![SET_UP.to_owned()],
            ..step(KERNELS_COMPILE, KERNELS_COMPILE, cost::KERNELS_COMPILE, run)
        }
    }

    /// Makes what the kernel's checks need; it compiles in the kernel's target folder, which stays.
    fn set_up(&self) -> Step<'_> {
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

    fn tests_set_up(&self) -> Step<'_> {
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

    fn format(&self) -> Step<'_> {
        let mut command = self.cargo("fmt --all --check");
        step("format", "format", cost::FORMAT, move || outcome::check(&mut command))
    }

    fn clippy(&self, what: &str) -> Step<'_> {
        let mut command = self.cargo(&format!("clippy --locked --profile lab --quiet {what}"));
        command.args(["--", "-D", "warnings"]);
        let run = move || outcome::check(&mut command);
        Step { holds: Holds::Target, ..step("clippy", "clippy", cost::CLIPPY, run) }
    }

    fn kernels_clippy(&self) -> Step<'_> {
        const NAME: &str = "clippy of the kernel";
        let mut command = self.kernels_cargo(
            "clippy --locked --profile kernel --workspace --exclude backprop --exclude lab --all-targets --quiet -- -D warnings",
        );
        let run = move || outcome::check(&mut command);
        Step {
            holds: Holds::KernelsTarget,
            after: vec![SET_UP.to_owned()],
            ..step(NAME, NAME, cost::KERNELS_CLIPPY, run)
        }
    }

    /// Checks the documentation, in clippy's profile: both check what the crates stand on.
    fn documentation(&self) -> Step<'_> {
        const NAME: &str = "documentation";
        let mut command =
            self.cargo("doc --locked --profile lab --features lab/whole --no-deps --quiet");
        command.env("RUSTDOCFLAGS", "-D warnings");
        let run = move || outcome::check(&mut command);
        Step { holds: Holds::Target, ..step(NAME, NAME, cost::DOCUMENTATION, run) }
    }

    fn examples(&self) -> Step<'_> {
        const NAME: &str = "examples in the documentation";
        let mut command =
            self.cargo("test --doc --locked --profile lab --features lab/whole --no-fail-fast");
        let run = move || outcome::tests(&mut command);
        Step { holds: Holds::Target, ..step(NAME, NAME, cost::EXAMPLES, run) }
    }

    /// Runs a test program that needs Rust alone.
    fn program(&self, target: Target) -> Step<'_> {
        let group = if target.package == "lab" { "tests of lab" } else { "tests of backprop" };
        let name = format!("{group}: {}", target.name);
        let after = vec![COMPILE.to_owned()];
        let run = move || match program(&self.compiled, &target) {
            Ok(mut command) => outcome::tests(&mut command),
            Err(reason) => Report::not_run(reason),
        };
        Step { after, ..step(group, name, cost::PROGRAM, run) }
    }

    fn kernels_program(&self, target: Target) -> Step<'_> {
        const GROUP: &str = "tests of the kernel";
        let name = format!("{GROUP}: {}", target.name);
        let after = vec![KERNELS_COMPILE.to_owned()];
        let run = move || match program(&self.kernels_compiled, &target) {
            Ok(mut command) => outcome::tests(&mut command),
            Err(reason) => Report::not_run(reason),
        };
        Step { after, ..step(GROUP, name, cost::PROGRAM, run) }
    }

    /// Runs the tests that need the kernel, which are marked `#[ignore]`: a bare `cargo test` stays
    /// quick.
    fn on_the_kernel(&self, targets: &[Target]) -> Vec<Step<'_>> {
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

    /// Grades hand-ins in boxes; each of these tests keeps all processors busy.
    fn in_the_box(&self) -> Step<'_> {
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

    /// Tells that PyTorch's epochs are not replayed where there are none; else the tests replay them.
    fn parity(&self) -> Option<Step<'_>> {
        const NAME: &str = "parity on MNIST";
        let reason = "BACKPROP_FIXTURES names no folder with PyTorch's epochs on MNIST";
        let run = move || Report::skipped(reason);
        env::var_os("BACKPROP_FIXTURES").is_none().then(|| step(NAME, NAME, cost::NOTHING, run))
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

/// Makes a step that waits for nothing and holds nothing.
fn step<'a>(
    group: &'static str,
    name: impl Into<String>,
    work: Work,
    run: impl FnOnce() -> Report + Send + 'a,
) -> Step<'a> {
    let (name, run) = (name.into(), Box::new(run));
    Step { group, name, after: Vec::new(), holds: Holds::Nothing, work, run }
}

/// Gives cargo's arguments that choose these test programs; cargo takes `--lib` once alone.
fn chosen(targets: &[Target]) -> BTreeSet<String> {
    let argument = |target: &Target| match target.kind.as_str() {
        "test" => format!("--test={}", target.name),
        "lib" => "--lib".to_owned(),
        kind => format!("--{kind}s"),
    };
    targets.iter().map(argument).collect()
}

/// Compiles test programs and leaves those that were, also where others were not.
fn compile(mut command: Command, metadata: &Value, left: &OnceLock<Compiled>) -> Report {
    command.args(["--quiet", "--message-format", "json-render-diagnostics"]);
    let report = outcome::check(&mut command);
    let _ = left.set(Compiled::read(&report.output, metadata));
    let said = report.output.lines().filter(|line| !line.starts_with('{'));
    Report { output: said.map(|line| format!("{line}\n")).collect(), ..report }
}

/// Makes the command that runs a compiled program.
fn program(compiled: &OnceLock<Compiled>, target: &Target) -> Result<Command, &'static str> {
    let path: Option<&Path> = compiled.get().and_then(|compiled| compiled.program(target));
    path.map(|path| target.command(path)).ok_or("it did not compile")
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
    use super::*;
    use crate::files;

    /// Does something with the plan of this checkout.
    fn with_plan<T>(work: impl FnOnce(&Plan) -> T) -> Result<T> {
        let (workspace, cache) = (Workspace::find()?, Cache::open()?);
        let toolchain = Toolchain::of(&workspace)?;
        Ok(work(&Plan::new(&workspace, &cache, &toolchain)?))
    }

    #[test]
    fn every_step_has_a_name_of_its_own_and_waits_for_steps_that_there_are() -> Result<()> {
        with_plan(|plan| {
            for steps in [plan.all(), plan.quick()] {
                let names: BTreeSet<&String> = steps.iter().map(|step| &step.name).collect();
                assert_eq!(names.len(), steps.len(), "{names:?}");
                for step in &steps {
                    let missing = step.after.iter().find(|name| !names.contains(name));
                    assert_eq!(missing, None, "{} waits for it", step.name);
                }
            }
        })
    }

    #[test]
    fn two_libraries_are_chosen_by_one_argument() -> Result<()> {
        with_plan(|plan| {
            let mut targets = programs::targets(&plan.metadata, &PACKAGES);
            targets.retain(|target| !target.needs_kernel());
            assert!(targets.iter().filter(|target| target.kind == "lib").count() > 1);
            let arguments = chosen(&targets);
            assert!(arguments.contains("--lib") && arguments.contains("--test=sweep"));
            assert!(arguments.contains("--bins"), "{arguments:?}");
        })
    }

    #[test]
    fn quick_checks_need_no_kernel() -> Result<()> {
        with_plan(|plan| {
            let names: Vec<String> = plan.quick().into_iter().map(|step| step.name).collect();
            let has = |name: &str| names.iter().any(|one| one == name);
            assert!(has("format") && has("clippy") && has("tests of lab: repository"), "{names:?}");
            assert!(has("tests of backprop: backprop") && has("tests of lab: lab"), "{names:?}");
            assert!(!has(SET_UP) && !has("tests of lab: cells"), "{names:?}");
        })
    }

    #[test]
    fn what_the_lists_name_is_there() -> Result<()> {
        with_plan(|plan| {
            let targets = programs::targets(&plan.metadata, &PACKAGES);
            for name in LONGEST.iter().chain(&WITH_TESTS_PYTHON) {
                assert!(targets.iter().any(|target| target.name == *name), "{name}");
            }
        })
    }

    /// A crate whose tests nothing runs would be left out in silence.
    #[test]
    fn every_crate_with_tests_is_run() -> Result<()> {
        let crates = Workspace::find()?.root().join("crates");
        for folder in files::list(&crates)? {
            let manifest = std::fs::read_to_string(folder.join("Cargo.toml"))?;
            let line = manifest.lines().find_map(|line| line.strip_prefix("name = \""));
            let name = line.context("no name")?.trim_end_matches('"');
            let is_run = PACKAGES.iter().chain(&KERNELS_PACKAGES).any(|package| *package == name);
            assert!(is_run, "{name}");
        }
        Ok(())
    }
}
