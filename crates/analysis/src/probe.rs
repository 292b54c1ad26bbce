//! Asks rustc for types: it names the type of whatever does not fulfil a bound.
//!
//! A probe is a call with a bound that nothing fulfils. Its error names the type as it is known when rustc
//! looks at the bound: a [`tag`] is taken where the variable is, and the bound is asked for at the end of
//! the function ([`ask`]), of a number whose type is open. Two types would do, so rustc puts the question
//! off until such numbers are i32, as they are in the end, and all other types are known that depend on
//! it. Each bound has a number, which the error repeats.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::call::Call;

/// What the probes are made of, in a line of its own behind the source; and what lets evcxr show each
/// result, so that this is no error.
const DEFINITIONS: &str = "
struct EvcxrTag<T: ?Sized>(::std::marker::PhantomData<*const T>); \
fn evcxr_tag<T: ?Sized>(_: &T) -> EvcxrTag<T> { EvcxrTag(::std::marker::PhantomData) } \
trait EvcxrProbe<const K: usize, N> {} \
impl<const K: usize, T: ?Sized> EvcxrProbe<K, u8> for T {} \
impl<const K: usize, T: ?Sized> EvcxrProbe<K, u16> for T {} \
fn evcxr_probe<const K: usize, T: ?Sized + EvcxrProbe<K, N>, N>(_: EvcxrTag<T>, _: N) {} \
trait EvcxrShow { fn evcxr_display(&self) {} } \
impl<T: ?Sized> EvcxrShow for T {}
";

/// Settings under which rustc names types whole, and by paths that code can write.
const SETTINGS: [&str; 6] = [
    "--error-format=json",
    "--diagnostic-width=1000000",
    "-Ztrim-diagnostic-paths=no",
    "-Zwrite-long-types-to-disk=no",
    "-Awarnings",
    "--cap-lints=allow",
];

/// Gives a statement that takes tag `number` of an expression.
pub fn tag(number: usize, expression: &str) -> String {
    format!(" let evcxr_tag_{number} = evcxr_tag(&{expression}); ")
}

/// When rustc answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum When {
    /// When all types are known; not at all, where there is an error in the function.
    Late,
    /// When it comes to the bound; a number may be any number then.
    Early,
}

/// Gives a statement that asks for the type of what tag `number` was taken of.
pub fn ask(number: usize, when: When) -> String {
    let open = if when == When::Late { "0" } else { "0_i32" };
    format!(" evcxr_probe::<{number}, _, _>(evcxr_tag_{number}, {open}); ")
}

/// Gives an expression of any type that asks, at once, for another's type and for those that it leads to:
/// number 0 is its own, and each is what the one before dereferences to.
pub fn derefs(expression: &str, steps: usize) -> String {
    let ask = |step| {
        let stars = "*".repeat(step + 1);
        format!("evcxr_probe::<{step}, _, _>(evcxr_tag(&{stars}evcxr_value), 0_i32); ")
    };
    let all: String = (0..steps).map(ask).collect();
    format!("match &({expression}) {{ evcxr_value => {{ {all}loop {{}} }} }}")
}

/// What rustc says of a source with probes.
#[derive(Debug, Default)]
pub struct Answer {
    /// By the probes' numbers, the types in rustc's words.
    pub types: HashMap<usize, String>,
    /// Whether there is an error in the source: compiling it will tell.
    pub is_faulty: bool,
}

#[derive(Deserialize)]
struct Message {
    message: String,
    level: String,
}

/// Asks for the types of a source's probes.
///
/// # Errors
/// Where rustc cannot be started.
pub fn types(call: &Call, folder: &Path, source: &str) -> Result<Answer> {
    let mut command = call.analysis(folder);
    // For the settings alone, and for this process alone: build scripts would look at it.
    command.args(SETTINGS).env("RUSTC_BOOTSTRAP", "1");
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().context("cannot start rustc")?;
    if let Some(mut stdin) = child.stdin.take() {
        let written = stdin.write_all(source.as_bytes());
        written
            .and_then(|()| stdin.write_all(DEFINITIONS.as_bytes()))
            .context("rustc has ended")?;
    }
    let output = child.wait_with_output().context("cannot hear rustc")?;
    Ok(answer(&String::from_utf8_lossy(&output.stderr)))
}

fn answer(messages: &str) -> Answer {
    let mut answer = Answer::default();
    for line in messages.lines() {
        let Ok(Message { message, level }) = serde_json::from_str(line) else { continue };
        if let Some((number, name)) = probed(&message) {
            answer.types.insert(number, name.to_owned());
        } else if level == "error" && !is_of_no_concern(&message) {
            answer.is_faulty = true;
        }
    }
    answer
}

/// Reads "the trait bound `Vec<f64>: EvcxrProbe<3, i32>` is not satisfied".
fn probed(message: &str) -> Option<(usize, &str)> {
    let bound = message.strip_prefix("the trait bound `")?.strip_suffix("` is not satisfied")?;
    let (name, number) = bound.rsplit_once(": EvcxrProbe<")?;
    Some((number.split_once(',')?.0.parse().ok()?, name))
}

/// Says whether an error is no fault of the source: the sum of all errors, or evcxr's first attempt to
/// show a value.
fn is_of_no_concern(message: &str) -> bool {
    message.starts_with("aborting due to") || message.contains("`evcxr_display`")
}

#[cfg(test)]
mod tests {
    #[test]
    fn rustcs_words_are_read() {
        let line = |level, message| format!(r#"{{"level": "{level}", "message": "{message}"}}"#);
        let own = [
            line("error", "the trait bound `Vec<f64>: EvcxrProbe<3, i32>` is not satisfied"),
            line("error", "the trait bound `Vec<f64>: EvcxrProbe<4, i32>` is not satisfied"),
            line("error", "no method named `evcxr_display` found for type `i32`"),
            line("error", "aborting due to 3 previous errors"),
            line("failure-note", "For more information, try `rustc --explain E0277`."),
        ]
        .join("\n");
        let answer = super::answer(&own);
        assert_eq!(answer.types[&3], "Vec<f64>");
        assert_eq!(answer.types.len(), 2);
        assert!(!answer.is_faulty);

        let other = line("error", "the trait bound `Vec<f64>: Copy` is not satisfied");
        assert!(super::answer(&format!("{own}\n{other}")).is_faulty);
    }
}
