//! Ties a process's life to that of the process which started it.
//!
//! A kernel may be killed at any time, and a cell in an endless loop reads no closed pipe.

use std::env;
use std::os::unix::process::parent_id;
use std::process::{self, Command};
use std::time::Duration;

use anyhow::Result;
use rustix::process::{Pid, WaitOptions, waitpgid};

/// The process id of the one that has started this process.
const PARENT: &str = "BACKPROP_KERNEL_PARENT";

/// Ties the life of `command`'s process to this one's.
pub fn tie(command: &mut Command) {
    command.env(PARENT, process::id().to_string());
}

/// Says whether this very process is tied to its parent, and not just one above it.
pub fn is_tied() -> bool {
    env::var(PARENT).is_ok_and(|parent| parent == parent_id().to_string())
}

/// Ends this process when its parent dies, and at once if that has happened already.
pub fn die_with_it() -> Result<()> {
    die_with_the_parent()?;
    if !is_tied() {
        process::exit(1);
    }
    Ok(())
}

/// Waits until the front end that has started this kernel is gone; one that says that the kernel is to
/// outlive it, or says nothing, is not waited for.
pub async fn orphaned() {
    let parent = parent_id();
    if env::var("JPY_PARENT_PID").is_ok_and(|named| named == parent.to_string()) {
        while parent_id() == parent {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    } else {
        std::future::pending().await
    }
}

/// Makes this process the parent of all whose parents die below it, so that [`reap`] knows them.
pub fn adopt_orphans() -> Result<()> {
    #[cfg(target_os = "linux")]
    rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?;
    Ok(())
}

/// Waits for the ends of the adopted processes of a group that was killed.
pub fn reap(group: Pid) {
    while waitpgid(group, WaitOptions::empty()).is_ok() {}
}

#[cfg(target_os = "linux")]
fn die_with_the_parent() -> Result<()> {
    use rustix::process::{Signal, set_parent_process_death_signal};
    Ok(set_parent_process_death_signal(Some(Signal::KILL))?)
}

/// Watches for the parent's death, on systems that cannot announce it.
#[cfg(not(target_os = "linux"))]
fn die_with_the_parent() -> Result<()> {
    use std::thread;
    let parent = parent_id();
    thread::Builder::new().name("parent".into()).spawn(move || {
        while parent_id() == parent {
            thread::sleep(Duration::from_millis(200));
        }
        process::abort();
    })?;
    Ok(())
}
