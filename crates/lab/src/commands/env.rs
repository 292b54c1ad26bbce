//! `cargo lab env`: where everything is, for other programs.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use clap::Args;
use serde_json::Value;

use crate::setup::{self, KERNEL_NAME, Lab, find_program};
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
    for (name, version) in versions(&lab)? {
        println!("{name}_version={}", version.as_str().unwrap_or_default());
    }
    if arguments.tests {
        println!("{TESTS_PYTHON}={}", setup::python_of_tests(&lab.cache)?.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Gives the versions that a result depends on.
pub fn versions(lab: &Lab) -> Result<Vec<(String, Value)>> {
    let lock = lab.workspace.root().join("Cargo.lock");
    let lock = std::fs::read_to_string(&lock)
        .with_context(|| format!("cannot read {}", lock.display()))?;
    let locked = |name| locked_version(&lock, name).unwrap_or_default();
    let python = Command::new(&lab.python)
        .args(["-I", "-c", PYTHON_VERSIONS])
        .output()
        .context("cannot start the lab's Python")?;
    let python = String::from_utf8_lossy(&python.stdout).into_owned();
    let (python, jupyterlab) = python.trim().split_once(' ').unwrap_or_default();
    Ok([
        ("backprop", locked("backprop")),
        ("evcxr", locked("evcxr")),
        ("rustc", &lab.toolchain.version),
        ("python", python),
        ("jupyterlab", jupyterlab),
    ]
    .map(|(name, version)| (name.to_owned(), version.into()))
    .into())
}

const PYTHON_VERSIONS: &str = "import platform, importlib.metadata as m; \
    print(platform.python_version(), m.version('jupyterlab'))";

/// Gives a package's version in the text of a Cargo.lock.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_files_versions_are_read() {
        let lock = "[[package]]\nname = \"evcxr_jupyter\"\nversion = \"0.1.0\"\n\n\
                    [[package]]\nname = \"evcxr\"\nversion = \"0.22.0\"\n";
        assert_eq!(locked_version(lock, "evcxr"), Some("0.22.0"));
        assert_eq!(locked_version(lock, "other"), None);
    }
}
