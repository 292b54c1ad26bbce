//! Files that are there entirely or not at all, and keys made from what files hold.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use backprop_protocol::files::write_whole_with_mode;
use backprop_protocol::foreign;
use sha2::{Digest, Sha256};

pub use backprop_protocol::folders::find_program;

/// Writes a file whole or not at all, and the folders above it.
pub fn write_whole(path: &Path, content: &[u8], mode: u32) -> Result<()> {
    let folder = path.parent().context("a file's path has a folder")?;
    fs::create_dir_all(folder)
        .and_then(|()| write_whole_with_mode(path, content, mode))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Gives what a folder holds, in the order of the names.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let list = || -> std::io::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder)? {
            found.push(entry?.path());
        }
        found.sort();
        Ok(found)
    };
    list().with_context(|| format!("cannot list {}", folder.display()))
}

/// Gives what people put into a folder, in the order of the names: without what systems and programs
/// leave there, such as `.ipynb_checkpoints` and `.DS_Store`.
pub fn list_own(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = list(folder)?;
    found.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        !foreign::is_foreign(&name)
    });
    Ok(found)
}

/// Gives the SHA-256 of some content, in hexadecimal digits.
pub fn sha256(content: &[u8]) -> String {
    hex(&Sha256::digest(content))
}

/// A short name for a state of things: the same parts in the same order give the same key.
#[derive(Default)]
pub struct Key {
    hash: Sha256,
}

impl Key {
    /// Adds a part; its length goes in too, so that no two lists of parts run together.
    pub fn with(mut self, part: &[u8]) -> Key {
        self.hash.update((part.len() as u64).to_le_bytes());
        self.hash.update(part);
        self
    }

    /// Adds a file, or every file of a folder with its path below that folder.
    pub fn with_path(mut self, path: &Path) -> Result<Key> {
        let mut found = Vec::new();
        collect(path, &mut found)?;
        found.sort();
        for file in found {
            let name = file.strip_prefix(path).unwrap_or(&file);
            let content =
                fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            self = self.with(name.as_os_str().as_encoded_bytes()).with(&content);
        }
        Ok(self)
    }

    /// Gives the key: 16 hexadecimal digits.
    pub fn finish(self) -> String {
        hex(&self.hash.finalize()[..8])
    }
}

/// Gives bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn collect(path: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_dir() {
        let entries =
            fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))?;
        for entry in entries {
            collect(&entry?.path(), found)?;
        }
    } else {
        found.push(path.to_path_buf());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_key_tells_where_one_part_ends() {
        let key = |parts: &[&[u8]]| {
            parts.iter().fold(Key::default(), |key, part| key.with(part)).finish()
        };
        assert_eq!(key(&[b"ab", b"c"]), key(&[b"ab", b"c"]));
        assert_ne!(key(&[b"ab", b"c"]), key(&[b"a", b"bc"]));
    }

    #[test]
    fn a_key_follows_the_names_and_contents_of_a_folder() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let key = || Key::default().with_path(folder.path()).map(Key::finish);
        fs::write(folder.path().join("a"), "1")?;
        let first = key()?;
        fs::write(folder.path().join("a"), "2")?;
        let edited = key()?;
        fs::rename(folder.path().join("a"), folder.path().join("b"))?;
        let renamed = key()?;
        assert!(first != edited && edited != renamed && first != renamed);
        Ok(())
    }

    #[test]
    fn writing_replaces_the_file_and_leaves_nothing_else() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("page.html");
        write_whole(&path, b"old", 0o644)?;
        write_whole(&path, b"new", 0o644)?;
        assert_eq!(fs::read_to_string(&path)?, "new");
        assert_eq!(fs::metadata(&path)?.permissions().mode() & 0o777, 0o644);
        assert_eq!(fs::read_dir(folder.path())?.count(), 1);
        Ok(())
    }
}
