//! What a cell's process and evcxr say to each other: a line each, over the process's standard streams.

/// Begins every word of the process's.
pub const MARK: &str = "EVCXR_";
/// The cell has ended.
pub const COMPLETE: &str = "EVCXR_EXECUTION_COMPLETE";
/// The cell panicked.
pub const PANICKED: &str = "EVCXR_PANIC_NOTIFICATION";
/// A `?` ended the cell.
pub const RETURNED_EARLY: &str = "EVCXR_ERROR_OCCURRED";
/// Begins a block of content; its MIME type follows.
pub const BEGIN_CONTENT: &str = "EVCXR_BEGIN_CONTENT ";
/// Ends a block of content, in a line of its own.
pub const END_CONTENT: &str = "EVCXR_END_CONTENT";
/// The cell asks its user something; the question follows.
pub const INPUT_REQUEST: &str = "EVCXR_INPUT_REQUEST";
/// A variable has another type than evcxr expects; its name follows.
pub const VARIABLE_CHANGED_TYPE: &str = "EVCXR_VARIABLE_CHANGED_TYPE:";
/// evcxr has the process load a compiled cell and run it; file and function follow.
pub const RUN_CELL: &str = "LOAD_AND_RUN ";

/// Gives a block of content: one rendition of a result.
///
/// ```
/// let block = backprop_protocol::evcxr::content("text/plain", "3.14");
/// assert_eq!(block, "EVCXR_BEGIN_CONTENT text/plain\n3.14\nEVCXR_END_CONTENT\n");
/// ```
pub fn content(mime: &str, text: &str) -> String {
    format!("{BEGIN_CONTENT}{mime}\n{text}\n{END_CONTENT}\n")
}
