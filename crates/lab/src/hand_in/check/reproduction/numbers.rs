//! Numbers within words, and which two are the same for all that processors may do.

/// How far two numbers may lie apart, as a share of the larger. Processors that multiply and add at once
/// (AVX-512, AVX2, NEON) give the same bits; so this is for other versions of the crate and for what students
/// round (docs/results.md, "Other processors").
pub const TOLERANCE: f64 = 0.02;
/// What is smaller is what rounding has left of a zero: differences of numbers of eight bytes near 1, and
/// central differences of them.
pub const ROUNDING_NOISE: f64 = 1e-9;

/// A part of a word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Piece<'a> {
    /// A number as it stands there.
    Number(f64, &'a str),
    /// What stands between numbers.
    Text(&'a str),
}

/// Cuts a word into its numbers and what stands between them: `[0.5,` is `[`, a number, and `,`.
///
/// Digits behind a letter belong to a name, such as `w1`; a minus behind a digit is a dash, as in
/// `784-30-10`.
pub fn pieces(word: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut text, mut at) = (0, 0);
    while at < word.len() {
        let before = word[..at].chars().next_back();
        match number_at(&word[at..], before) {
            Some((number, length)) => {
                if text < at {
                    pieces.push(Piece::Text(&word[text..at]));
                }
                pieces.push(Piece::Number(number, &word[at..at + length]));
                at += length;
                text = at;
            }
            None => at += word[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    if text < word.len() {
        pieces.push(Piece::Text(&word[text..]));
    }
    pieces
}

/// Whether two words are the same but for what processors may do to their numbers.
pub fn is_same(earlier: &str, anew: &str) -> bool {
    let (earlier, anew) = (pieces(earlier), pieces(anew));
    let is_same = |pair: (&Piece, &Piece)| match pair {
        (Piece::Number(before, _), Piece::Number(after, _)) => is_near(*before, *after),
        (before, after) => before == after,
    };
    earlier.len() == anew.len() && earlier.iter().zip(&anew).all(is_same)
}

fn is_near(before: f64, after: f64) -> bool {
    let largest = f64::max(before.abs(), after.abs());
    largest < ROUNDING_NOISE || (before - after).abs() <= TOLERANCE * largest
}

/// Reads the number that a text begins with, where it does; gives it with its length.
fn number_at(text: &str, before: Option<char>) -> Option<(f64, usize)> {
    if before.is_some_and(|before| before.is_alphanumeric() || before == '_') {
        return None;
    }
    let sign = ["-", "−", "+"].into_iter().find(|sign| text.starts_with(sign)).unwrap_or("");
    let digits = sign.len() + whole_part(&text[sign.len()..])?;
    let end = digits + fraction(&text[digits..]);
    let end = end + exponent(&text[end..]);
    let plain: String = text[..end].replace('−', "-").replace(',', "");
    plain.parse().ok().map(|number| (number, end))
}

/// The length of digits, with commas between thousands; none without a digit.
fn whole_part(text: &str) -> Option<usize> {
    let mut end = digits(text);
    if (1..=3).contains(&end) {
        while text[end..].starts_with(',') && digits(&text[end + 1..]) == 3 {
            end += 4;
        }
    }
    (end > 0).then_some(end)
}

fn fraction(text: &str) -> usize {
    let digits = text.strip_prefix('.').map_or(0, digits);
    if digits > 0 { 1 + digits } else { 0 }
}

/// The length of an exponent such as `e-5` or `e−5`.
fn exponent(text: &str) -> usize {
    let Some(power) = text.strip_prefix(['e', 'E']) else { return 0 };
    let sign = ["-", "−", "+"].into_iter().find(|sign| power.starts_with(sign)).unwrap_or("");
    match digits(&power[sign.len()..]) {
        0 => 0,
        length => 1 + sign.len() + length,
    }
}

fn digits(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_cut_into_numbers_and_what_stands_between() {
        let cases: [(&str, &[Piece]); 8] = [
            ("[0.5,", &[Piece::Text("["), Piece::Number(0.5, "0.5"), Piece::Text(",")]),
            ("3.676e−5", &[Piece::Number(3.676e-5, "3.676e−5")]),
            ("60,000", &[Piece::Number(6e4, "60,000")]),
            ("{3:", &[Piece::Text("{"), Piece::Number(3.0, "3"), Piece::Text(":")]),
            ("w12", &[Piece::Text("w12")]),
            ("5epochs", &[Piece::Number(5.0, "5"), Piece::Text("epochs")]),
            ("x=-1.", &[Piece::Text("x="), Piece::Number(-1.0, "-1"), Piece::Text(".")]),
            ("784-30", &[Piece::Number(784.0, "784"), Piece::Text("-"), Piece::Number(30.0, "30")]),
        ];
        for (word, expected) in cases {
            assert_eq!(pieces(word), expected, "{word}");
        }
    }

    #[test]
    fn numbers_of_lists_and_of_names_with_a_value_are_compared_as_numbers() {
        for (before, after) in [
            ("[0.12345678,", "[0.12345679,"),
            ("[[1.0e-3,", "[[1.001e-3,"),
            ("(0.5,0.25)", "(0.501,0.2501)"),
            ("loss=0.2162", "loss=0.2165"),
            ("Some(0.91)", "Some(0.9101)"),
            ("\"0.91\"", "\"0.9101\""),
            ("0.31±0.02", "0.31±0.02"),
        ] {
            assert!(is_same(before, after), "{before}, {after}");
        }
        for (before, after) in
            [("[0.12,", "[0.22,"), ("784-30-10", "784-30-20"), ("w1", "w2"), ("[1,", "{1,")]
        {
            assert!(!is_same(before, after), "{before}, {after}");
        }
    }

    #[test]
    fn what_rounding_leaves_of_a_zero_is_zero() {
        for (before, after) in
            [("2.310e-10", "4.100e-10"), ("-5.5e-17", "1.1e-16"), ("0", "-3e-17"), ("0.0", "-0.0")]
        {
            assert!(is_same(before, after), "{before}, {after}");
        }
        for (before, after) in [("5.9e-6", "6.9e-6"), ("0", "3.7e-5"), ("2e-9", "4e-10")] {
            assert!(!is_same(before, after), "{before}, {after}");
        }
    }
}
