//! Declarations as Rust writes them, from rustdoc's JSON.
//!
//! It is read as JSON, without types for it: those of the crate `rustdoc-types` fit one version of the
//! format alone, and its version is the toolchain's. What a newer one says otherwise is left out.

use serde_json::Value;

/// Gives the declaration of a function.
pub fn function(name: &str, inner: &Value) -> String {
    let inputs = inner["sig"]["inputs"].as_array().map_or(&[][..], Vec::as_slice);
    let inputs: Vec<String> = inputs.iter().map(input).collect();
    let output = match &inner["sig"]["output"] {
        Value::Null => String::new(),
        output => format!(" -> {}", ty(output)),
    };
    let unsafety = if inner["header"]["is_unsafe"] == true { "unsafe " } else { "" };
    let generics = &inner["generics"];
    let (parameters, bounds) = (parameters(generics), bounds_of(generics));
    format!("{unsafety}fn {name}{parameters}({}){output}{bounds}", inputs.join(", "))
}

/// Says whether a function is called on a value.
pub fn is_method(inner: &Value) -> bool {
    inner["sig"]["inputs"][0][0] == "self"
}

fn input(input: &Value) -> String {
    let (name, kind) = (text(&input[0]), ty(&input[1]));
    match (name, kind.as_str()) {
        ("self", "Self") => "self".to_owned(),
        ("self", "&Self") => "&self".to_owned(),
        ("self", "&mut Self") => "&mut self".to_owned(),
        _ => format!("{name}: {kind}"),
    }
}

/// Gives the names of generic parameters, as `<T, const N: usize>`.
pub fn parameters(generics: &Value) -> String {
    let is_written = |one: &&Value| one["kind"]["type"]["is_synthetic"] != true;
    let name = |one: &Value| match &one["kind"]["const"]["type"] {
        Value::Null => text(&one["name"]).to_owned(),
        number => format!("const {}: {}", text(&one["name"]), ty(number)),
    };
    let names: Vec<String> = list(&generics["params"]).filter(is_written).map(name).collect();
    if names.is_empty() { String::new() } else { format!("<{}>", names.join(", ")) }
}

/// Gives what generic parameters must fulfil, as ` where T: Clone`.
fn bounds_of(generics: &Value) -> String {
    let short = list(&generics["params"])
        .filter(|one| one["kind"]["type"]["is_synthetic"] != true)
        .map(|one| (text(&one["name"]).to_owned(), bounds(&one["kind"]["type"]["bounds"])));
    let long = list(&generics["where_predicates"])
        .map(|one| &one["bound_predicate"])
        .map(|one| (ty(&one["type"]), bounds(&one["bounds"])));
    let all: Vec<String> = short
        .chain(long)
        .filter(|(name, bounds)| !name.is_empty() && !bounds.is_empty())
        .map(|(name, bounds)| format!("{name}: {bounds}"))
        .collect();
    if all.is_empty() { String::new() } else { format!(" where {}", all.join(", ")) }
}

fn bounds(list_of: &Value) -> String {
    let one = |bound: &Value| match bound.get("trait_bound") {
        Some(bound) => {
            let maybe = if bound["modifier"] == "maybe" { "?" } else { "" };
            maybe.to_owned() + &path(&bound["trait"])
        }
        None => text(&bound["outlives"]).to_owned(),
    };
    let all: Vec<String> = list(list_of).map(one).filter(|bound| !bound.is_empty()).collect();
    all.join(" + ")
}

/// Gives a type.
pub fn ty(value: &Value) -> String {
    let Some((kind, inner)) = value.as_object().and_then(|object| object.iter().next()) else {
        return "_".to_owned();
    };
    match kind.as_str() {
        "resolved_path" => path(inner),
        "generic" | "primitive" => text(inner).to_owned(),
        "tuple" => {
            let parts: Vec<String> = list(inner).map(ty).collect();
            let comma = if parts.len() == 1 { "," } else { "" };
            format!("({}{comma})", parts.join(", "))
        }
        "slice" => format!("[{}]", ty(inner)),
        "array" => format!("[{}; {}]", ty(&inner["type"]), text(&inner["len"])),
        "borrowed_ref" => reference(inner),
        "raw_pointer" => {
            let kind = if inner["is_mutable"] == true { "mut" } else { "const" };
            format!("*{kind} {}", ty(&inner["type"]))
        }
        "qualified_path" => qualified(inner),
        "dyn_trait" => {
            let traits: Vec<String> =
                list(&inner["traits"]).map(|one| path(&one["trait"])).collect();
            format!("dyn {}", traits.join(" + "))
        }
        "impl_trait" => format!("impl {}", bounds(inner)),
        "function_pointer" => {
            let inputs: Vec<String> =
                list(&inner["sig"]["inputs"]).map(|input| ty(&input[1])).collect();
            format!("fn({}){}", inputs.join(", "), result(&inner["sig"]["output"]))
        }
        _ => "_".to_owned(),
    }
}

fn reference(inner: &Value) -> String {
    let lifetime = inner["lifetime"].as_str().map_or(String::new(), |name| format!("{name} "));
    let mutable = if inner["is_mutable"] == true { "mut " } else { "" };
    format!("&{lifetime}{mutable}{}", ty(&inner["type"]))
}

fn qualified(inner: &Value) -> String {
    let (whose, name) = (ty(&inner["self_type"]), text(&inner["name"]));
    match &inner["trait"] {
        Value::Null => format!("{whose}::{name}"),
        of if whose == "Self" || path(of).is_empty() => format!("{whose}::{name}"),
        of => format!("<{whose} as {}>::{name}", path(of)),
    }
}

fn result(output: &Value) -> String {
    if output.is_null() { String::new() } else { format!(" -> {}", ty(output)) }
}

/// Gives a path with its arguments; of its segments the last alone.
fn path(value: &Value) -> String {
    let name = text(&value["path"]).rsplit("::").next().unwrap_or_default();
    name.to_owned() + &arguments(&value["args"])
}

fn arguments(value: &Value) -> String {
    if let Some(call) = value.get("parenthesized") {
        let inputs: Vec<String> = list(&call["inputs"]).map(ty).collect();
        return format!("({}){}", inputs.join(", "), result(&call["output"]));
    }
    let inner = &value["angle_bracketed"];
    let argument = |one: &Value| match one.as_object().and_then(|one| one.iter().next()) {
        Some((kind, inner)) if kind == "type" => ty(inner),
        Some((kind, inner)) if kind == "const" => text(&inner["expr"]).to_owned(),
        Some((_, inner)) => text(inner).to_owned(),
        None => "_".to_owned(),
    };
    let constraint = |one: &Value| match &one["binding"]["equality"]["type"] {
        Value::Null => format!("{}: {}", text(&one["name"]), bounds(&one["binding"]["constraint"])),
        equal => format!("{} = {}", text(&one["name"]), ty(equal)),
    };
    let all: Vec<String> = list(&inner["args"])
        .map(argument)
        .chain(list(&inner["constraints"]).map(constraint))
        .collect();
    if all.is_empty() { String::new() } else { format!("<{}>", all.join(", ")) }
}

/// Gives the values of a list, or none.
pub fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Gives a text, or none.
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
