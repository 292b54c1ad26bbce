//! A made-up course: the instructor's notebook, what students got, and what they handed in.

use crate::assignment::{assignment, edited};
use crate::jupyter::{outcome, root};
use crate::student::{Entry, Form, Student};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const COURSE: &str = "title = \"A small lab\"\ndue = 2026-02-01T11:30:00+01:00\n";

/// A course's folder: the instructor's notebook, what students got, and what they handed in.
pub struct Course {
    pub folder: TempDir,
}

impl Course {
    pub fn new() -> Course {
        let course = Course { folder: TempDir::new().unwrap() };
        write(&course.path("own/small.ipynb"), &assignment().to_string());
        write(&course.path("own/course.toml"), COURSE);
        write(&course.path("secret/answers.txt"), "the instructor's own");
        fs::create_dir_all(course.path("outside")).unwrap();
        let mut anyone = fs::metadata(course.path("outside")).unwrap().permissions();
        std::os::unix::fs::PermissionsExt::set_mode(&mut anyone, 0o777);
        fs::set_permissions(course.path("outside"), anyone).unwrap();
        let (own, released) = (course.text("own"), course.text("released"));
        let (succeeded, said) =
            outcome(&mut lab(&["release", "small", "--hidden", &own, "--out", &released]));
        assert!(succeeded, "{said}");
        course
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn text(&self, path: &str) -> String {
        self.path(path).to_str().unwrap().to_owned()
    }

    pub fn released(&self) -> Value {
        read(&self.path("released/small.ipynb"))
    }

    pub fn hand_in(&self, student: &Student) {
        let path = |extension: &str| self.path(&format!("submitted/{}.{extension}", student.name));
        let notebook = |edits| {
            let text = edited(&self.released(), edits).to_string();
            let text = text.replace("{secret}", &self.text("secret/answers.txt"));
            text.replace("{outside}", &self.text("outside"))
        };
        match &student.form {
            Form::Notebook(edits) => write(&path("ipynb"), &notebook(edits)),
            Form::Text(text) => write(&path("ipynb"), text),
            Form::Archive(edits) => pack(&path("zip"), student.name, &notebook(edits), None),
            Form::ArchiveWith(entry) => {
                pack(&path("zip"), student.name, &notebook(&[]), Some(*entry));
            }
            Form::Foreign => write(&path("rar"), "no archive of the lab"),
        }
    }

    /// Makes the command that grades all, with limits that a small notebook keeps.
    pub fn grade(&self) -> Command {
        let mut command = lab(&["grade", &self.text("submitted"), "--hidden", &self.text("own")]);
        command.args(["--out", &self.text("graded"), "--notebook", "small", "--jobs", "2"]);
        command.args(["--timeout", "20", "--total", "240", "--memory", "2500"]);
        command
    }

    pub fn result_files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let folders = fs::read_dir(self.path("graded/results")).into_iter().flatten();
        let files = folders.flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap());
        let files = files.map(|file| file.unwrap().path());
        files
            .filter(|file| file.extension().is_some_and(|it| it == "json"))
            .map(|file| {
                let content = fs::read(&file).unwrap();
                (file, content)
            })
            .collect()
    }

    /// Gives the students' results by their names.
    pub fn results(&self) -> BTreeMap<String, Value> {
        let results =
            self.result_files().into_values().map(|text| serde_json::from_slice(&text).unwrap());
        results
            .map(|result: Value| (result["student"].as_str().unwrap().to_owned(), result))
            .collect()
    }
}

pub fn lab(arguments: &[&str]) -> Command {
    let mut lab = Command::new(env!("CARGO_BIN_EXE_lab"));
    lab.args(arguments).env("BACKPROP_WORKSPACE", root());
    lab
}

pub fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

pub fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// Packs an archive as `cargo lab submit` does, and one entry more.
fn pack(path: &Path, student: &str, notebook: &str, more: Option<Entry>) {
    let sum = Sha256::digest(notebook);
    let sum: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
    let manifest = json!({"format": 1, "name": student, "submitted": "2026-02-01T12:00:00+01:00",
                          "files": {"small.ipynb": sum}});
    let options = zip::write::SimpleFileOptions::default();
    let mut zip = zip::ZipWriter::new(fs::File::create(path).unwrap());
    for (name, content) in
        [("manifest.json", manifest.to_string().as_str()), ("small.ipynb", notebook)]
    {
        zip.start_file(name, options).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    match more {
        Some(Entry::File(name)) => zip.start_file(name, options).unwrap(),
        Some(Entry::Link(target)) => zip.add_symlink("notes.ipynb", target, options).unwrap(),
        None => {}
    }
    zip.finish().unwrap();
}
