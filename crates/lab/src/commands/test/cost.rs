//! What the checks cost: measured once, in one place, told for the machine at hand.

use crate::estimate::Work;

const fn processor(seconds: f64) -> Work {
    Work { processor: seconds, elapsed: 0.0 }
}

pub const NOTHING: Work = processor(0.0);
pub const FORMAT: Work = processor(3.0);
pub const CLIPPY: Work = processor(140.0);
pub const DOCUMENTATION: Work = processor(20.0);
pub const COMPILE: Work = processor(300.0);
pub const EXAMPLES: Work = processor(20.0);
/// One program of those that need Rust alone.
pub const PROGRAM: Work = processor(5.0);
pub const DEPENDENCIES: Work = processor(5.0);
/// A check of the Python.
pub const PYTHON: Work = processor(2.0);
/// The tests' Python environment, where it is not there yet.
pub const TESTS_PYTHON: Work = Work { processor: 0.0, elapsed: 60.0 };
pub const KERNELS_CLIPPY: Work = processor(60.0);
pub const KERNELS_COMPILE: Work = processor(60.0);
/// One program of those that need the kernel.
pub const ON_THE_KERNEL: Work = processor(60.0);
/// All notebooks of the lab.
pub const NOTEBOOKS: Work = processor(300.0);
pub const BOX: Work = processor(200.0);
