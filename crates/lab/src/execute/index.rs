//! The report's index: one page that leads to the executed notebooks of a folder.
//!
//! Each executed notebook carries its own record (status, time, data, versions) in its metadata,
//! so the index can be written anew at any moment and always tells of the files that are there.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use backprop_report::export::escape;
use backprop_report::files;
use backprop_report::notebook::RECORD;
use serde_json::Value;

const TEMPLATE: &str = include_str!("index.html");

/// What an executed notebook says of itself.
#[derive(Debug)]
struct Record {
    name: String,
    title: String,
    failure: Option<String>,
    seconds: f64,
    cells: u64,
    data: String,
    quick: bool,
    finished: String,
    versions: Vec<(String, String)>,
}

/// Writes `index.html` over the executed notebooks of the folder, and gives its path.
pub fn write(folder: &Path) -> Result<PathBuf> {
    let paths = files::list_own(folder)?;
    let mut records: Vec<Record> = paths.iter().filter_map(|path| Record::read(path)).collect();
    records.sort_by(|a, b| a.name.cmp(&b.name));
    let path = folder.join("index.html");
    files::write_whole(&path, index(&records).as_bytes(), 0o644)?;
    Ok(path)
}

impl Record {
    /// Reads the record of a notebook; none if the file is no notebook that the lab executed.
    fn read(path: &Path) -> Option<Record> {
        if path.extension()? != "ipynb" {
            return None;
        }
        let notebook: Value = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
        let record = notebook["metadata"].get(RECORD)?;
        let text = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
        let failure = record["failure"].as_object().map(|failure| {
            let cell = failure["cell"].as_u64().map(|cell| format!("cell [{cell}]: "));
            let message = failure["message"].as_str().unwrap_or_default();
            cell.unwrap_or_default() + message.lines().next().unwrap_or_default()
        });
        let names = record["data"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let versions = record["versions"].as_object().into_iter().flatten();
        Some(Record {
            name: path.file_stem()?.to_string_lossy().into_owned(),
            title: text("title"),
            failure,
            seconds: record["seconds"].as_f64().unwrap_or_default(),
            cells: record["cells"].as_u64().unwrap_or_default(),
            data: names.collect::<Vec<_>>().join(", "),
            quick: record["quick"].as_bool().unwrap_or_default(),
            finished: text("finished"),
            versions: versions
                .filter_map(|(name, version)| Some((name.clone(), version.as_str()?.to_owned())))
                .collect(),
        })
    }

    fn row(&self) -> String {
        let (class, mut status) = match &self.failure {
            None => ("passed", "passed".to_owned()),
            Some(failure) => ("failed", format!("failed in {}", escape(failure))),
        };
        if self.quick {
            status += "<br><small>quick</small>";
        }
        let name = escape(&self.name);
        format!(
            "<tr class=\"{class}\"><td><a href=\"{name}.html\">{title}</a><br><small>{name} · \
             <a href=\"{name}.ipynb\">notebook</a></small></td><td>{status}</td><td>{cells}</td>\
             <td>{seconds:.1} s</td><td>{data}</td><td>{finished}</td></tr>",
            title = escape(&self.title),
            cells = self.cells,
            seconds = self.seconds,
            data = escape(if self.data.is_empty() { "–" } else { &self.data }),
            finished = escape(&self.finished.replace('T', " ")),
        )
    }
}

fn index(records: &[Record]) -> String {
    let failed = records.iter().filter(|record| record.failure.is_some()).count();
    let mut summary = match failed {
        0 => format!("{} notebooks, all passed", records.len()),
        _ => format!("{} notebooks, {failed} failed", records.len()),
    };
    let quick = records.iter().filter(|record| record.quick).count();
    if quick > 0 {
        summary += &format!("; {quick} of them quick: fewer repetitions, same story");
    }
    let rows: Vec<_> = records.iter().map(Record::row).collect();
    // All of one run have the same versions; after partial runs, the latest one's are told.
    let latest = records.iter().max_by(|a, b| a.finished.cmp(&b.finished));
    let versions: Vec<_> = latest
        .into_iter()
        .flat_map(|record| &record.versions)
        .map(|(name, version)| format!("{} {}", escape(name), escape(version)))
        .collect();
    TEMPLATE
        .replace("{{summary}}", &summary)
        .replace("{{versions}}", &versions.join(" · "))
        .replace("{{rows}}", &rows.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    fn executed(title: &str, failure: Value, quick: bool) -> String {
        let status = if failure.is_null() { "passed" } else { "failed" };
        serde_json::json!({
            "cells": [],
            "metadata": { "backprop_lab": {
                "title": title, "status": status, "failure": failure, "seconds": 12.34, "cells": 5,
                "data": ["MNIST"], "quick": quick, "finished": "2026-01-02T03:04:05+00:00",
                "versions": { "rustc": "1.95.0" },
            }},
            "nbformat": 4, "nbformat_minor": 5,
        })
        .to_string()
    }

    #[test]
    fn the_index_lists_what_lies_in_the_folder() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let failure = serde_json::json!({ "cell": 3, "message": "left <b> right\nmore" });
        fs::write(folder.path().join("02-b.ipynb"), executed("Second", failure, true))?;
        fs::write(folder.path().join("01-a.ipynb"), executed("Vec<f32>", Value::Null, false))?;
        fs::write(folder.path().join("foreign.ipynb"), r#"{"metadata": {}}"#)?;
        let index = fs::read_to_string(write(folder.path())?)?;
        let table = index.split_once("<tbody>").context("no table")?.1;
        let table = table.split_once("</tbody>").context("no end of the table")?.0;
        insta::assert_snapshot!(table.trim(), @r#"
        <tr class="passed"><td><a href="01-a.html">Vec&lt;f32&gt;</a><br><small>01-a · <a href="01-a.ipynb">notebook</a></small></td><td>passed</td><td>5</td><td>12.3 s</td><td>MNIST</td><td>2026-01-02 03:04:05+00:00</td></tr>
        <tr class="failed"><td><a href="02-b.html">Second</a><br><small>02-b · <a href="02-b.ipynb">notebook</a></small></td><td>failed in cell [3]: left &lt;b&gt; right<br><small>quick</small></td><td>5</td><td>12.3 s</td><td>MNIST</td><td>2026-01-02 03:04:05+00:00</td></tr>
        "#);
        let summary = "2 notebooks, 1 failed; 1 of them quick: fewer repetitions, same story";
        assert!(index.contains(summary) && index.contains("rustc 1.95.0"));
        assert!(!index.contains("{{"), "a placeholder was left");
        Ok(())
    }
}
