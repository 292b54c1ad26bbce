//! The kernel's binary: crates/kernel and what it stands on, built by cargo under the checkout's lock file.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use backprop_report::files::{self, Key};

use super::Toolchain;
use crate::cache::Cache;
use crate::workspace::Workspace;

const BINARY: &str = "backprop-kernel";
/// All that it is made of.
const SOURCES: [&str; 5] =
    ["Cargo.toml", "Cargo.lock", "crates/analysis", "crates/kernel", "crates/protocol"];
/// The file in the target folder that says that it is to stay.
const KEPT: &str = "kept";

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
        let mut key = Key::default().with(toolchain.description.as_bytes());
        for source in SOURCES {
            key = key.with_path(&workspace.root().join(source))?;
        }
        let folder = cache.root().join(format!("kernel-{}", key.finish()));
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
        let status = cargo(self.workspace, self.toolchain, &self.target)
            .args(["build", "--locked", "--profile", "kernel", "--package", BINARY])
            .status()
            .context("cannot start cargo")?;
        if !status.success() {
            bail!("cargo could not build the kernel; what it said stands above");
        }
        let built = self.target.join("kernel").join(BINARY);
        self.copy_from(&built)?;
        drop_target(&self.target)?;
        Ok(self.binary())
    }

    fn copy_from(&self, built: &Path) -> Result<()> {
        let content =
            fs::read(built).with_context(|| format!("cargo left no {}", built.display()))?;
        files::write_whole(&self.binary(), &content, 0o755)
    }
}

/// Gives where cargo keeps the kernel's parts while it builds, so that an interrupted build goes on.
pub fn target_folder(cache: &Cache, toolchain: &Toolchain) -> PathBuf {
    cache.root().join(format!("target-{}", toolchain.version))
}

/// Marks the kernel's parts as needed once the kernel is built: its tests are compiled from them.
#[cfg(feature = "whole")]
pub fn keep_target(target: &Path) -> Result<()> {
    files::write_whole(&target.join(KEPT), b"for the kernel's tests\n", 0o644)
}

/// Deletes the kernel's parts, most of half a gigabyte that only the next build of another kernel would
/// use. They stay where tests need them, and while another cargo works with them.
fn drop_target(target: &Path) -> Result<()> {
    let lock = File::open(target.join("kernel/.cargo-lock"));
    let is_free = lock.is_ok_and(|lock| lock.try_lock().is_ok());
    if !is_free || target.join(KEPT).exists() {
        return Ok(());
    }
    fs::remove_dir_all(target).with_context(|| format!("cannot remove {}", target.display()))
}

/// Gives a cargo command in the checkout that works in the kernel's target folder.
pub fn cargo(workspace: &Workspace, toolchain: &Toolchain, target: &Path) -> Command {
    let mut command = Command::new(&toolchain.cargo);
    command.current_dir(workspace.root()).env("CARGO_TARGET_DIR", target);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A change of a crate that is in no key would leave the old kernel running.
    #[test]
    fn the_key_holds_every_crate_of_the_checkout_that_is_compiled_in() -> Result<()> {
        let root = Workspace::find()?.root().to_path_buf();
        let manifest = |folder: &str| -> Result<toml::Table> {
            Ok(fs::read_to_string(root.join(folder).join("Cargo.toml"))?.parse()?)
        };
        let path = |one: &toml::Value| Some(one.get("path")?.as_str()?.to_owned());
        let workspace = manifest("")?;
        let shared = &workspace["workspace"]["dependencies"];
        let patches = workspace["patch"]["crates-io"].as_table().context("no patches")?;
        let mut folders: Vec<String> = patches.values().filter_map(path).collect();
        folders.push("crates/kernel".to_owned());
        let mut next = 0;
        while let Some(folder) = folders.get(next).cloned() {
            next += 1;
            assert!(
                SOURCES.iter().any(|source| Path::new(&folder).starts_with(source)),
                "{folder}"
            );
            let manifest = manifest(&folder)?;
            let needed = manifest.get("dependencies").and_then(toml::Value::as_table);
            for (name, _) in needed.into_iter().flatten() {
                let folder = shared.get(name).and_then(path);
                folders.extend(folder.filter(|folder| !folders.contains(folder)));
            }
        }
        assert!(folders.len() > 8, "{folders:?}");
        Ok(())
    }

    #[test]
    fn the_kernels_parts_go_unless_tests_or_another_cargo_need_them() -> Result<()> {
        let cache = tempfile::tempdir()?;
        let target = cache.path().join("target-1.0.0");
        let lock = target.join("kernel/.cargo-lock");
        files::write_whole(&lock, b"", 0o644)?;

        let other_cargo = File::open(&lock)?;
        other_cargo.lock()?;
        drop_target(&target)?;
        assert!(lock.exists(), "another cargo works there");
        drop(other_cargo);

        keep_target(&target)?;
        drop_target(&target)?;
        assert!(lock.exists(), "tests need them");

        fs::remove_file(target.join(KEPT))?;
        drop_target(&target)?;
        assert!(!target.exists());
        Ok(())
    }
}
