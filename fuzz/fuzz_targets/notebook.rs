//! Feeds the reader of notebooks with bytes.

#![no_main]

#[path = "../../tests/fuzz/documents.rs"]
mod documents;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| documents::notebook(bytes));
