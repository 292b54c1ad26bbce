//! The error that a front end shows for each way in which a cell can fail.

use backprop_protocol::failure::{self, ALL_LOST};
use jupyter_protocol::messaging::ErrorOutput;

use super::traceback::{self, Source};
use crate::monitor_link::{Death, Failure};

const KEPT: &str =
    "run the cells that define them again. Functions, types and `use` lines are kept.";

/// Gives the error of a cell that left its process alive.
pub fn of_cell(failure: &Failure, source: &Source) -> ErrorOutput {
    match failure {
        Failure::Panic { message, location } => {
            let place = location.as_ref().map(|location| traceback::place(location, source));
            error(failure::PANIC, message, place.into_iter().flatten())
        }
        Failure::EarlyReturn { message } => error(failure::ERROR, message, []),
    }
}

/// Gives the error of a cell whose process ended.
pub fn of_process(death: Option<&Death>) -> ErrorOutput {
    let how = match death {
        Some(Death { code: Some(code), .. }) => {
            format!("The process that runs the cells ended itself with exit code {code}.")
        }
        Some(Death { signal: Some(signal), last_words, .. }) => {
            let name = signal_name(*signal);
            let says = |words| last_words.contains(words);
            let why = match *signal {
                _ if says("has overflowed its stack") => {
                    "its stack overflowed, as an endless recursion makes it"
                }
                _ if says("Segmentation fault.") => "it touched memory that is not its own",
                11 => "it crashed, as an endless recursion or unsafe code can make it",
                6 => "it aborted",
                9 => "it was killed, as the system does when memory runs out",
                _ => "it was stopped by a signal",
            };
            format!("The process that runs the cells ended: {why} ({name}).")
        }
        _ => "The process that runs the cells is gone.".to_owned(),
    };
    loss(failure::PROCESS_ENDED, &how)
}

/// Gives the error of a cell that was killed because it did not listen to an interrupt.
pub fn of_kill() -> ErrorOutput {
    let how = "The cell did not stop by itself, so its process was ended.";
    loss(failure::INTERRUPTED, how)
}

/// Gives the error of a cell that was interrupted before it ran.
pub fn of_refusal() -> ErrorOutput {
    error(failure::INTERRUPTED, "The cell was interrupted before it ran; nothing has changed.", [])
}

/// Gives the error of every cell of a kernel that cannot run any.
pub fn of_kernel(why: &str) -> ErrorOutput {
    error(failure::KERNEL, &format!("The kernel cannot run cells: {why}"), [])
}

/// Reads why a variable cannot be kept out of evcxr's words, which name it as the variable's type.
pub fn refusal(message: &str) -> Option<String> {
    let (_, reason) = message.split_once(backprop_analysis::REFUSAL)?;
    serde_json::Deserializer::from_str(reason).into_iter().next()?.ok()
}

/// Gives the error of a cell with a variable that cannot be kept.
pub fn of_variable(reason: &str) -> ErrorOutput {
    error(failure::ERROR, reason, [])
}

/// Gives what a reply says of a cell that evcxr refused: the first error by name, all of them in full.
pub fn summary(errors: &[ErrorOutput]) -> ErrorOutput {
    let first = errors.first();
    let message = first.map_or("evcxr refused the cell without a word", |error| &error.evalue);
    let name = first.map_or(failure::ERROR, |error| &error.ename);
    let traceback = errors.iter().flat_map(|error| error.traceback.clone()).collect();
    ErrorOutput { ename: name.to_owned(), evalue: message.to_owned(), traceback }
}

/// Makes the error of a cell that has cost all variables; what is lost stands on lines of its own.
fn loss(name: &str, how: &str) -> ErrorOutput {
    let error = error(name, how, [format!("{ALL_LOST}:"), KEPT.to_owned()]);
    ErrorOutput { evalue: format!("{how} {ALL_LOST}: {KEPT}"), ..error }
}

fn error(name: &str, message: &str, place: impl IntoIterator<Item = String>) -> ErrorOutput {
    let traceback = std::iter::once(format!("{name}: {message}")).chain(place).collect();
    ErrorOutput { ename: name.to_owned(), evalue: message.to_owned(), traceback }
}

fn signal_name(signal: i32) -> String {
    match signal {
        4 => "SIGILL".into(),
        6 => "SIGABRT".into(),
        7 => "SIGBUS".into(),
        8 => "SIGFPE".into(),
        9 => "SIGKILL".into(),
        11 => "SIGSEGV".into(),
        15 => "SIGTERM".into(),
        _ => format!("signal {signal}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_names_message_and_line() {
        let source = Source {
            count: 3,
            code: "let a = 1;\nassert!(a > 1);",
            generated: "mod evcxr {}\nlet a = 1;\nassert!(a > 1);",
        };
        let message = "assertion failed: a > 1".to_owned();
        let failure = Failure::Panic { message, location: Some("src/lib.rs:3:1".into()) };
        let error = of_cell(&failure, &source);
        assert_eq!(
            (error.ename.as_str(), error.evalue.as_str()),
            ("Panic", "assertion failed: a > 1")
        );
        let expected =
            ["Panic: assertion failed: a > 1", "  in cell [3], line 2:", "    assert!(a > 1);"];
        assert_eq!(error.traceback, expected);
    }

    #[test]
    fn a_death_says_how_and_what_is_lost() {
        let death = |code, signal, last_words: &str| {
            of_process(Some(&Death { code, signal, last_words: last_words.into() })).evalue
        };
        assert!(death(Some(0), None, "").contains("exit code 0"));
        assert!(death(None, Some(6), "").contains("aborted (SIGABRT)"));
        let overflow = death(None, Some(6), "thread 'main' has overflowed its stack\n");
        assert!(overflow.contains("endless recursion"), "{overflow}");
        for evalue in [death(None, Some(9), ""), of_process(None).evalue, of_kill().evalue] {
            assert!(evalue.ends_with(KEPT) && evalue.contains(ALL_LOST), "{evalue}");
        }
    }

    #[test]
    fn the_reason_of_a_refusal_is_read_out_of_evcxrs_words() {
        let words = r#"The variable `f` has type `compile_error!("it \"is\" so")` which cannot be"#;
        assert_eq!(refusal(words).as_deref(), Some("it \"is\" so"));
        assert_eq!(refusal("mismatched types"), None);
    }

    #[test]
    fn a_summary_is_named_by_the_first_error_and_holds_all() {
        let errors = [error("Error", "one", []), error("Error", "two", [])];
        let all = summary(&errors);
        assert_eq!(all.evalue, "one");
        assert_eq!(all.traceback, ["Error: one", "Error: two"]);
        assert!(!summary(&[]).evalue.is_empty());
    }
}
