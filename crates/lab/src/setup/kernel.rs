//! The kernel's binary: crates/kernel, built by cargo under the checkout's lock file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Toolchain;
use crate::cache::Cache;
use crate::files::{self, Key};
use crate::workspace::Workspace;

const BINARY: &str = "backprop-kernel";

/// The kernel as it is to be: a folder named by all that goes into it, so that checkouts with
/// different kernels, and kernels that still run, do not disturb one another.
pub struct Plan<'a> {
    workspace: &'a Workspace,
    toolchain: &'a Toolchain,
    target: PathBuf,
    folder: PathBuf,
}

impl<'a> Plan<'a> {
    pub fn new(
        workspace: &'a Workspace,
        cache: &Cache,
        toolchain: &'a Toolchain,
    ) -> Result<Plan<'a>> {
        let root = workspace.root();
        let key = Key::default()
            .add(toolchain.description.as_bytes())
            .add_path(&root.join("Cargo.toml"))?
            .add_path(&root.join("Cargo.lock"))?
            .add_path(&root.join("crates/kernel"))?
            .finish();
        let folder = cache.root().join(format!("kernel-{key}"));
        Ok(Plan { workspace, toolchain, target: target_folder(cache, toolchain), folder })
    }

    fn binary(&self) -> PathBuf {
        self.folder.join(BINARY)
    }

    pub fn is_done(&self) -> bool {
        self.binary().is_file()
    }

    /// Builds the kernel unless it is there, with cargo's own progress, and gives its path.
    pub fn make(&self) -> Result<PathBuf> {
        if self.is_done() {
            return Ok(self.binary());
        }
        self.toolchain.require_linker()?;
        let status = cargo(self.workspace, self.toolchain, &self.target)
            .args(["build", "--locked", "--profile", "kernel", "--package", BINARY])
            .status()
            .context("cannot start cargo")?;
        if !status.success() {
            bail!("cargo could not build the kernel; what it said stands above");
        }
        let built = self.target.join("kernel").join(BINARY);
        self.copy_from(&built)?;
        Ok(self.binary())
    }

    fn copy_from(&self, built: &Path) -> Result<()> {
        let content =
            fs::read(built).with_context(|| format!("cargo left no {}", built.display()))?;
        files::write_whole(&self.binary(), &content, 0o755)
    }
}

/// Gives where cargo keeps the kernel's parts: with the user, so that a second checkout finds
/// rust-analyzer compiled already.
pub fn target_folder(cache: &Cache, toolchain: &Toolchain) -> PathBuf {
    cache.root().join(format!("target-{}", toolchain.version))
}

/// Gives a cargo command in the checkout that works in the kernel's target folder.
pub fn cargo(workspace: &Workspace, toolchain: &Toolchain, target: &Path) -> Command {
    let mut command = Command::new(&toolchain.cargo);
    command.current_dir(workspace.root()).env("CARGO_TARGET_DIR", target);
    command
}
