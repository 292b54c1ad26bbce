//! Feeds the reader of archives of NumPy with bytes.

#![no_main]

#[path = "../../tests/fuzz/data.rs"]
mod data;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| data::npz(bytes));
