//! Small crates made up to see that the checks find what they are for, and nothing else.

use super::{arrows, circles, order, source::Files};

/// Makes a crate of files: their paths and texts.
fn krate(files: &[(&str, &str)]) -> Files {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

/// Gives the arrows as `from:line name to`.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let arrows = arrows::arrows(&krate(files));
    arrows.iter().map(|((from, to), names)| order::says(from, to, names)).collect()
}

const ROOT: (&str, &str) = ("lib.rs", "mod a; mod b; pub use a::A;");

#[test]
fn a_circle_is_found_and_told_with_its_names_and_lines() {
    let files = krate(&[
        ROOT,
        ("a.rs", "//! A\nuse crate::b::B;\npub struct A(B);"),
        ("b.rs", "pub struct B;\nimpl B {\n    fn a(&self) -> Option<super::a::A> { None }\n}"),
    ]);
    assert_eq!(
        circles(&arrows::arrows(&files)),
        ["a circle of 2 files:\n  a.rs:2 takes B from b.rs\n  b.rs:3 takes A from a.rs"]
    );
}

#[test]
fn a_door_is_no_circle() {
    let room = [
        ("lib.rs", "mod room; pub use room::Two;"),
        ("room/mod.rs", "mod one; mod two; pub use one::One; pub use two::*;"),
        ("room/one.rs", "pub struct One;"),
        ("room/two.rs", "use super::One; pub struct Two(One);"),
    ];
    assert_eq!(found(&room), ["room/two.rs:1 takes One from room/one.rs"]);
}

#[test]
fn a_module_that_defines_what_its_parts_use_is_no_door() {
    let files = krate(&[
        ("lib.rs", "mod room;"),
        ("room/mod.rs", "mod part; pub struct Whole(part::Part);"),
        ("room/part.rs", "pub struct Part(Box<super::Whole>);"),
    ]);
    assert_eq!(circles(&arrows::arrows(&files)).len(), 1);
}

#[test]
fn what_only_tests_use_does_not_count() {
    let b = "pub struct B;\n#[cfg(test)] use crate::a::A;\n#[cfg(test)] mod tests { use crate::a::A; }\n\
             #[cfg(test)] mod more;\nimpl B { #[cfg(test)] fn a() -> crate::a::A { todo!() } }";
    assert_eq!(found(&[ROOT, ("a.rs", "pub struct A;"), ("b.rs", b)]), [""; 0]);
}

#[test]
fn a_name_is_followed_to_where_it_is_defined() {
    let files = |b| {
        [
            ("lib.rs", "mod a; mod b; pub use a::inner::Thing as Renamed;"),
            ("a/mod.rs", "pub mod inner; pub use inner::{self as other, *};"),
            ("a/inner.rs", "pub struct Thing; pub const MOST: usize = 1; pub fn inner() {}"),
            ("b.rs", b),
        ]
    };
    for (b, name) in [
        ("use crate::Renamed;", "Thing"),
        ("use crate::a;\nfn f() { a::other::inner() }", "inner"),
        ("fn f(_: [super::a::Thing; 2]) {}", "Thing"),
        ("use crate::a::*;\nfn f() -> usize { MOST }", "MOST"),
        ("fn f() { println!(\"{}\", crate::a::MOST) }", "MOST"),
        ("use self::own::Thing; mod own { pub use crate::a::Thing; }", "Thing"),
    ] {
        let arrows = arrows::arrows(&krate(&files(b)));
        let key = ("b.rs".to_owned(), "a/inner.rs".to_owned());
        assert!(arrows.len() == 1 && arrows[&key].contains_key(name), "{b}: {arrows:?}");
    }
    assert_eq!(
        found(&files("use a::Thing; use std::fmt; fn f() { let inner = a::b(); }")),
        [""; 0]
    );
}

#[test]
fn an_arrow_leads_down_or_stays_in_its_room() {
    let files = krate(&[
        ("lib.rs", "mod low; mod high;"),
        ("low/mod.rs", "mod cellar; mod floor;"),
        ("low/cellar.rs", "pub struct Cellar;"),
        ("low/floor.rs", "use crate::low::cellar::Cellar;"),
        ("high.rs", "use crate::low::cellar::Cellar;"),
    ]);
    let faults = |order: &[&str]| order::faults(order, &files, &arrows::arrows(&files));
    assert_eq!(faults(&["low", "high"]), [""; 0]);
    let higher = "high.rs:1 takes Cellar from low/cellar.rs, in a room that does not stand below";
    assert_eq!(faults(&["high", "low"]), [higher]);
    assert_eq!(faults(&["high low"]), [higher]);
    assert_eq!(faults(&["low/cellar", "high", "low"]), [""; 0]);
    assert_eq!(faults(&["low"]), ["high.rs stands in no room"]);
    assert_eq!(faults(&["low", "high", "attic"]), ["nothing stands in attic"]);
}
