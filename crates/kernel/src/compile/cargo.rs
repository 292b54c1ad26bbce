//! cargo, for evcxr: where a cell is compiled as the one before was, rustc is called as cargo called it then.
//!
//! To find that nothing but the cell has changed, cargo takes .1 s of a cell's .3 s. Whatever else evcxr asks
//! of cargo goes to the true one.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use backprop_analysis::call::Call;
use serde_json::json;

use super::diagnostics::{self, Line, is_diagnostic};
use super::rustc;
use crate::{files, private};

/// The true cargo.
pub const TRUE: &str = "BACKPROP_KERNEL_CARGO";
/// cargo's exit code where something does not compile.
const FAILED: u8 = 101;

/// Compiles a cell, or becomes cargo.
pub fn run() -> Result<ExitCode> {
    if let Some(call) = call_to_repeat() {
        return repeat(&call);
    }
    let cargo = env::var_os(TRUE).context("which cargo? The kernel names it")?;
    let error = Command::new(&cargo).args(env::args_os().skip(1)).exec();
    Err(error).with_context(|| format!("cannot start {}", Path::new(&cargo).display()))
}

/// Gives the call of rustc that cargo would make again.
fn call_to_repeat() -> Option<Call> {
    let private = private::of_this_kernel()?;
    if env::args().nth(1).as_deref() != Some("build") {
        return None;
    }
    let call = Call::read_if_current(&env::current_dir().ok()?)?;
    let snapshot = private::crate_of(&private)?;
    has_only_crates_that_stay(call.manifest(), &snapshot).then_some(call)
}

/// Says whether no crate can have changed: a folder of the student's own may have.
fn has_only_crates_that_stay(manifest: &str, snapshot: &Path) -> bool {
    let own = format!("path = \"{}\"", snapshot.display());
    let (_, dependencies) = manifest.split_once("[dependencies]").unwrap_or_default();
    dependencies.lines().all(|line| !line.contains("path") || line.contains(&own))
}

/// Compiles the cell and tells evcxr of it as cargo does.
fn repeat(call: &Call) -> Result<ExitCode> {
    let name = format!("{}ctx{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    let built = call.out_folder().context("rustc is told of no folder")?.join(&name);
    let place = built.ancestors().nth(2).context("a folder of cargo's has one above")?.join(&name);
    // It may be the file of a cell that is loaded.
    files::remove(&built)?;
    let mut arguments = call.arguments().to_vec();
    rustc::trim_cell(call.rustc(), &mut arguments)?;
    let status = diagnostics::run(call.command().args(arguments), tell)?;
    if !status.success() {
        return Ok(ExitCode::from(FAILED));
    }
    fs::rename(&built, &place)
        .with_context(|| format!("rustc left no {}, or it cannot be moved", built.display()))?;
    let artifact = json!({
        "reason": "compiler-artifact", "target": { "name": "ctx" }, "filenames": [place],
    });
    writeln!(io::stdout(), "{artifact}").context("evcxr has ended")?;
    Ok(ExitCode::SUCCESS)
}

/// Passes on what rustc says as cargo does.
fn tell(line: Line) -> Result<()> {
    match line {
        Line::Message(message) if is_diagnostic(&message) => {
            let message = json!({ "reason": "compiler-message", "message": message });
            writeln!(io::stdout(), "{message}").context("evcxr has ended")?;
        }
        Line::Message(_) => {}
        Line::Text(text) => eprintln!("{text}"),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_in_a_folder_of_the_students_own_may_change() {
        let manifest = |more: &str| {
            format!(
                "[lib]\npath = \"src/lib.rs\"\n[dependencies]\n\
                 backprop = {{ path = \"/cache/snapshots/1/crates/backprop\" }}\n{more}"
            )
        };
        let stays = |more| {
            let snapshot = Path::new("/cache/snapshots/1/crates/backprop");
            has_only_crates_that_stay(&manifest(more), snapshot)
        };
        assert!(stays(""));
        assert!(stays("itertools = \"0.14\"\n"));
        assert!(!stays("lengths = { path = \"/home/ada/lengths\" }\n"));
    }
}
