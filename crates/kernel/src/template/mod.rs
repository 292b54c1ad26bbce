//! Templates: folders in which evcxr has already compiled the crate, to be copied for each kernel.

mod lock_versions;
pub mod prewarm;
mod snapshot;

use std::cmp::Reverse;
use std::env;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, bail};
use backprop_analysis::call;

use crate::paths::Paths;
use crate::private::{self, Private, Purpose};
use crate::toolchain::Toolchain;
use crate::{environment, files, parent};
use snapshot::Snapshot;

/// So many templates are kept, and none longer than this without use.
const KEPT: usize = 4;
const KEPT_FOR: Duration = Duration::from_secs(14 * 24 * 60 * 60);
/// A template used this recently may still be being copied.
const BEING_COPIED: Duration = Duration::from_secs(10 * 60);

/// A template that is, or is to be, in the cache.
pub struct Template {
    name: String,
    /// `<cache>/templates/<name>`: evcxr's folder, prewarmed.
    pub cargo: PathBuf,
    /// `<cache>/snapshots/<name>`: the sources that it was built from.
    pub snapshot: PathBuf,
    /// `<cache>/names/<name>`: what its kernels know of the names in its crates, once one has asked.
    pub names: PathBuf,
}

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
            template.build(paths, toolchain, &sources)?;
        }
    }
    files::write(&stamp(&template.cargo), b"")?;
    Ok(template)
}

impl Template {
    fn named(cache: &Path, name: String) -> Self {
        let (cargo, snapshot) = (templates(cache).join(&name), snapshots(cache).join(&name));
        Template { names: names(cache).join(&name), name, cargo, snapshot }
    }

    fn is_ready(&self) -> bool {
        self.cargo.is_dir() && self.snapshot.is_dir()
    }

    /// Builds in a private folder and then moves the result to its place, so that it is there as a
    /// whole or not at all.
    fn build(&self, paths: &Paths, toolchain: &Toolchain, sources: &Snapshot) -> Result<()> {
        let start = Instant::now();
        eprintln!("{WHY}:");
        toolchain.check(&paths.workspace, &paths.cache)?;
        private::remove_leftovers(&paths.cache)?;
        prune(&paths.cache, &self.name)?;
        self.write_snapshot(sources)?;

        let private = Private::create(&paths.cache, Purpose::Prepare, &self.snapshot)?;
        let cargo = private.cargo();
        self.start_from_older(&paths.cache, &cargo)?;
        files::write(&cargo.join(call::LOCK_KEPT), sources.lock_file())?;
        prewarm(&private, toolchain)?;
        keep_lock_file(&cargo, sources)?;
        remove_where(&cargo, &is_of_no_use)?;

        files::remove(&self.cargo)?;
        fs::create_dir_all(templates(&paths.cache))?;
        fs::rename(&cargo, &self.cargo)
            .with_context(|| format!("cannot put the template at {}", self.cargo.display()))?;
        private.remove()?;
        eprintln!("  done in {:.0} s", start.elapsed().as_secs_f64());
        Ok(())
    }

    fn write_snapshot(&self, sources: &Snapshot) -> Result<()> {
        if self.snapshot.is_dir() {
            return Ok(());
        }
        let partial = self.snapshot.with_extension("partial");
        files::remove(&partial)?;
        sources.write(&partial)?;
        fs::rename(&partial, &self.snapshot)
            .with_context(|| format!("cannot put the sources at {}", self.snapshot.display()))
    }

    /// Copies the newest template with the same compiler and dependencies, without the crate itself.
    fn start_from_older(&self, cache: &Path, cargo: &Path) -> Result<()> {
        let Some((base, _)) = self.name.split_once('-') else { return Ok(()) };
        let of_same_base = by_last_use(cache).into_iter().find(|name| name.starts_with(base));
        match of_same_base {
            None => Ok(fs::create_dir_all(cargo)?),
            Some(name) => {
                eprintln!("  starting from the template of an earlier version of the crate");
                files::copy_folder(&templates(cache).join(name), cargo)?;
                remove_where(cargo, &is_of_the_crate)
            }
        }
    }
}

fn templates(cache: &Path) -> PathBuf {
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
fn by_last_use(cache: &Path) -> Vec<String> {
    let mut names = files::names_in(&templates(cache));
    names.retain(|name| templates(cache).join(name).is_dir());
    names.sort_by_key(|name| Reverse(files::modified(&stamp(&templates(cache).join(name)))));
    names
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

fn prewarm(private: &Private, toolchain: &Toolchain) -> Result<()> {
    let mut command = Command::new(env::current_exe()?);
    command.arg(prewarm::ARGUMENT).stdin(Stdio::null()).stdout(Stdio::null());
    environment::for_kernel(&mut command, private, toolchain)?;
    parent::tie(&mut command);
    let status = command.status().context("cannot start the kernel's own preparation")?;
    if !status.success() {
        bail!("the kernel could not be prepared ({status}): see above");
    }
    Ok(())
}

/// Keeps the lock file that the cells were compiled with, for each kernel to start from.
fn keep_lock_file(cargo: &Path, sources: &Snapshot) -> Result<()> {
    let used = fs::read_to_string(cargo.join("Cargo.lock"))?;
    lock_versions::check(&used, &String::from_utf8_lossy(sources.lock_file()))?;
    files::write(&cargo.join(call::LOCK_KEPT), used.as_bytes())
}

/// Deletes templates that are too many or too old, and names and snapshots that nobody needs.
fn prune(cache: &Path, current: &str) -> Result<()> {
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

/// Says whether a file or folder in evcxr's folder is what a cell was compiled to, or what rustc keeps
/// to compile the crate anew, which no kernel does: a third of what each would copy.
fn is_of_no_use(name: &str) -> bool {
    name.starts_with("libcode_") || name == "incremental"
}

/// Says whether a file or folder in evcxr's folder belongs to the crate or to a cell.
fn is_of_the_crate(name: &str) -> bool {
    let name = name.strip_prefix("lib").unwrap_or(name);
    ["backprop-", "code_", "ctx-"].iter().any(|start| name.starts_with(start))
}

/// Deletes the files and folders below `folder` whose names are `unwanted`.
fn remove_where(folder: &Path, unwanted: &dyn Fn(&str) -> bool) -> Result<()> {
    for name in files::names_in(folder) {
        let path = folder.join(&name);
        if unwanted(&name) {
            files::remove(&path)?;
        } else if path.is_dir() {
            remove_where(&path, unwanted)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::FileTimes;

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

    #[test]
    fn only_the_crates_own_files_are_left_out_of_a_copy() {
        let temporary = tempfile::tempdir().unwrap();
        let deps = "target/x86_64/debug/deps";
        let own = ["libbackprop-1f.rlib", "backprop-1f.d", "libcode_1.so", "ctx-2.d"];
        let others = ["libndarray-1f.rlib", "ndarray-1f.d", "libplotters_backend-1.rlib"];
        for name in own.iter().chain(&others) {
            files::write(&temporary.path().join(deps).join(name), b"").unwrap();
        }
        files::write(&temporary.path().join("target/debug/.fingerprint/backprop-1f/x"), b"")
            .unwrap();
        remove_where(temporary.path(), &is_of_the_crate).unwrap();
        let mut expected = others;
        expected.sort();
        assert_eq!(files::names_in(&temporary.path().join(deps)), expected);
        assert_eq!(files::names_in(&temporary.path().join("target/debug/.fingerprint")), [""; 0]);
    }

    #[test]
    fn what_no_kernel_uses_is_left_out_of_a_template() {
        let temporary = tempfile::tempdir().unwrap();
        let build = temporary.path().join("target/x86_64/debug");
        for name in ["deps/libcode_1.so", "deps/libndarray-1f.rlib", "incremental/backprop-2/x"] {
            files::write(&build.join(name), b"").unwrap();
        }
        remove_where(temporary.path(), &is_of_no_use).unwrap();
        assert_eq!(files::names_in(&build), ["deps"]);
        assert_eq!(files::names_in(&build.join("deps")), ["libndarray-1f.rlib"]);
    }

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
