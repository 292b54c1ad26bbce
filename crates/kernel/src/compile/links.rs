//! The links by which this program is called in the place of cargo and of rustc.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::files;
use crate::hash::Hasher;
use crate::private::Private;
use crate::toolchain::Toolchain;

/// The name under which evcxr calls this program as cargo.
pub const CARGO: &str = "cargo";
/// The name under which cargo calls this program as rustc.
pub const RUSTC: &str = "cell-rustc";
/// Has cargo call [`rustc`] for the crates of its workspace: for a cell.
pub const RUSTC_VARIABLE: &str = "RUSTC_WORKSPACE_WRAPPER";
/// What of the toolchain the cells' kernel calls.
const TOOLS: [&str; 2] = ["bin/rustc", "bin/rustdoc"];

/// Says whether this process was started under that name.
pub fn is_called(name: &str) -> bool {
    env::args_os().next().is_some_and(|program| Path::new(&program).ends_with(name))
}

/// Gives a folder that is the toolchain with this program as its cargo.
///
/// It lies beside this program, so that cargo remembers what it asked that rustc; where nobody may write there,
/// in the private folder.
pub fn toolchain(true_one: &Toolchain, private: &Private) -> Result<PathBuf> {
    let program = this_program()?;
    let mut key = Hasher::default();
    key.add(true_one.sysroot.as_os_str().as_encoded_bytes());
    let name = format!("toolchain-{}", key.first_digits(8));
    let (shared, own) = (program.with_file_name(&name), private.path().join(&name));
    match link_tools(true_one, &program, &shared) {
        Ok(()) => Ok(shared),
        Err(_) => link_tools(true_one, &program, &own).map(|()| own),
    }
}

/// Links a folder's cargo to this program, and all else to the toolchain.
fn link_tools(true_one: &Toolchain, program: &Path, folder: &Path) -> Result<()> {
    files::link_once(program, &folder.join("bin").join(CARGO))?;
    for name in TOOLS.iter().chain(&["lib"]) {
        files::link_once(&true_one.sysroot.join(name), &folder.join(name))?;
    }
    Ok(())
}

/// Gives the link by which cargo calls this program, beside it, and makes it if it is missing.
pub fn rustc() -> Result<PathBuf> {
    let program = this_program()?;
    let link = program.with_file_name(RUSTC);
    files::link_once(&program, &link).context("by which cargo is to call the kernel")?;
    Ok(link)
}

fn this_program() -> Result<PathBuf> {
    env::current_exe().context("cannot find this executable")
}
