//! Variables of every type that students meet, written without it: kept, and right. The first runs on a
//! Rust whose own sources are not installed, as on most machines.

mod front_end;

use front_end::{Cell, Kernel};

/// Kind, cell, expression of a later cell, and its value.
type Row = (&'static str, &'static str, &'static str, &'static str);

/// So many expressions are looked at in one cell.
const AT_ONCE: usize = 8;

fn rows() -> Vec<Row> {
    let lines = include_str!("types/cells.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| match line.split(" ## ").collect::<Vec<_>>()[..] {
            [kind, code, expression, value] => (kind, code, expression, value),
            _ => panic!("expected four columns, found: {line}"),
        })
        .collect()
}

#[test]
fn the_table_is_large_enough() {
    let rows = rows();
    let mut kinds: Vec<&str> = rows.iter().map(|row| row.0).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert!(rows.len() >= 200 && kinds.len() >= 60, "{} rows, {} kinds", rows.len(), kinds.len());
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn variables_without_a_type_are_kept() {
    let mut kernel = Kernel::start_without_rust_src();
    let mut wrong = Vec::new();
    for group in rows().chunks(AT_ONCE) {
        for (kind, code, ..) in group {
            let cell = kernel.execute(code);
            if cell.status() != "ok" {
                wrong.push(format!("{kind}: {code}\n  {}", cell.error().1));
            }
        }
        wrong.extend(group.iter().zip(values(&mut kernel, group)).filter_map(|(row, value)| {
            let (kind, code, expression, expected) = row;
            let is_right = value.as_deref() == Ok(expected);
            (!is_right)
                .then(|| format!("{kind}: {code}\n  {expression}: {expected}, found {value:?}"))
        }));
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Gives the values of a group's expressions: in one cell, or one by one where that does not compile.
fn values(kernel: &mut Kernel, group: &[Row]) -> Vec<Result<String, String>> {
    let print = |(_, _, expression, _): &Row| format!("println!(\"{{:?}}\", {expression});\n");
    let cell = kernel.execute(&group.iter().map(print).collect::<String>());
    if cell.status() == "ok" {
        return cell.stream("stdout").lines().map(|line| Ok(line.to_owned())).collect();
    }
    group
        .iter()
        .map(|row| {
            let cell = kernel.execute(&print(row));
            match cell.status() {
                "ok" => Ok(cell.stream("stdout").trim_end().to_owned()),
                _ => Err(cell.error().1),
            }
        })
        .collect()
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn what_cannot_be_kept_is_refused_with_what_to_write() {
    let mut kernel = Kernel::start();
    assert_eq!(kernel.execute("let v = vec![1.0, 2.0];").status(), "ok");
    let refused = [
        (
            "let double = |x: f64| x * 2.0;",
            "let double: Box<dyn Fn(f64) -> f64> = Box::new(|x: f64| x * 2.0);",
        ),
        ("let larger = |a: f64, b| a.max(b);", "Box<dyn Fn(f64, f64) -> f64>"),
        // rustc cannot know the type of `b` either.
        ("let add = |a: f64, b| a + b + 1.0;", "Box it and say its parameters' types"),
        ("let hello = || println!(\"hello\");", "let hello: Box<dyn Fn()> = Box::new("),
        ("let mapped = v.iter().map(|x| x + 1.0);", ".collect::<Vec<_>>()"),
        (
            "fn odd(n: u32) -> impl Iterator<Item = u32> { (0..n).filter(|x| x % 2 == 1) } let odds = odd(5);",
            "let odds: Box<dyn Iterator<Item = u32>> = Box::new(…);",
        ),
        ("let nothing = None;", "The type of `nothing` is not known in full: Option<_>."),
        ("let empty = Vec::new();", "Vec<_>"),
        ("let fs = vec![f64::sqrt];", "Vec<fn(f64) -> f64>"),
        ("let slow = async { 1 };", "has no name"),
        ("let borrowed = v.iter();", "non-static lifetime"),
        ("let part = &v[1..];", "non-static lifetime"),
    ];
    for (code, advice) in refused {
        let cell = kernel.execute(code);
        let (name, message) = cell.error();
        assert_eq!(name, "Error", "{code}");
        assert!(message.contains(advice), "{code}\n{message}");
        assert!(!message.contains("compile_error"), "{code}\n{message}");
        assert_eq!(said(&cell), 1, "{code}: {cell:?}");
    }
    assert_eq!(kernel.execute("v.len()").result().as_deref(), Some("2"), "nothing is lost");
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn an_error_in_the_cell_is_told_and_not_what_follows_from_it() {
    let mut kernel = Kernel::start();
    for (code, error) in [
        ("let n: i32 = \"five\";", "mismatched types"),
        ("let q = unknown + 1;", "cannot find value `unknown`"),
        ("let a = 1 + \"a\"; let z = None;", "cannot add"),
        ("let f = |x| x * unknown;", "cannot find value `unknown`"),
    ] {
        let cell = kernel.execute(code);
        assert!(cell.error().1.contains(error), "{code}: {cell:?}");
        assert_eq!(said(&cell), 1, "{code}: {cell:?}");
    }
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn results_are_shown_as_the_notebook_asks() {
    let mut kernel = Kernel::start();
    assert_eq!(kernel.execute("(1, \"a\")").result().as_deref(), Some("(1, \"a\")"));
    // To some of these showata gives `evcxr_display`, by a trait that no cell imports.
    kernel.execute("let v = vec![1, 2];");
    for (expression, shown) in [
        ("v", "[1, 2]"),
        ("&v[1..]", "[2]"),
        ("v.iter().map(|n| n.to_string()).collect::<Vec<_>>()", "[\"1\", \"2\"]"),
        ("Some(v.clone())", "Some([1, 2])"),
        ("array![0.5].to_vec()", "[0.5]"),
        ("std::collections::BTreeMap::from([(1, v.clone())])", "{1: [1, 2]}"),
    ] {
        let cell = kernel.execute(expression);
        assert_eq!(cell.result().as_deref(), Some(shown), "{expression}: {cell:?}");
    }
    kernel.execute(":fmt {:#?}");
    assert_eq!(kernel.execute("(1, \"a\")").result().as_deref(), Some("(\n    1,\n    \"a\",\n)"));
}

fn said(cell: &Cell) -> usize {
    cell.of_type("error").len()
}
