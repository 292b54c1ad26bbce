//! The archive that is handed in: files, and a manifest with the sum of each.
//!
//! The sums tell of damage on the way. They are no signature: who makes an archive makes its manifest.
//! What another program packed anew is read where its content is whole, and what it did is told.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display, Formatter};
use std::io::{Cursor, Read, Write};
use std::path::{Component, Path};

use anyhow::{Context, Result, bail};
use backprop_protocol::foreign;
use backprop_report::files;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const MANIFEST: &str = "manifest.json";
const FORMAT: u64 = 1;

/// The most that an archive may unpack to, in bytes; one that claims more is not read.
const LARGEST: u64 = 1_000_000_000;

/// An archive, unpacked.
#[derive(Debug)]
pub struct Archive {
    /// What is said of the hand-in as a whole; null where there is no manifest.
    pub manifest: Value,
    /// The files by their names, but for the manifest.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What another program did to it that costs nothing.
    pub repacked: Vec<Repacked>,
}

/// What another program did to an archive.
#[derive(Clone, Debug, PartialEq)]
pub enum Repacked {
    /// It put this folder around all.
    Folder(String),
    /// It writes `\\` in names.
    BackSlashes,
    /// It left out the manifest, or was never given one.
    NoManifest,
}

impl Display for Repacked {
    fn fmt(&self, formatter: &mut Formatter) -> fmt::Result {
        match self {
            Repacked::Folder(name) => write!(formatter, "packed anew, with the folder {name}"),
            Repacked::BackSlashes => formatter.write_str("packed anew, with \\ in its names"),
            Repacked::NoManifest => formatter.write_str("packed without the manifest of the lab"),
        }
    }
}

/// What is wrong with an archive's file of this name.
#[derive(Debug, PartialEq)]
pub enum Fault {
    /// The manifest names it, and it is not there.
    Missing(String),
    /// It is there, and the manifest does not name it.
    Unknown(String),
    /// It is not what the manifest's sum was made of.
    Changed(String),
}

impl Display for Fault {
    fn fmt(&self, formatter: &mut Formatter) -> fmt::Result {
        match self {
            Fault::Missing(name) => write!(formatter, "{name} is missing"),
            Fault::Unknown(name) => write!(formatter, "{name} is not in the manifest"),
            Fault::Changed(name) => {
                write!(formatter, "{name} was changed: its sum is not the manifest's")
            }
        }
    }
}

impl Archive {
    /// Puts the sums of the files into the manifest, and packs all into a ZIP file.
    pub fn pack(mut manifest: Value, files: BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>> {
        let sums: BTreeMap<&String, String> =
            files.iter().map(|(name, content)| (name, files::sha256(content))).collect();
        manifest["format"] = FORMAT.into();
        manifest["files"] = json!(sums);
        let text = serde_json::to_vec_pretty(&manifest)?;
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let all = files.iter().map(|(name, content)| (name.as_str(), content.as_slice()));
        for (name, content) in [(MANIFEST, text.as_slice())].into_iter().chain(all) {
            zip.start_file(name, SimpleFileOptions::default())?;
            zip.write_all(content)?;
        }
        Ok(zip.finish()?.into_inner())
    }

    /// Unpacks an archive of the lab in memory; nothing is written.
    ///
    /// # Errors
    /// As of [`Archive::unpack_any`], and an archive without a manifest.
    pub fn unpack(bytes: &[u8]) -> Result<Archive> {
        let archive = Archive::unpack_any(bytes)?;
        if archive.manifest.is_null() {
            bail!("no archive of the lab: it has no manifest");
        }
        Ok(archive)
    }

    /// Unpacks a ZIP file in memory, with a manifest or without; nothing is written.
    ///
    /// # Errors
    /// What is no ZIP file, what is too large, links, names that lead elsewhere, and a manifest of another
    /// format.
    pub fn unpack_any(bytes: &[u8]) -> Result<Archive> {
        let mut repacked = Vec::new();
        let mut files = unzip(bytes, &mut repacked)?;
        while let Some(folder) = folder_around(&files) {
            let inner = |(name, content): (String, Vec<u8>)| {
                let name = name.strip_prefix(&format!("{folder}/")).map(str::to_owned);
                Some((name?, content))
            };
            files = files.into_iter().filter_map(inner).collect();
            repacked.push(Repacked::Folder(folder));
        }
        let Some(manifest) = files.remove(MANIFEST) else {
            repacked.push(Repacked::NoManifest);
            return Ok(Archive { manifest: Value::Null, files, repacked });
        };
        let manifest: Value = serde_json::from_slice(&manifest).context("a damaged manifest")?;
        if manifest["format"] != FORMAT {
            bail!("expected a manifest of format {FORMAT}, found {}", manifest["format"]);
        }
        Ok(Archive { manifest, files, repacked })
    }

    /// Compares the files with the manifest; gives what is wrong.
    pub fn faults(&self) -> Vec<Fault> {
        let empty = serde_json::Map::new();
        let sums = self.manifest["files"].as_object().unwrap_or(&empty);
        let missing = sums.keys().filter(|name| !self.files.contains_key(*name));
        let mut faults: Vec<Fault> = missing.map(|name| Fault::Missing(name.clone())).collect();
        for (name, content) in &self.files {
            match sums.get(name) {
                None => faults.push(Fault::Unknown(name.clone())),
                Some(expected) if *expected != files::sha256(content) => {
                    faults.push(Fault::Changed(name.clone()));
                }
                Some(_) => {}
            }
        }
        faults
    }
}

/// Gives the files of a ZIP file by their names, without what systems leave beside them.
fn unzip(bytes: &[u8], repacked: &mut Vec<Repacked>) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).context("no ZIP archive")?;
    let (mut files, mut left) = (BTreeMap::new(), LARGEST);
    for index in 0..zip.len() {
        let mut file = zip.by_index(index)?;
        let packed = file.name().context("a name that cannot be read")?.into_owned();
        let name = packed.replace('\\', "/");
        if file.is_symlink() {
            bail!("the archive holds a link, {packed}");
        }
        if !stays_inside(&name) {
            bail!("the archive holds a name that leads out of it, {packed}");
        }
        let is_folder = file.is_dir() || name.ends_with('/'); // other programs note folders, too
        if is_folder || name.split('/').any(foreign::is_foreign) {
            continue;
        }
        if name != packed && !repacked.contains(&Repacked::BackSlashes) {
            repacked.push(Repacked::BackSlashes);
        }
        let mut content = Vec::new();
        let read = file.by_ref().take(left + 1).read_to_end(&mut content);
        let read = read.with_context(|| format!("{name} is damaged"))?;
        left = left.checked_sub(read as u64).context("the archive unpacks to more than 1 GB")?;
        if files.insert(name, content).is_some() {
            bail!("the archive holds {packed} twice");
        }
    }
    Ok(files)
}

/// Gives the folder that all files lie in, if there is one and no manifest beside it.
fn folder_around(files: &BTreeMap<String, Vec<u8>>) -> Option<String> {
    let folders = files.keys().map(|name| name.split_once('/').map(|(folder, _)| folder));
    let folders: Option<BTreeSet<&str>> = folders.collect();
    let mut folders = folders?.into_iter();
    let first = folders.next()?;
    folders.next().is_none().then(|| first.to_owned())
}

/// Whether a file of that name, unpacked in a folder on whatever system, lies in it.
fn stays_inside(name: &str) -> bool {
    let is_plain = |part| matches!(part, Component::Normal(_));
    !name.contains(['\\', ':']) && Path::new(name).components().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> BTreeMap<String, Vec<u8>> {
        let files = [("a.ipynb", "{}"), ("results/Übung.json", "[1]")];
        files.map(|(name, content)| (name.to_owned(), content.as_bytes().to_vec())).into()
    }

    #[test]
    fn what_was_packed_is_unpacked_and_right() {
        let bytes = Archive::pack(json!({ "title": "A" }), files()).unwrap();
        let archive = Archive::unpack(&bytes).unwrap();
        assert_eq!((&archive.manifest["title"], &archive.files), (&json!("A"), &files()));
        assert_eq!(archive.faults(), []);
    }

    #[test]
    fn what_was_changed_taken_out_or_put_in_is_named() {
        let bytes = Archive::pack(json!({}), files()).unwrap();
        let mut archive = Archive::unpack(&bytes).unwrap();
        archive.files.insert("a.ipynb".into(), b"{ }".to_vec());
        archive.files.insert("b.txt".into(), Vec::new());
        archive.files.remove("results/Übung.json");
        let told: Vec<String> = archive.faults().iter().map(Fault::to_string).collect();
        assert_eq!(
            told,
            [
                "results/Übung.json is missing",
                "a.ipynb was changed: its sum is not the manifest's",
                "b.txt is not in the manifest",
            ]
        );
    }

    #[test]
    fn names_that_lead_elsewhere_and_links_are_refused() {
        for name in ["../../x", "/etc/x", "a/../../x", "C:\\x", "..\\x"] {
            let bytes = Archive::pack(json!({}), [(name.to_owned(), vec![])].into()).unwrap();
            let error = Archive::unpack(&bytes).unwrap_err().to_string();
            assert!(error.contains("leads out of it"), "{name}: {error}");
        }
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.add_symlink("a.ipynb", "/etc/passwd", SimpleFileOptions::default()).unwrap();
        let bytes = zip.finish().unwrap().into_inner();
        assert!(Archive::unpack(&bytes).unwrap_err().to_string().contains("holds a link"));
    }

    #[test]
    fn what_is_no_archive_is_refused() {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("a.txt", SimpleFileOptions::default()).unwrap();
        let foreign = zip.finish().unwrap().into_inner();
        let mut damaged = Archive::pack(json!({}), files()).unwrap();
        damaged.truncate(damaged.len() / 2);
        let cases = [
            (b"text".to_vec(), "no ZIP archive"),
            (foreign, "no manifest"),
            (damaged, "no ZIP archive"),
        ];
        for (bytes, expected) in cases {
            let error = format!("{:#}", Archive::unpack(&bytes).unwrap_err());
            assert!(error.contains(expected), "{error}");
        }
    }

    fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in entries {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    /// Case G19 and its kind: on a Mac, on Windows, by a second program, in a folder in a folder.
    #[test]
    fn an_archive_that_was_packed_anew_is_read_and_what_was_done_is_told() {
        let packed = Archive::pack(json!({ "name": "ada" }), files()).unwrap();
        let whole = Archive::unpack(&packed).unwrap();
        let manifest = whole.manifest.to_string();
        let anew = |folder: &str, separator: &str| {
            let mut entries = vec![(format!("{folder}manifest.json"), manifest.as_bytes())];
            for (name, content) in &whole.files {
                entries.push((format!("{folder}{name}").replace('/', separator), content));
            }
            entries.push(("__MACOSX/._a.ipynb".to_owned(), b"junk"));
            entries.push((format!("{folder}.DS_Store").replace('/', separator), b"junk"));
            let entries: Vec<(&str, &[u8])> =
                entries.iter().map(|(name, content)| (name.as_str(), *content)).collect();
            zip(&entries)
        };
        let folder = |name: &str| Repacked::Folder(name.to_owned());
        let cases = [
            (anew("", "/"), vec![]),
            (anew("small-1a2b3c4d/", "/"), vec![folder("small-1a2b3c4d")]),
            (anew("a/b/", "/"), vec![folder("a"), folder("b")]),
            (anew("", "\\"), vec![Repacked::BackSlashes]),
        ];
        for (bytes, repacked) in cases {
            let archive = Archive::unpack(&bytes).unwrap();
            assert_eq!((archive.faults(), &archive.repacked), (vec![], &repacked));
            assert_eq!((archive.manifest, archive.files), (whole.manifest.clone(), files()));
        }
        let bare = zip(&[("my lab/a.ipynb", b"{}")]);
        let archive = Archive::unpack_any(&bare).unwrap();
        assert_eq!(archive.repacked, [folder("my lab"), Repacked::NoManifest]);
        assert_eq!(archive.files.keys().collect::<Vec<_>>(), ["a.ipynb"]);
        assert!(Archive::unpack(&bare).is_err());
    }
}
