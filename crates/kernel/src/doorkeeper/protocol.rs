//! evcxr's line protocol, as a machine that reads bytes and says what to do: no pipes in here.

use super::cell_end::{CellEnd, ErrorText};

const COMPLETE: &[u8] = b"EVCXR_EXECUTION_COMPLETE";
const PANICKED: &[u8] = b"EVCXR_PANIC_NOTIFICATION";
const RETURNED_EARLY: &[u8] = b"EVCXR_ERROR_OCCURRED";
const BEGIN_CONTENT: &[u8] = b"EVCXR_BEGIN_CONTENT ";
const END_CONTENT: &[u8] = b"EVCXR_END_CONTENT";
const RUN_CELL: &[u8] = b"LOAD_AND_RUN ";

/// What is to be done next with the runtime's standard output.
#[derive(Debug, PartialEq)]
pub enum Step {
    /// Write these bytes to evcxr.
    Write(Vec<u8>),
    /// Pass on the cell's stderr, then write [`Protocol::end_of_cell`].
    EndCell,
}

/// Where in the conversation between evcxr and its runtime we are.
pub struct Protocol {
    /// The number of the thread that runs the cells, as Rust names it in a panic.
    cell_thread: u32,
    /// A line of output that has not ended yet.
    line: Vec<u8>,
    /// A content block that has not ended yet, with its first line.
    block: Option<Vec<u8>>,
    /// How the running cell failed, once it has.
    failed: Option<Failure>,
    errors: ErrorText,
}

#[derive(Clone, Copy)]
enum Failure {
    Panic,
    EarlyReturn,
}

#[derive(Clone, Copy)]
enum Marker {
    Complete,
    Panicked,
    ReturnedEarly,
    BeginContent,
    EndContent,
}

impl Protocol {
    /// Starts with a runtime whose first thread has the number `cell_thread`.
    pub fn new(cell_thread: u32) -> Self {
        let errors = ErrorText::default();
        Protocol { cell_thread, line: Vec::new(), block: None, failed: None, errors }
    }

    /// Notes what evcxr tells the runtime.
    pub fn commands(&mut self, bytes: &[u8]) {
        if bytes.starts_with(RUN_CELL) {
            self.failed = None;
            self.errors.clear();
        }
    }

    /// Notes what the runtime wrote to stderr.
    pub fn errors(&mut self, bytes: &[u8]) {
        self.errors.push(bytes);
    }

    /// Reads what the runtime wrote to stdout, and says what to do about it.
    ///
    /// A line is passed on when it is complete: evcxr reads no sooner.
    pub fn output(&mut self, bytes: &[u8]) -> Vec<Step> {
        let mut steps = Vec::new();
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                self.read_line(&line[..line.len() - 1], &mut steps);
            }
        }
        steps
    }

    /// Gives the block that tells of a failure, if there was one, and evcxr's end of the cell.
    pub fn end_of_cell(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        if let Some(failure) = self.failed.take() {
            let end = match failure {
                Failure::Panic => CellEnd::panic(&self.errors, self.cell_thread),
                Failure::EarlyReturn => CellEnd::early_return(&self.errors),
            };
            bytes.extend(content(CellEnd::MIME_TYPE, &end.json()));
            bytes.extend(content("text/plain", &end.gist()));
        }
        self.errors.clear();
        bytes.extend(with_newline(COMPLETE));
        bytes
    }

    /// Gives what was held back when the runtime ended in the middle of it.
    pub fn last_words(&mut self) -> Vec<u8> {
        let mut bytes = std::mem::take(&mut self.line);
        if !bytes.is_empty() {
            bytes.push(b'\n');
        }
        bytes
    }

    fn read_line(&mut self, line: &[u8], steps: &mut Vec<Step>) {
        let Some((text, marker)) = find_marker(line) else {
            return self.take_text(line, steps);
        };
        // `print!` without a newline puts the marker at the end of the user's own line, where evcxr
        // would miss it: a panic would pass for a success, and a completed cell would hang.
        let (text, marker_line) = line.split_at(text);
        if !text.is_empty() {
            self.take_text(text, steps);
        }
        match marker {
            Marker::BeginContent if self.block.is_none() => {
                self.block = Some(with_newline(marker_line));
            }
            Marker::EndContent if self.block.is_some() => {
                let mut block = self.block.take().unwrap_or_default();
                block.extend(with_newline(END_CONTENT));
                steps.push(Step::Write(block));
            }
            Marker::BeginContent | Marker::EndContent => self.take_text(marker_line, steps),
            Marker::Panicked => {
                self.fail(Failure::Panic);
                steps.push(Step::Write(with_newline(PANICKED)));
            }
            Marker::ReturnedEarly => {
                self.fail(Failure::EarlyReturn);
                steps.push(Step::Write(with_newline(RETURNED_EARLY)));
            }
            Marker::Complete => {
                self.block = None;
                steps.push(Step::EndCell);
            }
        }
    }

    /// Keeps text that belongs to an open block until the block ends, and passes on other text.
    fn take_text(&mut self, line: &[u8], steps: &mut Vec<Step>) {
        match &mut self.block {
            Some(block) => block.extend(with_newline(line)),
            None => steps.push(Step::Write(with_newline(line))),
        }
    }

    /// Notes a failure. A block that it cut short is dropped: evcxr would wait for its end, or show half.
    fn fail(&mut self, failure: Failure) {
        self.block = None;
        self.failed = Some(failure);
    }
}

/// Finds evcxr's marker in a line, and where it begins.
fn find_marker(line: &[u8]) -> Option<(usize, Marker)> {
    let endings = [
        (COMPLETE, Marker::Complete),
        (PANICKED, Marker::Panicked),
        (RETURNED_EARLY, Marker::ReturnedEarly),
        (END_CONTENT, Marker::EndContent),
    ];
    for (ending, marker) in endings {
        if line.ends_with(ending) {
            return Some((line.len() - ending.len(), marker));
        }
    }
    line.windows(BEGIN_CONTENT.len())
        .position(|window| window == BEGIN_CONTENT)
        .map(|at| (at, Marker::BeginContent))
}

fn content(mime_type: &str, text: &str) -> Vec<u8> {
    format!("EVCXR_BEGIN_CONTENT {mime_type}\n{text}\nEVCXR_END_CONTENT\n").into_bytes()
}

fn with_newline(line: &[u8]) -> Vec<u8> {
    [line, b"\n"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs one cell whose runtime writes `output` and `errors`, and gives what evcxr reads.
    fn cell(output: &str, errors: &str) -> String {
        cell_in_pieces(&[output], errors)
    }

    fn cell_in_pieces(pieces: &[&str], errors: &str) -> String {
        let mut protocol = Protocol::new(7);
        let mut read = Vec::new();
        protocol.commands(b"LOAD_AND_RUN /some/libcode_1.so run_user_code_0\n");
        for piece in pieces {
            for step in protocol.output(piece.as_bytes()) {
                match step {
                    Step::Write(bytes) => read.extend(bytes),
                    Step::EndCell => {
                        protocol.errors(errors.as_bytes());
                        read.extend(protocol.end_of_cell());
                    }
                }
            }
        }
        String::from_utf8(read).unwrap()
    }

    const PANIC: &str = "\nthread '<unnamed>' (7) panicked at src/lib.rs:9:5:\noh no\n";
    const PANIC_BLOCKS: &str = "EVCXR_BEGIN_CONTENT application/vnd.backprop-lab.cell-end+json\n\
        {\"location\":\"src/lib.rs:9:5\",\"message\":\"oh no\",\"status\":\"panic\"}\n\
        EVCXR_END_CONTENT\n\
        EVCXR_BEGIN_CONTENT text/plain\n\
        The cell panicked: oh no\n\
        EVCXR_END_CONTENT\n";

    #[test]
    fn what_evcxr_reads_for_each_kind_of_cell() {
        let panicked =
            format!("EVCXR_PANIC_NOTIFICATION\n{PANIC_BLOCKS}EVCXR_EXECUTION_COMPLETE\n");
        let cases: [(&str, &str, &str, String); 11] = [
            ("nothing printed", "EVCXR_EXECUTION_COMPLETE\n", "", "EVCXR_EXECUTION_COMPLETE\n".into()),
            ("a line", "hi\nEVCXR_EXECUTION_COMPLETE\n", "", "hi\nEVCXR_EXECUTION_COMPLETE\n".into()),
            ("only stderr", "EVCXR_EXECUTION_COMPLETE\n", "note\n", "EVCXR_EXECUTION_COMPLETE\n".into()),
            ("a caught panic", "EVCXR_EXECUTION_COMPLETE\n", PANIC, "EVCXR_EXECUTION_COMPLETE\n".into()),
            ("a panic", "EVCXR_PANIC_NOTIFICATION\nEVCXR_EXECUTION_COMPLETE\n", PANIC, panicked.clone()),
            (
                "a panic behind print! without newline",
                "so farEVCXR_PANIC_NOTIFICATION\nEVCXR_EXECUTION_COMPLETE\n",
                PANIC,
                format!("so far\n{panicked}"),
            ),
            (
                "an end behind print! without newline",
                "so farEVCXR_EXECUTION_COMPLETE\n",
                "",
                "so far\nEVCXR_EXECUTION_COMPLETE\n".into(),
            ),
            (
                "a content block",
                "aEVCXR_BEGIN_CONTENT text/html\n<b>\n</b>EVCXR_END_CONTENT\nEVCXR_EXECUTION_COMPLETE\n",
                "",
                "a\nEVCXR_BEGIN_CONTENT text/html\n<b>\n</b>\nEVCXR_END_CONTENT\nEVCXR_EXECUTION_COMPLETE\n".into(),
            ),
            (
                "a panic inside a content block",
                "EVCXR_BEGIN_CONTENT text/html\n<b>\nEVCXR_PANIC_NOTIFICATION\nEVCXR_EXECUTION_COMPLETE\n",
                PANIC,
                panicked.clone(),
            ),
            (
                "a content block that never ends",
                "EVCXR_BEGIN_CONTENT text/html\n<b>\nEVCXR_EXECUTION_COMPLETE\n",
                "",
                "EVCXR_EXECUTION_COMPLETE\n".into(),
            ),
            (
                "an early return",
                "EVCXR_ERROR_OCCURRED\nEVCXR_EXECUTION_COMPLETE\n",
                "no such \"file\"\n",
                "EVCXR_ERROR_OCCURRED\n\
                 EVCXR_BEGIN_CONTENT application/vnd.backprop-lab.cell-end+json\n\
                 {\"location\":null,\"message\":\"no such \\\"file\\\"\",\"status\":\"early-return\"}\n\
                 EVCXR_END_CONTENT\n\
                 EVCXR_BEGIN_CONTENT text/plain\n\
                 The cell returned early: no such \"file\"\n\
                 EVCXR_END_CONTENT\n\
                 EVCXR_EXECUTION_COMPLETE\n"
                    .into(),
            ),
        ];
        for (name, output, errors, expected) in cases {
            assert_eq!(cell(output, errors), expected, "{name}");
        }
    }

    #[test]
    fn it_does_not_matter_how_the_output_is_cut_into_pieces() {
        let output = "aEVCXR_BEGIN_CONTENT text/html\n<b>\nEVCXR_END_CONTENT\nbEVCXR_PANIC_NOTIFICATION\n\
                      EVCXR_EXECUTION_COMPLETE\n";
        let whole = cell(output, PANIC);
        for at in 1..output.len() {
            assert_eq!(
                cell_in_pieces(&[&output[..at], &output[at..]], PANIC),
                whole,
                "cut at {at}"
            );
        }
    }

    #[test]
    fn a_failure_is_told_once() {
        let mut protocol = Protocol::new(7);
        protocol.output(b"EVCXR_PANIC_NOTIFICATION\n");
        protocol.errors(PANIC.as_bytes());
        assert!(protocol.end_of_cell().len() > COMPLETE.len() + 1);

        protocol.commands(b"LOAD_AND_RUN b f\n");
        assert_eq!(protocol.output(b"EVCXR_EXECUTION_COMPLETE\n"), [Step::EndCell]);
        assert_eq!(protocol.end_of_cell(), b"EVCXR_EXECUTION_COMPLETE\n");
    }

    #[test]
    fn an_unfinished_line_is_passed_on_when_the_runtime_ends() {
        let mut protocol = Protocol::new(7);
        assert_eq!(protocol.output(b"half a li"), []);
        assert_eq!(protocol.last_words(), b"half a li\n");
        assert_eq!(protocol.last_words(), b"");
    }
}
