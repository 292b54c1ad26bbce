//! How long work takes on this machine, roughly, as it is told before the work begins.

use std::thread;

/// No part of the work keeps more processors busy than this.
const SHARED_BY: usize = 8;

/// What a piece of work takes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Work {
    /// Seconds of one processor, which all of them share.
    pub processor: f64,
    /// Seconds that no processor shortens: the network, the disk, a wait.
    pub elapsed: f64,
}

impl Work {
    /// Gives the seconds that the work takes on this machine.
    pub fn seconds(self) -> f64 {
        self.seconds_on(cores())
    }

    fn seconds_on(self, cores: usize) -> f64 {
        self.elapsed + self.processor / cores.clamp(1, SHARED_BY) as f64
    }
}

/// Gives how many processors there are for this program.
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Tells a time as roughly as it is known: "about 40 seconds", "about 3 minutes".
pub fn about(seconds: f64) -> String {
    match seconds {
        ..50.0 => format!("about {:.0} seconds", (seconds / 10.0).ceil().max(1.0) * 10.0),
        ..90.0 => "about a minute".to_owned(),
        _ => format!("about {:.0} minutes", seconds / 60.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processors_share_what_they_can_and_no_more() {
        let work = Work { processor: 160.0, elapsed: 10.0 };
        let seconds = [0, 1, 2, 8, 64].map(|cores| work.seconds_on(cores));
        assert_eq!(seconds, [170.0, 170.0, 90.0, 30.0, 30.0]);
    }

    #[test]
    fn times_are_told_roughly() {
        let told = [0.0, 31.0, 60.0, 100.0, 290.0].map(about);
        let expected = ["10 seconds", "40 seconds", "a minute", "2 minutes", "5 minutes"];
        assert_eq!(told, expected.map(|text| format!("about {text}")));
    }
}
