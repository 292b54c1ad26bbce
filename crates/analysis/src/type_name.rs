//! From rustc's words for a type to Rust that names it, or to the reason why nothing does.

/// Begins the reason in what evcxr says of a variable whose type cannot be named; the reason is a string
/// in JSON.
pub const REFUSAL: &str = "compile_error!(";

/// Why no code can name a type.
#[derive(Clone, Debug, PartialEq)]
pub enum Unwritable {
    /// A part of it is not known.
    Incomplete,
    /// It is a closure.
    Closure,
    /// A closure is a part of it.
    OfClosure,
    /// A function or method is a part of it, and not a pointer to one.
    OfFunction,
    /// It is only known what it implements.
    Opaque,
    /// It is of a crate that the cells do not use by name.
    Foreign(String),
    /// rustc has no name for it.
    Nameless,
}

/// Gives a type's name as code can write it; `is_known` says which crates and modules it can name.
///
/// # Errors
/// For a type that no code can name.
pub fn written(words: &str, is_known: impl Fn(&str) -> bool) -> Result<String, Unwritable> {
    // What is still any number becomes what rustc takes in the end.
    let mut name = words.replace("{integer}", "i32").replace("{float}", "f64");
    if name.starts_with("{closure@") {
        return Err(Unwritable::Closure);
    }
    // A function by itself: a variable holds a pointer to it as well.
    let is_function =
        ["fn(", "for<", "unsafe ", "extern "].iter().any(|start| name.starts_with(start));
    if is_function && let Some((pointer, _)) = name.split_once(" {") {
        name = pointer.to_owned();
    }
    if name == "!" {
        return Ok("()".to_owned());
    }
    if name.contains("{closure@") {
        return Err(Unwritable::OfClosure);
    }
    if name.contains("fn(") && name.contains(" {") {
        return Err(Unwritable::OfFunction);
    }
    if name.contains('{') {
        return Err(Unwritable::Nameless);
    }
    if words_of(&name).any(|word| word == "impl") {
        return Err(Unwritable::Opaque);
    }
    if words_of(&name).any(|word| word == "_") || name.contains("/*") {
        return Err(Unwritable::Incomplete);
    }
    let is_named = |root: &&str| matches!(*root, "std" | "core" | "crate") || is_known(root);
    let foreign = roots(&name).find(|root| !is_named(root)).map(str::to_owned);
    match foreign {
        Some(root) => Err(Unwritable::Foreign(root)),
        None => Ok(name),
    }
}

/// Gives a type that does not compile, so that evcxr refuses the variable and tells the reason.
pub fn refusal(reason: &str) -> String {
    format!("{REFUSAL}{})", serde_json::Value::from(reason))
}

impl Unwritable {
    /// Tells why a variable cannot be kept, and what to write instead.
    pub fn reason(self, variable: &str, words: &str) -> String {
        let words = short(words);
        let (why, instead) = match self {
            Unwritable::Incomplete => (
                format!("The type of `{variable}` is not known in full: {words}."),
                format!("Write it: `let {variable}: … = …;`, with nothing left open."),
            ),
            Unwritable::Closure => (
                format!("`{variable}` is a closure, and the type of a closure has no name."),
                format!(
                    "Box it and say its parameters' types, as in \
                     `let {variable}: Box<dyn Fn(f64) -> f64> = Box::new(|x: f64| …);`."
                ),
            ),
            Unwritable::OfClosure => (
                format!("`{variable}` holds a closure, whose type has no name: {words}."),
                "Collect what it yields, as in `….collect::<Vec<_>>()`, or box it, as in \
                 `let it: Box<dyn Iterator<Item = f64>> = Box::new(…);`."
                    .to_owned(),
            ),
            Unwritable::OfFunction => (
                format!("`{variable}` holds a function, whose type has no name: {words}."),
                "Write the type with a pointer to it, as in `Vec<fn(f64) -> f64>`.".to_owned(),
            ),
            Unwritable::Opaque => (
                format!("Of `{variable}` it is only known what it implements: {words}."),
                match words.strip_prefix("impl ") {
                    Some(bounds) => {
                        format!("Box it: `let {variable}: Box<dyn {bounds}> = Box::new(…);`.")
                    }
                    None => "Box that part of it, as in `Box<dyn …>`.".to_owned(),
                },
            ),
            Unwritable::Foreign(root) => (
                format!("`{variable}` is of a type of the crate `{root}`: {words}."),
                "Cells do not use that crate by name; keep what you need of it.".to_owned(),
            ),
            Unwritable::Nameless => (
                format!("The type of `{variable}` has no name: {words}."),
                "Keep what you need of it.".to_owned(),
            ),
        };
        format!("{why} {AND_SO} {instead} {OR_ELSE}")
    }
}

/// What follows for a notebook, and how a cell does without.
pub const AND_SO: &str = "So it cannot be kept for later cells.";
pub const OR_ELSE: &str = "If this cell alone needs it, put braces { } around the code.";

/// Gives the words of a type: names, keywords, `_`, lifetimes.
fn words_of(name: &str) -> impl Iterator<Item = &str> {
    name.split(|letter: char| !letter.is_alphanumeric() && !"_'".contains(letter))
        .filter(|word| !word.is_empty())
}

/// Gives the first segments of the paths in a type.
fn roots(name: &str) -> impl Iterator<Item = &str> {
    let is_of_path = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    name.split(move |letter| !is_of_path(letter)).filter_map(|path| {
        let (root, _) = path.split_once("::")?;
        Some(root).filter(|root| !root.is_empty())
    })
}

/// Gives a type without the paths of its names, as people read it.
pub fn short(words: &str) -> String {
    let mut text = String::new();
    let mut rest = words;
    while let Some(start) = rest.find("{closure@") {
        let Some(length) = rest[start..].find('}') else { break };
        text.push_str(&rest[..start]);
        text.push_str("{closure}");
        rest = &rest[start + length + 1..];
    }
    text.push_str(rest);
    let text = text.replace("{integer}", "i32").replace("{float}", "f64");
    let is_of_path = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    let mut shortened = String::new();
    let mut path = String::new();
    for letter in text.chars().chain([' ']) {
        if is_of_path(letter) {
            path.push(letter);
        } else {
            let name = path.rsplit("::").next().unwrap_or_default();
            // A colon by itself is no path, as in `Item: Copy`.
            shortened.push_str(if name.is_empty() { &path } else { name });
            path.clear();
            shortened.push(letter);
        }
    }
    shortened.pop();
    shortened
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(words: &str) -> Result<String, Unwritable> {
        written(words, |root| root == "backprop" || root == "geometry")
    }

    #[test]
    fn what_code_can_name_is_named() {
        let same = [
            "std::vec::Vec<f64>",
            "backprop::ndarray::ArrayBase<backprop::ndarray::OwnedRepr<f32>, backprop::ndarray::Dim<[usize; 2]>, f32>",
            "std::boxed::Box<dyn std::ops::Fn(f64) -> f64>",
            "geometry::Point",
            "Point",
            "&'static str",
            "std::str::Chars<'_>",
            "[[u8; 3]; 2]",
            "fn(f64) -> f64",
            "(i32, ())",
        ];
        for words in same {
            assert_eq!(name(words).as_deref(), Ok(words));
        }
        assert_eq!(name("(i32, {integer}, {float})").as_deref(), Ok("(i32, i32, f64)"));
        assert_eq!(name("fn(f64) -> f64 {twice}").as_deref(), Ok("fn(f64) -> f64"));
        assert_eq!(
            name("for<'a> fn(&'a str) -> &'a str {str::trim}").as_deref(),
            Ok("for<'a> fn(&'a str) -> &'a str")
        );
        assert_eq!(name("!").as_deref(), Ok("()"));
    }

    #[test]
    fn what_no_code_can_name_is_refused_with_the_reason() {
        let cases = [
            ("{closure@<anon>:17:9: 17:17}", Unwritable::Closure),
            (
                "std::iter::Map<std::ops::Range<i32>, {closure@<anon>:1:2: 1:5}>",
                Unwritable::OfClosure,
            ),
            ("std::vec::Vec<fn(f64) -> f64 {twice}>", Unwritable::OfFunction),
            ("impl std::iter::Iterator<Item = f64>", Unwritable::Opaque),
            ("std::option::Option<_>", Unwritable::Incomplete),
            ("rand::rngs::Secret", Unwritable::Foreign("rand".to_owned())),
            ("{async block@<anon>:1:2: 1:5}", Unwritable::Nameless),
        ];
        for (words, why) in cases {
            assert_eq!(name(words), Err(why), "{words}");
        }
        let reason = Unwritable::Opaque.reason("it", "impl std::iter::Iterator<Item = f64>");
        assert!(
            reason.contains("`let it: Box<dyn Iterator<Item = f64>> = Box::new(…);`"),
            "{reason}"
        );
    }

    #[test]
    fn types_are_told_without_their_paths() {
        let words = "std::iter::Map<std::slice::Iter<'_, {integer}>, {closure@<anon>:1:2: 1:5}>";
        assert_eq!(short(words), "Map<Iter<'_, i32>, {closure}>");
    }

    #[test]
    fn a_refusal_is_a_type_that_carries_its_reason() {
        let refusal = refusal("say \"no\"");
        let reason = refusal.strip_prefix(REFUSAL).unwrap().strip_suffix(')').unwrap();
        assert_eq!(serde_json::from_str::<String>(reason).unwrap(), "say \"no\"");
    }
}
