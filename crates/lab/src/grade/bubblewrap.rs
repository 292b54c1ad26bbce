//! The arguments of bubblewrap: what a box separates, shows and lets be written.

use std::path::{Path, PathBuf};

/// bwrap's arguments. It makes the folders above a mount for root alone, so they are made before.
pub struct Arguments {
    list: Vec<String>,
    cache: PathBuf,
    made: Vec<PathBuf>,
}

impl Arguments {
    pub fn new(cache: &Path) -> Arguments {
        Arguments { list: Vec::new(), cache: cache.to_path_buf(), made: Vec::new() }
    }

    pub fn add(&mut self, arguments: &[&str]) {
        self.list.extend(arguments.iter().map(|&argument| argument.to_owned()));
    }

    /// Shows the system, read-only.
    pub fn system(&mut self) {
        self.read_only("/usr", "/usr");
        for name in ["bin", "sbin", "lib", "lib32", "lib64"] {
            let link = Path::new("/").join(name);
            if link.is_symlink() {
                self.add(&["--symlink", &format!("usr/{name}"), &text(&link)]);
            } else if link.is_dir() {
                self.read_only(&text(&link), &text(&link));
            }
        }
        // `cc` is a link through the first; programs find their libraries by the second.
        for path in ["/etc/alternatives", "/etc/ld.so.cache"] {
            if Path::new(path).exists() {
                self.read_only(path, path);
            }
        }
        self.add(&["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]);
    }

    pub fn read_only(&mut self, from: &str, to: &str) {
        self.make_above(to);
        self.add(&["--ro-bind", from, to]);
    }

    pub fn as_it_is(&mut self, path: &Path) {
        self.read_only(&text(path), &text(path));
    }

    /// Mounts an empty folder in memory, of so many bytes, for everyone to write to.
    pub fn temporary(&mut self, path: &str, size: u64) {
        self.make_above(path);
        self.add(&["--perms", "1777", "--size", &size.to_string(), "--tmpfs", path]);
    }

    fn make_above(&mut self, path: &str) {
        let above: Vec<&Path> = Path::new(path).ancestors().skip(1).collect();
        for folder in above.into_iter().rev().filter(|folder| folder.parent().is_some()) {
            let is_made = self.made.iter().any(|made| made == folder);
            if !is_made && !folder.starts_with(&self.cache) {
                self.add(&["--perms", "0755", "--dir", &text(folder)]);
                self.made.push(folder.to_path_buf());
            }
        }
    }

    pub fn finish(self) -> Vec<String> {
        self.list
    }
}

/// Gives a path as an argument.
pub fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
