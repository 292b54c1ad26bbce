//! The versions that a result depends on.

use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Lab;

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
