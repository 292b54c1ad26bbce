//! The building of a template: the crate's sources are kept, compiled by evcxr with what they depend on, and
//! what no kernel needs is left out.

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use backprop_analysis::call;

use super::cached::{Template, by_last_use, prune, templates};
use super::snapshot::Snapshot;
use super::{lock_versions, prewarm};
use crate::files;
use crate::paths::Paths;
use crate::private::{self, Private, Purpose};
use crate::toolchain::Toolchain;

/// Builds a template in a private folder and then moves the result to its place, so that it is there as a
/// whole or not at all.
pub fn build(
    template: &Template,
    paths: &Paths,
    toolchain: &Toolchain,
    sources: &Snapshot,
) -> Result<()> {
    let start = Instant::now();
    toolchain.check(&paths.workspace, &paths.cache)?;
    private::remove_leftovers(&paths.cache)?;
    prune(&paths.cache, &template.name)?;
    write_snapshot(template, sources)?;

    let private = Private::create(&paths.cache, Purpose::Prepare, &template.snapshot)?;
    let cargo = private.cargo();
    start_from_older(template, &paths.cache, &cargo)?;
    files::write(&cargo.join(call::LOCK_KEPT), sources.lock_file())?;
    prewarm::in_its_own_process(&private, toolchain)?;
    keep_lock_file(&cargo, sources)?;
    remove_where(&cargo, &is_of_no_use)?;

    files::remove(&template.cargo)?;
    fs::create_dir_all(templates(&paths.cache))?;
    fs::rename(&cargo, &template.cargo)
        .with_context(|| format!("cannot put the template at {}", template.cargo.display()))?;
    private.remove()?;
    eprintln!("  done in {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn write_snapshot(template: &Template, sources: &Snapshot) -> Result<()> {
    if template.snapshot.is_dir() {
        return Ok(());
    }
    let partial = template.snapshot.with_extension("partial");
    files::remove(&partial)?;
    sources.write(&partial)?;
    fs::rename(&partial, &template.snapshot)
        .with_context(|| format!("cannot put the sources at {}", template.snapshot.display()))
}

/// Copies the newest template with the same compiler and dependencies, without the crate itself.
fn start_from_older(template: &Template, cache: &Path, cargo: &Path) -> Result<()> {
    let Some((base, _)) = template.name.split_once('-') else { return Ok(()) };
    let of_same_base = by_last_use(cache).into_iter().find(|name| name.starts_with(base));
    match of_same_base {
        None => Ok(fs::create_dir_all(cargo)?),
        Some(name) => {
            eprintln!("  starting from the template of an earlier version of the crate");
            files::copy_folder(&templates(cache).join(name), cargo)?;
            remove_where(cargo, &is_of_the_crate)
        }
    }
}

/// Keeps the lock file that the cells were compiled with, for each kernel to start from.
fn keep_lock_file(cargo: &Path, sources: &Snapshot) -> Result<()> {
    let used = fs::read_to_string(cargo.join("Cargo.lock"))?;
    lock_versions::check(&used, &String::from_utf8_lossy(sources.lock_file()))?;
    files::write(&cargo.join(call::LOCK_KEPT), used.as_bytes())
}

/// Says whether a file or folder in evcxr's folder is what a cell was compiled to, or what rustc keeps
/// to compile the crate anew, which no kernel does: a third of what each would copy.
fn is_of_no_use(name: &str) -> bool {
    name.starts_with("libcode_") || name == "incremental"
}

/// Says whether a file or folder in evcxr's folder belongs to a crate of the snapshot or to a cell.
fn is_of_the_crate(name: &str) -> bool {
    let name = name.strip_prefix("lib").unwrap_or(name);
    ["backprop-", "backprop_", "code_", "ctx-"].iter().any(|start| name.starts_with(start))
}

/// Deletes the files and folders below `folder` whose names are `unwanted`.
fn remove_where(folder: &Path, unwanted: &dyn Fn(&str) -> bool) -> Result<()> {
    for name in files::names_in(folder) {
        let path = folder.join(&name);
        if unwanted(&name) {
            files::remove(&path)?;
        } else if path.is_dir() {
            remove_where(&path, unwanted)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_crates_own_files_are_left_out_of_a_copy() {
        let temporary = tempfile::tempdir().unwrap();
        let deps = "target/x86_64/debug/deps";
        let own = [
            "libbackprop-1f.rlib",
            "backprop-1f.d",
            "libbackprop_figures-2e.rlib",
            "libcode_1.so",
            "ctx-2.d",
        ];
        let others = ["libndarray-1f.rlib", "ndarray-1f.d", "libplotters_backend-1.rlib"];
        for name in own.iter().chain(&others) {
            files::write(&temporary.path().join(deps).join(name), b"").unwrap();
        }
        files::write(&temporary.path().join("target/debug/.fingerprint/backprop-1f/x"), b"")
            .unwrap();
        remove_where(temporary.path(), &is_of_the_crate).unwrap();
        let mut expected = others;
        expected.sort();
        assert_eq!(files::names_in(&temporary.path().join(deps)), expected);
        assert_eq!(files::names_in(&temporary.path().join("target/debug/.fingerprint")), [""; 0]);
    }

    #[test]
    fn what_no_kernel_uses_is_left_out_of_a_template() {
        let temporary = tempfile::tempdir().unwrap();
        let build = temporary.path().join("target/x86_64/debug");
        for name in ["deps/libcode_1.so", "deps/libndarray-1f.rlib", "incremental/backprop-2/x"] {
            files::write(&build.join(name), b"").unwrap();
        }
        remove_where(temporary.path(), &is_of_no_use).unwrap();
        assert_eq!(files::names_in(&build), ["deps"]);
        assert_eq!(files::names_in(&build.join("deps")), ["libndarray-1f.rlib"]);
    }
}
