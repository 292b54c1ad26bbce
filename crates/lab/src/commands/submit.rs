//! `cargo lab submit`: one archive to hand in.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use backprop_report::export::{Exporter, Source, folder_of};
use backprop_report::files;
use chrono::{DateTime, FixedOffset, Local};
use clap::Args;

use super::check::{self, Running};
use crate::hand_in::course::Course;
use crate::hand_in::identity::Identity;
use crate::hand_in::package::{Package, archive_name};
use crate::hand_in::time;
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

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let source = Source::read(&arguments.notebook)?;
    let course = Course::of(&source.folder)?;
    let identity = Identity::find(arguments.name.as_deref(), arguments.matriculation.as_deref())?;
    let lab = setup::complete(Workspace::find()?)?;
    let exporter = Exporter::new(&lab.python)?;
    let checked = check::check(&source, &arguments.run, &lab, &exporter)?;
    checked.items.iter().for_each(|item| println!("{}", item.line()));

    let time = Local::now().fixed_offset();
    let package = Package { identity: &identity, course: course.as_ref(), time, checked: &checked };
    let versions = setup::versions(&lab)?.into_iter().collect();
    let (bytes, no_pdf) = package.pack(versions, &exporter)?;
    if let Some(error) = no_pdf {
        eprintln!("warning: the archive has no PDF: {error:#}");
    }
    let folder = arguments.out.clone().unwrap_or_else(|| folder_of(&arguments.notebook));
    let path = folder.join(archive_name(&source.path, &bytes));
    files::write_whole(&path, &bytes, 0o644)?;
    println!("{}", last_line(&path, bytes.len() as u64, &time, course.as_ref()));
    Ok(ExitCode::SUCCESS)
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
        line += &format!(" by {}", time::show(due));
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
