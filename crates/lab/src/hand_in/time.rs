//! Times with their zones, as people, nbgrader, e-mail and other programs write them.

use anyhow::{Context, Result};
use chrono::{DateTime, FixedOffset, NaiveDateTime};

/// The zones that have one meaning wherever their names are written, and their hours east of Greenwich.
/// Names of several zones (CST, IST, AST) are not here: a wrong hour is worse than none.
const ZONES: [(&str, i32); 31] = [
    ("UTC", 0),
    ("GMT", 0),
    ("Z", 0),
    ("WET", 0),
    ("WEST", 1),
    ("BST", 1),
    ("CET", 1),
    ("MET", 1),
    ("MEZ", 1),
    ("CEST", 2),
    ("MEST", 2),
    ("MESZ", 2),
    ("EET", 2),
    ("SAST", 2),
    ("EEST", 3),
    ("MSK", 3),
    ("JST", 9),
    ("KST", 9),
    ("AEST", 10),
    ("AEDT", 11),
    ("NZST", 12),
    ("NZDT", 13),
    ("EDT", -4),
    ("EST", -5),
    ("CDT", -5),
    ("MDT", -6),
    ("MST", -7),
    ("PDT", -7),
    ("PST", -8),
    ("AKST", -9),
    ("HST", -10),
];

/// How a date and its time are written before a zone.
const FORMS: [&str; 6] = [
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
];

/// Reads a time with its zone: as RFC 3339 and e-mail have it, with the seconds or without, or as nbgrader
/// writes it, with the zone's name.
///
/// # Errors
/// A time without a zone, or with one whose name has several meanings: what was expected, and the text.
pub fn read(text: &str) -> Result<DateTime<FixedOffset>> {
    let text = text.trim().trim_start_matches('\u{feff}');
    let of_mail = || DateTime::parse_from_rfc2822(text).ok();
    let found = DateTime::parse_from_rfc3339(text).ok().or_else(of_mail);
    found.or_else(|| with_offset(text)).or_else(|| with_zone(text)).with_context(|| {
        format!("expected a time with its zone, such as 2026-12-01T23:59+01:00, found `{text}`")
    })
}

/// Gives a time for people, with its zone.
pub fn show(time: &DateTime<FixedOffset>) -> String {
    time.format("%Y-%m-%d %H:%M %:z").to_string()
}

/// Reads a time with its hours and minutes east of Greenwich.
fn with_offset(text: &str) -> Option<DateTime<FixedOffset>> {
    let forms = FORMS.iter().flat_map(|form| [format!("{form}%#z"), format!("{form} %#z")]);
    forms.into_iter().find_map(|form| DateTime::parse_from_str(text, &form).ok())
}

/// Reads a time with the name of its zone behind it.
fn with_zone(text: &str) -> Option<DateTime<FixedOffset>> {
    let end = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic()).len();
    let (time, name) = text.split_at(end);
    let (_, hours) = ZONES.iter().find(|(zone, _)| zone.eq_ignore_ascii_case(name))?;
    let time = time.trim_end();
    let time = FORMS.iter().find_map(|form| NaiveDateTime::parse_from_str(time, form).ok())?;
    time.and_local_timezone(FixedOffset::east_opt(hours * 3600)?).single()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Case G10 and its kind.
    #[test]
    fn a_time_is_read_as_platforms_write_it() {
        let expected = DateTime::parse_from_rfc3339("2026-01-12T09:30:00+01:00").unwrap();
        let forms = [
            "2026-01-12T09:30:00+01:00",
            "2026-01-12T09:30+01:00",
            "2026-01-12 08:30:00.0 UTC",
            "2026-01-12 08:30:00 UTC\n",
            "2026-01-12 09:30:00.000000 CET",
            "2026-01-12 10:30:00 EET",
            "2026-01-12 00:30 pst",
            "2026-01-12 03:30:00.000 EST",
            "2026-01-12 09:30:00 MEZ",
            "2026-01-12 08:30:00Z",
            "2026-01-12T08:30Z",
            "2026-01-12 09:30:00 +0100",
            "2026-01-12 09:30:00+01",
            "Mon, 12 Jan 2026 09:30:00 +0100",
            "\u{feff}2026-01-12 09:30 +01:00",
            "12.01.2026 09:30 CET",
            "12.01.2026 09:30 +01:00",
        ];
        for text in forms.into_iter().chain([show(&expected).as_str()]) {
            assert_eq!(read(text).ok(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_time_without_a_certain_zone_is_refused() {
        let cases = [
            "",
            "tomorrow",
            "2026-13-01T00:00Z",
            "2026-01-31T23:59",
            "31.1.2026 23:59",
            "2026-01-12 09:30:00 CST",
            "2026-01-12 09:30:00 IST",
            "2026-01-12 09:30:00 Europe/Berlin",
            "2026-01-12",
        ];
        for text in cases {
            let error = read(text).unwrap_err().to_string();
            assert!(error.ends_with(&format!("found `{text}`")), "{text}: {error}");
        }
    }
}
