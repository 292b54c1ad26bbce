//! One module per subcommand: its arguments, and `run`, which carries it out.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[cfg(feature = "whole")]
mod bench;
mod check;
#[cfg(feature = "whole")]
mod data;
mod display;
mod env;
mod export;
mod grade;
mod hidden;
#[cfg(feature = "whole")]
mod interrupt;
#[cfg(feature = "whole")]
mod names;
mod open;
mod release;
mod run;
mod start;
mod submit;
#[cfg(feature = "whole")]
mod sweep;
#[cfg(feature = "whole")]
mod test;
#[cfg(feature = "whole")]
mod train;
mod verify;
#[cfg(not(feature = "whole"))]
mod whole;

#[derive(Parser)]
#[command(name = "cargo lab", bin_name = "cargo lab", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Start(start::Arguments),
    Release(release::Arguments),
    Hidden(hidden::Arguments),
    Grade(grade::Arguments),
    Run(run::Arguments),
    Export(export::Arguments),
    Check(check::Arguments),
    Submit(submit::Arguments),
    Verify(verify::Arguments),
    Open(open::Arguments),
    Env(env::Arguments),
    #[cfg(feature = "whole")]
    Test(test::Arguments),
    #[cfg(feature = "whole")]
    Train(train::Arguments),
    #[cfg(feature = "whole")]
    Sweep(sweep::Arguments),
    #[cfg(feature = "whole")]
    Data(data::Arguments),
    #[cfg(feature = "whole")]
    Bench(bench::Arguments),
    #[cfg(not(feature = "whole"))]
    #[command(flatten)]
    Whole(whole::Command),
}

/// Reads the command line and carries the command out.
pub fn run() -> Result<ExitCode> {
    match Cli::parse().command {
        Command::Start(arguments) => start::run(&arguments),
        Command::Release(arguments) => release::run(&arguments),
        Command::Grade(arguments) => grade::run(&arguments),
        Command::Hidden(arguments) => hidden::run(&arguments),
        Command::Run(arguments) => run::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Submit(arguments) => submit::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Open(arguments) => open::run(&arguments),
        Command::Env(arguments) => env::run(&arguments),
        #[cfg(feature = "whole")]
        Command::Test(arguments) => test::run(&arguments),
        #[cfg(feature = "whole")]
        Command::Train(arguments) => train::run(&arguments),
        #[cfg(feature = "whole")]
        Command::Sweep(arguments) => sweep::run(&arguments),
        #[cfg(feature = "whole")]
        Command::Bench(arguments) => bench::run(&arguments),
        #[cfg(feature = "whole")]
        Command::Data(arguments) => data::run(&arguments),
        #[cfg(not(feature = "whole"))]
        Command::Whole(_) => whole::run(),
    }
}
