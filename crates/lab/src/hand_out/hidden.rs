//! A folder of the instructor's for what students must not see.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use backprop_report::files;

use crate::workspace::Workspace;

const README: &str = include_str!("README.md");

/// Makes the folder with copies of these notebooks, and gives the paths of what was written.
pub fn init(folder: &Path, notebooks: &[String], workspace: &Workspace) -> Result<Vec<PathBuf>> {
    make_folder(folder, workspace)?;
    let mut written = Vec::new();
    let mut write = |name: &str, content: &[u8]| {
        written.push(folder.join(name));
        files::write_whole(&folder.join(name), content, 0o600)
    };
    for name in notebooks {
        let name = format!("{}.ipynb", name.strip_suffix(".ipynb").unwrap_or(name));
        let source = workspace.notebooks().join(&name);
        let text = fs::read(&source).with_context(|| format!("there is no notebook {name}"))?;
        write(&name, &text)?;
    }
    write("README.md", README.as_bytes())?;
    Ok(written)
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
