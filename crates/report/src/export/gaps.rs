//! Texts as strings of Typst's. Long words may break in them at gaps that no copied text has.
//!
//! A rule of Typst's could find the words, but it goes no deeper than some hundred of them in a paragraph, and
//! the time for a paragraph goes with the square of its gaps. So the more there are, the further apart
//! they stand.

/// A word of so many characters may break.
const LONG_WORD: usize = 32;
/// So many gaps of a line stand as close as can be.
const CLOSE_GAPS: usize = 500;
/// The most characters without a gap.
const WIDEST: usize = 16;
/// Lines of raw text that are longer are broken.
const LONGEST_LINE: usize = 2000;

/// Gives a text as strings of Typst's with gaps in its long words; counts these in `gaps`.
pub fn with_gaps(text: &str, gaps: &mut usize) -> String {
    let mut written = String::new();
    let mut plain = String::new();
    for word in text.split_inclusive(' ') {
        if word.trim_end().chars().count() < LONG_WORD {
            plain.push_str(word);
            continue;
        }
        let mut since = 0;
        for character in word.chars() {
            let step = (1 + *gaps / CLOSE_GAPS).min(WIDEST);
            if since >= step && may_follow_a_gap(character) {
                written.push_str(&format!("#{};#h(0.001pt);", quote(&plain)));
                plain.clear();
                since = 0;
                *gaps += 1;
            }
            plain.push(character);
            since += 1;
        }
    }
    if !plain.is_empty() {
        written.push_str(&format!("#{};", quote(&plain)));
    }
    written
}

/// Whether a character is one by itself, and Typst breaks no line before it: it does in Chinese.
fn may_follow_a_gap(character: char) -> bool {
    let is_mark = ('\u{300}'..='\u{36f}').contains(&character);
    character != ' ' && character < '\u{900}' && !is_mark && !character.is_control()
}

/// Breaks lines of raw text that are too long for Typst's rules.
pub fn short_lines(text: &str) -> String {
    let mut written = String::new();
    let mut length = 0;
    for character in text.chars() {
        if character == '\n' {
            length = 0;
        } else if length == LONGEST_LINE {
            written.push('\n');
            length = 1;
        } else {
            length += 1;
        }
        written.push(character);
    }
    written
}

/// Gives a text as a string of Typst's.
pub fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => {}
            other => quoted.push(other),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_have_gaps_and_lose_no_character() {
        let mut gaps = 0;
        assert_eq!(with_gaps("short words", &mut gaps), "#\"short words\";");
        assert_eq!(gaps, 0);
        let word = "ab\u{301}".repeat(20);
        let written = with_gaps(&format!("a {word} b"), &mut gaps);
        assert_eq!(gaps, 39);
        assert_eq!(
            written.replace("#h(0.001pt);", "").replace("\";#\"", ""),
            format!("#\"a {word} b\";")
        );
        assert!(!written.contains("#\"\u{301}"), "a mark stays with its letter");
    }

    /// Typst's time goes with the square of the gaps in a paragraph.
    #[test]
    fn the_gaps_of_a_hostile_paragraph_are_few() {
        for text in ["[".repeat(100_000), vec!["x".repeat(33); 3000].join(" ")] {
            let mut gaps = 0;
            let written = with_gaps(&text, &mut gaps);
            assert!(gaps < 12_000, "{gaps}");
            assert_eq!(written.matches(['[', 'x']).count(), text.matches(['[', 'x']).count());
        }
    }

    #[test]
    fn lines_are_broken_where_they_are_far_too_long() {
        assert_eq!(short_lines("a\nb"), "a\nb");
        let broken = short_lines(&("ü".repeat(4001) + "\n" + &"x".repeat(2000)));
        let lengths: Vec<usize> = broken.lines().map(|line| line.chars().count()).collect();
        assert_eq!(lengths, [2000, 2000, 1, 2000]);
    }
}
