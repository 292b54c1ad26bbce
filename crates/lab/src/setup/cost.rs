//! What each step of the set-up costs: measured once, in one place, told for the machine at hand.

use crate::estimate::{Work, about};

/// What a step costs.
#[derive(Clone, Copy)]
pub struct Cost {
    pub work: Work,
    /// The room that its result takes on the disk.
    pub megabytes: u64,
}

/// JupyterLab and pandoc: the network and the disk, for the most part.
pub const PYTHON: Cost = Cost { work: Work { processor: 0.0, elapsed: 60.0 }, megabytes: 540 };
/// What the tests have beside it.
pub const TESTS_PYTHON: Cost =
    Cost { work: Work { processor: 0.0, elapsed: 60.0 }, megabytes: 340 };
/// evcxr and what it stands on, compiled by cargo.
pub const KERNEL: Cost = Cost { work: Work { processor: 200.0, elapsed: 0.0 }, megabytes: 250 };
/// The crate and what it stands on, compiled as cells see them.
pub const TEMPLATE: Cost = Cost { work: Work { processor: 240.0, elapsed: 0.0 }, megabytes: 220 };
/// A template beside an earlier one, of which it takes all but the crate.
pub const TEMPLATE_ANEW: Cost =
    Cost { work: Work { processor: 120.0, elapsed: 0.0 }, megabytes: 220 };

impl Cost {
    /// Tells the cost on this machine: "about 2 minutes, 250 MB".
    pub fn tell(self) -> String {
        format!("{}, {} MB", about(self.work.seconds()), self.megabytes)
    }
}
