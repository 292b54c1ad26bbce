//! The machine's limits, and how near an epoch comes to them.

use std::hint::black_box;
use std::time::Instant;

use backprop::Data;
use pulp::{Arch, Simd, WithSimd};

use super::scaling::multiplications;

/// Lays the seconds of an epoch of 784-30-10 beside what its arithmetic and its memory would take at the
/// least.
pub fn roofline(data: &Data, seconds: f64) -> String {
    let (peak, bandwidth) = (peak_flop(), bandwidth());
    let examples = data.train.len() as f64;
    let sizes = [data.train.inputs(), 30, 10];
    let dense = 2.0 * examples * multiplications(&sizes, 1.0);
    let share = data.train.ink_share();
    let done = 2.0 * examples * multiplications(&sizes, share);
    // Of each inked pixel, its number (two bytes) and its value.
    let bytes = 3.0 * examples * share * sizes[0] as f64;
    let rows = [
        ("FLOP of an epoch, all pixels", dense / 1e9, "GFLOP"),
        ("FLOP that are done: the ink's", done / 1e9, "GFLOP"),
        ("bytes read at random: the lists of ink", bytes / 1e6, "MB"),
        ("peak of one core, measured", peak / 1e9, "GFLOP/s"),
        ("memory to one core, measured", bandwidth / 1e9, "GB/s"),
        ("least time of the arithmetic done", 1e3 * done / peak, "ms"),
        ("least time of the bytes", 1e3 * bytes / bandwidth, "ms"),
        ("least time with all pixels", 1e3 * dense / peak, "ms"),
        ("time of an epoch", 1e3 * seconds, "ms"),
        ("share of the peak, by what is done", 100.0 * done / peak / seconds, "%"),
        ("share of the peak, by all pixels", 100.0 * dense / peak / seconds, "%"),
    ];
    let mut lines = vec!["| roofline | |".to_owned(), "|---|---|".to_owned()];
    lines.extend(rows.iter().map(|(name, value, unit)| format!("| {name} | {value:.2} {unit} |")));
    lines.join("\n")
}

/// Multiplications and additions that one core does in a second, at the best of some tries.
fn peak_flop() -> f64 {
    best_of(20, || Arch::new().dispatch(MultiplyAdd(2_000_000)))
}

/// Bytes that one core reads from memory in a second, at the best of some tries.
fn bandwidth() -> f64 {
    let numbers = vec![1_u64; 32 << 20];
    best_of(5, || {
        let sum: u64 = black_box(&numbers).iter().sum();
        black_box(sum);
        size_of_val(&numbers[..]) as f64
    })
}

/// Does the work some times over, and returns the most of it that was done in a second.
fn best_of(tries: usize, mut work: impl FnMut() -> f64) -> f64 {
    let mut rate = || {
        let started = Instant::now();
        let amount = work();
        amount / started.elapsed().as_secs_f64()
    };
    (0..tries).map(|_| rate()).fold(0.0, f64::max)
}

/// Sums that do not wait for each other: more than the steps that one multiply-add takes.
const CHAINS: usize = 12;

/// Does so many multiply-adds on each of some sums in registers, and returns their FLOP.
struct MultiplyAdd(usize);

impl WithSimd for MultiplyAdd {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let MultiplyAdd(repeats) = self;
        let [a, b] = [0.999, 0.001].map(|number| simd.splat_f32s(black_box(number)));
        let mut sums = [simd.splat_f32s(1.0); CHAINS];
        for _ in 0..repeats {
            for sum in &mut sums {
                *sum = simd.mul_add_f32s(*sum, a, b);
            }
        }
        black_box(sums);
        let lanes = size_of::<S::f32s>() / size_of::<f32>();
        (2 * repeats * CHAINS * lanes) as f64
    }
}
