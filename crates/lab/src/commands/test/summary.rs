//! The end of `cargo lab test`: every check with how it ended, and the sums.

use super::outcome::{Ended, Outcome};

/// The sums over all checks.
#[derive(Default)]
struct Sums {
    passed: usize,
    failed: usize,
    skipped: usize,
    not_run: Vec<String>,
}

/// Tells how all ended; gives the text, and whether that is a success.
pub fn of(ended: &[Ended], require_all: bool) -> (String, bool) {
    let mut sums = Sums::default();
    let mut lines: Vec<String> = ended.iter().filter_map(|one| sums.add(one)).collect();
    let Sums { passed, failed, skipped, not_run } = sums;
    if require_all && skipped > 0 {
        lines.push("FAILED   because of --require-all: nothing may be skipped".to_owned());
    }
    if !not_run.is_empty() {
        lines.push(format!("{} not run: {}", not_run.len(), not_run.join(", ")));
    }
    lines.push(format!("{passed} passed, {failed} failed, {skipped} skipped"));
    let is_success = failed == 0 && not_run.is_empty() && !(require_all && skipped > 0);
    (lines.join("\n"), is_success)
}

impl Sums {
    /// Adds a check, and gives its line; none for a program without a test that was to run.
    fn add(&mut self, ended: &Ended) -> Option<String> {
        let Ended { name, seconds, outcome } = ended;
        Some(match outcome {
            Outcome::Passed(0) => return None,
            Outcome::Passed(count) => {
                self.passed += count;
                format!("passed   {name} ({count}, {seconds:.0} s)")
            }
            Outcome::Failed { passed, failed } => {
                self.passed += passed;
                self.failed += failed;
                format!("FAILED   {name} ({failed} of {}, {seconds:.0} s)", passed + failed)
            }
            Outcome::Skipped(reason) => {
                self.skipped += 1;
                format!("skipped  {name}: {reason}")
            }
            Outcome::NotRun(reason) => {
                self.not_run.push(name.clone());
                format!("NOT RUN  {name}: {reason}")
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(name: &str, outcome: Outcome) -> Ended {
        Ended { name: name.to_owned(), seconds: 1.2, outcome }
    }

    #[test]
    fn the_sums_stand_alone_on_the_last_line() {
        let all = [
            ended("clippy", Outcome::Passed(1)),
            ended("tests of lab: cells", Outcome::Passed(0)),
            ended("tests of lab: lab", Outcome::Failed { passed: 5, failed: 2 }),
            ended("box", Outcome::Skipped("no bubblewrap".to_owned())),
            ended("cells on the kernel", Outcome::NotRun("it did not compile".to_owned())),
        ];
        let (text, is_success) = of(&all, false);
        assert!(!is_success);
        insta::assert_snapshot!(text, @r"
        passed   clippy (1, 1 s)
        FAILED   tests of lab: lab (2 of 7, 1 s)
        skipped  box: no bubblewrap
        NOT RUN  cells on the kernel: it did not compile
        1 not run: cells on the kernel
        6 passed, 2 failed, 1 skipped
        ");
    }

    #[test]
    fn what_was_not_run_is_a_failure_and_what_is_skipped_only_if_all_is_required() {
        let fares = |outcome, require_all| of(&[ended("a", outcome)], require_all).1;
        assert!(fares(Outcome::Passed(1), true));
        assert!(!fares(Outcome::NotRun("why".to_owned()), false));
        assert!(fares(Outcome::Skipped("why".to_owned()), false));
        assert!(!fares(Outcome::Skipped("why".to_owned()), true));
    }
}
