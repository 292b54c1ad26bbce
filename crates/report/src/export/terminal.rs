//! What a terminal shows of a text in which the cursor goes back: carriage returns and back-spaces.

/// Carries out what moves the cursor within a line, and what erases the rest of it.
pub fn shown(text: &str) -> String {
    text.split_inclusive('\n').map(line).collect()
}

fn line(text: &str) -> String {
    let (body, end) = match text.strip_suffix('\n') {
        Some(body) => (body.strip_suffix('\r').unwrap_or(body), "\n"),
        None => (text, ""),
    };
    if !body.contains(['\r', '\u{8}']) {
        return body.to_owned() + end;
    }
    let mut screen = Screen::default();
    let mut rest = body;
    while let Some(next) = rest.chars().next() {
        let length = match next {
            '\u{1b}' => length_of_sequence(rest),
            _ => next.len_utf8(),
        };
        let (part, after) = rest.split_at(length);
        match next {
            '\r' => screen.cursor = 0,
            '\u{8}' => screen.cursor = screen.cursor.saturating_sub(1),
            '\u{1b}' if part.ends_with('K') => screen.erase(part),
            '\u{1b}' => screen.pending.push_str(part),
            _ => screen.put(next),
        }
        rest = after;
    }
    screen.columns.concat() + &screen.pending + end
}

/// A line of a terminal: each column with the changes of colour before it.
#[derive(Default)]
struct Screen {
    columns: Vec<String>,
    cursor: usize,
    /// Changes of colour since the last sign.
    pending: String,
}

impl Screen {
    fn put(&mut self, sign: char) {
        let mut column = std::mem::take(&mut self.pending);
        column.push(sign);
        match self.columns.get_mut(self.cursor) {
            Some(old) => *old = column,
            None => self.columns.push(column),
        }
        self.cursor += 1;
    }

    /// Erases to the end of the line, or with a 2 all of it.
    fn erase(&mut self, sequence: &str) {
        match sequence {
            "\u{1b}[2K" => self.columns.iter_mut().for_each(|column| *column = " ".to_owned()),
            "\u{1b}[K" | "\u{1b}[0K" => self.columns.truncate(self.cursor),
            _ => {}
        }
        while self.columns.last().is_some_and(|column| column == " ")
            && self.columns.len() > self.cursor
        {
            self.columns.pop();
        }
    }
}

/// Counts the bytes of a sequence such as `ESC [31m`.
fn length_of_sequence(text: &str) -> usize {
    if !text[1..].starts_with('[') {
        return 1;
    }
    let end = text[2..].find(|c: char| ('@'..='~').contains(&c));
    end.map_or(text.len(), |end| end + 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_goes_back_as_in_a_terminal() {
        let cases = [
            ("1 %\r2 %\r\n", "2 %\n"),
            ("a\r", "a"),
            ("abcdef\rxy", "xycdef"),
            ("abc\u{8}\u{8}X\n", "aXc\n"),
            ("10 %\u{8}\u{8}\u{8}\u{8}\u{8}100 %", "100 %"),
            ("long line\r\u{1b}[Kshort", "short"),
            ("long line\r\u{1b}[2Kshort", "short"),
            ("\u{1b}[31mred\u{1b}[0m\rX", "X\u{1b}[31med\u{1b}[0m"),
            ("one\r\ntwo", "one\ntwo"),
            ("\u{8}a\u{1b}[3", "a\u{1b}[3"),
        ];
        for (text, expected) in cases {
            let shown = shown(text);
            let plain = |text: &str| super::super::ansi::strip(text);
            assert_eq!(plain(&shown), plain(expected), "{text:?}");
        }
    }
}
