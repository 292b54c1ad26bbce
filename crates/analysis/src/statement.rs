//! Code that ends at a name, in a form that evcxr can place.

use ra_ap_syntax::ast::HasModuleItem;
use ra_ap_syntax::{AstNode, SourceFile, SyntaxKind, TextSize, ast};

use crate::EDITION;

/// What evcxr lays statements into to parse them, as far as that matters here.
const START: &str = "fn evcxr() {\n";

/// Gives code with its last expression, which may be cut off, as a part of a statement `let`.
///
/// evcxr would wrap an expression to show it, and then no longer know where in it the cursor was.
pub fn of_code(code: &str) -> String {
    let parsed = format!("{START}{}", without_commands(code));
    let file = SourceFile::parse(&parsed, EDITION).tree();
    let place = last_expression(&file).map(|start| usize::from(start) - START.len());
    match place {
        Some(place) => format!("{}let _ = {}", &code[..place], &code[place..]),
        None => code.to_owned(),
    }
}

/// Gives where the last statement begins, if it is an expression.
fn last_expression(file: &SourceFile) -> Option<TextSize> {
    let function = file.items().find_map(|item| match item {
        ast::Item::Fn(function) => Some(function),
        _ => None,
    })?;
    let body = function.body()?.stmt_list()?;
    let last = body.syntax().children().last()?;
    let is_expression = ast::Expr::can_cast(last.kind()) || last.kind() == SyntaxKind::EXPR_STMT;
    is_expression.then(|| last.text_range().start())
}

/// Puts blanks in the place of evcxr's commands.
fn without_commands(code: &str) -> String {
    let line = |line: &str| match line.starts_with(':') {
        true => line
            .chars()
            .map(|letter| if letter == '\n' { "\n".into() } else { " ".repeat(letter.len_utf8()) })
            .collect(),
        false => line.to_owned(),
    };
    code.split_inclusive('\n').map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::of_code;

    #[test]
    fn an_expression_becomes_a_statement() {
        assert_eq!(of_code("history"), "let _ = history");
        assert_eq!(
            of_code("let a = 1;\nprintln!(\"{}\", his"),
            "let a = 1;\nlet _ = println!(\"{}\", his"
        );
        assert_eq!(of_code("f();\nif a { b.c"), "f();\nlet _ = if a { b.c");
        assert_eq!(of_code(":dep é = \"1\"\nTrainer"), ":dep é = \"1\"\nlet _ = Trainer");
    }

    #[test]
    fn what_is_none_stays() {
        for code in
            ["let a = b", "use std::vec", "fn f() { g", "struct P { a: f64", "let", "", ":dep a"]
        {
            assert_eq!(of_code(code), code);
        }
    }
}
