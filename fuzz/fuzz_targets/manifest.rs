//! Feeds the reader of manifests of images with bytes.

#![no_main]

#[path = "../../tests/fuzz/data.rs"]
mod data;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| data::manifest(bytes));
