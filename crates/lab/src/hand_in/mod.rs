//! What a student hands in: how it is checked and packed before, and read afterwards.

pub mod answered;
pub mod archive;
pub mod check;
pub mod choice;
pub mod course;
pub mod finding;
pub mod identity;
pub mod package;
pub mod pages;
pub mod platform;
pub mod submission;
pub mod time;
