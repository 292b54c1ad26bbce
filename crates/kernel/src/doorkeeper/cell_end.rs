//! How a cell failed, in the words that it wrote to stderr.

use serde_json::json;

/// So much of a cell's stderr is remembered; a message that matters is at its end.
const REMEMBERED: usize = 64 * 1024;
/// So much of it is quoted as the message of an early return.
const QUOTED: usize = 4 * 1024;

/// The end of what the running cell wrote to stderr.
#[derive(Default)]
pub struct ErrorText(Vec<u8>);

impl ErrorText {
    /// Forgets everything: a new cell starts.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Remembers `bytes`, and forgets what lies too far back.
    pub fn push(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
        if self.0.len() > 2 * REMEMBERED {
            self.0.drain(..self.0.len() - REMEMBERED);
        }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }
}

/// A cell that failed.
#[derive(Debug, PartialEq)]
pub struct CellEnd {
    status: &'static str,
    message: String,
    location: Option<String>,
}

impl CellEnd {
    /// The content block's MIME type. evcxr_jupyter puts the block into the cell's outputs, parsed.
    pub const MIME_TYPE: &str = "application/vnd.backprop-lab.cell-end+json";

    /// Gives the panic that ended a cell which wrote `errors` to stderr and ran on `cell_thread`.
    pub fn panic(errors: &ErrorText, cell_thread: u32) -> Self {
        let (message, location) = last_panic(&errors.text(), cell_thread)
            .unwrap_or_else(|| ("the cell panicked without a message".into(), None));
        CellEnd { status: "panic", message, location }
    }

    /// Gives the error that a `?` returned from a cell which wrote `errors` to stderr.
    ///
    /// evcxr prints that error there last. Where it begins cannot be told from what the cell wrote
    /// before, so the message is the end of all that.
    pub fn early_return(errors: &ErrorText) -> Self {
        let text = errors.text();
        let text = text.trim();
        let start = text.ceil_char_boundary(text.len().saturating_sub(QUOTED));
        let message = match &text[start..] {
            "" => "an error that prints nothing".into(),
            message => message.to_owned(),
        };
        CellEnd { status: "early-return", message, location: None }
    }

    /// Gives the content block: one line of JSON.
    pub fn json(&self) -> String {
        json!({ "status": self.status, "message": self.message, "location": self.location })
            .to_string()
    }

    /// Gives a sentence for those who read text.
    pub fn gist(&self) -> String {
        let line = self.message.lines().next().unwrap_or_default();
        match self.status {
            "panic" => format!("The cell panicked: {line}"),
            _ => {
                format!("The cell returned early: {}", self.message.lines().last().unwrap_or(line))
            }
        }
    }
}

/// Finds the panic that ended a cell in what it wrote to stderr: its message, and where it happened.
///
/// It is the last one of the thread that runs cells. Panics of other threads count only where that
/// thread reported none, as when it passes on a worker's panic.
fn last_panic(text: &str, cell_thread: u32) -> Option<(String, Option<String>)> {
    let lines: Vec<&str> = text.lines().collect();
    let panics: Vec<(usize, Header)> =
        lines.iter().enumerate().filter_map(|(at, line)| Some((at, Header::of(line)?))).collect();
    let of_the_cell = panics.iter().rfind(|(_, header)| header.is_of(cell_thread));
    let (at, header) = of_the_cell.or(panics.last())?;
    let message: Vec<&str> =
        lines[at + 1..].iter().copied().take_while(|line| !is_after_message(line)).collect();
    Some((message.join("\n").trim_end().to_owned(), Some(header.location.to_owned())))
}

/// A line such as `thread 'main' (123) panicked at src/lib.rs:9:5:`.
struct Header<'a> {
    thread: &'a str,
    location: &'a str,
}

impl<'a> Header<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let (thread, location) = line.strip_prefix("thread ")?.rsplit_once(" panicked at ")?;
        Some(Header { thread, location: location.strip_suffix(':')? })
    }

    fn is_of(&self, cell_thread: u32) -> bool {
        self.thread.starts_with("'main' ") || self.thread.ends_with(&format!(" ({cell_thread})"))
    }
}

fn is_after_message(line: &str) -> bool {
    line == "stack backtrace:"
        || line.starts_with("note: run with `RUST_BACKTRACE=")
        || line.starts_with("note: Some details are omitted")
        || Header::of(line).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(text: &str) -> ErrorText {
        let mut errors = ErrorText::default();
        errors.push(text.as_bytes());
        errors
    }

    fn panic(text: &str) -> (String, Option<String>) {
        let end = CellEnd::panic(&errors(text), 7);
        (end.message, end.location)
    }

    #[test]
    fn a_message_ends_where_rusts_own_notes_begin() {
        let at = Some("src/lib.rs:9:5".to_owned());
        let cases = [
            ("oh no\n", "oh no"),
            ("two\nlines\n", "two\nlines"),
            ("oh no\nstack backtrace:\n   0: rust_begin_unwind\n", "oh no"),
            ("oh no\nnote: run with `RUST_BACKTRACE=1` environment variable to see\n", "oh no"),
            ("note: a message of the cell's own\n", "note: a message of the cell's own"),
            ("panicked at nothing\n", "panicked at nothing"),
            ("", ""),
        ];
        for (text, message) in cases {
            let text = format!("before\n\nthread 'main' (7) panicked at src/lib.rs:9:5:\n{text}");
            assert_eq!(panic(&text), (message.to_owned(), at.clone()), "{text}");
        }
    }

    #[test]
    fn the_last_panic_of_the_cells_own_thread_ended_it() {
        let by =
            |thread, line| format!("\nthread {thread} panicked at x.rs:{line}:1:\nat {line}\n");
        let cases = [
            (by("'main' (7)", 1) + &by("'main' (7)", 2), "at 2"),
            (by("'<unnamed>' (7)", 1) + &by("'worker' (8)", 2), "at 1"),
            (by("'worker' (8)", 1) + &by("'worker' (9)", 2), "at 2"),
            ("nothing of the kind".to_owned(), "the cell panicked without a message"),
        ];
        for (text, message) in cases {
            assert_eq!(panic(&text).0, message, "{text}");
        }
    }

    #[test]
    fn an_early_return_quotes_the_end_of_stderr() {
        let long = format!("{}\nno such file\n", "ä".repeat(QUOTED));
        let end = CellEnd::early_return(&errors(&long));
        assert!(end.message.len() <= QUOTED);
        assert!(end.message.ends_with("ä\nno such file"));
        assert_eq!(end.gist(), "The cell returned early: no such file");
        let silent = CellEnd::early_return(&errors("\n"));
        assert_eq!(silent.message, "an error that prints nothing");
    }

    #[test]
    fn memory_stays_bounded_and_keeps_the_end() {
        let mut errors = ErrorText::default();
        for _ in 0..10_000 {
            errors.push(b"one of very many lines that a cell wrote to its stderr\n");
        }
        errors.push(b"\nthread 'main' (7) panicked at src/lib.rs:9:5:\nthe end\n");
        assert!(errors.0.len() <= 2 * REMEMBERED);
        assert_eq!(CellEnd::panic(&errors, 7).message, "the end");
    }
}
