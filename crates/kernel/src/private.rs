//! A kernel's private folder: its own copy of the template, deleted when it ends.
//!
//! evcxr canonicalises a relative path in `:dep backprop = { path = "../crates/backprop" }` against the
//! folder that the kernel runs in. That folder is `home/notebooks` in here, and `home/crates/backprop`
//! leads to the snapshot that the template was built from: such a cell has nothing to do. Cells run in
//! the notebook's own folder all the same (see [`crate::environment`]).

use std::env;
use std::fs::{self, DirBuilder, File, TryLockError};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use rustix::process::{Pid, test_kill_process};

use crate::files;
use crate::startup::{self, CARGO_CONFIG, PRELUDE};

/// Names the private folder of this kernel; set for all that the proxy starts.
pub const VARIABLE: &str = "BACKPROP_KERNEL_PRIVATE";
/// The link to the crate in the snapshot: from the folder that the kernel runs in, [`startup::init`] finds it.
const SNAPSHOT: &str = "home/crates/backprop";

/// What a private folder is for; a part of its name.
#[derive(Clone, Copy)]
pub enum Purpose {
    Kernel,
    Prepare,
}

/// A private folder, `<cache>/kernels/<purpose>-<time>-<process id>`.
pub struct Private {
    path: PathBuf,
    /// Held for as long as the process lives, also where it is killed.
    _lock: File,
}

impl Private {
    /// Makes this process's folder; its `cargo` folder is still missing.
    pub fn create(cache: &Path, purpose: Purpose, snapshot: &Path) -> Result<Self> {
        let purpose = match purpose {
            Purpose::Kernel => "kernel",
            Purpose::Prepare => "prepare",
        };
        // The time keeps two machines with one home folder apart.
        let time = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
        let path = kernels(cache).join(format!("{purpose}-{time:x}-{}", process::id()));
        fs::create_dir_all(kernels(cache))?;
        // Its sockets obey whoever can reach them.
        DirBuilder::new().mode(0o700).create(&path)?;
        files::write(&path.join("config/init.evcxr"), startup::init().as_bytes())?;
        files::write(&path.join("config/prelude.rs"), PRELUDE.as_bytes())?;
        files::write(&path.join(".cargo/config.toml"), CARGO_CONFIG.as_bytes())?;
        let private = Private { _lock: lock(&path)?, path };
        fs::create_dir_all(private.notebooks())?;
        files::link_once(&snapshot.join("crates/backprop"), &private.path.join(SNAPSHOT))?;
        Ok(private)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder in which evcxr builds.
    pub fn cargo(&self) -> PathBuf {
        self.path.join("cargo")
    }

    /// The folder of the start-up files.
    pub fn config(&self) -> PathBuf {
        self.path.join("config")
    }

    /// The folder in which the kernel runs.
    pub fn notebooks(&self) -> PathBuf {
        self.path.join("home/notebooks")
    }

    /// The file that is there while the running cell is asked to stop.
    pub fn interrupt(&self) -> PathBuf {
        self.path.join("interrupt")
    }

    /// Deletes the folder.
    pub fn remove(self) -> Result<()> {
        files::remove(&self.path)
    }
}

/// Gives the private folder of the kernel that this process belongs to, if it has one.
pub fn of_this_kernel() -> Option<PathBuf> {
    env::var_os(VARIABLE).map(PathBuf::from)
}

/// Gives the crate, in its snapshot, that the kernel of a private folder uses.
pub fn crate_of(private: &Path) -> Option<PathBuf> {
    private.join(SNAPSHOT).canonicalize().ok()
}

fn kernels(cache: &Path) -> PathBuf {
    cache.join("kernels")
}

fn lock(private: &Path) -> Result<File> {
    let path = private.join("lock");
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
    Ok(file)
}

/// Deletes the folders of processes that ended without doing so.
pub fn remove_leftovers(cache: &Path) -> Result<()> {
    for name in files::names_in(&kernels(cache)) {
        let path = kernels(cache).join(&name);
        if !is_in_use(&path, &name) {
            files::remove(&path)?;
        }
    }
    Ok(())
}

/// Gives the snapshots that living kernels use.
pub fn snapshots_in_use(cache: &Path) -> Vec<PathBuf> {
    files::names_in(&kernels(cache))
        .iter()
        .filter_map(|name| crate_of(&kernels(cache).join(name)))
        .filter_map(|krate| Some(krate.parent()?.parent()?.to_owned()))
        .collect()
}

/// Says whether a folder's process lives: it holds the lock, or has not come to that yet.
fn is_in_use(path: &Path, name: &str) -> bool {
    let locked = File::open(path.join("lock"))
        .is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock)));
    locked
        || owner(name).is_some_and(|owner| test_kill_process(owner) != Err(rustix::io::Errno::SRCH))
}

fn owner(name: &str) -> Option<Pid> {
    Pid::from_raw(name.rsplit_once('-')?.1.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_folders_of_dead_processes_are_left_over() {
        let temporary = tempfile::tempdir().unwrap();
        let cache = temporary.path();
        let mut dead = process::Command::new("true").spawn().unwrap();
        dead.wait().unwrap();
        let own = Private::create(cache, Purpose::Kernel, &cache.join("snapshot")).unwrap();
        let own_name = own.path().file_name().unwrap().to_str().unwrap().to_owned();
        let dead_name = format!("kernel-0-{}", dead.id());
        files::write(&kernels(cache).join(&dead_name).join("cargo/file"), b"").unwrap();
        // Locked by another process, as seen from here: one whose number means nothing to us.
        let held = kernels(cache).join("kernel-elsewhere-x");
        fs::create_dir_all(&held).unwrap();
        let lock = lock(&held).unwrap();

        remove_leftovers(cache).unwrap();
        assert_eq!(files::names_in(&kernels(cache)), [own_name.as_str(), "kernel-elsewhere-x"]);

        drop(lock);
        own.remove().unwrap();
        remove_leftovers(cache).unwrap();
        assert_eq!(files::names_in(&kernels(cache)), [] as [&str; 0]);
    }

    #[test]
    fn the_dep_of_a_notebook_leads_to_the_snapshot() {
        let temporary = tempfile::tempdir().unwrap();
        let cache = temporary.path().canonicalize().unwrap();
        let snapshot = cache.join("snapshots/one");
        fs::create_dir_all(snapshot.join("crates/backprop")).unwrap();
        let private = Private::create(&cache, Purpose::Kernel, &snapshot).unwrap();

        let dep = private.notebooks().join("../crates/backprop").canonicalize().unwrap();
        assert_eq!(dep, snapshot.join("crates/backprop"));
        assert_eq!(snapshots_in_use(&cache), [snapshot]);
    }
}
