//! Taking turns at a results file, so that two notebooks that want the same sweep train it once.

use crate::error::Error;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// The right to add to a results file; it ends when this is dropped, or when its process ends.
pub(super) struct Turn {
    _locked: File,
}

impl Turn {
    /// Takes the turn, if nobody else has it.
    pub(super) fn take(results: &Path) -> Result<Option<Turn>, Error> {
        let path = lock_of(results);
        let file = File::create(&path).map_err(Error::file(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Turn { _locked: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(Error::file(&path)(error)),
        }
    }
}

/// A hidden file beside the results: these are replaced as a whole, and a lock would go with them.
fn lock_of(results: &Path) -> PathBuf {
    let name = results.file_name().unwrap_or_default().to_string_lossy();
    results.with_file_name(format!(".{name}.lock"))
}
