//! Notebooks as files, and what is made of them: a student's version, an HTML page, a PDF.

#![allow(missing_docs)]

pub mod export;
pub mod files;
pub mod notebook;
pub mod solution;
