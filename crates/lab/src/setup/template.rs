//! The prewarmed template that the kernel starts from, made by the kernel itself.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use backprop_protocol::variable;
use backprop_report::files;

use super::cost;
use super::steps::{Place, Steps};
use crate::cache::Cache;
use crate::workspace::Workspace;

/// What the step is called.
pub const NAME: &str = "the kernel's template";

/// Says whether there is none yet, so that one is made whatever else is there.
pub fn is_first(cache: &Cache) -> bool {
    files::list(&cache.root().join("templates")).map_or(true, |found| found.is_empty())
}

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
        .env(variable::CACHE, cache.root())
        .env(variable::WORKSPACE, workspace.root())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", kernel.display()))?;

    // The kernel keeps silent while there is nothing to do; its first line begins the step.
    let stderr = child.stderr.take().context("the kernel's stderr is piped")?;
    let mut begun: Option<(Place, Instant)> = None;
    for line in BufReader::new(stderr).lines() {
        begun.get_or_insert_with(|| {
            let step =
                steps.place_of(NAME).unwrap_or_else(|| steps.announce(NAME, cost::TEMPLATE_ANEW));
            (step, steps.begin(step))
        });
        eprintln!("  {}", line?);
    }
    let output = child.wait_with_output()?;
    if let Some((step, begun)) = begun {
        steps.end(step, begun, output.status.success());
    }
    if !output.status.success() {
        bail!("the kernel could not make its template; what it said stands above");
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().into())
}
