//! Random numbers that are the same bits on every platform.

use rand_xoshiro::{
    Xoshiro256PlusPlus,
    rand_core::{RngCore, SeedableRng},
};

/// A stream of random numbers made from integers and exact operations only.
///
/// The distributions of the `rand` crates may change between versions; those here are part of the
/// data sets, which are pinned by their hashes.
pub(super) struct Random(Xoshiro256PlusPlus);

/// What a stream is for that a user's seed starts; another purpose is another stream.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Subset,
    LabelNoise,
    Validation,
    TestSet,
}

impl Random {
    /// Starts the stream of a purpose that belongs to a user's seed.
    pub(super) fn of(purpose: Purpose, seed: u64) -> Self {
        Self::new([purpose as u64, seed, 0])
    }

    /// Starts the stream that belongs to `key`; different keys give unrelated streams.
    pub(super) fn new(key: [u64; 3]) -> Self {
        let mut state = key.iter().fold(0, |state, &word| split_mix(state ^ word));
        let mut seed = [0; 32];
        for bytes in seed.chunks_exact_mut(8) {
            state = split_mix(state);
            bytes.copy_from_slice(&state.to_le_bytes());
        }
        Self(Xoshiro256PlusPlus::from_seed(seed))
    }

    /// Draws from [0, 1), uniformly, in steps of 2⁻⁵³.
    pub(super) fn unit(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1u64 << 53) as f64;
        (self.0.next_u64() >> 11) as f64 * STEP
    }

    /// Draws from [low, high), uniformly.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Draws from a bell curve of mean 0 and standard deviation 1 that ends at ±√12 ≈ ±3.5.
    ///
    /// It is the sum of four uniform numbers, as a Gaussian would need a logarithm.
    pub(super) fn bell(&mut self) -> f64 {
        const SQRT_3: f64 = 1.732_050_807_568_877_2;
        (self.unit() + self.unit() + self.unit() + self.unit() - 2.0) * SQRT_3
    }

    /// Draws one of 0, 1, …, `count` − 1.
    pub(super) fn below(&mut self, count: usize) -> usize {
        let count = u32::try_from(count).expect("fewer than 2³² choices");
        (((self.0.next_u64() >> 32) * u64::from(count)) >> 32) as usize
    }

    /// Shuffles `items`: every order is as likely as any other (Fisher and Yates).
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// Scrambles 64 bits reversibly (the SplitMix64 step of Steele, Lea and Flood).
fn split_mix(word: u64) -> u64 {
    let z = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
