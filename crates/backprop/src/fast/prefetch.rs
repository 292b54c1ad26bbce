//! The only unsafe code of the crate: a hint to the processor, which no safe function gives.
//!
//! The images of a batch lie anywhere in memory, and waiting for them took a quarter of an epoch. It pays
//! where the processor waits for nothing else: asked for between the products of the first layer, which
//! read weights from the second cache, the images delayed these (docs/performance.md).

#![allow(unsafe_code)]

/// Asks for memory that will be read soon. Nothing is read, whatever comes of it.
#[inline(always)]
pub(super) fn prefetch<T>(values: &[T]) {
    #[cfg(target_arch = "x86_64")]
    for line in (0..size_of_val(values)).step_by(64) {
        use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
        let start = values.as_ptr().cast::<i8>();
        // SAFETY: the address lies within `values`; SSE, which has this hint, is part of x86-64.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(start.add(line)) }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = values;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_asked_for_stays_as_it_is() {
        let bytes: Vec<u8> = (0..=255).cycle().take(1_000).collect();
        for range in [0..0, 0..1, 3..67, 900..1_000, 1_000..1_000] {
            prefetch(&bytes[range]);
        }
        prefetch(&[1.0_f32; 100]);
        assert!(bytes.iter().enumerate().all(|(i, &byte)| usize::from(byte) == i % 256));
    }
}
