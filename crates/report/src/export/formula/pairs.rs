//! Formulas in LaTeX, written so that pandoc sees which bars and brackets belong together.
//!
//! To pandoc a `\|` or `|` is a sign like any other: neither its MathML nor its Typst knows the left one
//! from the right one, so they get space around them, and an index of the pair ends up below a bar.

use super::tokens::{take_group, take_token};

/// What waits for its other half.
#[derive(PartialEq)]
enum Open {
    /// `{`
    Group,
    /// `\left`; with `\|` behind it, or with something else.
    Left { is_norm: bool },
    /// `\bigl(` and the like.
    Sized,
    /// `|`
    Bar,
    /// `\|`
    Norm,
}

/// Names the left and the right bar of each pair as such, and has large brackets grow with what they
/// hold. A formula whose bars are no pairs stays as it is.
pub fn with_pairs(source: &str) -> String {
    paired(source).unwrap_or_else(|| source.to_owned())
}

/// Writes a formula so that pandoc's Typst has the spaces that it should: cases get room before their
/// conditions, and `\;` and `\!`, which pandoc 3.9 rounds to nothing and to a whole em back, are replaced.
pub fn spaced_for_typst(source: &str) -> String {
    let mut written = String::new();
    let mut is_cases = false;
    let mut rest = source;
    while !rest.is_empty() {
        is_cases |= rest.starts_with(r"\begin{cases}");
        is_cases &= !rest.starts_with(r"\end{cases}");
        written.push_str(match take_token(&mut rest) {
            "&" if is_cases => r"& \quad ",
            r"\;" => r"\:",
            r"\!" => "",
            token => token,
        });
    }
    written
}

fn paired(source: &str) -> Option<String> {
    if source.contains(r"\begin{array}") {
        return None; // bars in its columns are rules
    }
    let mut pairs = Pairs { rest: source, open: Vec::new(), written: String::new() };
    while !pairs.rest.is_empty() {
        let token = take_token(&mut pairs.rest);
        pairs.follow_groups(token)?;
        pairs.write(token)?;
    }
    pairs.open.is_empty().then_some(pairs.written)
}

/// A formula that is being written anew. Each step gives none where the bars are no pairs.
struct Pairs<'a> {
    rest: &'a str,
    open: Vec<Open>,
    written: String,
}

impl Pairs<'_> {
    /// Opens and closes groups. A pair does not reach into another cell or line.
    fn follow_groups(&mut self, token: &str) -> Option<()> {
        match token {
            "{" => self.open.push(Open::Group),
            "}" => self.close(Open::Group)?,
            "&" | r"\\" => matches!(self.open.last(), None | Some(Open::Group)).then_some(())?,
            _ => {}
        }
        Some(())
    }

    fn write(&mut self, token: &str) -> Option<()> {
        match token {
            r"\text" | r"\mbox" => {
                self.written.push_str(token);
                self.written.push_str(take_group(&mut self.rest));
            }
            r"\left" => {
                let is_norm = take_if(&mut self.rest, r"\|");
                self.open.push(Open::Left { is_norm });
                self.delimiter(if is_norm { r"\lVert " } else { token }, is_norm);
            }
            r"\right" => {
                let is_norm = take_if(&mut self.rest, r"\|");
                self.close(Open::Left { is_norm })?;
                self.delimiter(if is_norm { r"\rVert " } else { token }, is_norm);
            }
            "|" => self.bar(Open::Bar, [r"\left|", r"\right|"]),
            r"\|" => self.bar(Open::Norm, [r"\lVert ", r"\rVert "]),
            _ => match is_left(token, self.rest) {
                Some(true) => {
                    self.open.push(Open::Sized);
                    self.delimiter(r"\left", false);
                }
                Some(false) => {
                    self.close(Open::Sized)?;
                    self.delimiter(r"\right", false);
                }
                None => self.written.push_str(token),
            },
        }
        Some(())
    }

    fn close(&mut self, kind: Open) -> Option<()> {
        (self.open.pop()? == kind).then_some(())
    }

    /// Writes a command, and the delimiter behind it unless the command is one itself.
    fn delimiter(&mut self, command: &str, is_whole: bool) {
        self.written.push_str(command);
        if !is_whole {
            self.written.push_str(take_delimiter(&mut self.rest));
        }
    }

    /// Closes the bar that is open, or opens one.
    fn bar(&mut self, kind: Open, [left, right]: [&str; 2]) {
        if self.open.last() == Some(&kind) {
            self.open.pop();
            self.written.push_str(right);
        } else {
            self.open.push(kind);
            self.written.push_str(left);
        }
    }
}

/// Whether a command such as `\bigl` or `\Big` makes a left or a right bracket of what follows.
fn is_left(token: &str, rest: &str) -> Option<bool> {
    let bracket = rest.trim_start().chars().next().filter(|next| "()[]|".contains(*next))?;
    let size = token.strip_prefix('\\')?;
    let side = ["bigg", "Bigg", "big", "Big"].iter().find_map(|name| size.strip_prefix(name))?;
    match (side, bracket) {
        ("l", _) | ("", '(' | '[') => Some(true),
        ("r", _) | ("", ')' | ']') => Some(false),
        _ => None,
    }
}

/// Takes what stands behind `\left` and the like.
fn take_delimiter<'a>(rest: &mut &'a str) -> &'a str {
    *rest = rest.trim_start();
    take_token(rest)
}

fn take_if(rest: &mut &str, wanted: &str) -> bool {
    let after = rest.trim_start().strip_prefix(wanted);
    *rest = after.unwrap_or(rest);
    after.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_told_left_from_right() {
        let cases = [
            (r"|1 - 2\alpha|", r"\left|1 - 2\alpha\right|"),
            (r"\|a\|_2 / \|b\|_2", r"\lVert a\rVert _2 / \lVert b\rVert _2"),
            (r"\left\| \frac{a}{b} \right\|_2", r"\lVert  \frac{a}{b} \rVert _2"),
            (r"|\|a\|| + |b|^2", r"\left|\lVert a\rVert \right| + \left|b\right|^2"),
        ];
        for (source, expected) in cases {
            assert_eq!(with_pairs(source), expected);
        }
    }

    #[test]
    fn large_brackets_grow_with_what_they_hold() {
        let cases = [
            (r"\tfrac12 \bigl(x^2\bigr)", r"\tfrac12 \left(x^2\right)"),
            (r"\Big( a \odot \Big[b\Big] \Big)", r"\left( a \odot \left[b\right] \right)"),
            (r"\bigl|1 - a\bigr|", r"\left|1 - a\right|"),
        ];
        for (source, expected) in cases {
            assert_eq!(with_pairs(source), expected);
        }
    }

    #[test]
    fn what_is_no_pair_stays_as_it_is() {
        let as_they_are = [
            r"p(a | b)",
            r"\frac{|a}{b|}",
            r"\begin{array}{|c|} 1 \end{array}",
            r"|a & b|",
            r"\bigl( a",
            r"\left( a \bigr)",
            r"\left. a \right| + \text{one | or | two}",
            r"a \mid b \\ \bigcup c \leftarrow d",
            r"}{",
            "\\",
            "",
        ];
        for source in as_they_are {
            assert_eq!(with_pairs(source), source);
        }
    }

    #[test]
    fn spaces_are_those_that_typst_knows() {
        let cases = [
            (
                r"a & b \begin{cases} 1 & z \\; 0 & y \end{cases} & c",
                r"a & b \begin{cases} 1 & \quad  z \\; 0 & \quad  y \end{cases} & c",
            ),
            (r"a, \; b\!c", r"a, \: bc"),
        ];
        for (source, expected) in cases {
            assert_eq!(spaced_for_typst(source), expected);
        }
    }
}
