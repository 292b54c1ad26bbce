//! What a hand-in may use: what `cargo lab grade` is asked for, and what holds for every box.

/// What a hand-in may use.
#[derive(Clone, Debug)]
pub struct Limits {
    pub seconds_per_cell: u64,
    /// Of all cells together, from the start of the kernel.
    pub seconds: u64,
    /// Of all processes and files together, in bytes.
    pub memory: u64,
    /// Of a cell's outputs, in bytes; more are dropped.
    pub output: u64,
}

/// The largest address space of one process: a check of the memory comes five times a second, and this
/// bounds what can happen in between.
pub(super) const ADDRESS_SPACE: u64 = 4_000_000_000;
/// How many processes a hand-in may have at a time.
pub(super) const PROCESSES: u64 = 256;
/// How many files a process may have open.
pub(super) const OPEN_FILES: u64 = 1024;
/// A kernel's private folder takes a few MB, and each cell less than one more.
pub(super) const CACHE_SIZE: u64 = 300_000_000;
/// What cells may write, in memory.
pub(super) const TEMPORARY_SIZE: u64 = 256_000_000;
