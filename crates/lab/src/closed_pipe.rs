//! What happens when nobody reads any more what a command prints, as in `cargo lab start | head -3`.

use std::panic::{self, PanicHookInfo};
use std::process;

/// The exit status of a program that the signal for a closed pipe has ended: 128 + SIGPIPE.
const CLOSED_PIPE: i32 = 141;

/// Makes the program end without a word in that case, where `println!` would panic: Rust's programs
/// are started with that signal turned off.
pub fn end_quietly() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| match is_of_closed_pipe(panic) {
        true => process::exit(CLOSED_PIPE),
        false => usual(panic),
    }));
}

fn is_of_closed_pipe(panic: &PanicHookInfo) -> bool {
    let message = panic.payload().downcast_ref::<String>();
    message.is_some_and(|message| {
        message.starts_with("failed printing to std") && message.contains("Broken pipe")
    })
}
