//! The command `cargo lab`: from a clone to executed notebooks and a report, in one word each.
//!
//! `commands` holds one file per subcommand: its arguments, and what it prints. What they carry out stands
//! in the rooms beside it: `setup` brings about what notebooks need, in a cache of the user's; `execute` runs
//! notebooks; `hand_out` makes what students are given, `hand_in` what they give back; `grade` turns that into
//! points.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[cfg(feature = "whole")]
mod bench;
mod cache;
mod closed_pipe;
mod commands;
#[cfg(feature = "whole")]
mod download;
mod estimate;
mod execute;
mod grade;
mod hand_in;
mod hand_out;
mod setup;
mod workspace;

#[derive(Parser)]
#[command(name = "cargo lab", bin_name = "cargo lab", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Start(commands::start::Arguments),
    Release(commands::release::Arguments),
    Hidden(commands::hidden::Arguments),
    Grade(commands::grade::Arguments),
    Run(commands::run::Arguments),
    Export(commands::export::Arguments),
    Check(commands::check::Arguments),
    Submit(commands::submit::Arguments),
    Verify(commands::verify::Arguments),
    Open(commands::open::Arguments),
    Env(commands::env::Arguments),
    #[cfg(feature = "whole")]
    Test(commands::test::Arguments),
    #[cfg(feature = "whole")]
    Train(commands::train::Arguments),
    #[cfg(feature = "whole")]
    Sweep(commands::sweep::Arguments),
    #[cfg(feature = "whole")]
    Data(commands::data::Arguments),
    #[cfg(feature = "whole")]
    Bench(commands::bench::Arguments),
    #[cfg(not(feature = "whole"))]
    #[command(flatten)]
    Whole(commands::whole::Command),
}

fn main() -> ExitCode {
    closed_pipe::end_quietly();
    let result = match Cli::parse().command {
        Command::Start(arguments) => commands::start::run(&arguments),
        Command::Release(arguments) => commands::release::run(&arguments),
        Command::Grade(arguments) => commands::grade::run(&arguments),
        Command::Hidden(arguments) => commands::hidden::run(&arguments),
        Command::Run(arguments) => commands::run::run(&arguments),
        Command::Export(arguments) => commands::export::run(&arguments),
        Command::Check(arguments) => commands::check::run(&arguments),
        Command::Submit(arguments) => commands::submit::run(&arguments),
        Command::Verify(arguments) => commands::verify::run(&arguments),
        Command::Open(arguments) => commands::open::run(&arguments),
        Command::Env(arguments) => commands::env::run(&arguments),
        #[cfg(feature = "whole")]
        Command::Test(arguments) => commands::test::run(&arguments),
        #[cfg(feature = "whole")]
        Command::Train(arguments) => commands::train::run(&arguments),
        #[cfg(feature = "whole")]
        Command::Sweep(arguments) => commands::sweep::run(&arguments),
        #[cfg(feature = "whole")]
        Command::Bench(arguments) => commands::bench::run(&arguments),
        #[cfg(feature = "whole")]
        Command::Data(arguments) => commands::data::run(&arguments),
        #[cfg(not(feature = "whole"))]
        Command::Whole(_) => commands::whole::run(),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
