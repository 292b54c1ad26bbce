//! Runs a few cells in a new template, so that all which they compile is there for later kernels.

use std::env;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use evcxr::{CommandContext, Error};

use crate::private::Private;
use crate::toolchain::Toolchain;
use crate::{environment, parent};

/// The argument that asks for this part; the environment is that of a kernel.
pub const ARGUMENT: &str = "prepare-inner";

/// Cells of the kinds that notebooks hold: a variable, a result, an error passed up.
const CELLS: [&str; 3] =
    ["let numbers = vec![1.0, 2.0];", "numbers.len()", "let five: i32 = \"5\".parse()?;"];

/// Has a process of its own run them, in a private folder.
pub fn in_its_own_process(private: &Private, toolchain: &Toolchain) -> Result<()> {
    let mut command = Command::new(env::current_exe()?);
    command.arg(ARGUMENT).stdin(Stdio::null()).stdout(Stdio::null());
    environment::for_kernel(&mut command, private, toolchain)?;
    parent::tie(&mut command);
    let status = command.status().context("cannot start the kernel's own preparation")?;
    if !status.success() {
        bail!("the kernel could not be prepared ({status}): see above");
    }
    Ok(())
}

/// Loads the crate and the prelude as a kernel does, then runs the cells.
pub fn run() -> Result<ExitCode> {
    parent::die_with_it()?;
    let mut context = step("starting evcxr", || {
        let (context, _) = CommandContext::new()?;
        Ok(context)
    })?;
    step("compiling the crate and what it depends on", || {
        context.execute(":load_config --quiet").map(drop)
    })?;
    step("trying a few cells", || {
        CELLS.iter().try_for_each(|cell| context.execute(cell).map(drop))
    })?;
    Ok(ExitCode::SUCCESS)
}

fn step<T>(what: &str, work: impl FnOnce() -> Result<T, Error>) -> Result<T> {
    let start = Instant::now();
    eprint!("  {what} ...");
    match work() {
        Ok(done) => {
            eprintln!(" {:.1} s", start.elapsed().as_secs_f64());
            Ok(done)
        }
        Err(error) => {
            eprintln!(" failed");
            bail!("{}", explain(&error))
        }
    }
}

fn explain(error: &Error) -> String {
    let Error::CompilationErrors(errors) = error else { return error.to_string() };
    errors.iter().map(|error| error.rendered()).collect::<Vec<_>>().join("\n")
}
