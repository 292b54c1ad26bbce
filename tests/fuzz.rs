//! What the fuzz targets of `fuzz/` found or started from is read again: no crash, no hang, little memory.

#[path = "fuzz/data.rs"]
mod data;
#[path = "fuzz/documents.rs"]
mod documents;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// No file of a corpus is larger, no corpus has more of them.
const LARGEST: u64 = 4096;
const MOST: usize = 60;

/// Each is read in a few milliseconds, also on a machine that has much else to do.
const LONGEST: Duration = Duration::from_secs(10);

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn every_file_of_every_corpus_is_read_or_refused() {
    for (name, read) in data::ALL.into_iter().chain(documents::ALL) {
        let corpus = files(&folder("tests/fuzz/corpus").join(name));
        assert!((5..=MOST).contains(&corpus.len()), "{name}: {} files", corpus.len());
        for file in corpus {
            let bytes = fs::read(&file).unwrap();
            assert!(bytes.len() as u64 <= LARGEST, "{}: {} bytes", file.display(), bytes.len());
            println!("{}", file.display());
            let start = Instant::now();
            read(&bytes);
            assert!(start.elapsed() < LONGEST, "{}: {:?}", file.display(), start.elapsed());
        }
    }
}

#[test]
fn each_reader_has_a_target_and_a_corpus_and_nothing_else_has() {
    let all = data::ALL.into_iter().chain(documents::ALL);
    let mut readers: Vec<String> = all.map(|(name, _)| name.to_owned()).collect();
    readers.sort();
    let names = |path: &str| -> Vec<String> {
        let stem = |path: PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
        files(&folder(path)).into_iter().map(stem).collect()
    };
    assert_eq!(names("tests/fuzz/corpus"), readers);
    assert_eq!(names("fuzz/fuzz_targets"), readers);
}
