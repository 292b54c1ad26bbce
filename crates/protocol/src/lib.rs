//! What the programs of the lab agree on: the library in a cell, the kernel around the cell, and the command
//! `cargo lab`. Each word of theirs is said here and nowhere else; it needs std alone.

pub mod evcxr;
pub mod failure;
pub mod files;
pub mod folders;
pub mod foreign;
pub mod mime;
pub mod variable;

/// The processes of a kernel that runs no cell: proxy, evcxr, monitor, and the runtime with one thread.
pub const KERNEL_PROCESSES: usize = 4;
