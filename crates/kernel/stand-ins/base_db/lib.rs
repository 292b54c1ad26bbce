//! Stands in for rust-analyzer's crate of this name: the file that is analysed, and its folder.

#![allow(missing_docs, reason = "the names are rust-analyzer's, and so is what they mean")]

use ra_ap_syntax::Edition;
use ra_ap_vfs::{FileId, file_set::FileSet};

/// The one file that evcxr has analysed.
#[derive(Clone, Copy)]
pub struct EditionedFileId;

impl EditionedFileId {
    pub fn new<Db>(_: &Db, _: FileId, _: Edition) -> EditionedFileId {
        EditionedFileId
    }
}

/// The files of a folder: the compiler finds them by itself.
pub struct SourceRoot;

impl SourceRoot {
    pub fn new_local(_: FileSet) -> SourceRoot {
        SourceRoot
    }
}
