//! What a cell writes to stderr, read for what it means: panics are told apart from other text.
//!
//! Rust's own report of a panic ends, with backtraces on, in a note that no message of a cell's ends
//! in. So a report is taken out as a whole: it becomes the error of the cell that it ended, and a panic
//! that the cell caught leaves no trace.

use crate::monitor_link::Failure;

/// So much of stderr is held back at the most.
const HELD: usize = 64 * 1024;
/// So much of it are the last words of a process that ended.
const LAST_WORDS: usize = 4 * 1024;
/// So long a report may be: a longer one was never meant to be one.
const REPORT: usize = 1024 * 1024;

/// How evcxr's handler of crashes begins.
const CRASHES: [&str; 3] = ["Segmentation fault.", "Illegal instruction.", "Bus error."];

/// The running cell's stderr.
pub struct Errors {
    /// The number of the thread that runs the cells, as Rust names it in a panic.
    cell_thread: u32,
    /// A line that has not ended yet.
    line: Vec<u8>,
    /// A report that has not ended yet.
    report: Option<Report>,
    /// The panics that have been reported.
    panics: Vec<Report>,
    /// Whether evcxr's handler of crashes speaks; what follows are frames of its own.
    has_crashed: bool,
    /// Text that waits to be shown.
    held: String,
    /// The end of all lines, shown or not.
    last_words: String,
}

/// Rust's report of a panic.
struct Report {
    /// `'worker' (8)`
    thread: String,
    /// `src/lib.rs:9:5`
    location: String,
    message: String,
    is_after_message: bool,
    length: usize,
}

impl Errors {
    /// Starts with a process whose first thread has the number `cell_thread`.
    pub fn new(cell_thread: u32) -> Self {
        let (line, panics) = (Vec::new(), Vec::new());
        let (held, last_words) = (String::new(), String::new());
        let has_crashed = false;
        Errors { cell_thread, line, report: None, panics, has_crashed, held, last_words }
    }

    /// Forgets the panics of the cell before: a new cell starts.
    pub fn begin(&mut self) {
        self.panics.clear();
    }

    /// Reads what the cell wrote.
    pub fn read(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                self.read_line(&String::from_utf8_lossy(&line));
            }
        }
    }

    /// Says whether there is text that waits to be shown.
    pub fn is_holding(&self) -> bool {
        !self.held.is_empty() || self.has_text_in_line()
    }

    /// Says whether so much text waits that it should wait no longer.
    pub fn is_full(&self) -> bool {
        self.held.len() > HELD
    }

    /// Gives the text that waits, with a line that has not ended if that cannot become a report.
    pub fn take_text(&mut self) -> String {
        if self.has_text_in_line() {
            let line = std::mem::take(&mut self.line);
            self.show(&String::from_utf8_lossy(&line));
        }
        std::mem::take(&mut self.held)
    }

    /// Gives all that is left when the cell has ended.
    pub fn take_rest(&mut self) -> String {
        self.end_report();
        let line = std::mem::take(&mut self.line);
        self.show(&String::from_utf8_lossy(&line));
        std::mem::take(&mut self.held)
    }

    /// Gives the panic that ended the cell: the last one of the thread that runs cells. Panics of other
    /// threads count only where that thread reported none.
    pub fn panic(&mut self) -> Failure {
        self.end_report();
        let is_of_the_cell = |report: &&Report| report.is_of(self.cell_thread);
        let report = self.panics.iter().rfind(is_of_the_cell).or(self.panics.last());
        match report {
            Some(report) => Failure::Panic {
                message: report.message.trim_end().to_owned(),
                location: Some(report.location.clone()),
            },
            None => Failure::Panic {
                message: "the cell panicked without a message".into(),
                location: None,
            },
        }
    }

    /// Gives the error that a `?` returned from the cell. evcxr prints it to stderr last, so it is what
    /// has not been shown yet.
    pub fn early_return(&mut self) -> Failure {
        let text = self.take_rest();
        let message = match text.trim() {
            "" => "an error that prints nothing",
            message => message,
        };
        Failure::EarlyReturn { message: message.to_owned() }
    }

    /// Gives the end of all that was written.
    pub fn last_words(&self) -> String {
        self.last_words.trim().to_owned()
    }

    fn read_line(&mut self, line: &str) {
        if self.has_crashed {
            return;
        }
        self.remember(line);
        if CRASHES.contains(&line.trim_end()) {
            self.has_crashed = true;
            return;
        }
        if let Some(report) = Report::beginning_with(line) {
            self.end_report();
            // Rust puts an empty line before it.
            if self.held == "\n" || self.held.ends_with("\n\n") {
                self.held.pop();
            }
            self.report = Some(report);
        } else if let Some(report) = &mut self.report {
            if report.ends_with(line) {
                self.end_report();
            }
        } else {
            self.show(line);
        }
    }

    /// Says whether the line that has not ended cannot become a report, or a part of one.
    fn has_text_in_line(&self) -> bool {
        let is_like_a_report = b"thread ".iter().zip(&self.line).all(|(a, b)| a == b);
        self.report.is_none() && !is_like_a_report
    }

    fn end_report(&mut self) {
        let Some(report) = self.report.take() else { return };
        if !report.is_of(self.cell_thread) {
            self.show(&report.text());
        }
        self.panics.push(report);
    }

    fn show(&mut self, text: &str) {
        self.held.push_str(text);
    }

    fn remember(&mut self, text: &str) {
        self.last_words.push_str(text);
        let surplus = self.last_words.len().saturating_sub(LAST_WORDS);
        self.last_words.drain(..self.last_words.ceil_char_boundary(surplus));
    }
}

impl Report {
    /// Reads a line such as `thread 'main' (123) panicked at src/lib.rs:9:5:`.
    fn beginning_with(line: &str) -> Option<Self> {
        let (thread, location) = line.strip_prefix("thread ")?.rsplit_once(" panicked at ")?;
        let location = location.trim_end().strip_suffix(':')?.to_owned();
        let (message, thread) = (String::new(), thread.to_owned());
        Some(Report { thread, location, message, is_after_message: false, length: 0 })
    }

    /// Takes a line of the report, and says whether it is the last one.
    fn ends_with(&mut self, line: &str) -> bool {
        self.length += line.len();
        self.is_after_message |= line.trim_end() == "stack backtrace:";
        let is_last = line.starts_with("note: Some details are omitted, run with `RUST_BACKTRACE=")
            || line.starts_with("note: run with `RUST_BACKTRACE=");
        if !self.is_after_message && !is_last {
            self.message.push_str(line);
        }
        is_last || self.length > REPORT
    }

    fn is_of(&self, cell_thread: u32) -> bool {
        self.thread.starts_with("'main' ") || self.thread.ends_with(&format!(" ({cell_thread})"))
    }

    /// Gives the report in one sentence, for a thread whose panic ended no cell.
    fn text(&self) -> String {
        let name = self.thread.rsplit_once(" (").map_or(self.thread.as_str(), |(name, _)| name);
        format!("thread {name} panicked at {}: {}\n", self.location, self.message.trim_end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKTRACE: &str = "stack backtrace:\n   0: __rustc::rust_begin_unwind\n   1: f\nnote: Some \
        details are omitted, run with `RUST_BACKTRACE=full` for a verbose backtrace.\n";

    fn report(thread: &str, message: &str) -> String {
        format!("\nthread {thread} panicked at src/lib.rs:9:5:\n{message}\n{BACKTRACE}")
    }

    fn errors(text: &str) -> Errors {
        let mut errors = Errors::new(7);
        errors.read(text.as_bytes());
        errors
    }

    fn message(failure: Failure) -> String {
        match failure {
            Failure::Panic { message, .. } | Failure::EarlyReturn { message } => message,
        }
    }

    #[test]
    fn a_report_is_no_text_and_its_message_is_whole() {
        for told in ["oh no", "two\nlines", "note: a message of the cell's own", ""] {
            let mut errors = errors(&format!("before\n{}after\n", report("'main' (7)", told)));
            assert_eq!(errors.take_text(), "before\nafter\n", "{told}");
            let expected = Failure::Panic {
                message: told.to_owned(),
                location: Some("src/lib.rs:9:5".to_owned()),
            };
            assert_eq!(errors.panic(), expected);
        }
    }

    #[test]
    fn it_does_not_matter_how_the_text_is_cut_into_pieces() {
        let text = format!("a\n{}b", report("'<unnamed>' (7)", "oh\nno"));
        for at in 1..text.len() {
            let mut errors = Errors::new(7);
            errors.read(&text.as_bytes()[..at]);
            let mut shown = errors.take_text();
            errors.read(&text.as_bytes()[at..]);
            shown += &errors.take_rest();
            // An empty line that is shown before the report is there cannot be taken back.
            assert_eq!(shown.replace("\n\n", "\n"), "a\nb", "cut at {at}");
            assert_eq!(message(errors.panic()), "oh\nno", "cut at {at}");
        }
    }

    #[test]
    fn the_last_panic_of_the_cells_own_thread_ended_it() {
        let cases = [
            (report("'<unnamed>' (7)", "1") + &report("'<unnamed>' (7)", "2"), "2"),
            (report("'<unnamed>' (7)", "1") + &report("'worker' (8)", "2"), "1"),
            (report("'worker' (8)", "1") + &report("'worker' (9)", "2"), "2"),
            ("nothing of the kind\n".to_owned(), "the cell panicked without a message"),
        ];
        for (text, expected) in cases {
            assert_eq!(message(errors(&text).panic()), expected, "{text}");
        }
    }

    #[test]
    fn a_panic_of_another_thread_is_shown_in_a_sentence() {
        let mut errors = errors(&report("'worker' (8)", "oh no"));
        assert_eq!(errors.take_text(), "thread 'worker' panicked at src/lib.rs:9:5: oh no\n");
    }

    #[test]
    fn a_new_cell_knows_nothing_of_the_panics_before() {
        let mut errors = errors(&report("'main' (7)", "1"));
        errors.begin();
        assert_eq!(message(errors.panic()), "the cell panicked without a message");
    }

    #[test]
    fn without_a_backtrace_a_report_ends_with_its_note_or_the_cell() {
        let start = "\nthread 'main' (7) panicked at src/lib.rs:9:5:\noh no\n";
        let noted =
            format!("{start}note: run with `RUST_BACKTRACE=1` environment variable to\nnext\n");
        let mut errors_noted = errors(&noted);
        assert_eq!(errors_noted.take_text(), "next\n");
        assert_eq!(message(errors_noted.panic()), "oh no");
        assert_eq!(message(errors(start).panic()), "oh no");
    }

    #[test]
    fn what_waits_is_the_error_of_an_early_return() {
        let mut errors = errors("shown before\n");
        assert_eq!(errors.take_text(), "shown before\n");
        errors.read(b"no such file\n");
        assert_eq!(message(errors.early_return()), "no such file");
        assert!(!errors.is_holding());
        assert_eq!(message(errors.early_return()), "an error that prints nothing");
    }

    #[test]
    fn a_line_that_may_become_a_report_is_not_shown_in_part() {
        let mut errors = errors("50 %");
        assert_eq!(errors.take_text(), "50 %");
        errors.read(b"\nthr");
        assert_eq!(errors.take_text(), "\n");
        errors.read(b"ee\n");
        assert_eq!(errors.take_text(), "three\n");
    }

    #[test]
    fn of_a_crash_only_its_name_is_kept() {
        let mut errors =
            errors("before\nSegmentation fault.\n   0: evcxr::f\n             at x.rs\n");
        assert_eq!(errors.take_rest(), "before\n");
        assert_eq!(errors.last_words(), "before\nSegmentation fault.");
    }

    #[test]
    fn last_words_are_the_end() {
        let errors = errors(&("ä".repeat(LAST_WORDS) + "\nfatal\n"));
        assert!(errors.last_words().ends_with("ä\nfatal"));
        assert!(errors.last_words().len() <= LAST_WORDS);
    }
}
