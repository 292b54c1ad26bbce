//! Which checks there are, what each of them runs, and what must have ended before.

mod dependencies;
mod kernel;
mod python;
mod rust;

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use anyhow::Result;
use serde_json::Value;

use super::cost;
use super::outcome::Report;
use super::programs::{self, Compiled};
use super::runner::{Holds, Step};
use crate::cache::Cache;
use crate::estimate::Work;
use crate::setup::Toolchain;
use crate::workspace::Workspace;

/// What is compiled in the checkout's target folder, and what in the kernel's.
const PACKAGES: [&str; 5] =
    ["backprop", "backprop-figures", "backprop-protocol", "backprop-report", "lab"];
const KERNELS_PACKAGES: [&str; 2] = ["backprop-kernel", "backprop-analysis"];

/// What the quick checks leave out.
pub const NOT_QUICK: &str = "documentation and its examples, gradients over all of MNIST, licences of \
                             the dependencies, the kernel and its tests, what runs on the kernel, \
                             grading in a box";
/// The tests of the crate that take minutes where MNIST is at hand.
const LONG: &str = "reference";

const COMPILE: &str = "compiling the tests";
const KERNELS_COMPILE: &str = "compiling the kernel's tests";
const SET_UP: &str = "set-up";
const TESTS_SET_UP: &str = "set-up of the tests' Python";

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
        steps.extend(self.python());
        steps.extend(self.on_the_kernel(&targets));
        steps.push(self.compile_kernels());
        steps.extend(targets.into_iter().map(|target| self.program(target)));
        let of_kernel = programs::targets(&self.metadata, &KERNELS_PACKAGES);
        steps.extend(of_kernel.into_iter().map(|target| self.kernels_program(target)));
        steps.push(self.clippy("--all-targets --features lab/whole,backprop/bench"));
        steps.extend([self.kernels_clippy(), self.documentation(), self.examples()]);
        steps.push(self.dependencies());
        steps.push(self.in_the_box());
        steps.extend(self.parity());
        steps
    }

    /// Gives the checks that need no kernel; those of the Python where its environments are there.
    pub fn quick(&self) -> Vec<Step<'_>> {
        let mut targets = programs::targets(&self.metadata, &PACKAGES);
        targets.retain(|target| !target.needs_kernel() && target.name != LONG);
        let mut steps = vec![self.compile(&targets), self.format()];
        steps.extend(self.python_as_found());
        steps.extend(targets.into_iter().map(|target| self.program(target)));
        steps.push(self.clippy("--all-targets --features lab/whole"));
        steps
    }

    /// Tells that PyTorch's epochs are not replayed where there are none; else the tests replay them.
    fn parity(&self) -> Option<Step<'_>> {
        const NAME: &str = "parity on MNIST";
        let reason = "BACKPROP_FIXTURES names no folder with PyTorch's epochs on MNIST";
        let run = move || Report::skipped(reason);
        env::var_os("BACKPROP_FIXTURES").is_none().then(|| step(NAME, NAME, cost::NOTHING, run))
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use anyhow::Context;

    use super::*;
    use backprop_report::files;

    /// Does something with the plan of this checkout.
    pub(super) fn with_plan<T>(work: impl FnOnce(&Plan) -> T) -> Result<T> {
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
    fn quick_checks_need_no_kernel() -> Result<()> {
        with_plan(|plan| {
            let names: Vec<String> = plan.quick().into_iter().map(|step| step.name).collect();
            let has = |name: &str| names.iter().any(|one| one == name);
            assert!(has("format") && has("clippy") && has("tests of lab: repository"), "{names:?}");
            assert!(has("tests of backprop: backprop") && has("tests of lab: lab"), "{names:?}");
            assert!(has("Python: rules") && has("Python: tests"), "{names:?}");
            assert!(!has(SET_UP) && !has("tests of lab: cells"), "{names:?}");
            let long = format!("tests of backprop: {LONG}");
            assert!(!has(&long) && plan.all().iter().any(|step| step.name == long));
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
