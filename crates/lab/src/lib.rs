//! The command `cargo lab`: from a clone to executed notebooks and a report, in one word each.
//!
//! `commands` holds one file per subcommand: its arguments, and what it prints. What they carry out stands
//! in the rooms beside it: `setup` brings about what notebooks need, in a cache of the user's; `execute` runs
//! notebooks; `hand_out` makes what students are given, `hand_in` what they give back; `grade` turns that into
//! points.

use std::process::ExitCode;

#[cfg(feature = "whole")]
mod bench;
mod cache;
mod closed_pipe;
mod commands;
#[cfg(feature = "whole")]
mod download;
mod estimate;
mod execute;
#[doc(hidden)]
pub mod fuzz;
mod grade;
mod hand_in;
mod hand_out;
mod parallel;
mod setup;
mod workspace;

/// Carries out what the command line asks for, and gives the program's exit status.
pub fn run() -> ExitCode {
    closed_pipe::end_quietly();
    match commands::run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
