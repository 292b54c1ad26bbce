//! `cargo lab hidden init`: a folder for what students must not see.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::hand_out::hidden;
use crate::workspace::Workspace;

/// Keep hidden tests, varied parameters and questions of your own
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: What,
}

#[derive(Subcommand)]
enum What {
    /// Make a folder to start from, outside of this repository
    Init {
        /// The folder; it must be new or empty, and lie outside of the checkout
        folder: PathBuf,
        /// The notebooks to copy into it, by their names
        #[arg(default_value = "11-report")]
        notebooks: Vec<String>,
    },
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let What::Init { folder, notebooks } = &arguments.command;
    let workspace = Workspace::find()?;
    for path in hidden::init(folder, notebooks, &workspace)? {
        println!("{}", path.display());
    }
    println!(
        "\nAdd hidden tests as README.md says, then: cargo lab release --hidden DIR --out DIR"
    );
    Ok(ExitCode::SUCCESS)
}
