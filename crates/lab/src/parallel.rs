//! Work that several threads share.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Result, bail};

use crate::estimate;

/// Hands items, in their order, to so many threads, until none is left or `work` says to break off; it gets
/// the thread's number as well. An error ends its thread alone, and is returned when all have ended.
pub fn for_each<T: Send>(
    threads: u16,
    items: impl IntoIterator<Item = T>,
    work: impl Fn(u16, T) -> Result<ControlFlow<()>> + Sync,
) -> Result<()> {
    let queue = Mutex::new(items.into_iter().collect::<VecDeque<T>>());
    let lock = || queue.lock().unwrap_or_else(PoisonError::into_inner);
    let run = |thread: u16| -> Result<()> {
        loop {
            let next = lock().pop_front();
            let Some(item) = next else { return Ok(()) };
            if work(thread, item)?.is_break() {
                lock().clear();
            }
        }
    };
    thread::scope(|scope| {
        let run = &run;
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(move || run(thread))).collect();
        running.into_iter().try_for_each(|thread| match thread.join() {
            Ok(result) => result,
            Err(_) => bail!("a thread panicked"),
        })
    })
}

/// Gives how many threads this machine runs at a time.
pub fn cores() -> u16 {
    estimate::cores().try_into().unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn every_item_has_its_turn_until_one_breaks_off() -> Result<()> {
        let sum = AtomicU32::new(0);
        let add = |_, item: u32| {
            sum.fetch_add(item, Ordering::Relaxed);
            Ok(if item == 7 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        };
        for_each(3, 1..=4, add)?;
        assert_eq!(sum.swap(0, Ordering::Relaxed), 10);
        for_each(1, [1, 7, 100], add)?;
        assert_eq!(sum.load(Ordering::Relaxed), 8);
        Ok(())
    }

    #[test]
    fn an_error_is_returned_when_the_others_have_ended() {
        let done = AtomicU32::new(0);
        let result = for_each(2, 0..10, |thread, _| {
            if thread == 0 {
                bail!("the first");
            }
            done.fetch_add(1, Ordering::Relaxed);
            Ok(ControlFlow::Continue(()))
        });
        assert!(result.is_ok() || result.unwrap_err().to_string() == "the first");
        assert!(done.load(Ordering::Relaxed) >= 9);
    }
}
