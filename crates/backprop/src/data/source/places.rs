//! Where data sets are looked for.

use crate::error::Error;
use backprop_protocol::variable;
use std::env;
use std::path::{Path, PathBuf};

/// The folders in which a data set may lie, in the order in which they are searched:
/// `$BACKPROP_DATA/name`, then `data/name` of the project.
fn places(name: &str) -> Vec<PathBuf> {
    let named = env::var_os(variable::DATA).map(|data| Path::new(&data).join(name));
    // Notebooks run in notebooks/, programs in the project's root: search upwards for data/name.
    let here = env::current_dir().unwrap_or_default();
    let above = here.ancestors().map(|folder| folder.join("data").join(name));
    named.into_iter().chain(above).collect()
}

/// The first of these folders that holds the data set.
pub(super) fn find(name: &str, is_complete: &dyn Fn(&Path) -> bool) -> Option<PathBuf> {
    places(name).into_iter().find(|folder| is_complete(folder))
}

/// The error of a data set that is in none of these folders.
pub(super) fn missing(wanted: &'static str, name: &str, mend: &'static str) -> Error {
    let searched = places(name).iter().map(|place| place.display().to_string()).collect();
    Error::NoData { wanted, searched, mend }
}
