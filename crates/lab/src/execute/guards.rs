//! The processes that execute notebooks, which all end when they are to stop.

use std::collections::BTreeMap;
use std::io;
use std::process::{Child, ChildStdin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The executors' standard inputs. Each executor shuts its kernel down and ends when its own
/// closes, be it dropped here or because this process died.
#[derive(Clone, Default)]
pub struct ChildGuards {
    held: Arc<Mutex<BTreeMap<u32, ChildStdin>>>,
    stopped: Arc<AtomicBool>,
}

impl ChildGuards {
    /// Ends all executions, and lets no other one begin.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        self.held().clear();
    }

    pub fn are_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    /// Holds the standard input of a child once something has been written to it.
    pub fn guard_after(
        &self,
        child: &mut Child,
        write: impl FnOnce(&mut ChildStdin) -> io::Result<()>,
    ) -> io::Result<()> {
        let written = child.stdin.as_mut().map_or(Ok(()), write);
        self.guard(child);
        written
    }

    /// Lets go of a child that has ended.
    pub fn release(&self, child: &Child) {
        self.held().remove(&child.id());
    }

    /// Holds the standard input of a child.
    pub fn guard(&self, child: &mut Child) {
        if let Some(stdin) = child.stdin.take() {
            self.held().insert(child.id(), stdin);
        }
        if self.are_stopped() {
            self.held().clear();
        }
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<u32, ChildStdin>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
