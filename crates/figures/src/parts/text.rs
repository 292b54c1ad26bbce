//! Texts as figures need them: cleaned, escaped, wrapped, and numbers written for people.

/// Puts a text that a user gave on one line and drops what XML forbids (control characters).
pub fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let allowed = spaced.replace(['\u{fffe}', '\u{ffff}'], " ");
    allowed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Escapes a text for HTML and SVG, in elements and in quoted attributes alike.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Estimates the width of a text in sans-serif, in units of the font size's unit.
///
/// An SVG does not know the fonts of its reader; 0.56 em per character is a little wide for
/// Helvetica, Arial, Liberation and DejaVu alike, so a text gets the room that it needs.
pub fn width(text: &str, font_size: f64) -> f64 {
    0.56 * font_size * text.chars().count() as f64
}

/// Breaks a text at its spaces into lines no wider than `room` (a longer word keeps its own line).
pub fn wrap(text: &str, font_size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if width(line, font_size) + width(word, font_size) < room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    lines
}

/// Cuts a text that is wider than `room`, and shows that it was.
pub fn shortened(text: &str, font_size: f64, room: f64) -> String {
    if width(text, font_size) <= room {
        return text.to_string();
    }
    let fits = (room / width("x", font_size)) as usize;
    let kept: String = text.chars().take(fits.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Writes a number for a reader: about four significant digits, thousands set apart by commas.
pub fn number(value: f64) -> String {
    digits(value, 4)
}

/// Writes a number with so many significant digits, no trailing zeros and a true minus sign.
pub fn digits(value: f64, significant: i32) -> String {
    let size = value.abs();
    let text = if value.is_nan() {
        return "not a number".to_string();
    } else if value.is_infinite() {
        "infinity".to_string()
    } else if size == 0.0 {
        "0".to_string()
    } else if size < 1e12 && (size.fract() == 0.0 || size >= 10f64.powi(significant)) {
        with_commas(size.round())
    } else if !(1e-4..1e6).contains(&size) {
        format!("{:.*e}", (significant - 1) as usize, size)
    } else {
        let decimals = (significant - 1 - size.log10().floor() as i32).max(0) as usize;
        format!("{size:.decimals$}")
    };
    let text = match text.split_once('e') {
        Some((mantissa, exponent)) => format!("{}e{exponent}", without_trailing_zeros(mantissa)),
        None => without_trailing_zeros(&text),
    };
    let sign = if value < 0.0 { "−" } else { "" };
    format!("{sign}{}", text.replace('-', "−"))
}

/// Writes a whole number with a comma after every three digits from the right.
fn with_commas(whole: f64) -> String {
    let plain = format!("{whole:.0}");
    let mut text = String::new();
    for (i, digit) in plain.chars().enumerate() {
        if i > 0 && (plain.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Drops the zeros at the end of a decimal fraction.
fn without_trailing_zeros(text: &str) -> String {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    } else {
        text.to_string()
    }
}

/// Writes a number as an index: x₁₂.
pub fn subscript(index: usize) -> String {
    let lower = |digit: char| digit.to_digit(10).and_then(|d| char::from_u32('₀' as u32 + d));
    index.to_string().chars().filter_map(lower).collect()
}

/// A power of ten as on a logarithmic axis: 10⁻³.
pub fn power_of_ten(exponent: i32) -> String {
    let superscript = |c| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        digit => char::from_u32('⁰' as u32 + digit as u32 - '0' as u32).unwrap_or(digit),
    };
    format!("10{}", exponent.to_string().chars().map(superscript).collect::<String>())
}
