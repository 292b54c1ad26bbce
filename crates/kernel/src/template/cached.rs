//! Templates in the cache: where each lies with its sources and names, and which of them stay.

use std::cmp::Reverse;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Result;

use crate::files;
use crate::private;

/// So many templates are kept, and none longer than this without use.
const KEPT: usize = 4;
const KEPT_FOR: Duration = Duration::from_secs(14 * 24 * 60 * 60);
/// A template used this recently may still be being copied.
const BEING_COPIED: Duration = Duration::from_secs(10 * 60);

/// A template that is, or is to be, in the cache.
pub struct Template {
    pub name: String,
    /// `<cache>/templates/<name>`: evcxr's folder, prewarmed.
    pub cargo: PathBuf,
    /// `<cache>/snapshots/<name>`: the sources that it was built from.
    pub snapshot: PathBuf,
    /// `<cache>/names/<name>`: what its kernels know of the names in its crates, once one has asked.
    pub names: PathBuf,
}

impl Template {
    pub fn named(cache: &Path, name: String) -> Self {
        let (cargo, snapshot) = (templates(cache).join(&name), snapshots(cache).join(&name));
        Template { names: names(cache).join(&name), name, cargo, snapshot }
    }

    pub fn is_ready(&self) -> bool {
        self.cargo.is_dir() && self.snapshot.is_dir()
    }

    /// Notes that the template is used now.
    pub fn note_use(&self) -> Result<()> {
        files::write(&stamp(&self.cargo), b"")
    }
}

pub fn templates(cache: &Path) -> PathBuf {
    cache.join("templates")
}

fn snapshots(cache: &Path) -> PathBuf {
    cache.join("snapshots")
}

fn names(cache: &Path) -> PathBuf {
    cache.join("names")
}

/// The file whose time of change is the template's last use.
fn stamp(template: &Path) -> PathBuf {
    template.with_extension("used")
}

/// Gives the names of all templates, the last used first.
pub fn by_last_use(cache: &Path) -> Vec<String> {
    let mut names = files::names_in(&templates(cache));
    names.retain(|name| templates(cache).join(name).is_dir());
    names.sort_by_key(|name| Reverse(files::modified(&stamp(&templates(cache).join(name)))));
    names
}

/// Deletes templates that are too many or too old, and names and snapshots that nobody needs.
pub fn prune(cache: &Path, current: &str) -> Result<()> {
    let unused_for =
        |path: &Path| SystemTime::now().duration_since(files::modified(path)).unwrap_or_default();
    let in_use = private::snapshots_in_use(cache);
    let is_in_use = |name: &str| {
        snapshots(cache).join(name).canonicalize().is_ok_and(|snapshot| in_use.contains(&snapshot))
    };
    for (place, name) in by_last_use(cache).into_iter().enumerate() {
        let template = templates(cache).join(&name);
        let unused = unused_for(&stamp(&template));
        let is_surplus = place >= KEPT && unused > BEING_COPIED;
        if name != current && !is_in_use(&name) && (is_surplus || unused > KEPT_FOR) {
            files::remove(&template)?;
            files::remove(&stamp(&template))?;
        }
    }
    for name in files::names_in(&names(cache)) {
        if name != current && !templates(cache).join(&name).is_dir() {
            files::remove(&names(cache).join(&name))?;
        }
    }
    for name in files::names_in(&snapshots(cache)) {
        let is_needed = name == current || templates(cache).join(&name).is_dir();
        if !is_needed && !is_in_use(&name) {
            files::remove(&snapshots(cache).join(&name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::private::{Private, Purpose};
    use std::fs::{File, FileTimes};

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    /// Puts a template into the cache that was last used `age` ago.
    fn template(cache: &Path, name: &str, age: Duration) {
        files::write(&templates(cache).join(name).join("Cargo.toml"), b"").unwrap();
        files::write(&snapshots(cache).join(name).join("crates/backprop/Cargo.toml"), b"").unwrap();
        files::write(&names(cache).join(name).join("backprop.tsv"), b"").unwrap();
        let stamp = stamp(&templates(cache).join(name));
        files::write(&stamp, b"").unwrap();
        let times = FileTimes::new().set_modified(SystemTime::now() - age);
        File::options().write(true).open(stamp).unwrap().set_times(times).unwrap();
    }

    fn left(cache: &Path) -> (Vec<String>, Vec<String>) {
        let mut kept = by_last_use(cache);
        kept.sort();
        (kept, files::names_in(&snapshots(cache)))
    }

    #[test]
    fn what_is_old_or_too_much_goes_and_what_is_used_stays() {
        let temporary = tempfile::tempdir().unwrap();
        let cache = temporary.path();
        for (name, days) in [("a", 0), ("b", 1), ("c", 2), ("d", 3), ("e", 4), ("old", 15)] {
            template(cache, name, days * DAY);
        }
        prune(cache, "new").unwrap();
        let expected: Vec<String> = ["a", "b", "c", "d"].map(str::to_owned).into();
        assert_eq!(left(cache), (expected.clone(), expected.clone()));
        assert_eq!(files::names_in(&names(cache)), expected);

        template(cache, "d", 20 * DAY);
        let kernel = Private::create(cache, Purpose::Kernel, &snapshots(cache).join("d")).unwrap();
        prune(cache, "new").unwrap();
        let (kept, sources) = left(cache);
        assert_eq!(kept, ["a", "b", "c", "d"], "what a living kernel has compiled stays");
        assert_eq!(sources, ["a", "b", "c", "d"]);

        kernel.remove().unwrap();
        prune(cache, "new").unwrap();
        assert_eq!(left(cache).1, ["a", "b", "c"]);
    }

    #[test]
    fn a_template_that_may_be_being_copied_stays() {
        let temporary = tempfile::tempdir().unwrap();
        let cache = temporary.path();
        let names = ["a", "b", "c", "d", "e", "f"];
        names.iter().for_each(|name| template(cache, name, Duration::from_secs(60)));
        prune(cache, "new").unwrap();
        assert_eq!(left(cache).0, names);
    }
}
