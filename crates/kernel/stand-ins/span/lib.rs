//! Stands in for rust-analyzer's crate of this name, of which evcxr calls nothing.
