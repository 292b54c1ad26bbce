//! The command `cargo lab`: from a clone to executed notebooks and a report, in one word each.
//!
//! `commands` holds one file per subcommand; `setup` brings about what notebooks need, in a cache
//! of the user's; the rest are tools that several commands share.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod archive;
mod bench;
mod cache;
mod check;
mod closed_pipe;
mod commands;
mod course;
mod download;
mod estimate;
mod executor;
mod export;
mod files;
mod grade;
mod identity;
mod notebook;
mod release;
mod report;
mod setup;
mod solution;
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
    Test(commands::test::Arguments),
    Train(commands::train::Arguments),
    Sweep(commands::sweep::Arguments),
    Open(commands::open::Arguments),
    Data(commands::data::Arguments),
    Bench(commands::bench::Arguments),
    Env(commands::env::Arguments),
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
        Command::Test(arguments) => commands::test::run(&arguments),
        Command::Train(arguments) => commands::train::run(&arguments),
        Command::Sweep(arguments) => commands::sweep::run(&arguments),
        Command::Open(arguments) => commands::open::run(&arguments),
        Command::Bench(arguments) => commands::bench::run(&arguments),
        Command::Data(arguments) => commands::data::run(&arguments),
        Command::Env(arguments) => commands::env::run(&arguments),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
