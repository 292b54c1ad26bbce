//! What is handed in: a notebook that was checked, with all that goes along, in one archive.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Error, Result};
use backprop_report::export::{Exporter, View};
use backprop_report::files;
use chrono::{DateTime, FixedOffset};
use serde_json::{Value, json};

use super::archive::Archive;
use super::check::Checked;
use super::course::Course;
use super::identity::Identity;
use super::{pages, time};

/// Files by their names in the archive.
type Files = BTreeMap<String, Vec<u8>>;

/// What the archive is made of.
pub struct Package<'a> {
    pub identity: &'a Identity,
    pub course: Option<&'a Course>,
    pub time: DateTime<FixedOffset>,
    pub checked: &'a Checked,
}

impl Package<'_> {
    /// Packs the archive; gives its bytes, and why there is no PDF in it where there is none.
    pub fn pack(&self, versions: Value, exporter: &Exporter) -> Result<(Vec<u8>, Option<Error>)> {
        let (files, no_pdf) = self.files(exporter)?;
        Ok((Archive::pack(self.manifest(versions), files)?, no_pdf))
    }

    /// Gives what is said of the hand-in as a whole.
    fn manifest(&self, versions: Value) -> Value {
        let Package { identity, course, time, checked } = self;
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

    /// Gives the files of the archive, and why there is no PDF among them.
    fn files(&self, exporter: &Exporter) -> Result<(Files, Option<Error>)> {
        let executed = &self.checked.executed;
        let stem = executed.path.file_stem().unwrap_or_default().to_string_lossy();
        let mut page = pages::page(executed, View::Full)?;
        let Identity { name, matriculation } = self.identity;
        page.header.facts.insert(0, ("Who".to_owned(), format!("{name}, {matriculation}")));
        page.header.add("Handed in", &time::show(&self.time));
        let mut files = BTreeMap::from([
            (format!("{stem}.ipynb"), executed.bytes.clone()),
            (format!("{stem}.html"), exporter.html(&page)?.content),
            (format!("{stem}.check.html"), self.checked.page(exporter)?),
        ]);
        let pdf = exporter.pdf(&page).map(|pdf| files.insert(format!("{stem}.pdf"), pdf.content));
        for (name, path) in self.checked.scratch.results()? {
            let content =
                fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            files.insert(format!("results/{name}"), content);
        }
        Ok((files, pdf.err()))
    }
}

/// Names the archive by the notebook and by what is in it; whose it is stands within.
pub fn archive_name(notebook: &Path, bytes: &[u8]) -> String {
    let stem = notebook.file_stem().unwrap_or_default().to_string_lossy();
    format!("{stem}-{}.zip", &files::sha256(bytes)[..8])
}
