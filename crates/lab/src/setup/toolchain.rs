//! The Rust toolchain that builds the kernel and, within it, the cells.

use std::env;
use std::ffi::OsString;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;
use backprop_protocol::folders::find_program;

/// The compiler of the checkout, as its rust-toolchain.toml pins it.
pub struct Toolchain {
    /// "1.95.0"
    pub version: String,
    /// All that `rustc -vV` tells: the version, the commit, the host, LLVM.
    pub description: String,
    pub rustc: OsString,
    pub cargo: OsString,
}

impl Toolchain {
    pub fn of(workspace: &Workspace) -> Result<Toolchain> {
        let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let output = Command::new(&rustc)
            .arg("-vV")
            .current_dir(workspace.root())
            .output()
            .context("no Rust compiler found (rustc); rustup.rs tells how to install it")?;
        if !output.status.success() {
            bail!("`rustc -vV` failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let description = String::from_utf8_lossy(&output.stdout).into_owned();
        let version = description
            .lines()
            .find_map(|line| line.strip_prefix("release: "))
            .context("`rustc -vV` tells no release")?
            .to_owned();
        // The cargo that runs this command, so that both agree on the toolchain.
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Ok(Toolchain { version, description, rustc, cargo })
    }
}

/// Makes sure that there is a cargo on the PATH, where the kernel looks for it.
pub fn require_cargo() -> Result<()> {
    if find_program("cargo").is_none() {
        bail!("no cargo found, which comes with Rust; rustup.rs tells how to install it");
    }
    Ok(())
}

/// Makes sure that there is a linker, which rustc calls by the name of cc.
pub fn require_linker() -> Result<()> {
    if find_program("cc").is_none() {
        bail!(
            "no linker found (cc), which Rust needs to build the kernel. Install it:\n  \
             Debian, Ubuntu:  sudo apt-get install build-essential\n  \
             Fedora:          sudo dnf install gcc\n  \
             macOS:           xcode-select --install"
        );
    }
    Ok(())
}
