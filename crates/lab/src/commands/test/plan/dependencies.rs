//! The check of what the crates depend on: its licences, where it comes from, and what deny.toml bans.

use std::process::Command;

use backprop_protocol::folders::find_program;

use super::{Plan, step};
use crate::commands::test::cost;
use crate::commands::test::outcome::{self, Report};
use crate::commands::test::runner::Step;

const NOT_THERE: &str = "cargo-deny is not installed: `cargo install cargo-deny --locked`";
/// Their database is fetched anew each time, and what it says changes without a commit.
const LEFT_OUT: &str =
    "left out: known weaknesses, which `cargo deny check advisories` asks the network for\n";

impl Plan<'_> {
    /// Checks the licences and sources of all dependencies, the kernel's among them, where cargo-deny is there.
    pub(super) fn dependencies(&self) -> Step<'_> {
        const NAME: &str = "licences of the dependencies";
        let run = || {
            let Some(program) = find_program("cargo-deny") else {
                return Report::skipped(NOT_THERE);
            };
            let mut command = Command::new(program);
            command.args(["--locked", "check", "licenses", "bans", "sources"]);
            let report = outcome::check(command.current_dir(self.workspace.root()));
            Report { output: LEFT_OUT.to_owned() + &report.output, ..report }
        };
        step(NAME, NAME, cost::DEPENDENCIES, run)
    }
}
