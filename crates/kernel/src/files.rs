//! Copying, writing and deleting of files and folders.

use std::fs::{self, File, FileTimes};
use std::io::ErrorKind;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result};

/// Reads a file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Writes a file, and the folders above it.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// Makes `link` lead to `target`.
pub fn link(target: &Path, link: &Path) -> Result<()> {
    symlink(target, link).with_context(|| format!("cannot make {}", link.display()))
}

/// Makes `link` lead to `target` unless it does, also where another process does so at the same time.
pub fn link_once(target: &Path, link: &Path) -> Result<()> {
    let leads_there = || fs::read_link(link).is_ok_and(|found| found == target);
    if leads_there() {
        return Ok(());
    }
    if let Some(folder) = link.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    remove(link)?;
    match symlink(target, link) {
        Err(error) if !leads_there() => {
            Err(error).with_context(|| format!("cannot make {}", link.display()))
        }
        _ => Ok(()),
    }
}

/// Copies a folder with all that is in it, and with the times of its files.
///
/// Cargo compares those times: a copy with new ones would be built anew.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    copy_or_link(from, to, &|_| false)
}

/// Makes a copy that shares what is compiled: a link leads to it, since nothing writes it anew.
pub fn share_folder(from: &Path, to: &Path) -> Result<()> {
    let is_compiled = |path: &Path| {
        path.extension()
            .is_some_and(|end| ["rlib", "rmeta", "so", "dylib"].iter().any(|one| end == *one))
    };
    copy_or_link(&from.canonicalize()?, to, &is_compiled)
}

fn copy_or_link(from: &Path, to: &Path, is_shared: &dyn Fn(&Path) -> bool) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot make the folder {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let (source, copy) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy_or_link(&source, &copy, is_shared)?;
            continue;
        }
        if is_shared(&source) {
            link(&source, &copy)?;
            continue;
        }
        let copying = || format!("cannot copy {} to {}", source.display(), copy.display());
        fs::copy(&source, &copy).with_context(copying)?;
        let times = FileTimes::new().set_modified(entry.metadata()?.modified()?);
        File::options().write(true).open(&copy)?.set_times(times).with_context(copying)?;
    }
    Ok(())
}

/// Deletes a file or folder; there may be none.
pub fn remove(path: &Path) -> Result<()> {
    let result = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => Ok(()),
    };
    match result {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// Gives the time of the last change, or the beginning of time where there is no such file.
pub fn modified(path: &Path) -> SystemTime {
    fs::metadata(path).and_then(|found| found.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
}

/// Gives the names in a folder, sorted; none where there is no such folder.
pub fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_copy_has_the_same_contents_and_times() {
        let temporary = tempfile::tempdir().unwrap();
        let (from, to) = (temporary.path().join("a"), temporary.path().join("b"));
        write(&from.join("deep/file"), b"contents").unwrap();
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let file = File::options().write(true).open(from.join("deep/file")).unwrap();
        file.set_times(FileTimes::new().set_modified(time)).unwrap();

        copy_folder(&from, &to).unwrap();
        assert_eq!(fs::read(to.join("deep/file")).unwrap(), b"contents");
        assert_eq!(modified(&to.join("deep/file")), time);
    }

    #[test]
    fn what_is_compiled_is_shared() {
        let temporary = tempfile::tempdir().unwrap();
        let (from, to) = (temporary.path().join("a"), temporary.path().join("b"));
        write(&from.join("deps/liba.rlib"), b"compiled").unwrap();
        write(&from.join("deps/a.d"), b"text").unwrap();
        share_folder(&from, &to).unwrap();
        assert!(fs::symlink_metadata(to.join("deps/liba.rlib")).unwrap().is_symlink());
        assert_eq!(fs::read(to.join("deps/liba.rlib")).unwrap(), b"compiled");
        assert!(fs::symlink_metadata(to.join("deps/a.d")).unwrap().is_file());
        remove(&to).unwrap();
        assert_eq!(fs::read(from.join("deps/liba.rlib")).unwrap(), b"compiled");
    }

    #[test]
    fn a_link_is_made_once_and_anew_where_the_cache_has_moved() {
        let temporary = tempfile::tempdir().unwrap();
        let link = temporary.path().join("bin/cargo");
        for target in ["/old/kernel", "/new/kernel", "/new/kernel"] {
            link_once(Path::new(target), &link).unwrap();
            assert_eq!(fs::read_link(&link).unwrap(), Path::new(target));
        }
    }

    #[test]
    fn removing_is_content_with_nothing_there() {
        let temporary = tempfile::tempdir().unwrap();
        let path = temporary.path().join("a");
        remove(&path).unwrap();
        write(&path.join("b/c"), b"").unwrap();
        remove(&path).unwrap();
        assert_eq!(names_in(temporary.path()), [] as [&str; 0]);
    }
}
