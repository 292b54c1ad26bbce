//! Formulas within the text of a page, found by the rules of MathJax with the options of JupyterLab.

/// A stretch of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Stretch {
    Text(String),
    /// A formula without its signs; an environment and a reference are formulas with their names.
    Formula {
        tex: String,
        display: bool,
    },
}

/// Splits a text into formulas and what is none.
pub fn split(text: &str) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    let mut plain = String::new();
    let mut at = 0;
    let mut left = MOST_IN_VAIN;
    while at < text.len() {
        match formula_at(&text[at..], &mut left) {
            Found::Formula { tex, display, length } => {
                if !plain.is_empty() {
                    stretches.push(Stretch::Text(std::mem::take(&mut plain)));
                }
                stretches.push(Stretch::Formula { tex: tex.trim().to_owned(), display });
                at += length;
            }
            Found::Plain { shown, length } => {
                plain.push_str(shown);
                at += length;
            }
        }
    }
    if !plain.is_empty() {
        stretches.push(Stretch::Text(plain));
    }
    stretches
}

enum Found<'a> {
    Formula { tex: &'a str, display: bool, length: usize },
    Plain { shown: &'a str, length: usize },
}

fn formula_at<'a>(text: &'a str, left: &mut usize) -> Found<'a> {
    for (open, close, display) in
        [("$$", "$$", true), ("$", "$", false), ("\\(", "\\)", false), ("\\[", "\\]", true)]
    {
        if let Some(rest) = text.strip_prefix(open) {
            return match end_of(rest, close, left) {
                Some(end) => {
                    let length = open.len() + end + close.len();
                    Found::Formula { tex: &rest[..end], display, length }
                }
                None => Found::Plain { shown: open, length: open.len() },
            };
        }
    }
    if let Some(length) = length_of_environment(text, left) {
        return Found::Formula { tex: &text[..length], display: true, length };
    }
    if let Some(length) = length_of_reference(text) {
        return Found::Formula { tex: &text[..length], display: false, length };
    }
    if text.starts_with("\\\\") || text.starts_with("\\$") {
        return Found::Plain { shown: &text[1..2], length: 2 };
    }
    let length = text.chars().next().map_or(1, char::len_utf8);
    Found::Plain { shown: &text[..length], length }
}

/// How far the ends of formulas are searched for in vain within one text, in bytes: what is hostile must
/// not take the square of its length.
const MOST_IN_VAIN: usize = 1_000_000;

/// Finds the sign that ends a formula, outside of braces.
fn end_of(text: &str, close: &str, left: &mut usize) -> Option<usize> {
    let text = &text[..text.floor_char_boundary(*left)];
    let mut braces = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with(close) && braces == 0 {
            return Some(at);
        }
        let next = rest.chars().next()?;
        at += match next {
            '\\' => 1 + rest[1..].chars().next().filter(|it| *it != '\n').map_or(0, char::len_utf8),
            _ => next.len_utf8(),
        };
        match next {
            '{' => braces += 1,
            '}' => braces = braces.saturating_sub(1),
            _ => {}
        }
    }
    *left -= text.len();
    None
}

/// Counts the bytes from `\begin{x}` to the `\end{x}` that belongs to it.
fn length_of_environment(text: &str, left: &mut usize) -> Option<usize> {
    let group = text.strip_prefix("\\begin")?.trim_start();
    let name = group.strip_prefix('{')?.split_once('}')?.0;
    let body = &group[name.len() + 2..];
    let begun = text.len() - body.len();
    let end = end_of(body, &format!("\\end{{{name}}}"), left)?;
    Some(begun + end + "\\end{}".len() + name.len())
}

/// Counts the bytes of `\ref{x}` and `\eqref{x}`.
fn length_of_reference(text: &str) -> Option<usize> {
    let group = text.strip_prefix("\\ref").or_else(|| text.strip_prefix("\\eqref"))?.trim_start();
    let name = group.strip_prefix('{')?.split_once('}')?.0;
    Some(text.len() - group.len() + name.len() + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_ends_takes_no_time() {
        for sign in ["${", "\\(", "$$ {", "\\begin{a}"] {
            assert!(!split(&sign.repeat(100_000)).is_empty());
        }
    }

    #[test]
    fn formulas_are_found_as_mathjax_finds_them() {
        let shown = |text: &str| -> String {
            let stretches = split(text).into_iter().map(|stretch| match stretch {
                Stretch::Text(text) => text,
                Stretch::Formula { tex, display: true } => format!("⟦{tex}⟧"),
                Stretch::Formula { tex, display: false } => format!("⟨{tex}⟩"),
            });
            stretches.collect()
        };
        let cases = [
            ("a $ x $ b $$y$$", "a ⟨x⟩ b ⟦y⟧"),
            ("\\(a\\) and \\[b\\]", "⟨a⟩ and ⟦b⟧"),
            ("$\\text{$x$}$", "⟨\\text{$x$}⟩"),
            ("$x = \\$3$", "⟨x = \\$3⟩"),
            ("5 $ alone", "5 $ alone"),
            ("costs \\$5", "costs $5"),
            ("\\begin{a}x\\end{a} \\eqref{b}", "⟦\\begin{a}x\\end{a}⟧ ⟨\\eqref{b}⟩"),
            ("\\begin{a}x", "\\begin{a}x"),
            ("$\\", "$\\"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected);
        }
    }
}
