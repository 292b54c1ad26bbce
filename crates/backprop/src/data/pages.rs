//! Memory in large pages.

use std::ops::{Deref, DerefMut};

use memmap2::MmapMut;

/// Bytes that are come to at random. In pages of 2 MB, where the system has them, the processor need not
/// look up first where each of them lies.
#[derive(Debug)]
pub(super) enum Pages {
    Mapped(MmapMut),
    /// Where the system maps none.
    Plain(Vec<u8>),
}

impl Pages {
    pub(super) fn zeros(len: usize) -> Pages {
        let Ok(pages) = MmapMut::map_anon(len) else { return Pages::Plain(vec![0; len]) };
        #[cfg(target_os = "linux")]
        let _ = pages.advise(memmap2::Advice::HugePage); // a kernel without them says so: no matter
        Pages::Mapped(pages)
    }
}

impl Deref for Pages {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Pages::Mapped(pages) => pages,
            Pages::Plain(bytes) => bytes,
        }
    }
}

impl DerefMut for Pages {
    fn deref_mut(&mut self) -> &mut [u8] {
        match self {
            Pages::Mapped(pages) => pages,
            Pages::Plain(bytes) => bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_any_length_are_zero_and_keep_what_is_written() {
        for len in [0, 1, 4_096, 5_000_000] {
            let mut pages = Pages::zeros(len);
            assert_eq!((pages.len(), pages.iter().find(|&&byte| byte != 0)), (len, None));
            pages.fill(7);
            assert!(pages.iter().all(|&byte| byte == 7));
        }
    }
}
