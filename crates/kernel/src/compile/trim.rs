//! Leaves out of a cell's code what it does not need: the store of variables, which is compiled once, and
//! the variables that it does not mention.
//!
//! evcxr has each cell take all variables out of its store, and put them back at the end: code for every
//! type of every variable, compiled anew with each cell. What is not taken simply stays in the store, also
//! when the cell panics. Lines are emptied and not removed, since errors are told by their number.

use std::collections::HashSet;

/// Begins the function that holds the cell's code. What stands before it can name no variable.
const FUNCTION: &str = "pub extern \"C\" fn run_user_code_";
/// The first line of the store, and the first behind it.
const STORE: [&str; 2] = ["mod evcxr_internal_runtime {", "#[unsafe(no_mangle)]"];
/// What evcxr does with a variable, each in a line of its own; then follows its type.
const CALLS: [&str; 3] = [
    "evcxr_variable_store.check_variable::<",
    "evcxr_variable_store.put_variable::<",
    "evcxr_variable_store.take_variable::<",
];

/// Gives the code without what it does for variables that are not mentioned.
pub fn without_unmentioned(code: &str) -> String {
    let Some(start) = code.find(FUNCTION) else { return code.to_owned() };
    let (before, function) = code.split_at(start);
    let own = function.lines().filter(|line| variable(line).is_none());
    let words: HashSet<&str> = own.flat_map(words).collect();
    let is_needed = |line: &str| variable(line).is_none_or(|name| words.contains(name));
    let mut trimmed = before.to_owned();
    for line in function.split_inclusive('\n') {
        trimmed.push_str(if is_needed(line) { line } else { "\n" });
    }
    trimmed
}

/// Gives the code without the store that evcxr lays into it, if it is there.
pub fn without_store(code: &str) -> Option<String> {
    let lines: Vec<&str> = code.split_inclusive('\n').collect();
    let start = lines.iter().position(|line| line.trim_end() == STORE[0])?;
    let length = lines[start..].iter().position(|line| line.trim_end() == STORE[1])?;
    let (before, after) = (&lines[..start], &lines[start + length..]);
    Some(before.concat() + &"\n".repeat(length) + &after.concat())
}

/// Gives the variable that a line of evcxr's is for.
fn variable(line: &str) -> Option<&str> {
    let call = line.trim_start();
    let begins_so = |start: &&str| {
        call.starts_with(start)
            || call.strip_prefix("vars_ok &= ").is_some_and(|rest| rest.starts_with(*start))
            || (call.starts_with("let ") && call.contains(&format!(" = {start}")))
    };
    CALLS.iter().find(|start| begins_so(start))?;
    let (_, name) = call.rsplit_once("(stringify!(")?;
    Some(name.split(')').next()?.trim_start_matches("r#"))
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(code: &str) -> String {
        let taken = |name: &str| {
            format!(
                "let mut {name} = evcxr_variable_store.take_variable::<Vec<f64>>(stringify!({name}));\n"
            )
        };
        let put = |name: &str| {
            format!("evcxr_variable_store.put_variable::<Vec<f64>>(stringify!({name}), {name});\n")
        };
        let checked = |name: &str| {
            format!(
                "vars_ok &= evcxr_variable_store.check_variable::<Vec<f64>>(stringify!({name}));\n"
            )
        };
        let all = |what: &dyn Fn(&str) -> String| ["xs", "ys"].map(what).concat();
        format!(
            "fn f(ys: f64) {{}}\n{FUNCTION}3(\n{}{}{code}\n{}}}\n",
            all(&checked),
            all(&taken),
            all(&put)
        )
    }

    #[test]
    fn only_what_a_cell_mentions_is_taken_and_put_back() {
        let whole = cell("println!(\"{xs:?}\");");
        let trimmed = without_unmentioned(&whole);
        assert_eq!(trimmed.lines().count(), whole.lines().count());
        assert_eq!(trimmed.matches("stringify!(xs)").count(), 3);
        assert_eq!(trimmed.matches("stringify!(ys)").count(), 0);
        assert!(trimmed.starts_with("fn f(ys: f64) {}\n"), "items stay");
    }

    #[test]
    fn what_is_mentioned_anywhere_stays() {
        for code in ["f(ys, &xs);", "let zs = xs.iter().zip(&ys);", "// xs and ys"] {
            assert_eq!(without_unmentioned(&cell(code)), cell(code));
        }
        assert_eq!(without_unmentioned("fn f() {}\n"), "fn f() {}\n");
        assert_eq!(without_unmentioned(&cell("xs1 + my_ys")).matches("stringify!").count(), 0);
    }

    #[test]
    fn the_store_goes_and_the_lines_keep_their_numbers() {
        let code = "use a;\nmod evcxr_internal_runtime {\nfn f() {\n}\n}\n#[unsafe(no_mangle)]\nfn g() {}\n";
        let trimmed = without_store(code).unwrap();
        assert_eq!(trimmed, "use a;\n\n\n\n\n#[unsafe(no_mangle)]\nfn g() {}\n");
        assert_eq!(without_store("#[unsafe(no_mangle)]\nfn g() {}\n"), None);
    }
}
