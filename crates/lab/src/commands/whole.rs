//! The commands that train or download, in a `cargo lab` that was compiled without what they need: each
//! has cargo compile the whole, and becomes that.

use std::env;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::{Command as Process, ExitCode};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};

use crate::workspace::Workspace;

/// Names what is compiled beside the rest (Cargo.toml).
const FEATURE: &str = "whole";

#[derive(Subcommand)]
pub enum Command {
    /// Run every check that this machine allows
    Test(Rest),
    /// Train a network by the lab's recipe, without a notebook
    Train(Rest),
    /// Train every combination of some settings, in parallel, into one results file
    Sweep(Rest),
    /// Download a data set, or list what is at hand
    Data(Rest),
    /// Measure the lab's training against vectorised numpy and other peers
    Bench(Rest),
}

/// Whatever stands behind the command: the whole reads it, `--help` too.
#[derive(Args)]
#[command(disable_help_flag = true)]
pub struct Rest {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    _arguments: Vec<OsString>,
}

/// Runs this command line in the whole `cargo lab`.
pub fn run() -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    let error = Process::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["run", "--locked", "--profile", "lab", "--package", "lab"])
        .args(["--features", FEATURE, "--manifest-path"])
        .arg(workspace.root().join("Cargo.toml"))
        .arg("--")
        .args(env::args_os().skip(1))
        .exec();
    Err(error).context("cannot start cargo")
}
