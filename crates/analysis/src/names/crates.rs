//! The tables of the crates that cells use, beside the compiled crates.
//!
//! They lie in the folder `names` of the cells' crate: the kernel lets it lead to one that all kernels of a
//! template share. A list, named by what the cells are linked with, says which tables there are; it is
//! written last. Who comes while they are made, waits.

use std::collections::BTreeSet;
use std::collections::hash_map::DefaultHasher;
use std::fs::{self, File};
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result};
use serde_json::Value;

use super::documented;
use super::rustdoc::Build;
use crate::call::Call;

/// The folder of the tables, in that of the cells' crate.
pub const FOLDER: &str = "names";
/// Changes with what a table holds.
const FORMAT: u32 = 1;

/// Reads the tables of all crates that the cells in `folder` use, and makes those that are missing.
pub fn tables(folder: &Path) -> Result<Vec<String>> {
    let call = Call::read(folder)?;
    let names = folder.join(FOLDER);
    let list = names.join(format!("{}.list", key(&call)));
    if let Some(tables) = read(&list) {
        return Ok(tables);
    }
    fs::create_dir_all(&names).context("cannot make the folder of names")?;
    let lock = File::create(names.join("lock")).context("cannot wait for the names")?;
    lock.lock().context("cannot wait for the names")?;
    if let Some(tables) = read(&list) {
        return Ok(tables);
    }
    let files = Maker { build: Build::read(&call, folder)?, names }.make()?;
    write(&list, &files.join("\n"))?;
    read(&list).context("the names have gone")
}

/// Gives a name for what the cells are linked with.
fn key(call: &Call) -> String {
    let mut hasher = DefaultHasher::new();
    FORMAT.hash(&mut hasher);
    let mut files: Vec<String> = call.externs().map(|(_, file)| stem(Path::new(file))).collect();
    files.sort();
    files.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Gives a name for a compiled crate: cargo's, and when that was.
fn stem(file: &Path) -> String {
    let time = fs::metadata(file).and_then(|found| found.modified()).unwrap_or(UNIX_EPOCH);
    let time = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    format!("{}-{time:x}", name.trim_start_matches("lib"))
}

/// Reads the tables of a list.
fn read(list: &Path) -> Option<Vec<String>> {
    let files = fs::read_to_string(list).ok()?;
    let folder = list.parent()?;
    files.lines().map(|file| fs::read_to_string(folder.join(file)).ok()).collect()
}

/// Writes a file so that it is there as a whole or not at all.
fn write(file: &Path, text: &str) -> Result<()> {
    let new = file.with_extension("new");
    let written = fs::write(&new, text).and_then(|()| fs::rename(&new, file));
    written.with_context(|| format!("cannot write {}", file.display()))
}

/// Makes the tables that are missing.
struct Maker {
    build: Build,
    names: PathBuf,
}

impl Maker {
    /// Makes the tables of the crates that cells can name, and of those that these pass on; gives their
    /// files.
    fn make(&self) -> Result<Vec<String>> {
        let direct = self.build.direct();
        // Most are known at once, so that rustdoc can read them at the same time.
        let declared = direct.iter().flat_map(|package| self.build.declared(package));
        let first: BTreeSet<String> = declared.chain(direct.iter().cloned()).collect();
        let mut files = self.tables(&first);
        let mut others = BTreeSet::new();
        for file in &files {
            let table = fs::read_to_string(self.names.join(file))?;
            let names = documented::passed_on(&table);
            let found =
                |package: &String| self.build.dependencies(package, |name| names.contains(name));
            others.extend(direct.iter().flat_map(found));
        }
        files.extend(self.tables(&(&others - &first)));
        Ok(files)
    }

    /// Makes the tables of some packages; without the names of one there are those of all others.
    fn tables<'a>(&'a self, packages: &'a BTreeSet<String>) -> Vec<String> {
        thread::scope(|scope| {
            let making = |package: &'a String| scope.spawn(move || self.table(package));
            let threads: Vec<_> = packages.iter().map(making).collect();
            threads.into_iter().filter_map(|thread| thread.join().ok()?.ok()).collect()
        })
    }

    /// Makes a crate's table unless it is there, and gives its file.
    fn table(&self, package: &str) -> Result<String> {
        let file = self.build.file(package).context("it is not compiled")?;
        let name = format!("{}.{FORMAT}.tsv", stem(file));
        let path = self.names.join(&name);
        if !path.is_file() {
            let json: Value = self.build.document(package)?;
            write(&path, &documented::distil(&json))?;
        }
        Ok(name)
    }
}
