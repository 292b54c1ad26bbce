//! What was handed in: notebooks, archives, and nbgrader's tree of submitted notebooks.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use backprop_report::files;
use chrono::{DateTime, FixedOffset};

use super::archive::{Archive, Fault};
use super::course;
use super::finding::{Finding, FindingKind};

/// The largest notebook or archive that is read, in bytes.
const LARGEST: u64 = 100_000_000;
/// What `cargo lab submit` writes, and what else people hand in by mistake.
const ARCHIVE: &str = "zip";
const OTHER_ARCHIVES: [&str; 5] = ["tar", "gz", "tgz", "rar", "7z"];

/// A notebook that a student handed in.
#[derive(Clone, Debug, PartialEq)]
pub struct HandIn {
    pub student: String,
    /// The notebook's name without `.ipynb`.
    pub name: String,
    /// When it was handed in, where that is known.
    pub time: Option<DateTime<FixedOffset>>,
    /// The notebook's file, or why there is none.
    pub content: Result<Vec<u8>, String>,
    /// What to know of the way it came.
    pub findings: Vec<Finding>,
}

impl HandIn {
    fn new(student: &str, name: &str, content: Result<Vec<u8>, String>) -> HandIn {
        let (student, name) = (student.to_owned(), name.to_owned());
        HandIn { student, name, time: None, content, findings: Vec::new() }
    }

    /// Gives the SHA-256 of what was handed in.
    pub fn hash(&self) -> String {
        let bytes = match &self.content {
            Ok(bytes) => bytes,
            Err(problem) => problem.as_bytes(),
        };
        files::sha256(bytes)
    }
}

/// Finds what was handed in, below these paths. Of what a student handed in again, the latest counts.
///
/// A notebook is named by its student, an archive by what its manifest says. A folder within a folder is
/// a student's and holds either, as in nbgrader's `submitted/<student>/<assignment>/<notebook>.ipynb`.
pub fn find(paths: &[PathBuf]) -> Result<Vec<HandIn>> {
    let mut found = Vec::new();
    for path in paths {
        if !path.exists() {
            bail!("there is no {}", path.display());
        }
        if !path.is_dir() {
            found.extend(of_file(path, None));
            continue;
        }
        for entry in files::list(path)? {
            match entry.is_dir() && !entry.is_symlink() {
                true => found.extend(of_student(&entry)?),
                false if is_hand_in(&entry) => found.extend(of_file(&entry, None)),
                false => {} // a list, a note
            }
        }
    }
    found.sort_by(|a, b| (&a.student, &a.name, a.time).cmp(&(&b.student, &b.name, b.time)));
    Ok(latest(found))
}

/// Keeps the last of each student's hand-ins of one notebook.
fn latest(sorted: Vec<HandIn>) -> Vec<HandIn> {
    let mut kept: Vec<HandIn> = Vec::new();
    for hand_in in sorted {
        match kept.last_mut() {
            Some(last) if (&last.student, &last.name) == (&hand_in.student, &hand_in.name) => {
                *last = hand_in;
                let text = "it was handed in more than once; the latest counts";
                last.findings.push(Finding::new(FindingKind::Again, text));
            }
            _ => kept.push(hand_in),
        }
    }
    kept
}

fn is_hand_in(path: &Path) -> bool {
    let extension = extension(path);
    ["ipynb", ARCHIVE].iter().chain(&OTHER_ARCHIVES).any(|known| *known == extension)
}

fn extension(path: &Path) -> String {
    path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default()
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Reads a notebook or an archive of the student whose folder it lies in, else of whom it names.
fn of_file(path: &Path, student: Option<&str>) -> Vec<HandIn> {
    let name = if student.is_some() { stem(path) } else { String::new() };
    let named = student.map_or_else(|| stem(path), str::to_owned);
    let content = match extension(path).as_str() {
        "ipynb" => read(path),
        ARCHIVE => match read(path).and_then(|bytes| of_archive(&bytes, &named, student.is_some()))
        {
            Ok(found) => return found,
            Err(problem) => Err(problem),
        },
        _ => Err("neither a notebook (.ipynb) nor an archive of `cargo lab submit`".to_owned()),
    };
    vec![HandIn::new(&named, &name, content)]
}

/// Reads a file that others put there: a link would lead to a file of the instructor's.
fn read(path: &Path) -> Result<Vec<u8>, String> {
    let about = fs::symlink_metadata(path).map_err(|error| error.to_string())?;
    if !about.is_file() {
        return Err("a link, and no file".to_owned());
    }
    if about.len() > LARGEST {
        return Err(format!("larger than {} MB", LARGEST / 1_000_000));
    }
    fs::read(path).map_err(|error| error.to_string())
}

/// Reads a student's folder: hand-ins in it, or in a folder for each assignment.
fn of_student(folder: &Path) -> Result<Vec<HandIn>> {
    let student = folder.file_name().context("a folder has a name")?.to_string_lossy();
    let mut folders = vec![folder.to_path_buf()];
    folders.extend(
        files::list(folder)?.into_iter().filter(|path| path.is_dir() && !path.is_symlink()),
    );
    let mut found = Vec::new();
    for folder in folders {
        let time = fs::read_to_string(folder.join("timestamp.txt")).ok();
        let time = time.and_then(|text| course::read_time(&text).ok());
        for path in files::list(&folder)?.iter().filter(|path| is_hand_in(path)) {
            let hand_ins = of_file(path, Some(&student));
            found.extend(hand_ins.into_iter().map(|it| HandIn { time: time.or(it.time), ..it }));
        }
    }
    if found.is_empty() {
        let problem = "no notebook in the student's folder".to_owned();
        found.push(HandIn::new(&student, "", Err(problem)));
    }
    Ok(found)
}

/// Gives the notebooks of an archive of `cargo lab submit`. Whose it is and when it was handed in are what
/// the manifest says, where nothing else is known.
fn of_archive(bytes: &[u8], student: &str, is_known: bool) -> Result<Vec<HandIn>, String> {
    let archive = Archive::unpack(bytes).map_err(|error| format!("{error:#}"))?;
    let faults = archive.faults();
    let told = student_of(&archive).filter(|_| !is_known);
    let student = told.as_deref().unwrap_or(student);
    let time = archive.manifest["submitted"].as_str().and_then(|text| course::read_time(text).ok());
    let is_notebook = |name: &&String| extension(Path::new(name)) == "ipynb";
    let mut found = Vec::new();
    for name in archive.files.keys().filter(is_notebook) {
        let content = Ok(archive.files[name].clone());
        let mut hand_in = HandIn::new(student, &stem(Path::new(name)), content);
        hand_in.time = time;
        let damage = |fault: &Fault| Finding::new(FindingKind::Archive, fault.to_string());
        hand_in.findings.extend(faults.iter().map(damage));
        found.push(hand_in);
    }
    if found.is_empty() { Err("the archive holds no notebook".to_owned()) } else { Ok(found) }
}

/// Gives the name by which an archive's manifest tells of its student.
fn student_of(archive: &Archive) -> Option<String> {
    let text = |key: &str| archive.manifest[key].as_str().filter(|text| !text.trim().is_empty());
    let name = text("name")?;
    Some(text("matriculation").map_or(name.to_owned(), |number| format!("{name} {number}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::io::Write;
    use std::os::unix::fs::symlink;

    fn archive(name: &str, time: &str) -> Vec<u8> {
        let manifest = json!({ "name": name, "matriculation": "7", "submitted": time });
        let text = format!("{{\"at\": \"{time}\"}}").into_bytes();
        Archive::pack(manifest, [("11-report.ipynb".to_owned(), text)].into()).unwrap()
    }

    #[test]
    fn notebooks_archives_and_nbgraders_tree_are_found() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let write = |path: &str, content: &[u8]| {
            files::write_whole(&folder.path().join(path), content, 0o644)
        };
        write("Ümit.ipynb", b"{}")?;
        write("notes.txt", b"no hand-in")?;
        write("ada/lab/11-report.ipynb", b"{}")?;
        write("ada/lab/timestamp.txt", b"2026-01-02 03:04:05 UTC\n")?;
        write("bob/any.zip", &archive("somebody else", "2026-01-02T00:00:00Z"))?;
        write("empty/lab/readme.txt", b"")?;
        write("foreign.tar.gz", b"")?;
        symlink("/etc/passwd", folder.path().join("link.ipynb"))?;
        let found = find(&[folder.path().to_path_buf()])?;
        let told: Vec<(&str, &str, bool)> = found
            .iter()
            .map(|one| (one.student.as_str(), one.name.as_str(), one.content.is_ok()))
            .collect();
        let expected = [
            ("ada", "11-report", true),
            ("bob", "11-report", true), // the folder's name was not written by a student
            ("empty", "", false),
            ("foreign.tar", "", false),
            ("link", "", false),
            ("Ümit", "", true),
        ];
        assert_eq!(told, expected);
        assert_eq!(found[0].time, course::read_time("2026-01-02T03:04:05Z").ok());
        Ok(())
    }

    #[test]
    fn the_latest_of_several_hand_ins_counts() -> Result<()> {
        let folder = tempfile::tempdir()?;
        for (file, time) in [("a", "2026-01-03T00:00:00Z"), ("b", "2026-01-02T23:00:00+01:00")] {
            let path = folder.path().join(file).with_extension("zip");
            files::write_whole(&path, &archive("ada", time), 0o644)?;
        }
        let found = find(&[folder.path().to_path_buf()])?;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].student, "ada 7");
        assert_eq!(found[0].content, Ok(b"{\"at\": \"2026-01-03T00:00:00Z\"}".to_vec()));
        assert_eq!(found[0].findings[0].kind, FindingKind::Again);
        Ok(())
    }

    #[test]
    fn a_damaged_archive_is_told() {
        let files = [("a.ipynb".to_owned(), b"{}".to_vec())].into();
        let bytes = Archive::pack(json!({ "name": "ada" }), files).unwrap();
        let manifest = Archive::unpack(&bytes).unwrap().manifest.to_string();
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, content) in [("manifest.json", manifest.as_str()), ("a.ipynb", "{ }")] {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        let found = of_archive(&zip.finish().unwrap().into_inner(), "x", false).unwrap();
        assert!(found[0].findings[0].text.starts_with("a.ipynb was changed"), "{found:?}");
    }
}
