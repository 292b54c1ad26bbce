//! The command `cargo lab`: from a clone to executed notebooks and a report, in one word each.
//!
//! `commands` holds one file per subcommand; `setup` brings about what notebooks need, in a cache
//! of the user's; the rest are tools that several commands share.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod cache;
mod commands;
mod download;
mod executor;
mod files;
mod report;
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
    Run(commands::run::Arguments),
    Test(commands::test::Arguments),
    Train(commands::train::Arguments),
    Open(commands::open::Arguments),
    Data(commands::data::Arguments),
    Bench(commands::bench::Arguments),
    Env(commands::env::Arguments),
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Run(arguments) => commands::run::run(&arguments),
        Command::Test(arguments) => commands::test::run(&arguments),
        Command::Train(arguments) => commands::train::run(&arguments),
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
