//! The program behind `cargo lab`: all that it does is the library's.

use std::process::ExitCode;

fn main() -> ExitCode {
    lab::run()
}
