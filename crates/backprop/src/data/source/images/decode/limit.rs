//! How large an image may be: a header that claims more than its file can hold is not believed.

/// No X-ray has more bytes.
pub(super) const MOST_BYTES: usize = 1 << 30;

/// Checks the size that a header claims against the most pixels for which the file has room, before any
/// memory is asked for.
pub(super) fn check(width: usize, height: usize, room: usize) -> Result<(), String> {
    match width.checked_mul(height).is_some_and(|pixels| pixels <= room) {
        true => Ok(()),
        false => Err(format!(
            "a header that claims {width} × {height} pixels, where the file has room for {room}"
        )),
    }
}
