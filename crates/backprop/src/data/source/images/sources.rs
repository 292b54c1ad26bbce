//! SOURCES.md: the origin and licence of the images, which captions have to state.

use crate::error::Error;
use std::fs;
use std::path::Path;

/// What captions say where no SOURCES.md tells the origin.
const UNKNOWN_ORIGIN: &str =
    "Origin and licence of the images: unknown (no SOURCES.md beside them).";

/// The heading below which the list for captions stands.
const ATTRIBUTION_HEADING: &str = "Attribution text to show";

/// The origin and licence that the first of some folders gives that has a SOURCES.md.
pub(super) fn attribution(folders: &[&Path]) -> Result<String, Error> {
    let mut paths = folders.iter().map(|folder| folder.join("SOURCES.md"));
    let Some(path) = paths.find(|path| path.is_file()) else {
        return Ok(UNKNOWN_ORIGIN.to_owned());
    };
    let text = fs::read_to_string(&path).map_err(Error::file(&path))?;
    let is_heading = |line: &str| line.starts_with('#');
    let items: Vec<&str> = text
        .lines()
        .skip_while(|line| !(is_heading(line) && line.contains(ATTRIBUTION_HEADING)))
        .skip(1)
        .take_while(|line| !is_heading(line))
        .filter_map(|line| line.strip_prefix("- "))
        .collect();
    Ok(if items.is_empty() { UNKNOWN_ORIGIN.to_owned() } else { items.join(" ") })
}
