//! `cargo lab open`: JupyterLab on the notebooks.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use clap::Args;
use tempfile::TempDir;

use crate::setup;
use crate::workspace::Workspace;

/// Open JupyterLab on the notebooks
#[derive(Args)]
pub struct Arguments {
    /// The folder or notebook to open, such as the folder of your copies [default: notebooks/]
    path: Option<PathBuf>,
    /// Only print the address, without opening a browser
    #[arg(long)]
    no_browser: bool,
    /// The port to serve on [default: 8888, or the next one that is free]
    #[arg(long)]
    port: Option<u16>,
}

/// JupyterLab as it is would ask each student for news of Jupyter, and look for a version of its own.
const SETTINGS: &str = r#"{
  "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}
}"#;

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    let path = arguments.path.clone().unwrap_or_else(|| workspace.notebooks());
    let path = path.canonicalize().with_context(|| format!("there is no {}", path.display()))?;
    let lab = setup::complete(workspace)?;

    let settings = TempDir::new().context("cannot make a temporary folder")?;
    std::fs::write(settings.path().join("overrides.json"), SETTINGS)?;
    let mut jupyter = Command::new(&lab.python);
    // Whoever is root here, as in a container, started this as root: JupyterLab need not ask again.
    jupyter.args(["-I", "-m", "jupyterlab", "--allow-root"]);
    jupyter.arg(format!("--LabApp.app_settings_dir={}", settings.path().display()));
    if arguments.no_browser {
        jupyter.arg("--no-browser");
    }
    if let Some(port) = arguments.port {
        jupyter.arg(format!("--port={port}"));
    }
    let status =
        jupyter.arg(&path).envs(lab.environment()).status().context("cannot start JupyterLab")?;
    if !status.success() {
        bail!("JupyterLab ended with {status}");
    }
    Ok(ExitCode::SUCCESS)
}
