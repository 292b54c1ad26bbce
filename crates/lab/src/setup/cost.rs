//! What each step of the set-up costs: measured once, in one place, told for the machine at hand.

use crate::estimate::{Work, about};

/// What a step costs.
#[derive(Clone, Copy)]
pub struct Cost {
    pub work: Work,
    /// The room that its result takes on the disk.
    pub megabytes: u64,
    /// The room that it takes besides, while it is made.
    pub passing: u64,
}

/// JupyterLab and pandoc: the network and the disk, for the most part.
pub const PYTHON: Cost =
    Cost { work: Work { processor: 0.0, elapsed: 60.0 }, megabytes: 550, passing: 0 };
/// What the tests have beside it.
pub const TESTS_PYTHON: Cost =
    Cost { work: Work { processor: 0.0, elapsed: 60.0 }, megabytes: 340, passing: 0 };
/// evcxr and what it stands on, compiled by cargo.
pub const KERNEL: Cost =
    Cost { work: Work { processor: 200.0, elapsed: 0.0 }, megabytes: 20, passing: 430 };
/// The crate and what it stands on, compiled as cells see them.
pub const TEMPLATE: Cost =
    Cost { work: Work { processor: 240.0, elapsed: 0.0 }, megabytes: 220, passing: 0 };
/// A template beside an earlier one, of which it takes all but the crate.
pub const TEMPLATE_ANEW: Cost =
    Cost { work: Work { processor: 120.0, elapsed: 0.0 }, megabytes: 220, passing: 0 };

impl Cost {
    /// Counts all the room, in megabytes.
    pub fn room(self) -> u64 {
        self.megabytes + self.passing
    }

    /// Tells the cost on this machine: "about 2 minutes, 20 MB, and 430 MB meanwhile".
    pub fn tell(self) -> String {
        let told = format!("{}, {} MB", about(self.work.seconds()), self.megabytes);
        match self.passing {
            0 => told,
            passing => format!("{told}, and {passing} MB meanwhile"),
        }
    }
}
