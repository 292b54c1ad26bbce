//! Which name an inspect_request means: evcxr looks at the one that ends at the cursor, and people have the
//! cursor within a name, or in the arguments of a call.

use backprop_analysis::statement;
use serde_json::Value;

/// Gives the content of an inspect_request with the code up to the end of the name that it means, and the
/// cursor there.
pub fn at_name(content: &Value) -> Value {
    let mut moved = content.clone();
    let cursor = content["cursor_pos"].as_u64().and_then(|place| usize::try_from(place).ok());
    if let (Some(code), Some(cursor)) = (content["code"].as_str(), cursor) {
        let code: Vec<char> = code.chars().collect();
        let end = end_of_name(&code, cursor.min(code.len()));
        let code = statement::of_code(&code[..end].iter().collect::<String>());
        moved["cursor_pos"] = code.chars().count().into();
        moved["code"] = code.into();
    }
    moved
}

/// Gives the end of the name around a place, or of the function whose arguments are there.
fn end_of_name(code: &[char], place: usize) -> usize {
    let is_of_name = |letter: &char| letter.is_alphanumeric() || *letter == '_';
    let is_at_name = code[..place].last().is_some_and(is_of_name);
    if is_at_name || code.get(place).is_some_and(is_of_name) {
        return place + code[place..].iter().take_while(|letter| is_of_name(letter)).count();
    }
    called(code, place).unwrap_or(place)
}

/// Gives the end of the name of the innermost call that a place is in.
fn called(code: &[char], place: usize) -> Option<usize> {
    let mut depth = 0;
    for (at, letter) in code[..place].iter().enumerate().rev() {
        match letter {
            ')' | ']' | '}' => depth += 1,
            '(' | '[' | '{' if depth > 0 => depth -= 1,
            '(' => {
                let before = &code[..at];
                let end = before.iter().rposition(|letter| *letter != '!')? + 1;
                let is_name = code[end - 1].is_alphanumeric() || code[end - 1] == '_';
                return is_name.then_some(end);
            }
            ';' | '{' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Gives what is before the cursor after it has been moved from where `|` stands.
    fn moved(code: &str) -> String {
        let place = code.chars().position(|letter| letter == '|').unwrap();
        let code = code.replacen('|', "", 1);
        let request = json!({"code": code, "cursor_pos": place, "detail_level": 0});
        let moved = at_name(&request);
        assert_eq!(moved["detail_level"], 0);
        let code = moved["code"].as_str().unwrap();
        assert_eq!(moved["cursor_pos"], code.chars().count());
        code.replace("let _ = ", "")
    }

    #[test]
    fn the_cursor_moves_to_the_end_of_the_name() {
        assert_eq!(moved("Tra|iner::default()"), "Trainer");
        assert_eq!(moved("|Trainer"), "Trainer");
        assert_eq!(moved("é.über|_x + 1"), "é.über_x");
        assert_eq!(moved("v.len|()"), "v.len");
    }

    #[test]
    fn among_arguments_the_call_is_meant() {
        assert_eq!(moved("v.len(|)"), "v.len");
        assert_eq!(moved("f(a, g(b), |)"), "f");
        assert_eq!(moved("println!(|)"), "println");
        assert_eq!(moved("f(a); |"), "f(a); ");
        assert_eq!(moved("let t = (|"), "let t = (");
        assert_eq!(moved("f({ a; |"), "f({ a; ");
        assert_eq!(moved("|"), "");
    }

    #[test]
    fn what_is_no_request_stays() {
        assert_eq!(at_name(&json!({"code": 1})), json!({"code": 1}));
        let beyond = at_name(&json!({"code": "use a", "cursor_pos": 9}));
        assert_eq!(beyond, json!({"code": "use a", "cursor_pos": 5}));
    }
}
