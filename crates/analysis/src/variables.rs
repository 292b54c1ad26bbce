//! The types of a cell's variables.

use std::collections::HashMap;

use ra_ap_syntax::ast::HasName;
use ra_ap_syntax::{AstNode, SyntaxKind, TextSize, ast};

use crate::call::Call;
use crate::insertions::Insertions;
use crate::probe::{Answer, When};
use crate::type_name::{self, Unwritable};
use crate::{Source, closure, probe};

/// A variable of a statement `let` that does not say its type in full.
struct Variable {
    name: String,
    /// Where its pattern begins.
    start: TextSize,
    /// Where its statement ends.
    end: TextSize,
    /// What it is set to, where it stands alone.
    value: Option<ast::Expr>,
}

/// Gives the types of the variables that a cell's statements `let` introduce, unless they say them, by
/// the place where the variable's pattern begins.
///
/// A type is Rust that names it in a later cell. A variable whose type cannot be named has a type that
/// does not compile, with the reason; in code with errors, which compiling will tell, it has any.
pub fn types(source: &Source) -> HashMap<TextSize, String> {
    let Some(body) = source.body() else { return HashMap::new() };
    let variables: Vec<Variable> = body.statements().flat_map(of_statement).collect();
    if variables.is_empty() {
        return HashMap::new();
    }
    named(source, &body, &variables).unwrap_or_else(|error| {
        let reason = format!("the compiler cannot say of which type this is: {error:#}");
        variables.iter().map(|one| (one.start, type_name::refusal(&reason))).collect()
    })
}

fn named(
    source: &Source,
    body: &ast::StmtList,
    variables: &[Variable],
) -> anyhow::Result<HashMap<TextSize, String>> {
    let call = Call::read(&source.folder)?;
    let answer = ask(&call, source, body, variables)?;
    let is_known = |name: &str| call.crates().any(|one| one == name) || is_in(&source.text, name);
    let name = |(number, variable): (usize, &Variable)| {
        let words = answer.types.get(&number);
        let name = match words.map(|words| type_name::written(words, is_known)) {
            Some(Ok(name)) => name,
            // Compiling the cell will tell of it, once with this and once without.
            _ if answer.is_faulty => "()".to_owned(),
            Some(Err(Unwritable::Closure)) => {
                let value = variable.value.as_ref();
                type_name::refusal(&closure::advice(&call, source, &variable.name, value))
            }
            Some(Err(why)) => {
                let words = words.map_or("", String::as_str);
                type_name::refusal(&why.reason(&variable.name, words))
            }
            None => type_name::refusal(&Unwritable::Incomplete.reason(&variable.name, "_")),
        };
        (variable.start, name)
    };
    Ok(variables.iter().enumerate().map(name).collect())
}

/// Asks the compiler for the types when it knows them all; in code with errors, also for what it knows before.
fn ask(
    call: &Call,
    source: &Source,
    body: &ast::StmtList,
    variables: &[Variable],
) -> anyhow::Result<Answer> {
    let end = body
        .tail_expr()
        .map_or(body.syntax().text_range().end(), |tail| tail.syntax().text_range().start());
    let ask = |when| {
        let mut insertions = Insertions::default();
        for (number, variable) in variables.iter().enumerate() {
            insertions.add(variable.end, probe::tag(number, &variable.name));
            insertions.add(end, probe::ask(number, when));
        }
        probe::types(call, &source.folder, &insertions.into(&source.text))
    };
    let mut answer = ask(When::Late)?;
    if answer.is_faulty {
        for (number, words) in ask(When::Early)?.types {
            answer.types.entry(number).or_insert(words);
        }
    }
    Ok(answer)
}

/// Says whether the cells have a module of that name.
fn is_in(text: &str, module: &str) -> bool {
    let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let mut words = words.filter(|word| !word.is_empty());
    while let Some(word) = words.next() {
        if word == "mod" && words.next() == Some(module) {
            return true;
        }
    }
    false
}

/// Gives the variables of a statement whose types are not written.
fn of_statement(statement: ast::Stmt) -> Vec<Variable> {
    let ast::Stmt::LetStmt(statement) = statement else { return Vec::new() };
    let Some(pattern) = statement.pat() else { return Vec::new() };
    let stands_alone = matches!(pattern, ast::Pat::IdentPat(_));
    if stands_alone && statement.ty().is_some_and(|written| is_whole(&written)) {
        return Vec::new();
    }
    let end = statement.syntax().text_range().end();
    let value = statement.initializer().filter(|_| stands_alone);
    let patterns = pattern.syntax().descendants().filter_map(ast::IdentPat::cast);
    patterns
        .filter_map(|pattern| {
            let name = pattern.name()?.text().to_string();
            let start = pattern.syntax().text_range().start();
            Some(Variable { name, start, end, value: value.clone() })
        })
        .collect()
}

/// Says whether a written type leaves nothing open, as evcxr sees it.
fn is_whole(written: &ast::Type) -> bool {
    let is_open = |kind| matches!(kind, SyntaxKind::INFER_TYPE | SyntaxKind::ERROR);
    !written.syntax().descendants().any(|node| is_open(node.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::WRAPPER;

    fn names(code: &str) -> Vec<String> {
        let text = format!("async fn {WRAPPER}() -> Result<(), ()> {{\n{code}\nOk(())}}");
        let body = Source { text, ..Source::default() }.body().unwrap();
        body.statements().flat_map(of_statement).map(|variable| variable.name).collect()
    }

    #[test]
    fn a_module_is_known_by_its_whole_name() {
        assert!(is_in("pub mod  geometry { mod inner {} }", "geometry"));
        assert!(!is_in("mod geometry {} // mode geo", "geo"));
    }

    #[test]
    fn variables_without_a_type_are_found() {
        assert_eq!(names("let a = 1; let b: f64 = 2.0; let c: Vec<_> = vec![];"), ["a", "c"]);
        assert_eq!(
            names("let (mut a, b): (i32, i32) = pair; let P { x, y: z } = p;"),
            ["a", "b", "x", "z"]
        );
        assert_eq!(names("{ let inner = 1; } if true { let deep = 2; }"), [""; 0]);
        assert_eq!(
            names("let Some(n) = found else { return Ok(()) }; f(|x| { let y = x; y });"),
            ["n"]
        );
    }
}
