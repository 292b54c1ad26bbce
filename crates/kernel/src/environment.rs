//! What the kernel's environment must hold for evcxr, and what of it the cells should not see.

use std::env;
use std::path::Path;
use std::process::Command;

use anyhow::Result;
use backprop_protocol::variable;

use crate::compile::{cargo, links};
use crate::monitor_link;
use crate::private::{self, Private};
use crate::stock;
use crate::toolchain::Toolchain;

/// The folder in which Jupyter started the kernel: the notebook's own.
const NOTEBOOK_DIR: &str = "BACKPROP_KERNEL_NOTEBOOK_DIR";
/// What `JUPYTER_PATH` was before we changed it.
const JUPYTER_PATH: &str = "BACKPROP_KERNEL_JUPYTER_PATH";

/// Where evcxr builds, and where it finds the texts of its start.
const BUILD_FOLDER: &str = "EVCXR_TMPDIR";
const CONFIG_FOLDER: &str = "EVCXR_CONFIG_DIR";

/// What `PATH` and rustup's toolchain are for the cells.
const PATH: &str = "BACKPROP_KERNEL_PATH";
const TOOLCHAIN: &str = "BACKPROP_KERNEL_TOOLCHAIN";

/// Gives `command` the environment in which evcxr works in its private folder.
pub fn for_kernel(command: &mut Command, private: &Private, toolchain: &Toolchain) -> Result<()> {
    let before = env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
    let libraries = [toolchain.libraries.clone()].into_iter().chain(env::split_paths(&before));
    let with_own_cargo = links::toolchain(toolchain, private)?;
    let path = env::var_os("PATH").unwrap_or_default();
    let programs = [with_own_cargo.join("bin")].into_iter().chain(env::split_paths(&path));
    command
        .current_dir(private.notebooks())
        .env(private::VARIABLE, private.path())
        .env(variable::INTERRUPT, private.interrupt())
        .env(variable::DISPLAY, "1")
        .env(BUILD_FOLDER, private.cargo())
        .env(CONFIG_FOLDER, private.config())
        .env("JUPYTER_PATH", stock::no_kernelspecs()?)
        // evcxr asks rustup for cargo, or looks for it on the PATH. The private folder lies outside of the
        // workspace, where rustup would choose another toolchain.
        .env(cargo::TRUE, toolchain.cargo()?)
        .env("RUSTUP_TOOLCHAIN", &with_own_cargo)
        .env(TOOLCHAIN, &toolchain.sysroot)
        .env("PATH", env::join_paths(programs)?)
        .env(PATH, &path)
        // A compiled cell finds the standard library by a path relative to `target/debug/deps`, but
        // evcxr loads it from `target/debug`: one step too far up, which goes unnoticed only where
        // the path reaches the root of the disk.
        .env("LD_LIBRARY_PATH", env::join_paths(libraries)?)
        .env(links::RUSTC_VARIABLE, links::rustc()?)
        // It would win over the RUSTFLAGS that evcxr needs.
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    if let Ok(here) = env::current_dir() {
        command.env(NOTEBOOK_DIR, here);
    }
    if let Some(path) = env::var_os("JUPYTER_PATH") {
        command.env(JUPYTER_PATH, path);
    }
    Ok(())
}

/// Gives `command`, the true runtime, the environment and folder that the notebook expects.
pub fn for_cells(command: &mut Command) {
    command.env_remove(private::VARIABLE).env_remove(NOTEBOOK_DIR).env_remove(JUPYTER_PATH);
    command.env_remove(monitor_link::SOCKET).env_remove(cargo::TRUE);
    for (name, before) in [("PATH", PATH), ("RUSTUP_TOOLCHAIN", TOOLCHAIN)] {
        if let Some(value) = env::var_os(before) {
            command.env_remove(before).env(name, value);
        }
    }
    command.env_remove(BUILD_FOLDER).env_remove(CONFIG_FOLDER).env_remove(links::RUSTC_VARIABLE);
    match env::var_os(JUPYTER_PATH) {
        Some(path) => command.env("JUPYTER_PATH", path),
        None => command.env_remove("JUPYTER_PATH"),
    };
    // A report of a panic that ends in a backtrace has an end: the monitor takes it out as a whole.
    // Errors that would carry a backtrace along name frames of evcxr's and none of the cell's lines.
    command.env("RUST_BACKTRACE", "1").env("RUST_LIB_BACKTRACE", "0");
    if let Some(folder) = env::var_os(NOTEBOOK_DIR)
        && Path::new(&folder).is_dir()
    {
        command.env("PWD", &folder).current_dir(folder);
    }
}
