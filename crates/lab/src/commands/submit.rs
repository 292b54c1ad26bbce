//! `cargo lab submit`: one archive to hand in.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use backprop_report::export::{Exporter, Source, View, folder_of};
use backprop_report::files;
use chrono::{DateTime, FixedOffset, Local};
use clap::Args;
use serde_json::{Value, json};

use super::check::{self, Checked, Running};
use crate::commands;
use crate::hand_in::archive::Archive;
use crate::hand_in::course::{self, Course};
use crate::hand_in::identity::Identity;
use crate::hand_in::pages;
use crate::setup;
use crate::workspace::Workspace;

/// Pack a notebook into one archive, to hand it in
///
/// Checks it as `cargo lab check` does, then packs the executed notebook, its page, its PDF, the files
/// of results, the check's list, and a manifest with the sum of each file. Whatever the check finds,
/// the archive is written. Your name and matriculation number are asked once and kept on this machine;
/// they are in the archive, and in nothing else that the lab writes.
#[derive(Args)]
pub struct Arguments {
    /// The notebook, saved with its results
    notebook: PathBuf,
    #[command(flatten)]
    run: Running,
    /// The folder for the archive [default: the notebook's own]
    #[arg(long, short)]
    out: Option<PathBuf>,
    /// Your name, where it is not known yet or has changed
    #[arg(long)]
    name: Option<String>,
    /// Your matriculation number
    #[arg(long)]
    matriculation: Option<String>,
}

/// What the archive is made of.
struct HandIn<'a> {
    identity: &'a Identity,
    course: Option<&'a Course>,
    time: DateTime<FixedOffset>,
    checked: &'a Checked,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let source = Source::read(&arguments.notebook)?;
    let course = Course::of(&source.folder)?;
    let identity = Identity::find(arguments.name.as_deref(), arguments.matriculation.as_deref())?;
    let lab = setup::complete(Workspace::find()?)?;
    let exporter = Exporter::new(&lab.python)?;
    let checked = check::check(&source, &arguments.run, &lab, &exporter)?;
    checked.items.iter().for_each(|item| println!("{}", item.line()));

    let time = Local::now().fixed_offset();
    let hand_in = HandIn { identity: &identity, course: course.as_ref(), time, checked: &checked };
    let versions = commands::env::versions(&lab)?.into_iter().collect();
    let bytes = Archive::pack(hand_in.manifest(versions), hand_in.files(&exporter)?)?;
    let folder = arguments.out.clone().unwrap_or_else(|| folder_of(&arguments.notebook));
    let path = folder.join(archive_name(&source.path, &bytes));
    files::write_whole(&path, &bytes, 0o644)?;
    println!("{}", last_line(&path, bytes.len() as u64, &time, course.as_ref()));
    Ok(ExitCode::SUCCESS)
}

impl HandIn<'_> {
    fn manifest(&self, versions: Value) -> Value {
        let HandIn { identity, course, time, checked } = self;
        let items = checked
            .items
            .iter()
            .map(|item| json!({ "what": item.name, "passed": item.passed, "found": item.found }));
        json!({
            "name": identity.name,
            "matriculation": identity.matriculation,
            "course": course.map(|course| &course.title),
            "due": course.and_then(|course| course.due).map(|due| due.to_rfc3339()),
            "submitted": time.to_rfc3339(),
            "late": course.and_then(|course| course.lateness(time)),
            "versions": versions,
            "check": items.collect::<Vec<Value>>(),
        })
    }

    /// Gives the files of the archive by their names.
    fn files(&self, exporter: &Exporter) -> Result<BTreeMap<String, Vec<u8>>> {
        let executed = &self.checked.executed;
        let stem = executed.path.file_stem().unwrap_or_default().to_string_lossy();
        let mut page = pages::page(executed, View::Full)?;
        let Identity { name, matriculation } = self.identity;
        page.header.facts.insert(0, ("Who".to_owned(), format!("{name}, {matriculation}")));
        page.header.add("Handed in", &course::time(&self.time));
        let mut files = BTreeMap::from([
            (format!("{stem}.ipynb"), executed.bytes.clone()),
            (format!("{stem}.html"), exporter.html(&page)?.content),
            (format!("{stem}.check.html"), check::page(self.checked, exporter)?),
        ]);
        match exporter.pdf(&page) {
            Ok(pdf) => drop(files.insert(format!("{stem}.pdf"), pdf.content)),
            Err(error) => eprintln!("warning: the archive has no PDF: {error:#}"),
        }
        for (name, path) in self.checked.scratch.results()? {
            let content =
                fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            files.insert(format!("results/{name}"), content);
        }
        Ok(files)
    }
}

/// Names the archive by the notebook and by what is in it; whose it is stands within.
fn archive_name(notebook: &Path, bytes: &[u8]) -> String {
    let stem = notebook.file_stem().unwrap_or_default().to_string_lossy();
    format!("{stem}-{}.zip", &files::sha256(bytes)[..8])
}

/// Says where the archive is, and what is to be done with it.
fn last_line(
    path: &Path,
    size: u64,
    time: &DateTime<FixedOffset>,
    course: Option<&Course>,
) -> String {
    let mut line = format!("{} ({:.1} MB)", path.display(), size as f64 / 1e6);
    let Some(course) = course else { return format!("Hand in: {line}") };
    if let Some(address) = &course.address {
        line += &format!(" to {address}");
    }
    if let Some(due) = &course.due {
        line += &format!(" by {}", course::time(due));
    }
    if let Some(late) = course.lateness(time) {
        line += &format!("; it is {late}");
    }
    if let Some(largest) = course.largest.filter(|&largest| size > largest) {
        line += &format!("; it is larger than the {} MB allowed", largest / 1_000_000);
    }
    format!("Hand in: {line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_says_where_to_by_when_and_what_is_too_much() {
        let time = DateTime::parse_from_rfc3339("2026-12-02T02:04:00+01:00").unwrap();
        let course = Course {
            title: "Laboratory 10".into(),
            due: DateTime::parse_from_rfc3339("2026-12-01T23:59:00+01:00").ok(),
            address: Some("lab@example.org".into()),
            largest: Some(1_000_000),
        };
        let line = |course| last_line(Path::new("a-0.zip"), 1_200_000, &time, course);
        assert_eq!(line(None), "Hand in: a-0.zip (1.2 MB)");
        assert_eq!(
            line(Some(&course)),
            "Hand in: a-0.zip (1.2 MB) to lab@example.org by 2026-12-01 23:59 +01:00; it is 2 h 5 min \
             late; it is larger than the 1 MB allowed"
        );
    }
}
