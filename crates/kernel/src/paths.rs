//! Where things are: the workspace whose crate the cells use, and the cache folder.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use backprop_protocol::{folders, variable};

/// The two folders that everything else is found from.
#[derive(Debug, PartialEq)]
pub struct Paths {
    /// Holds `crates/backprop`.
    pub workspace: PathBuf,
    /// Holds templates, snapshots and the private folders of running kernels.
    pub cache: PathBuf,
}

impl Paths {
    /// Finds both for this process.
    pub fn find() -> Result<Self> {
        let here = env::current_dir().context("the current folder is gone")?;
        Self::find_with(&here, |name| env::var_os(name).filter(|value| !value.is_empty()))
    }

    /// Finds both as seen from folder `here`, with the environment that `variable` looks up.
    fn find_with(here: &Path, variable: impl Fn(&str) -> Option<OsString>) -> Result<Self> {
        let Some(cache) = folders::cache(&variable) else {
            bail!("there is no home folder for the cache: set BACKPROP_CACHE to a folder");
        };
        let cache = here.join(cache);
        let workspace = match variable(variable::WORKSPACE) {
            Some(folder) => named_workspace(&here.join(folder), variable::WORKSPACE)?,
            None => match folders::workspace_around(here) {
                Some(folder) => folder.to_owned(),
                None => noted_workspace(&cache)?,
            },
        };
        let workspace = workspace.canonicalize()?;
        Ok(Paths { workspace, cache })
    }
}

fn named_workspace(folder: &Path, source: &str) -> Result<PathBuf> {
    if !folders::is_workspace(folder) {
        bail!(
            "{source} names {}, which holds no Cargo.toml with crates/backprop beside it",
            folder.display()
        );
    }
    Ok(folder.to_owned())
}

/// Reads the workspace that `cargo lab` noted in the cache, for notebooks kept elsewhere.
fn noted_workspace(cache: &Path) -> Result<PathBuf> {
    let note = folders::noted_workspace(cache);
    let Ok(text) = fs::read_to_string(&note) else {
        bail!(
            "this notebook lies outside of the lab's folder, and nothing says where that is: \
             run `cargo lab env` there once, or set BACKPROP_WORKSPACE"
        );
    };
    named_workspace(Path::new(text.trim()), &note.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::write;

    fn workspace_in(folder: &Path) {
        write(&folder.join("Cargo.toml"), b"").unwrap();
        write(&folder.join("crates/backprop/Cargo.toml"), b"").unwrap();
    }

    fn find(here: &Path, variables: &[(&str, &Path)]) -> Result<Paths> {
        Paths::find_with(here, |name| {
            let (_, value) = variables.iter().find(|(key, _)| *key == name)?;
            Some(value.as_os_str().to_owned())
        })
    }

    #[test]
    fn the_workspace_is_named_or_above_or_noted() {
        let temporary = tempfile::tempdir().unwrap();
        let root = temporary.path().canonicalize().unwrap();
        let (above, named, noted, cache) =
            (root.join("above"), root.join("named"), root.join("noted"), root.join("cache"));
        for folder in [&above, &named, &noted] {
            workspace_in(folder);
        }
        let inside = above.join("notebooks/deep");
        fs::create_dir_all(&inside).unwrap();
        let cached: (&str, &Path) = ("BACKPROP_CACHE", &cache);

        let paths = find(&inside, &[cached, ("BACKPROP_WORKSPACE", &named)]).unwrap();
        assert_eq!(paths, Paths { workspace: named.clone(), cache: cache.clone() });
        assert_eq!(find(&inside, &[cached]).unwrap().workspace, above);

        let error = find(&root, &[cached]).unwrap_err().to_string();
        assert!(error.contains("cargo lab env"), "{error}");
        write(&cache.join("workspace"), format!("{}\n", noted.display()).as_bytes()).unwrap();
        assert_eq!(find(&root, &[cached]).unwrap().workspace, noted);

        fs::remove_dir_all(&noted).unwrap();
        let error = find(&root, &[cached]).unwrap_err().to_string();
        assert!(error.contains("noted"), "{error}");
    }

    #[test]
    fn the_cache_follows_the_environment() {
        let temporary = tempfile::tempdir().unwrap();
        let root = temporary.path().canonicalize().unwrap();
        workspace_in(&root);
        let (own, xdg, home) = (root.join("own"), root.join("xdg"), root.join("home"));
        let all: [(&str, &Path); 3] =
            [("BACKPROP_CACHE", &own), ("XDG_CACHE_HOME", &xdg), ("HOME", &home)];
        assert_eq!(find(&root, &all).unwrap().cache, own);
        assert_eq!(find(&root, &all[1..]).unwrap().cache, xdg.join("backprop-lab"));
        assert_eq!(find(&root, &all[2..]).unwrap().cache, home.join(".cache/backprop-lab"));
        assert!(find(&root, &[]).is_err());
    }
}
