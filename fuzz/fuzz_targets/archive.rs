//! Feeds the reader of archives that are handed in with bytes.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lab::fuzz::archive(bytes));
