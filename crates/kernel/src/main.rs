//! The Jupyter kernel behind "Rust (Backprop Lab)": evcxr_jupyter, unpatched, with two small rooms
//! around it.
//!
//! One binary plays every part, because evcxr starts its own executable for each of them:
//!
//! | started as | part |
//! |---|---|
//! | `--control_file FILE` | [`proxy`]: speak with the front ends, and start the next |
//! | the proxy's child | evcxr_jupyter in a private copy of the template |
//! | evcxr's runtime | [`monitor`]: run the true runtime, and tell the proxy of each cell |
//! | the monitor's child | [`runtime`]: load and run the cells |
//! | evcxr's cargo | [`cargo`]: call rustc as for the cell before, or be cargo |
//! | cargo's rustc, for a cell | [`rustc`]: note how it is compiled, and leave out what it does not need |
//! | `prepare` | [`template`]: build the template now, so that no kernel has to |
//! | evcxr's rustc wrapper | evcxr's own |

mod compile;
mod environment;
mod files;
mod hash;
mod monitor;
mod monitor_link;
mod parent;
mod paths;
mod private;
mod proxy;
mod runtime;
mod startup;
mod stock;
mod template;
mod toolchain;

use std::env;
use std::process::ExitCode;

use anyhow::{Result, bail};

use compile::{cargo, links, rustc};
use template::prewarm;

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
    if links::is_called(links::RUSTC) {
        return rustc::run();
    }
    if links::is_called(links::CARGO) {
        return cargo::run();
    }
    if stock::wanted() {
        return stock::run();
    }
    if env::var_os(runtime::ASKED).is_some() {
        if runtime::is_inner() {
            return runtime::run();
        }
        if env::var_os(monitor_link::SOCKET).is_some() {
            return monitor::run();
        }
    }
    evcxr::runtime_hook();

    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("--control_file") if parent::is_tied() => evcxr_jupyter(),
        Some("--control_file") => proxy::run(),
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

/// Is evcxr's kernel for as long as the proxy lives.
fn evcxr_jupyter() -> Result<ExitCode> {
    parent::die_with_it()?;
    evcxr_jupyter::main()?;
    Ok(ExitCode::SUCCESS)
}
