//! The user's cache: one folder, shared by all checkouts, that may be deleted at any time.

use std::env;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use backprop_protocol::folders;

/// The folder of the cache.
#[derive(Clone, Debug)]
pub struct Cache {
    root: PathBuf,
}

impl Cache {
    /// Opens the cache where [`folders::cache`] says, making its folder if need be.
    pub fn open() -> Result<Cache> {
        let root = folders::cache(|name| env::var_os(name))
            .context("no place for the cache: set HOME or BACKPROP_CACHE")?;
        fs::create_dir_all(&root)
            .and_then(|()| root.canonicalize())
            .map(|root| Cache { root })
            .with_context(|| format!("cannot make the cache folder {}", root.display()))
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Waits until no other `cargo lab` sets up, then keeps others out for as long as the returned
    /// file lives. The system frees the lock of a process that ends, however it ends.
    pub fn lock(&self) -> Result<File> {
        let path = self.root.join("setup.lock");
        let open = || File::options().create(true).append(true).open(&path);
        let file = open().with_context(|| format!("cannot open {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => {
                eprintln!("Another `cargo lab` is setting up in {}: waiting.", self.root.display());
            }
            Err(TryLockError::Error(_)) => {} // the waiting lock below tells what is wrong
        }
        file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_second_waits_for_the_first() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let cache = Cache { root: folder.path().to_path_buf() };
        let first = cache.lock()?;
        let (sender, receiver) = mpsc::channel();
        let second = {
            let cache = cache.clone();
            thread::spawn(move || {
                let lock = cache.lock();
                sender.send(()).expect("the test waits for this");
                lock.map(drop)
            })
        };
        assert!(receiver.recv_timeout(Duration::from_millis(200)).is_err(), "it did not wait");
        drop(first);
        receiver.recv_timeout(Duration::from_secs(10)).context("it waits for ever")?;
        second.join().expect("the thread does not panic")
    }
}
