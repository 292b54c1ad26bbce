//! Whether a cell waits for input, and the socket by which it gets some.
//!
//! The runtime's stdin is the way of evcxr's commands as well. Each datagram is read whole and alone: a command,
//! a line of input, or nothing, which a reader takes for the end of input and which ends nothing else.

use std::fs;
use std::os::unix::net::UnixDatagram;
use std::path::Path;

/// The most bytes of one datagram: what does not fit into a reader's buffer would be lost.
const LONGEST: usize = 4096;

/// Our end of the runtime's stdin.
pub struct Input(UnixDatagram);

impl Input {
    /// Makes the socket; gives its other end for the runtime.
    pub fn pair() -> std::io::Result<(Self, UnixDatagram)> {
        let (ours, theirs) = UnixDatagram::pair()?;
        Ok((Input(ours), theirs))
    }

    /// Sends a command, or a text that a cell reads. A runtime that has ended reads neither; its end is
    /// seen elsewhere.
    pub fn send(&self, bytes: &[u8]) {
        for piece in bytes.chunks(LONGEST) {
            let _ = self.0.send(piece);
        }
    }

    /// Has one read come to the end of input.
    pub fn end(&self) {
        let _ = self.0.send(&[]);
    }
}

/// Whether a thread of a process, or of one that it has started, waits for bytes on stdin.
///
/// Linux alone tells; elsewhere this says no.
pub fn is_waited_for(process: u32) -> bool {
    let stdin = |process: u32| fs::read_link(format!("/proc/{process}/fd/0")).ok();
    let Some(socket) = stdin(process) else { return false };
    let mut open = vec![process];
    while let Some(process) = open.pop() {
        let tasks = format!("/proc/{process}/task");
        for task in fs::read_dir(&tasks).into_iter().flatten().flatten() {
            if reads_stdin(&task.path()) && stdin(process).is_some_and(|it| it == socket) {
                return true;
            }
            let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
            open.extend(children.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
        }
    }
    false
}

/// Whether a thread is within a call that reads stdin, as `/proc` shows it: `0 0x0 0x7f… …`.
fn reads_stdin(task: &Path) -> bool {
    let call = fs::read_to_string(task.join("syscall")).unwrap_or_default();
    let mut words = call.split_whitespace();
    let is_read = words.next().is_some_and(|number| READS.contains(&number));
    is_read && words.next() == Some("0x0")
}

/// The numbers of read, readv and recvfrom.
#[cfg(target_arch = "x86_64")]
const READS: [&str; 3] = ["0", "19", "45"];
#[cfg(not(target_arch = "x86_64"))]
const READS: [&str; 3] = ["63", "65", "207"];

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;
    use std::io::Read;
    use std::os::fd::OwnedFd;
    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant};

    fn started(command: &str) -> (Input, Child) {
        let (input, theirs) = Input::pair().unwrap();
        let mut command_line = Command::new("sh");
        command_line.args(["-c", command]).stdin(OwnedFd::from(theirs)).stdout(Stdio::piped());
        (input, command_line.spawn().unwrap())
    }

    fn comes_to_wait(process: u32) -> bool {
        let start = Instant::now();
        while !is_waited_for(process) && start.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(10));
        }
        is_waited_for(process)
    }

    fn printed(mut child: Child) -> String {
        let mut text = String::new();
        child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
        child.wait().unwrap();
        text
    }

    #[test]
    fn who_reads_is_seen_and_gets_lines_and_then_the_end() {
        // The shell waits for cat, which has its stdin.
        let (input, child) = started("cat; echo done");
        assert!(comes_to_wait(child.id()));
        input.send(b"one\n");
        assert!(comes_to_wait(child.id()));
        input.end();
        assert_eq!(printed(child), "one\ndone\n");
    }

    #[test]
    fn who_works_or_reads_something_else_does_not_wait_for_input() {
        let (_input, mut child) = started("sleep 0.3 | cat");
        std::thread::sleep(Duration::from_millis(100));
        assert!(!is_waited_for(child.id()));
        child.wait().unwrap();
    }

    #[test]
    fn a_long_text_comes_in_pieces_that_a_buffer_holds() {
        let (input, child) = started("head -c 9001 | wc -c");
        input.send(&[b'x'; 9001]);
        assert_eq!(printed(child).trim(), "9001");
    }
}
