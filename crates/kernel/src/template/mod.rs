//! Templates: folders in which evcxr has already compiled the crate, to be copied for each kernel.

mod build;
mod cached;
mod lock_versions;
pub mod prewarm;
mod snapshot;

use std::fs::{File, TryLockError};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::files;
use crate::paths::Paths;
use crate::toolchain::Toolchain;
use cached::Template;
use snapshot::Snapshot;

/// Why a kernel is not there at once.
const WHY: &str = "Preparing the kernel, once for each change of the crate or of Rust";

/// Builds the template now if it is missing, and prints its path.
pub fn prepare() -> Result<ExitCode> {
    let paths = Paths::find()?;
    let toolchain = Toolchain::of(&paths.workspace)?;
    let template = ensure(&paths, &toolchain, &|_| ())?;
    println!("{}", template.cargo.display());
    Ok(ExitCode::SUCCESS)
}

/// Gives the template for the workspace as it is now, and builds it if it is missing, after telling why
/// that takes a while.
pub fn ensure(paths: &Paths, toolchain: &Toolchain, tell: &dyn Fn(&str)) -> Result<Template> {
    let sources = Snapshot::read(&paths.workspace)?;
    let template = Template::named(&paths.cache, sources.name(toolchain));
    if !template.is_ready() {
        tell(WHY);
        let _turn = wait_for_turn(&paths.cache)?;
        if !template.is_ready() {
            eprintln!("{WHY}:");
            build::build(&template, paths, toolchain, &sources)?;
        }
    }
    template.note_use()?;
    Ok(template)
}

/// Waits until no other process prepares a template; the turn ends when the file is dropped.
fn wait_for_turn(cache: &Path) -> Result<File> {
    let path = cache.join("prepare.lock");
    files::write(&path, b"")?;
    let file = File::open(&path)?;
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(TryLockError::WouldBlock) => eprintln!("Another kernel is being prepared: waiting."),
        Err(TryLockError::Error(error)) => {
            return Err(error).with_context(|| format!("cannot lock {}", path.display()));
        }
    }
    file.lock()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_prepares_at_a_time() {
        let temporary = tempfile::tempdir().unwrap();
        let turn = wait_for_turn(temporary.path()).unwrap();
        let other = File::open(temporary.path().join("prepare.lock")).unwrap();
        assert!(matches!(other.try_lock(), Err(TryLockError::WouldBlock)));
        drop(turn);
        other.try_lock().unwrap();
    }
}
