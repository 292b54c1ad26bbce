//! Numbers that begin with a cache line.

use std::ops::{Deref, DerefMut};

/// Numbers that begin with a cache line, so that no row of them lies across two.
pub(super) struct Buffer {
    values: Vec<f32>,
    start: usize,
    len: usize,
}

/// The numbers in a cache line.
const LINE: usize = 16;

impl Buffer {
    pub(super) fn zeros(len: usize) -> Buffer {
        let values = vec![0.0; len + LINE - 1];
        let start = values.as_ptr().align_offset(LINE * size_of::<f32>());
        Buffer { start: start.min(LINE - 1), values, len }
    }
}

impl Deref for Buffer {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.values[self.start..self.start + self.len]
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.values[self.start..self.start + self.len]
    }
}
