//! `cargo lab hidden init`: a folder for what students must not see.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use backprop_report::files;
use clap::{Args, Subcommand};

use crate::workspace::Workspace;

const README: &str = include_str!("../hand_out/README.md");

/// Keep hidden tests, varied parameters and questions of your own
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: What,
}

#[derive(Subcommand)]
enum What {
    /// Make a folder to start from, outside of this repository
    Init {
        /// The folder; it must be new or empty, and lie outside of the checkout
        folder: PathBuf,
        /// The notebooks to copy into it, by their names
        #[arg(default_value = "11-report")]
        notebooks: Vec<String>,
    },
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let What::Init { folder, notebooks } = &arguments.command;
    let workspace = Workspace::find()?;
    make_folder(folder, &workspace)?;
    for name in notebooks {
        let name = format!("{}.ipynb", name.strip_suffix(".ipynb").unwrap_or(name));
        let source = workspace.notebooks().join(&name);
        let text = fs::read(&source).with_context(|| format!("there is no notebook {name}"))?;
        files::write_whole(&folder.join(&name), &text, 0o600)?;
        println!("{}", folder.join(&name).display());
    }
    files::write_whole(&folder.join("README.md"), README.as_bytes(), 0o600)?;
    println!("{}", folder.join("README.md").display());
    println!(
        "\nAdd hidden tests as README.md says, then: cargo lab release --hidden DIR --out DIR"
    );
    Ok(ExitCode::SUCCESS)
}

/// Makes the folder, for its owner alone.
fn make_folder(folder: &Path, workspace: &Workspace) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if folder.exists() && !files::list(folder)?.is_empty() {
        bail!("{} is not empty; nothing was changed", folder.display());
    }
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    if folder.canonicalize()?.starts_with(workspace.root()) {
        let _ = fs::remove_dir(folder); // it is empty
        bail!(
            "{} lies in the checkout, which is public: choose a folder elsewhere",
            folder.display()
        );
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    Ok(())
}
