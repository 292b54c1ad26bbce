//! Whether a cell is answered: by what it still does, not by a word that is left in a comment.

use backprop_report::notebook::Cell;
use backprop_report::solution_markers;
use proc_macro2::{TokenStream, TokenTree};

/// Whether the stub of a question is what this cell still says or does.
pub fn is_unanswered(cell: &Cell) -> bool {
    match cell.is_code() {
        true => has_stub(&cell.source),
        false => shows_stub(&cell.source),
    }
}

/// Whether code runs the stub. Where Rust cannot read the code, no line of it may be the stub.
pub fn has_stub(code: &str) -> bool {
    match code.parse::<TokenStream>() {
        Ok(tokens) => panics_as_stub(tokens),
        Err(_) => code.lines().any(|line| line.trim() == solution_markers::STUB),
    }
}

/// Finds `panic!("This question is not answered yet.")` among tokens, which have no comments.
fn panics_as_stub(tokens: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_stub = |three: &[TokenTree]| {
        let [TokenTree::Ident(name), TokenTree::Punct(mark), TokenTree::Group(said)] = three else {
            return false;
        };
        let said = said.stream().to_string();
        name == "panic" && mark.as_char() == '!' && said.contains(solution_markers::NOT_ANSWERED)
    };
    tokens.windows(3).any(is_stub)
        || tokens.into_iter().any(|token| match token {
            TokenTree::Group(group) => panics_as_stub(group.stream()),
            _ => false,
        })
}

/// Whether prose shows the stub; what stands in comments is not shown. A cell of comments alone says
/// nothing.
fn shows_stub(prose: &str) -> bool {
    let mut text = prose.to_owned();
    while let Some(begin) = text.find("<!--") {
        let end = text[begin..].find("-->").map_or(text.len(), |end| begin + end + 3);
        text.replace_range(begin..end, "");
    }
    let has_stub = |text: &str| text.contains(solution_markers::STUB_IN_PROSE);
    has_stub(&text) || (has_stub(prose) && text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Case G12 and its kind.
    #[test]
    fn a_stub_counts_where_it_is_run() {
        let stub = solution_markers::STUB;
        let open = [
            stub.to_owned(),
            format!("fn f() {{\r\n    {stub}\r\n}}"),
            format!("fn f() {{\n    let a = 1.0;\n    // mine\n    {stub}\n}}"),
            format!("let (a = 1;\n{stub}"),
            "panic!(\"This question is not answered yet.\")".to_owned(),
        ];
        for code in open {
            assert!(is_unanswered(&Cell::code(&code, &[])), "{code}");
        }
        let answered = [
            format!("fn f() {{\n    // {stub}\n    1.0\n}}"),
            format!("/* {stub} */ 1.0"),
            format!("fn f() {{ 2.0 * y }} // was: {stub}"),
            format!("/// {stub}\nfn f() -> f64 {{ 1.0 }}"),
            "println!(\"This question is not answered yet.\")".to_owned(),
            format!("let (a = 1; // {stub}"),
            String::new(),
        ];
        for code in answered {
            assert!(!is_unanswered(&Cell::code(&code, &[])), "{code}");
        }
    }

    #[test]
    fn prose_is_open_while_it_shows_the_stub() {
        let open = [
            "*Your answer here.*",
            "## 1\n\n*Your answer here.*\r\n",
            "<!-- x --> *Your answer here.*",
            "Because.\n\n*Your answer here.*",
            "<!-- *Your answer here.* -->",
        ];
        for prose in open {
            assert!(is_unanswered(&Cell::markdown(prose)), "{prose}");
        }
        for prose in ["<!-- *Your answer here.* -->\nSo.", "So. <!-- *Your answer here.*", "So."] {
            assert!(!is_unanswered(&Cell::markdown(prose)), "{prose}");
        }
    }
}
