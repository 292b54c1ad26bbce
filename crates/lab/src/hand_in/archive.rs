//! The archive that is handed in: files, and a manifest with the sum of each.
//!
//! The sums tell of damage on the way. They are no signature: who makes an archive makes its manifest.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::io::{Cursor, Read, Write};
use std::path::{Component, Path};

use anyhow::{Context, Result, bail};
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
    /// What is said of the hand-in as a whole.
    pub manifest: Value,
    /// The files by their names, but for the manifest.
    pub files: BTreeMap<String, Vec<u8>>,
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

    /// Unpacks a ZIP file in memory; nothing is written.
    ///
    /// # Errors
    /// What is no archive of the lab, what is too large, links, and names that lead elsewhere.
    pub fn unpack(bytes: &[u8]) -> Result<Archive> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).context("no ZIP archive")?;
        let (mut files, mut left) = (BTreeMap::new(), LARGEST);
        for index in 0..zip.len() {
            let mut file = zip.by_index(index)?;
            let name = file.name().context("a name that cannot be read")?.into_owned();
            if file.is_symlink() {
                bail!("the archive holds a link, {name}");
            }
            if !stays_inside(&name) {
                bail!("the archive holds a name that leads out of it, {name}");
            }
            if file.is_dir() {
                continue; // other programs note folders, too
            }
            let mut content = Vec::new();
            let read = file.by_ref().take(left + 1).read_to_end(&mut content);
            let read = read.with_context(|| format!("{name} is damaged"))?;
            left =
                left.checked_sub(read as u64).context("the archive unpacks to more than 1 GB")?;
            files.insert(name, content);
        }
        let manifest =
            files.remove(MANIFEST).context("no archive of the lab: it has no manifest")?;
        let manifest: Value = serde_json::from_slice(&manifest).context("a damaged manifest")?;
        if manifest["format"] != FORMAT {
            bail!("expected a manifest of format {FORMAT}, found {}", manifest["format"]);
        }
        Ok(Archive { manifest, files })
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
}
