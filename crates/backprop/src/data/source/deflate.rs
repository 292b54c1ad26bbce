//! How much what is deflated may claim to hold.

/// Deflate cannot pack more than 1032 bytes into one, and of images that are large it packs far fewer: MNIST's are
/// five to one.
const DEEPEST: u64 = 1032;
const USUAL: u64 = 100;
const LARGE: u64 = 1 << 28;

/// The most bytes that so many deflated ones are believed to hold.
pub(super) fn room(packed: u64) -> u64 {
    packed.saturating_mul(DEEPEST).min(packed.saturating_mul(USUAL).max(LARGE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_megabytes_hold_no_three_gigabytes_of_images() {
        assert_eq!(room(1000), 1_032_000);
        assert!(room(9_912_422) > 47_040_016, "MNIST's training images");
        assert!(room(3_000_000) < 3_200_000_000);
        assert_eq!(room(u64::MAX), u64::MAX);
    }
}
