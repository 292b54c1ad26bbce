//! Notebooks as files, and what is made of them: a student's version, an HTML page, a PDF.
//!
//! [`notebook`] reads and writes them, [`solution_markers`] knows which parts are not for students, [`export`]
//! writes pages and PDFs. Nothing here knows of the command line, of kernels, or of grading.

pub mod export;
pub mod files;
pub mod notebook;
pub mod solution_markers;
