//! How a file is written that others may look for meanwhile.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Writes a file whole or not at all: to a temporary file beside it, which is then renamed.
///
/// # Errors
/// Where it cannot be written; what it held before is kept.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write(path, bytes, None)
}

/// Writes a file as [`write_whole`] does, with these permissions, whatever the umask takes from others.
///
/// # Errors
/// Where it cannot be written; what it held before is kept.
pub fn write_whole_with_mode(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    write(path, bytes, Some(mode))
}

fn write(path: &Path, bytes: &[u8], mode: Option<u32>) -> io::Result<()> {
    let (mut file, partial) = create_beside(path, mode)?;
    let mut fill = || {
        file.write_all(bytes)?;
        if let Some(mode) = mode {
            file.set_permissions(Permissions::from_mode(mode))?;
        }
        file.sync_all()?;
        fs::rename(&partial, path)
    };
    fill().inspect_err(|_| drop(fs::remove_file(&partial)))
}

/// Makes a file beside `path` that nobody else writes, in this process or another. It is made with its mode:
/// nobody who may not read it at the end can open it before.
fn create_beside(path: &Path, mode: Option<u32>) -> io::Result<(File, PathBuf)> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    if let Some(mode) = mode {
        options.mode(mode);
    }
    let mut number = 0;
    loop {
        // A name of its own: one longer than the file's might be too long.
        let partial = path.with_file_name(format!(".{}.{number}.partial", std::process::id()));
        match options.open(&partial) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
            opened => return opened.map(|file| (file, partial)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::env;
    use std::thread;

    /// A folder of its own for a test, removed at the end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Folder {
            let path = env::temp_dir().join(format!("write-whole-{name}-{}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Folder(path)
        }

        fn count(&self) -> usize {
            fs::read_dir(&self.0).unwrap().count()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            drop(fs::remove_dir_all(&self.0));
        }
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_file_is_replaced_with_its_mode_and_nothing_else_is_left() {
        let folder = Folder::new("mode");
        let path = folder.0.join("page.html");
        write_whole(&path, b"old").unwrap();
        write_whole_with_mode(&path, b"new", 0o606).unwrap();
        assert_eq!((fs::read(&path).unwrap().as_slice(), mode(&path)), (&b"new"[..], 0o606));
        write_whole_with_mode(&path, b"secret", 0o600).unwrap();
        assert_eq!((mode(&path), folder.count()), (0o600, 1));
    }

    #[test]
    fn threads_that_write_one_file_leave_what_one_of_them_wrote() {
        let folder = Folder::new("threads");
        let path = folder.0.join("a.json");
        let texts: Vec<String> = (0..8).map(|i| i.to_string().repeat(100_000)).collect();
        thread::scope(|scope| {
            for text in &texts {
                scope.spawn(|| write_whole(&path, text.as_bytes()).unwrap());
            }
        });
        let found = fs::read_to_string(&path).unwrap();
        assert!(texts.contains(&found) && folder.count() == 1);
    }

    #[test]
    fn a_name_may_be_as_long_as_names_may_be() {
        let folder = Folder::new("long");
        let path = folder.0.join("a".repeat(255));
        write_whole(&path, b"whole").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"whole");
    }

    #[test]
    fn what_an_ended_process_left_stands_in_nobodys_way() {
        let folder = Folder::new("left");
        let path = folder.0.join("a.json");
        let left = folder.0.join(format!(".{}.0.partial", std::process::id()));
        fs::write(&left, "half").unwrap();
        write_whole(&path, b"whole").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"whole");
    }

    #[test]
    fn a_file_that_cannot_be_written_keeps_what_it_held() {
        let folder = Folder::new("kept");
        let path = folder.0.join("is-a-folder");
        fs::create_dir(&path).unwrap();
        fs::write(path.join("kept"), "kept").unwrap();
        assert!(write_whole(&path, b"new").is_err());
        assert_eq!(
            (fs::read(path.join("kept")).unwrap().as_slice(), folder.count()),
            (&b"kept"[..], 1)
        );
    }
}
