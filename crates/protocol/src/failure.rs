//! The names of the errors by which the kernel tells how a cell failed: `ename` in Jupyter's messages.

/// An error without a name of its own: one that a `?` returned, or the compiler's.
pub const ERROR: &str = "Error";
/// The cell panicked.
pub const PANIC: &str = "Panic";
/// The process that runs the cells has ended.
pub const PROCESS_ENDED: &str = "ProcessEnded";
/// The cell was interrupted.
pub const INTERRUPTED: &str = "Interrupted";
/// The kernel cannot run any cell.
pub const KERNEL: &str = "KernelError";

/// Stands in the message of an error that has cost all variables.
pub const ALL_LOST: &str = "All variables are lost";
