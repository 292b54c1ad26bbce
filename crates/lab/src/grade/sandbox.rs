//! The box that a hand-in's kernel runs in, and all that it compiles: bubblewrap's command line.
//!
//! Inside there is the system, read-only; the toolchain, the downloaded crates, the kernel with its
//! template, and the data, read-only as well; an empty home, and temporary folders of limited size in
//! memory. There is no network, no process but its own, and nothing else of this machine's files. Its
//! processes belong to a user who owns nothing here, have no privileges and cannot get any.
//!
//! A limit on the number of processes does not bind root. So where root grades, the processes get a user
//! id of their own, one for each worker; elsewhere a user namespace does it.

use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use backprop_protocol::folders::find_program;
use backprop_protocol::variable;
use tempfile::TempDir;

use super::bubblewrap::{Arguments, text};
use super::limits::{ADDRESS_SPACE, CACHE_SIZE, OPEN_FILES, PROCESSES, TEMPORARY_SIZE};
use crate::setup::Lab;

/// Worker `n` of root's has the user id `FIRST_USER + n`: above all that systems and containers give out.
const FIRST_USER: u32 = 2_000_000_000;

const SOCKETS: &str = "/run/lab";
const KERNEL: &str = "/run/backprop-kernel";
/// The name beside it under which cargo calls it in rustc's place.
const KERNEL_AS_RUSTC: &str = "/run/cell-rustc";
const CONNECTION: &str = "/run/connection.json";
const KNOWN_RUNS: &str = "/run/known-runs";
const WORK: &str = "/tmp/work";
const HOME: &str = "/tmp/home";

/// How the kernel of a hand-in is started.
pub struct Sandbox {
    command: Vec<String>,
    folders: Vec<String>,
    environment: Vec<(&'static str, OsString)>,
    is_boxed: bool,
}

/// What is needed of the machine for it.
pub struct Site {
    cache: PathBuf,
    template: PathBuf,
    snapshot: PathBuf,
    kernel: PathBuf,
    sysroot: PathBuf,
    cargo_home: PathBuf,
    /// A copy of cargo's index of crates: another cargo on this machine may write the true one anew, and
    /// a cell that is compiled meanwhile would fail.
    index: TempDir,
    data: PathBuf,
    /// Runs of sweeps that hand-ins need not make again.
    known_runs: PathBuf,
    is_root: bool,
}

impl Site {
    /// Finds it; the folder of known runs is shown to the boxes.
    pub fn find(lab: &Lab, known_runs: &Path) -> Result<Site> {
        let name = lab.template.file_name().context("a template has a name")?;
        let cache = lab.cache.root().to_path_buf();
        let sysroot = Command::new(&lab.toolchain.rustc)
            .args(["--print", "sysroot"])
            .current_dir(lab.workspace.root())
            .output()
            .context("cannot start rustc")?;
        let sysroot = String::from_utf8_lossy(&sysroot.stdout).trim_end().into();
        let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
        let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
        let cargo_home = cargo_home.unwrap_or_else(|| home.join(".cargo"));
        let index = tempfile::tempdir()?;
        fs::set_permissions(index.path(), Permissions::from_mode(0o755))?;
        copy(&cargo_home.join("registry/index"), index.path())
            .context("cannot copy cargo's index of crates")?;
        Ok(Site {
            snapshot: cache.join("snapshots").join(name),
            template: lab.template.clone(),
            kernel: lab.kernel.clone(),
            sysroot,
            cargo_home,
            index,
            data: lab.workspace.data(),
            known_runs: known_runs.to_path_buf(),
            is_root: fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0),
            cache,
        })
    }
}

/// Makes sure that there is a box to be had on this machine.
pub fn require() -> Result<()> {
    if find_program("bwrap").is_none() {
        bail!(
            "no bubblewrap found (bwrap), which keeps what students wrote away from your files. Install it:\n  \
             Debian, Ubuntu:  sudo apt-get install bubblewrap\n  \
             Fedora:          sudo dnf install bubblewrap\n\
             Or grade in a container that holds nothing of yours, with --unsafe-no-sandbox."
        );
    }
    let mut works = Command::new("bwrap");
    works.args(["--unshare-pid", "--unshare-net", "--ro-bind", "/", "/", "true"]);
    let output = works.output().context("cannot start bwrap")?;
    if !output.status.success() {
        bail!(
            "bubblewrap does not work here: {}\nWhere user namespaces are switched off, an administrator can \
             allow them; or grade in a container that holds nothing of yours, with --unsafe-no-sandbox.",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(())
}

impl Sandbox {
    /// Gives the box of a worker's hand-ins, which run on these cores; `variables` are set for the cells.
    pub fn new(
        site: &Site,
        worker: u16,
        cores: Option<&str>,
        variables: &[(&str, OsString)],
    ) -> Sandbox {
        let cache = text(&site.cache);
        let mut bwrap = Arguments::new(&site.cache);
        namespaces(&mut bwrap, site.is_root);
        bwrap.system();
        writable(&mut bwrap, &cache);
        show_the_lab(&mut bwrap, site);
        bwrap.add(&["--remount-ro", "/", "--chdir", WORK]);
        for (name, value) in variables_inside(site, variables) {
            bwrap.add(&["--setenv", &name, &value]);
        }
        let mut command = bwrap.finish();
        command.extend(limits(site.is_root, worker, cores));
        command.extend([KERNEL, "--control_file", CONNECTION].map(str::to_owned));
        let folders = vec!["/tmp".to_owned(), cache];
        Sandbox { command, folders, environment: Vec::new(), is_boxed: true }
    }

    /// Gives no box at all.
    pub fn none(site: &Site, lab: &Lab, variables: &[(&'static str, OsString)]) -> Sandbox {
        let command = [&text(&site.kernel), "--control_file", "{connection}"].map(str::to_owned);
        let mut environment = lab.environment().to_vec();
        environment.extend_from_slice(variables);
        environment.push((variable::KNOWN_RUNS, site.known_runs.clone().into()));
        Sandbox { command: command.into(), folders: Vec::new(), environment, is_boxed: false }
    }

    pub fn command(&self) -> &[String] {
        &self.command
    }

    /// Where in the box the kernel puts its sockets; none without a box.
    pub fn sockets(&self) -> Option<&'static str> {
        self.is_boxed.then_some(SOCKETS)
    }

    /// The folders in the box whose files lie in memory.
    pub fn folders(&self) -> &[String] {
        &self.folders
    }

    pub fn environment(&self) -> Vec<(&'static str, OsString)> {
        self.environment.clone()
    }
}

/// Separates the box from the machine: its processes, its network, its users.
fn namespaces(bwrap: &mut Arguments, is_root: bool) {
    bwrap.add(&["bwrap", "--die-with-parent", "--new-session", "--clearenv"]);
    bwrap.add(&["--info-fd", "{info}", "--unshare-pid", "--unshare-net", "--unshare-ipc"]);
    bwrap.add(&["--unshare-uts", "--hostname", "box", "--unshare-cgroup-try"]);
    if !is_root {
        bwrap.add(&["--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000"]);
    }
}

/// Makes the folders in memory that cells write to.
fn writable(bwrap: &mut Arguments, cache: &str) {
    bwrap.temporary(SOCKETS, 1_000_000);
    bwrap.temporary("/tmp", TEMPORARY_SIZE);
    bwrap.temporary(cache, CACHE_SIZE);
    for folder in [HOME, WORK] {
        bwrap.add(&["--perms", "1777", "--dir", folder]);
    }
    for name in ["templates", "snapshots"] {
        bwrap.add(&["--perms", "1777", "--dir", &format!("{cache}/{name}")]);
    }
}

/// Shows what cells are compiled with, the data, and the kernel.
fn show_the_lab(bwrap: &mut Arguments, site: &Site) {
    bwrap.as_it_is(&site.template);
    bwrap.as_it_is(&site.snapshot);
    bwrap.as_it_is(&site.sysroot);
    let registry = site.cargo_home.join("registry");
    bwrap.as_it_is(&registry);
    bwrap.read_only(&text(site.index.path()), &text(&registry.join("index")));
    if site.data.is_dir() {
        bwrap.as_it_is(&site.data);
    }
    bwrap.read_only(&text(&site.known_runs), KNOWN_RUNS);
    bwrap.read_only(&text(&site.kernel), KERNEL);
    bwrap.add(&["--symlink", KERNEL, KERNEL_AS_RUSTC]);
    bwrap.read_only("{connection}", CONNECTION);
}

/// Gives the command that starts another with limits, and from root's rights to those of nobody.
fn limits(is_root: bool, worker: u16, cores: Option<&str>) -> Vec<String> {
    let mut command: Vec<String> = Vec::new();
    if let Some(cores) = cores {
        command.extend(["taskset", "--cpu-list", cores].map(str::to_owned));
    }
    if is_root {
        let user = (FIRST_USER + u32::from(worker)).to_string();
        command.extend(["setpriv", "--reuid", &user, "--regid", &user].map(str::to_owned));
        let drop = ["--clear-groups", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"];
        command.extend(drop.map(str::to_owned));
    }
    command.push("prlimit".into());
    command.push(format!("--as={ADDRESS_SPACE}"));
    command.push(format!("--nproc={PROCESSES}"));
    command.push(format!("--nofile={OPEN_FILES}"));
    command.push("--core=0".into());
    // Should the machine run out of memory all the same, this goes first.
    command.extend(["choom", "-n", "800", "--"].map(str::to_owned));
    command
}

fn variables_inside(site: &Site, variables: &[(&str, OsString)]) -> Vec<(String, String)> {
    let path = format!("{}/bin:/usr/bin:/bin", text(&site.sysroot));
    let mut all: Vec<(String, String)> = [
        ("HOME", HOME.to_owned()),
        ("TMPDIR", "/tmp".to_owned()),
        ("LANG", "C.UTF-8".to_owned()),
        ("PATH", path),
        ("CARGO_HOME", text(&site.cargo_home)),
        ("CARGO_NET_OFFLINE", "true".to_owned()),
        (variable::CACHE, text(&site.cache)),
        // The template's own sources: the kernel finds them unchanged, and builds nothing.
        (variable::WORKSPACE, text(&site.snapshot)),
        (variable::DATA, text(&site.data)),
        (variable::KNOWN_RUNS, KNOWN_RUNS.to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    let text = |value: &OsString| value.to_string_lossy().into_owned();
    all.extend(variables.iter().map(|(name, value)| ((*name).to_owned(), text(value))));
    all
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let copied = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir(&copied)?;
            copy(&entry.path(), &copied)?;
        } else {
            fs::copy(entry.path(), copied)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(is_root: bool, worker: u16) -> Vec<String> {
        let path = |name: &str| Path::new("/nowhere").join(name);
        let site = Site {
            cache: path("cache"),
            template: path("cache/templates/a"),
            snapshot: path("cache/snapshots/a"),
            kernel: path("kernel"),
            sysroot: path("rust"),
            cargo_home: path("cargo"),
            index: tempfile::tempdir().unwrap(),
            data: path("data"),
            known_runs: path("known"),
            is_root,
        };
        Sandbox::new(&site, worker, Some("0,2"), &[("BACKPROP_DATASET", "digits".into())]).command
    }

    fn behind<'a>(command: &'a [String], flag: &str, place: usize) -> Vec<&'a str> {
        let all = command.iter().enumerate().filter(|(_, argument)| *argument == flag);
        all.map(|(at, _)| command[at + place].as_str()).collect()
    }

    #[test]
    fn a_box_has_no_network_and_shows_only_what_cells_need() {
        let command = command(false, 0);
        let flags = ["--clearenv", "--die-with-parent", "--new-session", "--unshare-net"];
        let users = ["--unshare-pid", "--unshare-user", "--disable-userns"];
        for flag in flags.iter().chain(&users) {
            assert!(command.iter().any(|argument| argument == flag), "{flag}");
        }
        let writable = ["--bind", "--bind-try", "--dev-bind", "--share-net"];
        assert!(!command.iter().any(|argument| writable.contains(&argument.as_str())));
        let of_the_lab = ["templates/a", "snapshots/a"].map(|it| format!("/nowhere/cache/{it}"));
        let shown = behind(&command, "--ro-bind", 2);
        let system = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/alternatives"];
        let rest = ["/etc/ld.so.cache", "/nowhere/rust", "/nowhere/cargo/registry"];
        let single = ["/nowhere/cargo/registry/index", KNOWN_RUNS, KERNEL, CONNECTION];
        let known: Vec<&str> = system.iter().chain(&rest).chain(&single).copied().collect();
        for path in shown {
            assert!(known.contains(&path) || of_the_lab.contains(&path.to_owned()), "{path}");
        }
        assert_eq!(behind(&command, "BACKPROP_DATASET", 1), ["digits"]);
        assert_eq!(behind(&command, "BACKPROP_KNOWN_RUNS", 1), [KNOWN_RUNS]);
        assert_eq!(behind(&command, "--cpu-list", 1), ["0,2"]);
    }

    #[test]
    fn what_root_grades_runs_as_a_user_of_its_own_for_each_worker() {
        let command = command(true, 3);
        assert_eq!(behind(&command, "--reuid", 1), ["2000000003"]);
        assert_eq!(behind(&command, "--regid", 1), ["2000000003"]);
        for flag in ["--no-new-privs", "--bounding-set=-all", "--clear-groups", "--core=0"] {
            assert!(command.iter().any(|argument| argument == flag), "{flag}");
        }
    }
}
