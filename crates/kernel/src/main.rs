//! The Jupyter kernel behind "Rust (Backprop Lab)": evcxr_jupyter, unpatched, with two small rooms
//! around it.
//!
//! One binary plays every part, because evcxr starts its own executable for each of them:
//!
//! | started as | part |
//! |---|---|
//! | `--control_file FILE` | [`start`]: make a private copy of the template, then be the kernel |
//! | `prepare` | [`template`]: build the template now, so that no kernel has to |
//! | evcxr's runtime | [`doorkeeper`]: run the true runtime, and report how each cell ended |
//! | the doorkeeper's child | [`runtime`]: load and run the cells |
//! | evcxr's rustc wrapper | evcxr's own |

mod cell_env;
mod doorkeeper;
mod files;
mod lock_versions;
mod prewarm;
mod private;
mod runtime;
mod site;
mod snapshot;
mod start;
mod stock;
mod template;
mod toolchain;

use std::env;
use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
usage: backprop-kernel --control_file FILE   run as Jupyter kernel
       backprop-kernel prepare               build the kernel's template now

environment:
  BACKPROP_WORKSPACE       the workspace whose crates/backprop the cells use
  BACKPROP_CACHE           where templates are kept (default: ~/.cache/backprop-lab)
  BACKPROP_KERNEL_STOCK=1  behave as plain evcxr: no crate loaded, no reports of panics";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("backprop-kernel: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Finds out which part this process plays, and plays it.
fn run() -> Result<ExitCode> {
    if stock::wanted() {
        return stock::run();
    }
    if env::var_os("EVCXR_IS_RUNTIME").is_some() {
        return if runtime::is_inner() { runtime::run() } else { doorkeeper::run() };
    }
    evcxr::runtime_hook();

    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("--control_file") => start::run(),
        Some("prepare") => template::prepare(),
        Some(prewarm::ARGUMENT) => prewarm::run(),
        Some("--version") => {
            println!("backprop-kernel {} (evcxr 0.22.0)", env!("CARGO_PKG_VERSION"));
            Ok(ExitCode::SUCCESS)
        }
        Some("--help" | "-h") => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        _ => bail!("what to do?\n{USAGE}"),
    }
}
