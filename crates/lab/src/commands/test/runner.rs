//! Runs the checks, several at a time.

use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::outcome::{Ended, Report};
use super::show::Show;
use crate::estimate::Work;

/// A check, and when it may run.
pub struct Step<'a> {
    /// What it is one of, as the beginning lists it.
    pub group: &'static str,
    pub name: String,
    /// The names of the steps that have ended before it begins, well or not.
    pub after: Vec<String>,
    pub holds: Holds,
    pub work: Work,
    pub run: Box<dyn FnOnce() -> Report + Send + 'a>,
}

/// What a check has for itself while it runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Holds {
    Nothing,
    /// The checkout's target folder: cargo lets one command at a time compile there.
    Target,
    /// The kernel's target folder, likewise.
    KernelsTarget,
    /// All processors.
    Machine,
}

/// Runs all steps, at most so many at a time, and gives how they ended. Of those that may begin, the
/// first in the list does.
pub fn run_all(mut waiting: Vec<Step>, at_a_time: usize, show: &mut Show) -> Vec<Ended> {
    let (sender, receiver) = mpsc::channel();
    let (mut running, mut ended) = (Vec::new(), Vec::new());
    thread::scope(|scope| {
        while !(waiting.is_empty() && running.is_empty()) {
            while let Some(at) = next(&waiting, &running, at_a_time) {
                let Step { name, holds, run, .. } = waiting.remove(at);
                show.begin(&name);
                running.push((name.clone(), holds));
                let sender = sender.clone();
                scope.spawn(move || drop(sender.send(carry_out(name, run))));
            }
            let Ok((one, output)) = receiver.recv_timeout(Duration::from_secs(1)) else {
                show.tick();
                continue;
            };
            running.retain(|(name, _)| *name != one.name);
            show.end(&one, &output);
            ended.push(one);
        }
    });
    ended
}

/// Runs a step and gives how it ended, with what it said.
fn carry_out(name: String, run: Box<dyn FnOnce() -> Report + Send + '_>) -> (Ended, String) {
    let begun = Instant::now();
    let panicked = |_| Report::not_run("the thread that runs it panicked");
    let report = panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(panicked);
    let ended = Ended { name, seconds: begun.elapsed().as_secs_f64(), outcome: report.outcome };
    (ended, report.output)
}

/// Gives the place of the step that begins next, if one may while these run.
fn next(waiting: &[Step], running: &[(String, Holds)], at_a_time: usize) -> Option<usize> {
    let is_pending = |name: &String| {
        waiting.iter().any(|step| step.name == *name) || running.iter().any(|one| one.0 == *name)
    };
    let is_free = |holds: Holds| match holds {
        Holds::Nothing => true,
        Holds::Machine => running.is_empty(),
        folder => running.iter().all(|(_, held)| *held != folder),
    };
    let is_full = running.len() >= at_a_time || running.iter().any(|one| one.1 == Holds::Machine);
    let may_begin = |step: &Step| is_free(step.holds) && !step.after.iter().any(is_pending);
    if is_full { None } else { waiting.iter().position(may_begin) }
}

#[cfg(test)]
mod tests {
    use super::super::outcome::Outcome;
    use super::*;
    use std::sync::Mutex;

    /// Runs steps of a name, what they wait for and what they hold; gives when each began and ended.
    fn trace(steps: &[(&str, &[&str], Holds)], at_a_time: usize) -> Vec<String> {
        let told = Mutex::new(Vec::new());
        let tell = |what: &str, name: &str| told.lock().unwrap().push(format!("{what} {name}"));
        let step = |&(name, after, holds): &(&str, &[&str], Holds)| Step {
            group: "",
            name: name.to_owned(),
            after: after.iter().map(|name| (*name).to_owned()).collect(),
            holds,
            work: Work { processor: 0.0, elapsed: 0.0 },
            run: Box::new({
                let (name, tell) = (name.to_owned(), &tell);
                move || {
                    tell("begin", &name);
                    thread::sleep(Duration::from_millis(30));
                    assert_ne!(name, "panics");
                    tell("end", &name);
                    Report { outcome: Outcome::Passed(1), output: String::new() }
                }
            }),
        };
        let steps: Vec<Step> = steps.iter().map(step).collect();
        let count = steps.len();
        assert_eq!(run_all(steps, at_a_time, &mut Show::silent()).len(), count);
        told.into_inner().unwrap()
    }

    #[test]
    fn steps_wait_for_others_in_the_order_of_the_list() {
        let steps: [(&str, &[&str], _); 3] = [
            ("c", &["a", "no such step"], Holds::Nothing),
            ("a", &[], Holds::Nothing),
            ("b", &[], Holds::Nothing),
        ];
        let expected = ["begin a", "end a", "begin c", "end c", "begin b", "end b"];
        assert_eq!(trace(&steps, 1), expected);
    }

    #[test]
    fn a_folder_is_held_by_one_step_and_the_machine_by_nothing_beside() {
        for holds in [Holds::Target, Holds::KernelsTarget, Holds::Machine] {
            let told = trace(&[("a", &[], holds), ("b", &[], holds)], 9);
            assert_eq!(told, ["begin a", "end a", "begin b", "end b"], "{holds:?}");
        }
        let told = trace(&[("a", &[], Holds::Nothing), ("b", &[], Holds::Machine)], 9);
        assert_eq!(told, ["begin a", "end a", "begin b", "end b"]);
        let told = trace(&[("a", &[], Holds::Target), ("b", &[], Holds::KernelsTarget)], 9);
        assert!(told[..2].iter().all(|line| line.starts_with("begin")), "{told:?}");
    }

    #[test]
    fn a_step_that_panics_is_told_and_holds_up_nothing() {
        let steps: [(&str, &[&str], _); 2] =
            [("panics", &[], Holds::Target), ("b", &["panics"], Holds::Target)];
        assert_eq!(trace(&steps, 2), ["begin panics", "begin b", "end b"]);
    }
}
