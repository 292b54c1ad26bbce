//! Ctrl-C as a wish to stop, which a long loop asks about.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};

/// Whether Ctrl-C has been pressed.
pub struct Interrupt {
    asked: Arc<AtomicBool>,
}

impl Interrupt {
    /// Begins to watch; from now on Ctrl-C ends the program no more.
    pub fn watch() -> Result<Interrupt> {
        let asked = Arc::new(AtomicBool::new(false));
        let handler = Arc::clone(&asked);
        ctrlc::set_handler(move || handler.store(true, Ordering::Relaxed))
            .context("cannot watch for Ctrl-C")?;
        Ok(Interrupt { asked })
    }

    /// What a loop is to do now.
    pub fn check(&self) -> ControlFlow<()> {
        match self.asked.load(Ordering::Relaxed) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }
}
