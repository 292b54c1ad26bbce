//! What was handed in: notebooks, archives, and nbgrader's tree of submitted notebooks.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use backprop_report::files;
use chrono::{DateTime, FixedOffset};
use unicode_normalization::UnicodeNormalization;

use super::archive::{Archive, Fault, Repacked};
use super::finding::{Finding, FindingKind};
use super::{platform, time};

/// The largest notebook or archive that is read, in bytes.
const LARGEST: u64 = 100_000_000;
/// What `cargo lab submit` writes, and what else people hand in by mistake.
const ARCHIVE: &str = "zip";
const OTHER_ARCHIVES: [&str; 5] = ["tar", "gz", "tgz", "rar", "7z"];
/// Where nbgrader notes when it received something.
const TIMESTAMP: &str = "timestamp.txt";
/// How many folders deep a student's folder is read.
const DEPTH: usize = 5;

/// A notebook that a student handed in.
#[derive(Clone, Debug, PartialEq)]
pub struct HandIn {
    /// Whose it is, in Unicode's composed form.
    pub student: String,
    /// The notebook's name without `.ipynb`.
    pub name: String,
    /// Where it was found, for people.
    pub path: String,
    /// When it was handed in, where that is known.
    pub time: Option<DateTime<FixedOffset>>,
    /// Puts what a student handed in in its order, where the platform says no more.
    pub order: Option<String>,
    /// The notebook's file, or why there is none.
    pub content: Result<Vec<u8>, String>,
    /// What to know of the way it came.
    pub findings: Vec<Finding>,
}

impl HandIn {
    pub fn new(student: &str, name: &str, content: Result<Vec<u8>, String>) -> HandIn {
        HandIn {
            student: composed(student),
            name: composed(name),
            path: String::new(),
            time: None,
            order: None,
            content,
            findings: Vec::new(),
        }
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

/// Gives a name in one spelling: a Mac writes `ü` as two characters, a list of students as one.
pub fn composed(name: &str) -> String {
    name.trim().nfc().collect()
}

/// Finds all that was handed in, below these paths; [`super::choice`] says what of it counts.
///
/// A notebook is named by its student, an archive by what its manifest says. A folder within a folder is
/// a student's and holds either, as in nbgrader's `submitted/<student>/<assignment>/<notebook>.ipynb`.
/// What platforms write into names is understood ([`platform`]), and files that systems leave are no
/// hand-ins.
pub fn find(paths: &[PathBuf]) -> Result<Vec<HandIn>> {
    let (mut found, mut empty) = (Vec::new(), Vec::new());
    for path in paths {
        if !path.exists() {
            bail!("there is no {}", path.display());
        }
        if !path.is_dir() {
            found.extend(of_file(path, None));
            continue;
        }
        for entry in files::list_own(path)? {
            if entry.is_dir() && !entry.is_symlink() {
                let student = named_by(&entry);
                let of_student = of_folder(&entry, &student)?;
                if of_student.is_empty() {
                    empty.push(student);
                }
                found.extend(of_student);
            } else if is_hand_in(&entry) {
                found.extend(of_file(&entry, None));
            } // else a list, a note
        }
    }
    for student in empty {
        // Moodle has a second folder for a text of the same student.
        if !found.iter().any(|hand_in| hand_in.student == student) {
            let problem = "no notebook in the student's folder".to_owned();
            found.push(HandIn::new(&student, "", Err(problem)));
        }
    }
    found.sort_by(|a, b| (&a.student, &a.path, &a.name).cmp(&(&b.student, &b.path, &b.name)));
    Ok(found)
}

/// Gives the student that a folder is named after.
fn named_by(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    composed(&platform::read(&name).student.unwrap_or_else(|| name.into_owned()))
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
    let named = platform::read(&stem(path));
    let owner = student.map(str::to_owned).or(named.student);
    let name = if owner.is_some() { named.file.clone() } else { String::new() };
    let is_known = owner.is_some();
    let owner = owner.unwrap_or(named.file);
    let content = match extension(path).as_str() {
        "ipynb" => read(path),
        ARCHIVE => match read(path).and_then(|bytes| of_archive(&bytes, &owner, is_known)) {
            Ok(found) => {
                return found.into_iter().map(|it| found_at(it, path, &named.order)).collect();
            }
            Err(problem) => Err(problem),
        },
        _ => Err("neither a notebook (.ipynb) nor an archive of `cargo lab submit`".to_owned()),
    };
    vec![found_at(HandIn::new(&owner, &name, content), path, &named.order)]
}

/// Notes where a hand-in was found: the file, and the folder that it lies in.
fn found_at(hand_in: HandIn, path: &Path, order: &Option<String>) -> HandIn {
    let names: Vec<_> = path.iter().rev().take(2).map(|part| part.to_string_lossy()).collect();
    let mut place = names.into_iter().rev().collect::<Vec<_>>().join("/");
    if !hand_in.path.is_empty() {
        place += &format!(" ({})", hand_in.path);
    }
    HandIn { path: place, order: order.clone(), ..hand_in }
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

/// Reads a student's folder: hand-ins in it, and in the folders in it, such as one for each assignment.
fn of_folder(folder: &Path, student: &str) -> Result<Vec<HandIn>> {
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_path_buf(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let mut here = Vec::new();
        for path in files::list_own(&folder)? {
            match path.is_dir() && !path.is_symlink() {
                true if depth < DEPTH => folders.push((path, depth + 1)),
                true => {}
                false if is_hand_in(&path) => here.extend(of_file(&path, Some(student))),
                false => {}
            }
        }
        take_time(&folder, &mut here);
        found.append(&mut here);
    }
    Ok(found)
}

/// Gives the hand-ins of a folder the time that the platform noted beside them; what their own archive
/// says comes second, for it is the student's clock.
fn take_time(folder: &Path, hand_ins: &mut [HandIn]) {
    let Ok(text) = fs::read_to_string(folder.join(TIMESTAMP)) else { return };
    let time = time::read(&text);
    for hand_in in hand_ins {
        match &time {
            Ok(time) => hand_in.time = Some(*time),
            Err(error) => hand_in.findings.push(unreadable(TIMESTAMP, error)),
        }
    }
}

fn unreadable(place: &str, error: &anyhow::Error) -> Finding {
    let text = format!("whether it was late is not known: {place}: {error}");
    Finding::new(FindingKind::Time, text)
}

/// Gives the notebooks of an archive of `cargo lab submit`. Whose it is and when it was handed in are what
/// the manifest says, where nothing else is known.
fn of_archive(bytes: &[u8], student: &str, is_known: bool) -> Result<Vec<HandIn>, String> {
    let archive = Archive::unpack_any(bytes).map_err(|error| format!("{error:#}"))?;
    if archive.files.keys().any(|name| platform::read(name).student.is_some()) {
        return Err(
            "it holds what several students handed in: unpack it, and name its folder".into()
        );
    }
    let told = student_of(&archive).filter(|_| !is_known);
    let student = told.as_deref().unwrap_or(student);
    let (time, findings) = way_of(&archive);
    let is_notebook = |name: &&String| extension(Path::new(name)) == "ipynb";
    let hand_in = |name: &String| {
        let content = Ok(archive.files[name].clone());
        let hand_in = HandIn::new(student, &stem(Path::new(name)), content);
        HandIn { path: name.clone(), time, findings: findings.clone(), ..hand_in }
    };
    let found: Vec<HandIn> = archive.files.keys().filter(is_notebook).map(hand_in).collect();
    if found.is_empty() { Err("the archive holds no notebook".to_owned()) } else { Ok(found) }
}

/// Gives when an archive was packed, and what happened to it since.
fn way_of(archive: &Archive) -> (Option<DateTime<FixedOffset>>, Vec<Finding>) {
    let damage = |fault: &Fault| Finding::new(FindingKind::Archive, fault.to_string());
    let anew = |done: &Repacked| Finding::new(FindingKind::Repacked, done.to_string());
    let mut findings: Vec<Finding> = archive.repacked.iter().map(anew).collect();
    if !archive.repacked.contains(&Repacked::NoManifest) {
        findings.extend(archive.faults().iter().map(damage));
    }
    let time = archive.manifest["submitted"].as_str().map(time::read);
    if let Some(Err(error)) = &time {
        findings.push(unreadable("the archive's manifest", error));
    }
    (time.and_then(Result::ok), findings)
}

/// Gives the name by which an archive's manifest tells of its student.
fn student_of(archive: &Archive) -> Option<String> {
    let text = |key: &str| archive.manifest[key].as_str().filter(|text| !text.trim().is_empty());
    let name = text("name")?;
    Some(text("matriculation").map_or(name.to_owned(), |number| format!("{name} {number}")))
}

#[cfg(test)]
mod tests;
