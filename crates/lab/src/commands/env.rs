//! `cargo lab env`: where everything is, for other programs.

use std::process::ExitCode;

use anyhow::Result;
use backprop_protocol::folders::find_program;
use clap::Args;

use crate::setup::{self, KERNEL_NAME};
use crate::workspace::Workspace;

/// What the tests' interpreter is printed as.
pub const TESTS_PYTHON: &str = "tests_python";

/// Complete the set-up and print where everything is
///
/// Prints lines of the form key=value, with absolute paths, and nothing else on stdout. `kernel` is
/// the kernelspec's name, by which jupyter_client finds it in `python` without any variable set;
/// another Python finds it with JUPYTER_PATH set to `jupyter_path`.
#[derive(Args)]
pub struct Arguments {
    /// Make and print the Python environment of the tests, too
    #[arg(long, hide = true)]
    tests: bool,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let lab = setup::complete(Workspace::find()?)?;
    let rustc = find_program(&lab.toolchain.rustc.to_string_lossy());
    println!("python={}", lab.python.display());
    println!("kernel={KERNEL_NAME}");
    println!("jupyter_path={}", lab.jupyter_path.display());
    println!("cache={}", lab.cache.root().display());
    println!("data={}", lab.workspace.data().display());
    println!("workspace={}", lab.workspace.root().display());
    if let Some(rustc) = rustc {
        println!("rustc={}", rustc.display());
    }
    for (name, version) in setup::versions(&lab)? {
        println!("{name}_version={}", version.as_str().unwrap_or_default());
    }
    if arguments.tests {
        println!("{TESTS_PYTHON}={}", setup::python_of_tests(&lab.cache)?.display());
    }
    Ok(ExitCode::SUCCESS)
}
