//! What to write in the place of a closure that is to be kept.

use ra_ap_syntax::{AstNode, ast};

use crate::call::Call;
use crate::insertions::Insertions;
use crate::probe::When;
use crate::type_name::{self, AND_SO, OR_ELSE, Unwritable};
use crate::{Source, probe};

/// A value longer than this is not repeated.
const LONGEST: usize = 60;

/// Tells that `variable` is a closure, and how to box it: with its parameters' types, where rustc knows
/// them.
pub fn advice(call: &Call, source: &Source, variable: &str, value: Option<&ast::Expr>) -> String {
    let Some(ast::Expr::ClosureExpr(closure)) = value else {
        return Unwritable::Closure.reason(variable, "");
    };
    let Some(signature) = signature(call, source, variable, closure) else {
        return Unwritable::Closure.reason(variable, "");
    };
    let text = closure.syntax().text().to_string();
    let text = if text.len() <= LONGEST && !text.contains('\n') { &text } else { "…" };
    format!(
        "`{variable}` is a closure, and the type of a closure has no name. {AND_SO} Box it: \
         `let {variable}: Box<dyn Fn{signature}> = Box::new({text});`. {OR_ELSE}"
    )
}

/// Gives a closure's signature, as `(f64, f64) -> f64`.
fn signature(
    call: &Call,
    source: &Source,
    variable: &str,
    closure: &ast::ClosureExpr,
) -> Option<String> {
    let count = closure.param_list()?.params().count();
    let letters = ["A", "B", "C", "D", "E", "G"].get(..count)?.join(", ");
    let statement = closure.syntax().ancestors().find_map(ast::LetStmt::cast)?;
    let mut insertions = Insertions::default();
    let end = statement.syntax().text_range().end();
    let tag = probe::tag(0, &format!("evcxr_signature(&{variable})"));
    insertions.add(end, tag);
    insertions
        .add(source.body()?.tail_expr()?.syntax().text_range().start(), probe::ask(0, When::Late));
    let function = format!(
        "fn evcxr_signature<{letters}{} R, F: FnOnce({letters}) -> R>(_: &F) -> (({letters}{}), R) \
         {{ loop {{}} }}\n",
        if count == 0 { "" } else { "," },
        if count == 0 { "" } else { "," },
    );
    let text = insertions.into(&source.text) + "\n" + &function;
    let answer = probe::types(call, &source.folder, &text).ok()?;
    let words = answer.types.get(&0)?;
    let pair = type_name::written(words, |_| true).ok()?;
    let (parameters, result) = split(pair.strip_prefix('(')?.strip_suffix(')')?)?;
    let parameters = parameters.strip_prefix('(')?.strip_suffix(')')?.trim_end_matches(',');
    let parameters = type_name::short(parameters);
    Some(match type_name::short(result).as_str() {
        "()" => format!("({parameters})"),
        result => format!("({parameters}) -> {result}"),
    })
}

/// Splits a list at its first comma that stands in no bracket.
fn split(list: &str) -> Option<(&str, &str)> {
    let mut depth = 0;
    for (place, letter) in list.char_indices() {
        match letter {
            '(' | '[' | '<' => depth += 1,
            ')' | ']' | '>' if !list[..place].ends_with('-') => depth -= 1,
            ',' if depth == 0 => return Some((&list[..place], list[place + 1..].trim())),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_split_where_its_first_part_ends() {
        assert_eq!(split("(A, B), C"), Some(("(A, B)", "C")));
        assert_eq!(split("fn(A) -> B, C"), Some(("fn(A) -> B", "C")));
        assert_eq!(split("A"), None);
    }
}
