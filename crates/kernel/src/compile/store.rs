//! The store of variables, compiled once for a template: see `store/lib.rs` beside this crate's sources.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::files;

/// Its source.
pub const SOURCE: &str = include_str!("../../store/lib.rs");
/// The name by which evcxr calls it in a cell.
pub const NAME: &str = "evcxr_internal_runtime";
/// Where it lies in evcxr's folder.
const FOLDER: &str = "store";

/// Gives the compiled store in evcxr's `folder`, and compiles it there if it is missing.
pub fn compiled(folder: &Path, rustc: &Path) -> Result<PathBuf> {
    let folder = folder.join(FOLDER);
    let library = folder.join(format!("lib{NAME}.rlib"));
    if library.is_file() {
        return Ok(library);
    }
    let source = folder.join("lib.rs");
    files::write(&source, SOURCE.as_bytes())?;
    let partial = folder.join("partial.rlib");
    let output = Command::new(rustc)
        .args(["--crate-name", NAME, "--crate-type", "rlib", "--edition", "2024"])
        .args(["-C", "opt-level=3", "-C", "prefer-dynamic", "-o"])
        .args([&partial, &source])
        .output()
        .with_context(|| format!("cannot start {}", rustc.display()))?;
    if !output.status.success() {
        bail!("the store of variables: {}", String::from_utf8_lossy(&output.stderr));
    }
    std::fs::rename(&partial, &library)
        .with_context(|| format!("cannot put the store at {}", library.display()))?;
    Ok(library)
}

#[cfg(test)]
mod tests {
    use backprop_protocol::evcxr;

    use super::*;

    /// It is compiled by itself, so it cannot take them from there.
    #[test]
    fn the_store_tells_evcxr_in_the_words_of_the_protocol() {
        for word in [evcxr::VARIABLE_CHANGED_TYPE, evcxr::RETURNED_EARLY] {
            assert!(SOURCE.contains(&format!(": &str = {word:?};")), "{word}");
        }
    }
}
