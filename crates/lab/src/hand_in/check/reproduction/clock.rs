//! Times of day, dates, and spans written with colons: `12:34:56`, `1:07`, `2026-11-28T07:48:54Z`.

/// Gives the length of the clock or date that a text begins with, where it does. `before` is the character
/// before it.
pub fn length(text: &str, before: Option<char>) -> Option<usize> {
    if before.is_some_and(|before| before.is_alphanumeric() || "_:.-".contains(before)) {
        return None;
    }
    let end =
        date(text).map_or_else(|| clock(text), |date| Some(date + time_of_day(&text[date..])))?;
    let goes_on = text[end..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
    let is_place = text[end..].strip_prefix(':').is_some_and(starts_with_digit);
    (!goes_on && !is_place).then_some(end)
}

/// `2026-11-28`
fn date(text: &str) -> Option<usize> {
    let shape = text.as_bytes().get(..10)?;
    let fits = shape.iter().enumerate().all(|(at, byte)| match at {
        4 | 7 => *byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    fits.then_some(10)
}

/// What may stand behind a date in its word: `T07:48:54.5Z`, `T07:48+01:00`
fn time_of_day(text: &str) -> usize {
    let Some(rest) = text.strip_prefix(['T', 't', '_']) else { return 0 };
    let Some(clock) = clock(rest) else { return 0 };
    let zone = &rest[clock..];
    let zone = match zone.chars().next() {
        Some('Z' | 'z') => 1,
        Some('+' | '-') => zone[1..]
            .find(|c: char| !(c.is_ascii_digit() || c == ':'))
            .map_or(zone.len(), |end| 1 + end),
        _ => 0,
    };
    1 + clock + zone
}

/// `1:07`, `12:34:56.789`
fn clock(text: &str) -> Option<usize> {
    let hours = digits(text);
    if !(1..=3).contains(&hours) {
        return None;
    }
    let mut end = hours + sixtieth(&text[hours..])?;
    end += sixtieth(&text[end..]).unwrap_or(0);
    let fraction = text[end..].strip_prefix('.').map_or(0, digits);
    Some(if fraction > 0 { end + 1 + fraction } else { end })
}

/// `:07`, up to `:59`
fn sixtieth(text: &str) -> Option<usize> {
    let rest = text.strip_prefix(':')?;
    (digits(rest) == 2 && rest.as_bytes()[0] < b'6').then_some(3)
}

fn starts_with_digit(text: &str) -> bool {
    digits(text) > 0
}

fn digits(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_and_dates_are_known_by_their_shape() {
        for (text, expected) in [
            ("1:07", 4),
            ("00:01:03,", 8),
            ("12:34.567", 9),
            ("00:03<00:12", 5),
            ("2026-11-28", 10),
            ("2026-11-28T07:48:54.123Z", 24),
            ("2026-11-28T07:48+01:00.", 22),
        ] {
            assert_eq!(length(text, None), Some(expected), "{text}");
        }
        for text in ["16:9", "1:75", "3:", "12:34:5", "1:07pm", "2026-11-2", "1:07:33:12", "x"] {
            assert_eq!(length(text, None), None, "{text}");
        }
        assert_eq!(length("12:34", Some(':')), None, "a place in a file, as src/lib.rs:12:34");
    }
}
