//! The sources of Rust's own library that rust-analyzer reads, to infer the types of variables.
//!
//! evcxr has it read all that lies in rust-src, twice at each start. More than half of that is the
//! intrinsics of every processor and the library's own tests, which no type of a cell comes from.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use crate::files;
use crate::toolchain::Toolchain;

/// Tells rust-analyzer where the library's sources are.
pub const VARIABLE: &str = "RUST_SRC_PATH";

/// What types come from, with what it is made of. Without a `Cargo.toml` beside them, rust-analyzer
/// knows by itself how these hang together, and need not ask cargo.
const CRATES: [&str; 8] =
    ["alloc", "backtrace", "core", "panic_abort", "panic_unwind", "proc_macro", "std", "unwind"];

/// Makes the folder `to` lead to them, and gives it; none where rust-src is not installed, which
/// rust-analyzer then tries to mend.
pub fn link(toolchain: &Toolchain, to: PathBuf) -> Result<Option<PathBuf>> {
    let Some(sources) = toolchain.library_sources() else { return Ok(None) };
    fs::create_dir_all(&to)?;
    for name in CRATES {
        let source = sources.join(name);
        if source.is_dir() {
            files::link(&source, &to.join(name))?;
        }
    }
    Ok(Some(to))
}
