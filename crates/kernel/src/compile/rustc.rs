//! Between cargo and rustc, for the crate of a cell alone: notes how it is compiled, and leaves out of its
//! code what it does not need.

use std::env;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use backprop_analysis::call::{self, Call};

use super::diagnostics::{self, Line};
use super::{store, trim};
use crate::{files, private};

/// The cell's code, as seen from the folder that cargo calls rustc in.
const SOURCE: &str = "src/lib.rs";

/// Is rustc; for a cell, notes the call and leaves out what need not be compiled.
///
/// evcxr as it is, and what is not a cell, is compiled as it is.
pub fn run() -> Result<ExitCode> {
    let mut arguments = env::args().skip(1);
    let rustc = PathBuf::from(arguments.next().context("which rustc?")?);
    let mut arguments: Vec<String> = arguments.collect();
    if is_of_a_cell(&arguments) {
        Call::note(&rustc, &arguments)?;
        if env::var_os(call::NOTE_ONLY).is_some() {
            return Ok(ExitCode::FAILURE);
        }
        if private::of_this_kernel().is_some() {
            trim_cell(&rustc, &mut arguments)?;
            let status = diagnostics::run(Command::new(&rustc).args(arguments), tell)?;
            return Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
    }
    let error = Command::new(&rustc).args(arguments).exec();
    Err(error).with_context(|| format!("cannot start {}", rustc.display()))
}

/// Passes on what rustc says to cargo.
fn tell(line: Line) -> Result<()> {
    match line {
        Line::Message(message) => eprintln!("{message}"),
        Line::Text(text) => eprintln!("{text}"),
    }
    Ok(())
}

/// Leaves out of the cell's code what rustc need not compile.
pub fn trim_cell(rustc: &Path, arguments: &mut Vec<String>) -> Result<()> {
    let mut code = fs::read_to_string(SOURCE).context("cannot read the cell")?;
    code = trim::without_unmentioned(&code);
    code = trim::without_store(&code).unwrap_or(code);
    let store = store::compiled(&env::current_dir()?, rustc)?;
    arguments.extend(["--extern".into(), format!("{}={}", store::NAME, store.display())]);
    files::write(Path::new(SOURCE), code.as_bytes())
}

fn is_of_a_cell(arguments: &[String]) -> bool {
    arguments.windows(2).any(|pair| pair[0] == "--crate-name" && pair[1] == "ctx")
}
