//! How evcxr's kernel takes a result: blocks of content on stdout, one per MIME type.

use backprop_protocol::evcxr;
use std::io::Write;

/// One rendition of a result.
pub struct Content {
    /// Its MIME type.
    pub mime: &'static str,
    /// Its content.
    pub text: String,
}

/// Writes the renditions of one result as evcxr's content protocol wants them.
pub fn bundle(contents: &[Content]) -> String {
    let blocks = contents
        .iter()
        .map(|content| evcxr::content(content.mime, &disarm(content.text.trim_end())));
    blocks.collect()
}

/// Breaks the protocol's words in a user's text, which could end its block, by an invisible joiner.
fn disarm(text: &str) -> String {
    text.replace(evcxr::MARK, "EVCXR\u{2060}_")
}

/// Shows one result in all its renditions.
pub fn emit_all(contents: &[Content]) {
    emit(&bundle(contents));
}

/// Puts a bundle on stdout in one piece, so that no other thread's output falls between its lines.
pub fn emit(bundle: &str) {
    let mut stdout = std::io::stdout().lock();
    // Where nobody reads stdout any more, nobody misses the figure; a panic would help no one.
    let _ = stdout.write_all(bundle.as_bytes()).and_then(|()| stdout.flush());
}
