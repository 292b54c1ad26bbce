//! Feeds the reader of Markdown with bytes.

#![no_main]

#[path = "../../tests/fuzz/documents.rs"]
mod documents;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| documents::markdown(bytes));
