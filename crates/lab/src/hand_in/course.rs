//! The course that a notebook is handed in to: the file `course.toml`, in the notebook's folder or one
//! above it.
//!
//! ```toml
//! title = "Laboratory 10"
//! due = 2026-12-01T23:59:00+01:00
//! address = "lab@example.org"
//! largest_mb = 20
//! ```

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use chrono::{DateTime, FixedOffset, TimeDelta};
use toml::{Table, Value};

use super::time;

/// The file's name.
pub const NAME: &str = "course.toml";

/// What a course says of a hand-in; all but the title may be left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    pub title: String,
    pub due: Option<DateTime<FixedOffset>>,
    /// Where the archive is sent to.
    pub address: Option<String>,
    /// The most that the archive may hold, in bytes.
    pub largest: Option<u64>,
}

impl Course {
    /// Finds the course of the notebooks in a folder.
    ///
    /// # Errors
    /// A file that is no course: the file, the key, and what was expected.
    pub fn of(folder: &Path) -> Result<Option<Course>> {
        let folder = folder
            .canonicalize()
            .with_context(|| format!("cannot open the folder {}", folder.display()))?;
        let Some(path) = folder.ancestors().map(|it| it.join(NAME)).find(|it| it.is_file()) else {
            return Ok(None);
        };
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Course::parse(&text).map(Some).with_context(|| path.display().to_string())
    }

    fn parse(text: &str) -> Result<Course> {
        let mut table: Table = toml::from_str(text).context("no TOML")?;
        let Some(Value::String(title)) = table.remove("title") else {
            bail!("expected `title`, a text");
        };
        let course = Course {
            title,
            due: table.remove("due").map(|due| due_date(&due)).transpose()?,
            address: table.remove("address").map(address).transpose()?,
            largest: table.remove("largest_mb").map(|largest| bytes(&largest)).transpose()?,
        };
        match table.keys().next() {
            Some(key) => bail!("expected title, due, address and largest_mb, found `{key}`"),
            None => Ok(course),
        }
    }

    /// Tells the course in one line: its title, when the work is due, and where it is sent to.
    pub fn line(&self) -> String {
        let due = self.due.map(|due| format!("due {}", time::show(&due)));
        let address = self.address.as_ref().map(|address| format!("to {address}"));
        let parts = [Some(self.title.clone()), due, address];
        parts.into_iter().flatten().collect::<Vec<String>>().join(", ")
    }

    /// Tells by how much a time is late; none if it is not.
    pub fn lateness(&self, time: &DateTime<FixedOffset>) -> Option<String> {
        let late = *time - self.due?;
        (late > TimeDelta::zero()).then(|| {
            match (late.num_days(), late.num_hours(), late.num_minutes()) {
                (0, 0, _) => format!("{} min late", (late.num_seconds() + 59) / 60),
                (0, hours, minutes) => format!("{hours} h {} min late", minutes % 60),
                (days, hours, _) => format!("{days} d {} h late", hours % 24),
            }
        })
    }
}

fn due_date(value: &Value) -> Result<DateTime<FixedOffset>> {
    let text = value.as_datetime().map(ToString::to_string);
    text.and_then(|text| DateTime::parse_from_rfc3339(&text).ok()).with_context(|| {
        format!(
            "expected `due` as a date and time with its zone, such as 2026-12-01T23:59:00+01:00, \
             found {value}"
        )
    })
}

fn address(value: Value) -> Result<String> {
    match value {
        Value::String(text) => Ok(text),
        other => bail!("expected `address` as a text, found {other}"),
    }
}

fn bytes(value: &Value) -> Result<u64> {
    match value.as_integer().and_then(|megabytes| u64::try_from(megabytes).ok()) {
        Some(megabytes) => Ok(megabytes * 1_000_000),
        None => bail!("expected `largest_mb` as a whole number of megabytes, found {value}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "title = \"Laboratory 10\"\ndue = 2026-12-01T23:59:00+01:00\n\
                         address = \"lab@example.org\"\nlargest_mb = 20\n";

    #[test]
    fn a_course_stands_in_the_folder_or_above_it() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let below = folder.path().join("my-lab");
        fs::create_dir(&below)?;
        fs::write(folder.path().join(NAME), WHOLE)?;
        let course = Course::of(&below)?.context("a course")?;
        assert_eq!(course.largest, Some(20_000_000));
        assert_eq!(course.line(), "Laboratory 10, due 2026-12-01 23:59 +01:00, to lab@example.org");
        Ok(())
    }

    #[test]
    fn late_is_told_across_time_zones() {
        let course = Course::parse(WHOLE).unwrap();
        let cases = [
            ("2026-12-01T22:59:00+00:00", None),
            ("2026-12-01T22:59:30+00:00", Some("1 min late")),
            ("2026-12-02T00:29:00+01:00", Some("30 min late")),
            ("2026-12-02T02:04:00+01:00", Some("2 h 5 min late")),
            ("2026-12-04T00:59:00+01:00", Some("2 d 1 h late")),
        ];
        for (time, expected) in cases {
            let time = DateTime::parse_from_rfc3339(time).unwrap();
            assert_eq!(course.lateness(&time).as_deref(), expected);
        }
        let no_date = Course::parse("title = \"A\"").unwrap();
        let long_after = DateTime::parse_from_rfc3339("2036-12-04T00:59:00+01:00").unwrap();
        assert_eq!(no_date.lateness(&long_after), None);
    }

    #[test]
    fn what_is_no_course_is_refused_with_what_is_expected() {
        let cases = [
            ("title = ", "no TOML"),
            ("due = 2026-12-01", "expected `title`"),
            ("title = \"A\"\ndue = 2026-12-01T23:59:00", "date and time with its zone"),
            ("title = \"A\"\nlargest_mb = -1", "a whole number of megabytes, found -1"),
            ("title = \"A\"\naddress = 1", "`address` as a text, found 1"),
            ("title = \"A\"\ndeu = 1", "found `deu`"),
        ];
        for (text, expected) in cases {
            let error = format!("{:#}", Course::parse(text).unwrap_err());
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
