//! Where data sets are looked for.

use crate::error::Error;
use backprop_protocol::foreign::is_foreign;
use backprop_protocol::variable;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// So many names of what is in a folder are told.
const MOST_NAMED: usize = 5;

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

/// The error of a folder that holds no data of a kind that is known: what is expected, and what there is.
pub(super) fn unknown(folder: &Path) -> Error {
    let listed = fs::read_dir(folder).and_then(|entries| {
        entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
    });
    let mut names: Vec<String> = match listed {
        Ok(names) => names,
        Err(reason) => return Error::file(folder)(reason),
    };
    names.retain(|name| !is_foreign(name));
    names.sort();
    let found = match &names[..] {
        [] => "nothing".to_owned(),
        names if names.len() <= MOST_NAMED => names.join(", "),
        names => {
            format!("{} and {} more", names[..MOST_NAMED].join(", "), names.len() - MOST_NAMED)
        }
    };
    let expected = "the four files of MNIST (train-images-idx3-ubyte, train-labels-idx1-ubyte, \
                    t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte), or images: a subfolder for each class, \
                    subfolders train and test with these, or a manifest.csv";
    Error::Layout { folder: folder.to_owned(), expected: expected.to_owned(), found }
}
