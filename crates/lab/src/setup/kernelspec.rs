//! The kernelspec: the file by which Jupyter knows the kernel.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use backprop_protocol::variable;
use backprop_report::files;
use serde_json::json;

use crate::cache::Cache;

/// The kernelspec's name, which notebooks state in their metadata.
pub const NAME: &str = "backprop-lab";

/// Writes the kernelspec where the Python environment finds it without any variable set, into the
/// active conda environment if there is one, and beside the kernel.
///
/// Gives the last of these: in `$JUPYTER_PATH` it comes before all others, so that commands in one
/// checkout use that checkout's kernel even while another one sets up its own.
pub fn install(kernel: &Path, python: &Path, cache: &Cache) -> Result<PathBuf> {
    let mut environment = serde_json::Map::new();
    environment.insert(variable::CACHE.into(), json!(cache.root()));
    // Cells are compiled outside the checkout, where its rust-toolchain.toml does not reach.
    if let Ok(toolchain) = env::var("RUSTUP_TOOLCHAIN") {
        environment.insert("RUSTUP_TOOLCHAIN".into(), json!(toolchain));
    }
    let spec = json!({
        "argv": [kernel, "--control_file", "{connection_file}"],
        "display_name": "Rust (Backprop Lab)",
        "language": "rust",
        "interrupt_mode": "message",
        "env": environment,
    });
    let text = format!("{spec:#}\n");

    let folder_of = |path: &Path| path.parent().map(Path::to_path_buf);
    let beside = folder_of(kernel).context("the kernel lies in a folder")?.join("jupyter");
    let virtual_environment = folder_of(python).as_deref().and_then(folder_of);
    let virtual_environment = virtual_environment.context("Python lies in its bin folder")?;
    let conda = env::var_os("CONDA_PREFIX").map(|prefix| Path::new(&prefix).join("share/jupyter"));
    let conda = conda.filter(|folder| folder.is_dir());
    for folder in [Some(virtual_environment.join("share/jupyter")), Some(beside.clone()), conda] {
        let Some(folder) = folder else { continue };
        let path = folder.join("kernels").join(NAME).join("kernel.json");
        if std::fs::read_to_string(&path).ok().as_deref() != Some(&text) {
            files::write_whole(&path, text.as_bytes(), 0o644)?;
        }
    }
    Ok(beside)
}
