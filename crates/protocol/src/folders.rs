//! Where things are: the cache, the checkout of the lab, and the machine's programs.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::variable;

/// Gives the cache's folder: `$BACKPROP_CACHE`, else `$XDG_CACHE_HOME/backprop-lab`, else
/// `~/.cache/backprop-lab`; none where there is no home. An empty variable counts as none.
pub fn cache(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let folder =
        |name| variable(name).filter(|value: &OsString| !value.is_empty()).map(PathBuf::from);
    folder(variable::CACHE)
        .or_else(|| folder("XDG_CACHE_HOME").map(|base| base.join("backprop-lab")))
        .or_else(|| folder("HOME").map(|home| home.join(".cache/backprop-lab")))
}

/// Gives the file in the cache that names the checkout, for notebooks that lie in none.
pub fn noted_workspace(cache: &Path) -> PathBuf {
    cache.join("workspace")
}

/// Says whether a folder is a checkout of the lab.
pub fn is_workspace(folder: &Path) -> bool {
    folder.join("Cargo.toml").is_file() && folder.join("crates/backprop/Cargo.toml").is_file()
}

/// Gives the checkout that a folder is in.
pub fn workspace_around(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|folder| is_workspace(folder))
}

/// Finds a program in the folders of `$PATH`.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_is_named_or_the_users_own() {
        let all = [("BACKPROP_CACHE", "/own"), ("XDG_CACHE_HOME", "/xdg"), ("HOME", "/home/ada")];
        let cache_with = |variables: &[(&str, &str)]| {
            cache(|name| {
                let (_, value) = variables.iter().find(|(key, _)| *key == name)?;
                Some((*value).into())
            })
        };
        assert_eq!(cache_with(&all), Some("/own".into()));
        assert_eq!(cache_with(&all[1..]), Some("/xdg/backprop-lab".into()));
        assert_eq!(cache_with(&all[2..]), Some("/home/ada/.cache/backprop-lab".into()));
        assert_eq!(cache_with(&[("BACKPROP_CACHE", ""), all[2]]), cache_with(&all[2..]));
        assert_eq!(cache_with(&[]), None);
    }
}
