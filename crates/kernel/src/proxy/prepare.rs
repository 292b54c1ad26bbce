//! What a kernel needs before evcxr can start: the template, and a private copy of it.

use std::fs;
use std::path::Path;

use anyhow::Result;
use backprop_analysis::names;
use rustix::fs::Access;
use tokio::sync::mpsc::Sender;

use super::events::Event;
use crate::files;
use crate::paths::Paths;
use crate::private::{self, Private, Purpose};
use crate::template;
use crate::toolchain::Toolchain;

pub struct Prepared {
    pub private: Private,
    pub toolchain: Toolchain,
}

/// Makes the private folder, after the template if that is missing, which takes minutes.
pub fn prepare(events: Sender<Event>) -> Result<Prepared> {
    let paths = Paths::find()?;
    let toolchain = Toolchain::of(&paths.workspace)?;
    let template = template::ensure(&paths, &toolchain, &|why| {
        let _ = events.blocking_send(Event::Doing(why.to_owned()));
    })?;
    private::remove_leftovers(&paths.cache)?;

    let private = Private::create(&paths.cache, Purpose::Kernel, &template.snapshot)?;
    files::share_folder(&template.cargo, &private.cargo())?;
    share_names(&template.names, &private.cargo().join(names::FOLDER))?;
    Ok(Prepared { private, toolchain })
}

/// Lets a kernel find, and leave, what is known of the template's names where all its kernels do; in a cache
/// that this user cannot write to, it gets a copy of what is there.
fn share_names(all: &Path, own: &Path) -> Result<()> {
    let is_shared = fs::create_dir_all(all).is_ok()
        && rustix::fs::access(all, Access::WRITE_OK | Access::EXEC_OK).is_ok();
    match is_shared {
        true => files::link(all, own),
        false if all.is_dir() => files::copy_folder(all, own),
        false => Ok(fs::create_dir_all(own)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shared_where_they_can_be() {
        let temporary = tempfile::tempdir().unwrap();
        let (all, own) = (temporary.path().join("names/one"), temporary.path().join("kernel"));
        share_names(&all, &own).unwrap();
        files::write(&own.join("a.tsv"), b"a").unwrap();
        assert_eq!(files::names_in(&all), ["a.tsv"]);
        files::remove(&own).unwrap();
        assert_eq!(files::names_in(&all), ["a.tsv"], "the kernel's end leaves them");

        let no_folder = temporary.path().join("file");
        files::write(&no_folder, b"").unwrap();
        share_names(&no_folder.join("names/one"), &own).unwrap();
        assert!(own.is_dir() && !own.is_symlink());
    }
}
