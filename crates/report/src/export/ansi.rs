//! Colours of a terminal: escape sequences such as `ESC [31m`, as spans or taken out.

use std::fmt::Write;

use super::markup::escape;

const COLORS: [&str; 8] = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

/// How a stretch of text is set.
#[derive(Clone, Default, PartialEq)]
struct Style {
    bold: bool,
    italic: bool,
    underlined: bool,
    color: Option<&'static str>,
}

/// Gives a terminal's text as HTML, its colours as spans with classes.
pub fn to_html(text: &str) -> String {
    let mut html = String::new();
    let mut style = Style::default();
    each_stretch(text, |stretch, codes| {
        let stretch = escape(stretch);
        match style.classes() {
            _ if stretch.is_empty() => {}
            None => html.push_str(&stretch),
            // Writing into a string cannot fail.
            Some(classes) => {
                let _ = write!(html, "<span class=\"{classes}\">{stretch}</span>");
            }
        }
        style.apply(codes);
    });
    html
}

/// Gives a terminal's text without its escape sequences.
pub fn strip(text: &str) -> String {
    let mut plain = String::new();
    each_stretch(text, |stretch, _| plain.push_str(stretch));
    plain
}

/// Calls `with` for each stretch of text and the codes of colour that follow it.
fn each_stretch<'a>(text: &'a str, mut with: impl FnMut(&'a str, &'a str)) {
    let mut rest = text;
    while let Some((stretch, after)) = rest.split_once('\u{1b}') {
        let (codes, behind) = sequence(after);
        with(stretch, codes);
        rest = behind;
    }
    with(rest, "");
}

/// Splits what follows an escape into the codes of a colour, where it is one, and the text behind it.
fn sequence(after: &str) -> (&str, &str) {
    if let Some(parameters) = after.strip_prefix('[') {
        let Some(end) = parameters.find(|c: char| ('@'..='~').contains(&c)) else {
            return ("", "");
        };
        let behind = &parameters[end + 1..];
        return if parameters[end..].starts_with('m') {
            (if end == 0 { "0" } else { &parameters[..end] }, behind)
        } else {
            ("", behind)
        };
    }
    if let Some(command) = after.strip_prefix(']') {
        // A title or a link, up to a bell or another escape, whose own rest is "\".
        let end = command.find(['\u{7}', '\u{1b}']).unwrap_or(command.len());
        let behind = command[end..].trim_start_matches(['\u{7}', '\u{1b}']);
        return ("", behind.strip_prefix('\\').unwrap_or(behind));
    }
    ("", after)
}

impl Style {
    fn apply(&mut self, codes: &str) {
        let mut codes = codes.split(';').map(|code| code.parse().unwrap_or(u8::MAX));
        while let Some(code) = codes.next() {
            match code {
                0 => *self = Style::default(),
                1 => self.bold = true,
                3 => self.italic = true,
                4 => self.underlined = true,
                22 => self.bold = false,
                23 => self.italic = false,
                24 => self.underlined = false,
                30..=37 => self.color = Some(COLORS[usize::from(code - 30)]),
                90..=97 => self.color = Some(COLORS[usize::from(code - 90)]),
                38 => self.color = extended_color(&mut codes),
                48 => {
                    extended_color(&mut codes);
                }
                39 => self.color = None,
                _ => {}
            }
        }
    }

    fn classes(&self) -> Option<String> {
        let set = [(self.bold, "bold"), (self.italic, "italic"), (self.underlined, "underlined")];
        let set = set.into_iter().filter_map(|(is_set, name)| is_set.then_some(name));
        let classes: Vec<String> =
            set.chain(self.color).map(|name| format!("ansi-{name}")).collect();
        (!classes.is_empty()).then(|| classes.join(" "))
    }
}

/// Reads the rest of `38;5;n` or `38;2;r;g;b`; of those colours the first sixteen have names.
fn extended_color(codes: &mut impl Iterator<Item = u8>) -> Option<&'static str> {
    match codes.next()? {
        5 => COLORS.get(usize::from(codes.next().filter(|code| *code < 16)? % 8)).copied(),
        2 => {
            codes.nth(2);
            None
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_become_spans_and_nothing_else_of_a_sequence_is_left() {
        let cases = [
            ("plain < text", "plain &lt; text"),
            (
                "\x1b[31mred\x1b[0m and \x1b[1;92mgreen\x1b[m.",
                "<span class=\"ansi-red\">red</span> and <span class=\"ansi-bold ansi-green\">green</span>.",
            ),
            ("\x1b[38;5;9ma\x1b[39mb", "<span class=\"ansi-red\">a</span>b"),
            ("\x1b[38;2;1;31;3ma\x1b[48;5;1mb", "ab"),
            ("\x1b[2K\x1b[1Adone", "done"),
            ("\x1b]8;;https://a.org\x1b\\link\x1b]8;;\x07", "link"),
            ("cut \x1b[3", "cut "),
            ("odd \x1b[31", "odd "),
        ];
        for (text, expected) in cases {
            assert_eq!(to_html(text), expected, "{text:?}");
        }
        assert_eq!(strip("\x1b[1mE\x1b[0m: \x1b[31m<b>"), "E: <b>");
    }
}
