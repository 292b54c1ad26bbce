//! The checkout that the command works on.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use backprop_protocol::{folders, variable};
use backprop_report::files;

/// The folder that holds Cargo.toml, notebooks, crates and data.
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Finds the checkout: `$BACKPROP_WORKSPACE`, else the folder above the current one that holds
    /// it, else the checkout that this program was built from.
    pub fn find() -> Result<Workspace> {
        if let Some(root) = env::var_os(variable::WORKSPACE) {
            let root = PathBuf::from(root);
            if !folders::is_workspace(&root) {
                bail!("BACKPROP_WORKSPACE={} is no checkout of Backprop Lab", root.display());
            }
            return Workspace::at(&root);
        }
        let here = env::current_dir().context("the current folder is gone")?;
        if let Some(root) = folders::workspace_around(&here) {
            return Workspace::at(root);
        }
        let built_from = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
        if !folders::is_workspace(built_from) {
            bail!("no checkout of Backprop Lab here; go into one, or set BACKPROP_WORKSPACE");
        }
        Workspace::at(built_from)
    }

    fn at(root: &Path) -> Result<Workspace> {
        let root =
            root.canonicalize().with_context(|| format!("cannot open {}", root.display()))?;
        Ok(Workspace { root })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn notebooks(&self) -> PathBuf {
        self.root.join("notebooks")
    }

    /// Gives the notebooks in their order.
    pub fn list_notebooks(&self) -> Result<Vec<PathBuf>> {
        let folder = self.notebooks();
        let mut found = files::list_own(&folder)?;
        found.retain(|path| path.extension().is_some_and(|extension| extension == "ipynb"));
        if found.is_empty() {
            bail!("no notebooks in {}", folder.display());
        }
        Ok(found)
    }

    pub fn report(&self) -> PathBuf {
        self.root.join("report")
    }

    /// The folder that data sets lie in, such as `mnist`: `$BACKPROP_DATA`, else `data`.
    pub fn data(&self) -> PathBuf {
        match env::var_os(variable::DATA) {
            Some(folder) => std::path::absolute(&folder).unwrap_or_else(|_| folder.into()),
            None => self.root.join("data"),
        }
    }

    /// A path as it reads best: relative to the checkout where it lies within.
    pub fn display<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}
