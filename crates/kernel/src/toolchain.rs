//! What must be on the machine for cells to be compiled: rustc, cargo, a linker, room on the disk.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use backprop_protocol::folders::find_program;

/// A new template takes about a third of this, and each open kernel some ten megabytes.
const ROOM: u64 = 700_000_000;

/// The Rust toolchain of the workspace.
pub struct Toolchain {
    /// What `rustc -vV` says.
    pub version: String,
    pub sysroot: PathBuf,
    /// Where the standard library's shared object lies.
    pub libraries: PathBuf,
}

impl Toolchain {
    /// Finds the toolchain that the workspace pins, or the one on the PATH where nothing pins one.
    pub fn of(workspace: &Path) -> Result<Self> {
        let version = ask(workspace, "rustc", &["-vV"])?;
        let sysroot = ask(workspace, "rustc", &["--print", "sysroot"])?;
        let libraries = ask(workspace, "rustc", &["--print", "target-libdir"])?;
        Ok(Toolchain {
            version,
            sysroot: sysroot.trim_end().into(),
            libraries: libraries.trim_end().into(),
        })
    }

    /// Gives the path of cargo: the toolchain's own, or the one on the PATH.
    pub fn cargo(&self) -> Result<PathBuf> {
        let own = self.sysroot.join("bin/cargo");
        let found = if own.is_file() { Some(own) } else { find_program("cargo") };
        found.context("`cargo` was found neither beside rustc nor on the PATH")
    }

    /// Checks what only the building of a template needs.
    pub fn check(&self, workspace: &Path, cache: &Path) -> Result<()> {
        ask(workspace, "cargo", &["--version"])?;
        if find_program("cc").is_none() {
            bail!(
                "no linker was found (`cc`), which Rust needs to finish a program. Install one:\n\
                 \x20 Debian, Ubuntu, WSL2:  sudo apt-get install build-essential\n\
                 \x20 Fedora:                sudo dnf install gcc\n\
                 \x20 macOS:                 xcode-select --install"
            );
        }
        let disk = rustix::fs::statvfs(cache).context("cannot see how full the disk is")?;
        let free = disk.f_bavail * disk.f_frsize;
        if free < ROOM {
            bail!(
                "{} MB are free on the disk of {}, and {} MB are needed: make room, or set \
                 BACKPROP_CACHE to a folder on another disk",
                free / 1_000_000,
                cache.display(),
                ROOM / 1_000_000
            );
        }
        Ok(())
    }
}

/// Runs a tool of the toolchain and gives what it prints.
fn ask(workspace: &Path, tool: &str, arguments: &[&str]) -> Result<String> {
    let Ok(output) = Command::new(tool).args(arguments).current_dir(workspace).output() else {
        bail!(
            "`{tool}` was not found on the PATH. Install Rust as https://rustup.rs says:\n\
             \x20 curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh\n\
             and open a new terminal, or start Jupyter with `cargo lab open`."
        );
    };
    if !output.status.success() {
        bail!("`{tool}` does not work: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
