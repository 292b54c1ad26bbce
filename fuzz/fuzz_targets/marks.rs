//! Feeds the reader of tables of marks and extensions with bytes.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lab::fuzz::marks(bytes));
