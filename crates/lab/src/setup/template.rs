//! The prewarmed template that the kernel starts from, made by the kernel itself.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use super::steps::Steps;
use crate::cache::Cache;
use crate::workspace::Workspace;

/// Has the kernel make its template, which it does only if rustc, the lock file or the sources of
/// the crate are not those of the last one; gives where it lies.
pub fn prepare(
    kernel: &Path,
    workspace: &Workspace,
    cache: &Cache,
    steps: &mut Steps,
) -> Result<PathBuf> {
    let mut child = Command::new(kernel)
        .arg("prepare")
        .current_dir(workspace.root())
        .env("BACKPROP_CACHE", cache.root())
        .env("BACKPROP_WORKSPACE", workspace.root())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", kernel.display()))?;

    // The kernel keeps silent while there is nothing to do; its first line begins the step.
    let stderr = child.stderr.take().context("the kernel's stderr is piped")?;
    let mut begun: Option<Instant> = None;
    for line in BufReader::new(stderr).lines() {
        begun.get_or_insert_with(|| {
            if !steps.has_announced_more() {
                steps.announce("the kernel's template", "the crate has changed: about a minute");
            }
            steps.begin()
        });
        eprintln!("  {}", line?);
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("the kernel could not make its template; what it said stands above");
    }
    if let Some(begun) = begun {
        steps.end(begun);
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().into())
}
