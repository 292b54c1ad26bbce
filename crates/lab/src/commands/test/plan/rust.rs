//! The checks that need Rust alone: compiling, test programs, clippy, format, documentation.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

use super::{COMPILE, KERNELS_COMPILE, KERNELS_PACKAGES, PACKAGES, Plan, SET_UP, step};
use crate::commands::test::cost;
use crate::commands::test::outcome::{self, Report};
use crate::commands::test::programs::{Compiled, Target};
use crate::commands::test::runner::{Holds, Step};
use crate::setup::kernel;

impl Plan<'_> {
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
    pub(super) fn compile(&self, targets: &[Target]) -> Step<'_> {
        let mut command =
            self.cargo("test --no-run --locked --profile lab --features lab/whole --no-fail-fast");
        command.args(chosen(targets));
        let run = move || compile(command, &self.metadata, &self.compiled);
        Step { holds: Holds::Target, ..step(COMPILE, COMPILE, cost::COMPILE, run) }
    }

    pub(super) fn compile_kernels(&self) -> Step<'_> {
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

    pub(super) fn format(&self) -> Step<'_> {
        let mut command = self.cargo("fmt --all --check");
        step("format", "format", cost::FORMAT, move || outcome::check(&mut command))
    }

    pub(super) fn clippy(&self, what: &str) -> Step<'_> {
        let mut command = self.cargo(&format!("clippy --locked --profile lab --quiet {what}"));
        command.args(["--", "-D", "warnings"]);
        let run = move || outcome::check(&mut command);
        Step { holds: Holds::Target, ..step("clippy", "clippy", cost::CLIPPY, run) }
    }

    pub(super) fn kernels_clippy(&self) -> Step<'_> {
        const NAME: &str = "clippy of the kernel";
        let mut command = self
            .kernels_cargo("clippy --locked --profile kernel --workspace --all-targets --quiet");
        command.args(PACKAGES.map(|package| format!("--exclude={package}")));
        command.args(["--", "-D", "warnings"]);
        let run = move || outcome::check(&mut command);
        Step {
            holds: Holds::KernelsTarget,
            after: vec![SET_UP.to_owned()],
            ..step(NAME, NAME, cost::KERNELS_CLIPPY, run)
        }
    }

    /// Checks the documentation, in clippy's profile: both check what the crates stand on.
    pub(super) fn documentation(&self) -> Step<'_> {
        const NAME: &str = "documentation";
        let mut command =
            self.cargo("doc --locked --profile lab --features lab/whole --no-deps --quiet");
        command.env("RUSTDOCFLAGS", "-D warnings");
        let run = move || outcome::check(&mut command);
        Step { holds: Holds::Target, ..step(NAME, NAME, cost::DOCUMENTATION, run) }
    }

    pub(super) fn examples(&self) -> Step<'_> {
        const NAME: &str = "examples in the documentation";
        let mut command =
            self.cargo("test --doc --locked --profile lab --features lab/whole --no-fail-fast");
        let run = move || outcome::tests(&mut command);
        Step { holds: Holds::Target, ..step(NAME, NAME, cost::EXAMPLES, run) }
    }

    /// Runs a test program that needs Rust alone.
    pub(super) fn program(&self, target: Target) -> Step<'_> {
        let group = if target.package == "lab" { "tests of lab" } else { "tests of backprop" };
        let name = format!("{group}: {}", target.name);
        let after = vec![COMPILE.to_owned()];
        let run = move || match program(&self.compiled, &target) {
            Ok(mut command) => outcome::tests(&mut command),
            Err(reason) => Report::not_run(reason),
        };
        Step { after, ..step(group, name, cost::PROGRAM, run) }
    }

    pub(super) fn kernels_program(&self, target: Target) -> Step<'_> {
        const GROUP: &str = "tests of the kernel";
        let name = format!("{GROUP}: {}", target.name);
        let after = vec![KERNELS_COMPILE.to_owned()];
        let run = move || match program(&self.kernels_compiled, &target) {
            Ok(mut command) => outcome::tests(&mut command),
            Err(reason) => Report::not_run(reason),
        };
        Step { after, ..step(GROUP, name, cost::PROGRAM, run) }
    }
}

/// Gives cargo's arguments that choose these test programs; cargo takes `--lib` once alone.
pub(super) fn chosen(targets: &[Target]) -> BTreeSet<String> {
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
pub(super) fn program(
    compiled: &OnceLock<Compiled>,
    target: &Target,
) -> Result<Command, &'static str> {
    let path: Option<&Path> = compiled.get().and_then(|compiled| compiled.program(target));
    path.map(|path| target.command(path)).ok_or("it did not compile")
}

#[cfg(test)]
mod tests {
    use anyhow::Result;

    use super::super::tests::with_plan;
    use super::*;
    use crate::commands::test::programs;

    #[test]
    fn two_libraries_are_chosen_by_one_argument() -> Result<()> {
        with_plan(|plan| {
            let mut targets = programs::targets(&plan.metadata, &PACKAGES);
            targets.retain(|target| !target.needs_kernel());
            assert!(targets.iter().filter(|target| target.kind == "lib").count() > 1);
            let arguments = chosen(&targets);
            assert!(arguments.contains("--lib") && arguments.contains("--test=sweep"));
            let mut program = targets[0].clone();
            program.kind = "bin".to_owned();
            assert!(chosen(&[program]).contains("--bins"));
        })
    }
}
