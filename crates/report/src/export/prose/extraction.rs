//! Formulas kept from the reader of Markdown, by the rules of JupyterLab: whatever stands between their
//! signs is taken out of the text before it is read, and put back into what was made of it.
//!
//! Follows `removeMath` and `replaceMath` of @jupyterlab/rendermime step by step, so that the same text
//! has the same formulas here and there: `tests/markdown` compares the two.

/// What stands for a tilde and for a dollar sign within code, while formulas are looked for.
const TILDE: &str = "~T";
const DOLLAR: &str = "~D";

/// A text whose formulas are taken out, and the formulas, escaped as HTML.
pub struct Extracted {
    pub text: String,
    formulas: Vec<String>,
}

/// Takes the formulas of a cell out.
pub fn take_formulas(source: &str) -> Extracted {
    let source = source.replace("\r\n", "\n").replace('\r', "\n");
    let has_code = source.contains('`') || source.contains("~~~");
    let hidden = if has_code { hide_dollars_of_code(&source) } else { source };
    let show = |text: &str| match has_code {
        true => text.replace(DOLLAR, "$").replace(TILDE, "~"),
        false => text.to_owned(),
    };
    let (pieces, formulas) = Search::of(pieces(&hidden)).finish(&show);
    Extracted { text: show(&pieces.concat()), formulas }
}

impl Extracted {
    /// Puts the formulas back into the HTML that was made of the text.
    pub fn put_back(&self, html: &str) -> String {
        let mut whole = String::with_capacity(html.len());
        let mut rest = html;
        while let Some(at) = rest.find("@@") {
            let (before, mark) = rest.split_at(at);
            whole.push_str(before);
            let formula = length_of_mark(mark).and_then(|length| {
                let number: usize = mark[2..length - 2].parse().ok()?;
                Some((self.formulas.get(number)?, length))
            });
            match formula {
                Some((formula, length)) => {
                    whole.push_str(&with_one_back_slash(formula));
                    rest = &mark[length..];
                }
                None => {
                    whole.push('@');
                    rest = &mark[1..];
                }
            }
        }
        whole + rest
    }
}

/// Writes `\\(` and `\\[` as `\(` and `\[`, and their counterparts.
fn with_one_back_slash(formula: &str) -> String {
    for [open, close] in [["\\\\(", "\\\\)"], ["\\\\[", "\\\\]"]] {
        if let Some(inner) = formula.strip_prefix(open).and_then(|it| it.strip_suffix(close)) {
            return format!("{}{inner}{}", &open[1..], &close[1..]);
        }
    }
    formula.to_owned()
}

/// The search for formulas among the pieces of a text: at odd places stand signs, between them text.
struct Search {
    pieces: Vec<String>,
    formulas: Vec<(usize, String)>,
    /// Where a formula begins, and the sign that ends it.
    open: Option<(usize, String)>,
    /// Where such a sign stood within braces.
    last: Option<usize>,
    braces: usize,
}

impl Search {
    fn of(pieces: Vec<String>) -> Search {
        let formulas = Vec::new();
        let mut search = Search { pieces, formulas, open: None, last: None, braces: 0 };
        let mut at = 1;
        while at < search.pieces.len() {
            at = search.step(at) + 2;
        }
        if let (Some((start, _)), Some(last)) = (search.open.take(), search.last) {
            search.take(start, last);
        }
        search
    }

    /// Looks at a sign; gives the place from which to go on.
    fn step(&mut self, at: usize) -> usize {
        let sign = self.pieces[at].clone();
        if sign.starts_with('@') {
            self.pieces[at] = format!("@@{}@@", self.formulas.len());
            self.formulas.push((at, sign));
            return at;
        }
        let Some((start, end)) = self.open.clone() else {
            self.open = closing(&sign).map(|end| (at, end));
            self.braces = 0;
            return at;
        };
        if sign == end {
            match self.braces {
                0 => {
                    self.take(start, at);
                    self.close();
                }
                _ => self.last = Some(at),
            }
        } else if sign.matches('\n').count() > 1 {
            let last = self.last;
            if let Some(last) = last {
                self.take(start, last);
            }
            self.close();
            self.braces = 0;
            return last.unwrap_or(at);
        } else if sign == "{" {
            self.braces += 1;
        } else if sign == "}" {
            self.braces = self.braces.saturating_sub(1);
        }
        at
    }

    fn close(&mut self) {
        self.open = None;
        self.last = None;
    }

    fn take(&mut self, start: usize, end: usize) {
        let formula = self.pieces[start..=end].concat();
        self.pieces[start..=end].fill(String::new());
        self.pieces[start] = format!("@@{}@@", self.formulas.len());
        self.formulas.push((start, formula));
    }

    fn finish(self, show: &impl Fn(&str) -> String) -> (Vec<String>, Vec<String>) {
        let escaped =
            |formula: &str| formula.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let formulas = self.formulas.iter().map(|(_, formula)| match formula.starts_with('@') {
            true => formula.clone(),
            false => show(&escaped(formula)),
        });
        let formulas = formulas.collect();
        (self.pieces, formulas)
    }
}

/// Gives the sign that ends what a sign begins.
fn closing(sign: &str) -> Option<String> {
    match sign {
        "$" | "$$" => Some(sign.to_owned()),
        "\\\\(" => Some("\\\\)".to_owned()),
        "\\\\[" => Some("\\\\]".to_owned()),
        _ if sign[1..].starts_with("begin") => Some(format!("\\end{}", &sign[6..])),
        _ => None,
    }
}

/// Splits a text at the signs that matter for formulas.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let length = length_of_sign(rest);
        let (piece, after) = rest.split_at(if length > 0 { length } else { next.len_utf8() });
        match length {
            0 => pieces.last_mut().expect("there is one").push_str(piece),
            _ => pieces.extend([piece.to_owned(), String::new()]),
        }
        rest = after;
    }
    pieces
}

/// Counts the bytes of the sign that a text begins with; 0 where it begins with none.
fn length_of_sign(text: &str) -> usize {
    let bytes = text.as_bytes();
    match bytes[0] {
        b'$' => 1 + usize::from(bytes.get(1) == Some(&b'$')),
        b'{' | b'}' => 1,
        b'\n' => text.len() - text.trim_start().len(),
        b'@' => length_of_mark(text).unwrap_or(0),
        b'\\' => match bytes.get(1) {
            Some(b'{' | b'}' | b'$') => 2,
            Some(b'\\') => 3 * usize::from(matches!(bytes.get(2), Some(b'(' | b')' | b'[' | b']'))),
            _ => length_of_environment(text).unwrap_or(0),
        },
        _ => 0,
    }
}

/// Counts the bytes of `@@12@@`.
fn length_of_mark(text: &str) -> Option<usize> {
    let digits = text.strip_prefix("@@")?.bytes().take_while(u8::is_ascii_digit).count();
    (digits > 0 && text[2 + digits..].starts_with("@@")).then_some(digits + 4)
}

/// Counts the bytes of `\begin{align*}` and the like.
fn length_of_environment(text: &str) -> Option<usize> {
    let is = |word: &str| text.get(1..=word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word));
    let word = ["begin{", "end{"].into_iter().find(|word| is(word))?;
    let name = &text[1 + word.len()..];
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    let length = letters + usize::from(name[letters..].starts_with('*'));
    name[length..].starts_with('}').then_some(1 + word.len() + length + 1)
}

/// Writes `~D` for each dollar sign within code, and `~T` for each tilde.
fn hide_dollars_of_code(text: &str) -> String {
    let text = text.replace('~', TILDE);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut hidden = String::new();
    let mut at = 0;
    while at < lines.len() {
        let end = end_of_fenced(&lines[at..]).map_or(at, |length| at + length);
        for (number, line) in lines.iter().enumerate().take(end.max(at) + 1).skip(at) {
            hidden.push_str(&match number < end || (end > at && number == end) {
                true => line.replace('$', DOLLAR),
                false => (*line).to_owned(),
            });
        }
        at = end + 1;
    }
    hidden.split_inclusive('\n').map(hide_in_spans).collect()
}

/// Gives the number of lines down to the one that closes the block of code which the first line opens.
fn end_of_fenced(lines: &[&str]) -> Option<usize> {
    let first = lines[0].strip_suffix('\n')?;
    let fences: Vec<&str> = match first.starts_with("```") {
        true => {
            let ticks = first.len() - first.trim_start_matches('`').len();
            (!first[ticks..].contains('`')).then_some(&first[..ticks]).into_iter().collect()
        }
        false => {
            let tildes = (first.len() - first.trim_start_matches(TILDE).len()) / TILDE.len();
            let fences = (3..=tildes).rev().map(|count| &first[..count * TILDE.len()]);
            fences.filter(|_| !first.contains('`')).collect()
        }
    };
    let closes = |line: &str, fence: &str| {
        let line = line.strip_suffix('\n').unwrap_or(line);
        line.strip_prefix(fence).is_some_and(|rest| rest.bytes().all(|byte| byte == b'`'))
    };
    fences.into_iter().find_map(|fence| {
        let found = lines[1..].iter().position(|line| closes(line, fence))?;
        Some(found + 1)
    })
}

/// Writes `~D` for the dollar signs of a line that stand between equal numbers of back-ticks.
fn hide_in_spans(line: &str) -> String {
    let runs = runs_of_ticks(line);
    let mut hidden = String::new();
    let (mut done, mut next) = (0, 0);
    while let Some(&(start, length)) = runs.get(next) {
        next += 1;
        let usable = length - usize::from(line[..start].ends_with('\\'));
        let mut best: Option<(usize, usize)> = None;
        for (index, &(_, other)) in runs.iter().enumerate().skip(next) {
            if other <= usable && best.is_none_or(|(_, found)| other > found) {
                best = Some((index, other));
            }
            if other == usable {
                break;
            }
        }
        if let Some((index, length)) = best {
            let end = runs[index].0 + length;
            hidden.push_str(&line[done..start]);
            hidden.push_str(&line[start..end].replace('$', DOLLAR));
            (done, next) = (end, index + 1);
        }
    }
    hidden + &line[done..]
}

/// Finds the runs of back-ticks: where they begin, and how many they are.
fn runs_of_ticks(line: &str) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, _) in line.match_indices('`') {
        match runs.last_mut() {
            Some((start, length)) if *start + *length == at => *length += 1,
            _ => runs.push((at, 1)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(source: &str) -> (String, Vec<String>) {
        let extracted = take_formulas(source);
        (extracted.text, extracted.formulas)
    }

    #[test]
    fn formulas_are_taken_out_and_put_back() {
        let cases = [
            ("a $x$ b", "a @@0@@ b", vec!["$x$"]),
            ("$ a < b $", "@@0@@", vec!["$ a &lt; b $"]),
            ("`$x$` $y$", "`$x$` @@0@@", vec!["$y$"]),
            ("```\n$x$\n```\n~ $y$", "```\n$x$\n```\n~ @@0@@", vec!["$y$"]),
            (
                "\\begin{align*}\na\n\\end{align*}",
                "@@0@@",
                vec!["\\begin{align*}\na\n\\end{align*}"],
            ),
            ("$$\n\na\n\n$$", "$$\n\na\n\n$$", vec![]),
            ("@@7@@ $x$", "@@0@@ @@1@@", vec!["@@7@@", "$x$"]),
            ("$\\text{$5}$ and", "@@0@@ and", vec!["$\\text{$5}$"]),
            ("only $5", "only $5", vec![]),
        ];
        for (source, text, formulas) in cases {
            let expected = (text.to_owned(), formulas.into_iter().map(str::to_owned).collect());
            assert_eq!(taken(source), expected, "{source}");
        }
        let extracted = take_formulas("a \\\\(x\\\\) @@1@@ b");
        assert_eq!(extracted.put_back(&extracted.text), "a \\(x\\) @@1@@ b");
    }

    #[test]
    fn a_long_line_of_back_ticks_takes_no_time() {
        let runs: String = (1..400).map(|length| "`".repeat(length) + " $a$ ").collect();
        assert!(take_formulas(&runs).text.len() >= runs.len());
        assert!(take_formulas(&"`".repeat(200_000)).text.len() == 200_000);
    }
}
