//! evcxr's markers in what a runtime prints: which one a line has, and where.

use backprop_protocol::evcxr::{
    BEGIN_CONTENT, COMPLETE, END_CONTENT, INPUT_REQUEST, MARK, PANICKED, RETURNED_EARLY,
    VARIABLE_CHANGED_TYPE,
};

/// What else a runtime may say to evcxr: a question to the user, a variable that changed its type.
const FOR_EVCXR: [&str; 2] = [INPUT_REQUEST, VARIABLE_CHANGED_TYPE];

#[derive(Clone, Copy)]
pub(super) enum Marker {
    Complete,
    Panicked,
    ReturnedEarly,
    BeginContent,
    EndContent,
    ForEvcxr,
}

/// Finds evcxr's marker in a line, and where it begins.
pub(super) fn find_marker(line: &[u8]) -> Option<(usize, Marker)> {
    let mut from = 0;
    while let Some(at) = find(&line[from..], MARK.as_bytes()) {
        let marked = &line[from + at..];
        if let Some(marker) = Marker::of(marked) {
            return Some((from + at, marker));
        }
        from += at + MARK.len();
    }
    None
}

impl Marker {
    fn of(marked: &[u8]) -> Option<Self> {
        match marked {
            _ if marked == COMPLETE.as_bytes() => Some(Marker::Complete),
            _ if marked == PANICKED.as_bytes() => Some(Marker::Panicked),
            _ if marked == RETURNED_EARLY.as_bytes() => Some(Marker::ReturnedEarly),
            _ if marked == END_CONTENT.as_bytes() => Some(Marker::EndContent),
            _ if marked.starts_with(BEGIN_CONTENT.as_bytes()) => Some(Marker::BeginContent),
            _ if FOR_EVCXR.iter().any(|start| marked.starts_with(start.as_bytes())) => {
                Some(Marker::ForEvcxr)
            }
            _ => None,
        }
    }
}

/// Gives how much of a line that has not ended cannot be the beginning of a marker.
pub(super) fn certain_text(line: &[u8]) -> usize {
    if let Some(at) = find(line, MARK.as_bytes()) {
        return at;
    }
    let begun = (1..MARK.len()).rev().find(|&length| line.ends_with(&MARK.as_bytes()[..length]));
    line.len() - begun.unwrap_or(0)
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}
