//! How a notebook's kernel asks a running cell to stop: by a file that it names in the environment.

use std::env;
use std::path::PathBuf;

/// Names the file that is there for as long as the running cell is to stop.
const VARIABLE: &str = "BACKPROP_INTERRUPT";

/// What a long loop asks between two steps.
pub(crate) struct Interrupt {
    file: Option<PathBuf>,
}

impl Interrupt {
    /// Looks up where to ask; outside of the lab's kernel nobody ever asks to stop.
    pub(crate) fn watch() -> Interrupt {
        Interrupt { file: env::var_os(VARIABLE).map(PathBuf::from) }
    }

    /// Whether the loop is to stop and to return what it has.
    pub(crate) fn is_asked(&self) -> bool {
        self.file.as_ref().is_some_and(|file| file.exists())
    }
}
