//! What students are given: their versions of the instructor's notebooks, and their own copies of these.

pub mod copies;
pub mod hidden;
mod manifest;
pub mod release;
