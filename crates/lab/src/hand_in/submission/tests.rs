//! Archives and notebooks as they come in.

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
    let write =
        |path: &str, content: &[u8]| files::write_whole(&folder.path().join(path), content, 0o644);
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
    assert_eq!(found[0].time, time::read("2026-01-02T03:04:05Z").ok());
    Ok(())
}

/// Finds what is handed in with these files: the students, the names, and what is told.
fn found(entries: &[(&str, &[u8])]) -> Vec<(String, String, Vec<&'static str>)> {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in entries {
        files::write_whole(&folder.path().join(path), content, 0o644).unwrap();
    }
    let told = |one: HandIn| {
        let words = one.findings.iter().map(|finding| finding.kind.word()).collect();
        (one.student, one.name, words)
    };
    find(&[folder.path().to_path_buf()]).unwrap().into_iter().map(told).collect()
}

fn one(student: &str, name: &str) -> (String, String, Vec<&'static str>) {
    (student.to_owned(), name.to_owned(), Vec::new())
}

/// Cases G02 and G03 and their kind.
#[test]
fn what_systems_leave_is_no_hand_in() {
    let entries: &[(&str, &[u8])] = &[
        ("bea/small.ipynb", b"{}"),
        ("bea/.ipynb_checkpoints/small-checkpoint.ipynb", b"{}"),
        ("dan/small.ipynb", b"{}"),
        ("dan/._small.ipynb", b"junk"),
        ("dan/.DS_Store", b"junk"),
        ("._eva.ipynb", b"junk"),
        ("__MACOSX/eva/._small.ipynb", b"junk"),
        (".ipynb_checkpoints/x-checkpoint.ipynb", b"{}"),
        ("Thumbs.db", b"junk"),
    ];
    assert_eq!(found(entries), [one("bea", "small"), one("dan", "small")]);
}

#[test]
fn platforms_folders_are_read() {
    let moodle: &[(&str, &[u8])] = &[
        ("Ada L_1_assignsubmission_file_/small.ipynb", b"{}"),
        ("Ada L_1_assignsubmission_onlinetext_/onlinetext.html", b"see my file"),
        ("Bo_2_assignsubmission_onlinetext_/onlinetext.html", b"I was ill"),
        ("Cy_3_assignsubmission_file_small.ipynb", b"{}"),
    ];
    assert_eq!(found(moodle), [one("Ada L 1", "small"), one("Bo 2", ""), one("Cy 3", "small")]);
    let canvas: &[(&str, &[u8])] =
        &[("lovelaceada_LATE_4_8_small.ipynb", b"{}"), ("bo_5_9_small-1.ipynb", b"{}")];
    assert_eq!(found(canvas), [one("bo 5", "small-1"), one("lovelaceada 4", "small")]);
    let ilias: &[(&str, &[u8])] = &[("Cy_C_cy_7/20260112093000_small.ipynb", b"{}")];
    assert_eq!(found(ilias), [one("Cy_C_cy_7", "small")]);
    let deep: &[(&str, &[u8])] = &[("dan/a/b/c/small.ipynb", b"{}")];
    assert_eq!(found(deep), [one("dan", "small")]);
    // A Mac's folder, and the same name as a list of students has it.
    let decomposed: &[(&str, &[u8])] = &[("Mu\u{308}ller/small.ipynb", b"{}")];
    assert_eq!(found(decomposed), [one("Müller", "small")]);
}

/// Case G10: what cannot be read is told.
#[test]
fn a_time_that_cannot_be_read_is_told() {
    let entries: &[(&str, &[u8])] = &[
        ("jon/small/small.ipynb", b"{}"),
        ("jon/small/timestamp.txt", b"2026-01-12 09:30:00.123456 CST\n"),
        ("kim/small/small.ipynb", b"{}"),
        ("kim/small/timestamp.txt", b"2026-01-12 09:30:00.123456 CET\n"),
        ("lea.zip", &archive("lea", "yesterday")),
    ];
    let found = found(entries);
    let told: Vec<_> = found.iter().map(|(student, _, told)| (student.as_str(), told)).collect();
    assert_eq!(told, [("jon", &vec!["time"]), ("kim", &vec![]), ("lea 7", &vec!["time"])]);
}

#[test]
fn an_archive_of_a_whole_class_is_to_be_unpacked() {
    let files = [("Ada_1_assignsubmission_file_/small.ipynb".to_owned(), b"{}".to_vec())].into();
    let all = Archive::pack(json!({}), files).unwrap();
    let problem = of_archive(&all, "all", false).unwrap_err();
    assert!(problem.contains("unpack it"), "{problem}");
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
