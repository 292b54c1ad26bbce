//! The checks of the Python: by ruff its rules and its format, and the unit tests of the lab's programs.

use std::path::PathBuf;
use std::process::Command;

use super::{Plan, SET_UP, TESTS_SET_UP, step};
use crate::commands::test::cost;
use crate::commands::test::outcome::{self, Report};
use crate::commands::test::runner::Step;
use crate::setup;

const GROUP: &str = "Python";

/// What an environment's interpreter is started with. Nothing is written beside the sources.
const PLAIN: [&str; 3] = ["-I", "-B", "-m"];

/// Where an interpreter comes from.
#[derive(Clone, Copy)]
enum Environment {
    Lab,
    Tests,
}

/// Whether the environments are made in this run, or used where they are there.
#[derive(Clone, Copy, PartialEq)]
enum Environments {
    Made,
    AsFound,
}

impl Plan<'_> {
    /// Checks the Python once its environments are made.
    pub(super) fn python(&self) -> [Step<'_>; 3] {
        self.python_checks(Environments::Made)
    }

    /// Checks the Python by the environments that are there.
    pub(super) fn python_as_found(&self) -> [Step<'_>; 3] {
        self.python_checks(Environments::AsFound)
    }

    fn python_checks(&self, environments: Environments) -> [Step<'_>; 3] {
        let rules = ["ruff", "check", "--no-cache", "."];
        let format = ["ruff", "format", "--check", "--no-cache", "."];
        let tests = ["unittest", "discover", "--start-directory", "tests/python"];
        [
            self.python_check("rules", Environment::Tests, environments, &rules, outcome::check),
            self.python_check("format", Environment::Tests, environments, &format, outcome::check),
            self.python_check("tests", Environment::Lab, environments, &tests, outcome::tests),
        ]
    }

    /// Makes the step that runs a module in the checkout.
    fn python_check(
        &self,
        name: &str,
        environment: Environment,
        environments: Environments,
        module: &[&'static str],
        hear: fn(&mut Command) -> Report,
    ) -> Step<'_> {
        let arguments = [&PLAIN, module].concat();
        let run = move || match self.interpreter(environment) {
            Some(python) => {
                let mut command = Command::new(python);
                hear(command.args(arguments).current_dir(self.workspace.root()))
            }
            None if environments == Environments::AsFound => {
                Report::skipped("its environment is not there yet; `cargo lab test` makes it")
            }
            None => Report::not_run("its environment could not be made"),
        };
        let set_up = match environment {
            Environment::Lab => SET_UP,
            Environment::Tests => TESTS_SET_UP,
        };
        let after = match environments {
            Environments::Made => vec![set_up.to_owned()],
            Environments::AsFound => Vec::new(),
        };
        Step { after, ..step(GROUP, format!("{GROUP}: {name}"), cost::PYTHON, run) }
    }

    /// Gives the interpreter of an environment that is there.
    fn interpreter(&self, environment: Environment) -> Option<PathBuf> {
        match environment {
            Environment::Lab => setup::made_python_of_lab(self.cache),
            Environment::Tests => setup::made_python_of_tests(self.cache),
        }
    }
}
