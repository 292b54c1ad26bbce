//! How a notebook's kernel asks a running cell to stop: by a file that it names in the environment.

use backprop_protocol::variable;
use std::cell::Cell;
use std::env;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// To look for a file takes microseconds, a mini-batch only some ten of them.
const PAUSE: Duration = Duration::from_millis(10);

/// What a long loop asks between two steps.
pub(crate) struct Interrupt {
    file: Option<PathBuf>,
    /// When the file was last looked for.
    looked: Cell<Option<Instant>>,
}

impl Interrupt {
    /// Looks up where to ask; outside of the lab's kernel nobody ever asks to stop.
    pub(crate) fn watch() -> Interrupt {
        Interrupt {
            file: env::var_os(variable::INTERRUPT).map(PathBuf::from),
            looked: Cell::new(None),
        }
    }

    /// Whether the loop is to stop and to return what it has.
    pub(crate) fn is_asked(&self) -> bool {
        let Some(file) = &self.file else { return false };
        let now = Instant::now();
        if self.looked.get().is_some_and(|looked| now.duration_since(looked) < PAUSE) {
            return false;
        }
        self.looked.set(Some(now));
        file.exists()
    }
}
