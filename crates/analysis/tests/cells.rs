//! Completion and documentation in cells that use a small crate: cargo, rustc and rustdoc are asked.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use backprop_analysis::{Source, completion, documentation};
use serde_json::{Value, json};
use tempfile::TempDir;

const LENGTHS: &str = "
//! Lengths.
pub use inner::Deep;
mod inner { /** Deep down. */ pub struct Deep { /** How far. */ pub down: f64 } }
/// A length, as [`Unit`] has it.
///
/// More of it.
#[derive(Clone)]
pub struct Length { /** The number. */ pub number: f64, pub unit: Unit, hidden: i32 }
impl Length {
    /// Makes one.
    pub fn new(number: f64) -> Self { Length { number, unit: Unit::Metre, hidden: 0 } }
    /// Gives it in metres.
    pub fn metres(&self) -> f64 { self.number }
    #[doc(hidden)]
    pub fn internal(&self) {}
    fn private(&self) {}
}
/// Units.
#[derive(Clone)]
pub enum Unit { /** SI. */ Metre, Feet(u8) }
impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result { f.write_str(\"m\") }
}
pub struct Steps(Vec<Length>);
impl Iterator for Steps { type Item = Length; fn next(&mut self) -> Option<Length> { self.0.pop() } }
pub trait Doubled { fn doubled(&self) -> f64; }
impl Doubled for f64 { fn doubled(&self) -> f64 { 2.0 * self } }
pub mod prelude { pub use crate::{Length, Unit, Steps}; pub use crate::shapes::Circle; }
pub mod shapes { pub use rounds::Circle; }
";

/// A crate of which the other passes something on.
const ROUNDS: &str = "
pub use circle::Circle;
mod circle {
    /// All that is as far from a point.
    pub struct Circle { /** That far. */ pub radius: f64 }
    impl Circle {
        /// Draws one.
        pub fn new(radius: f64) -> Self { Circle { radius } }
        /// Gives what it encloses.
        pub fn area(&self) -> f64 { 3.0 * self.radius * self.radius }
    }
}
";

/// Gives a folder in which cells are compiled that use the crate.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    FOLDER.get_or_init(|| build().unwrap()).path()
}

fn build() -> std::io::Result<TempDir> {
    let temporary = tempfile::tempdir()?;
    let (cells, lengths) = (temporary.path(), temporary.path().join("lengths"));
    fs::create_dir_all(cells.join("src"))?;
    fs::create_dir_all(lengths.join("src"))?;
    fs::write(lengths.join("src/lib.rs"), LENGTHS)?;
    let rounds = cells.join("rounds");
    fs::create_dir_all(rounds.join("src"))?;
    fs::write(rounds.join("src/lib.rs"), ROUNDS)?;
    let package =
        |name| format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2024\"\n");
    fs::write(rounds.join("Cargo.toml"), package("rounds"))?;
    let needs_rounds = "[dependencies]\nrounds = { path = \"../rounds\" }\n";
    fs::write(lengths.join("Cargo.toml"), package("lengths") + needs_rounds)?;
    let manifest =
        package("ctx") + "[dependencies]\nlengths = { path = \"lengths\" }\n[workspace]\n";
    fs::write(cells.join("Cargo.toml"), &manifest)?;
    fs::write(cells.join("src/lib.rs"), "")?;

    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--offline", "--message-format=json"]).current_dir(cells);
    let output = cargo.env("CARGO_TARGET_DIR", "target").env_remove("RUSTFLAGS").output()?;
    let messages = String::from_utf8_lossy(&output.stdout);
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut libraries = messages.filter(|message| message["target"]["name"] == "lengths");
    let library =
        libraries.find_map(|one| one["filenames"][0].as_str().map(str::to_owned)).unwrap();
    let note = json!({
        "rustc": env::var("RUSTC").unwrap_or_else(|_| "rustc".into()),
        "arguments": ["--edition=2024", "--extern", format!("lengths={library}"),
            "-L", format!("dependency={}", cells.join("target/debug/deps").display())],
        "environment": {"CARGO": env!("CARGO"), "CARGO_TARGET_DIR": "target"},
        "manifest": manifest,
    });
    fs::write(cells.join("compiler.json"), note.to_string())?;
    Ok(temporary)
}

/// Lays a cell's code, with the cursor at `¦`, into a source as evcxr does; `items` stand before it.
fn source(items: &str, code: &str) -> (Source, u32) {
    let text = format!(
        "#![allow(unused_imports, unused_mut, dead_code)]\nuse lengths::prelude::*;\n{items}\n\
         struct EvcxrUserCodeError {{}}\nfn evcxr_variable_store<T: 'static>(_: T) {{}}\n\
         async fn evcxr_analysis_wrapper(v: Vec<f64>,mut length: Length,steps: Steps,) \
         -> Result<(), EvcxrUserCodeError> {{\n{code}\nevcxr_variable_store(v);\nOk(())\n}}\n"
    );
    let place = text.find('¦').unwrap();
    (Source { text: text.replace('¦', ""), folder: folder().to_owned() }, place as u32)
}

fn names_in(items: &str, code: &str) -> Vec<String> {
    let (source, place) = source(items, code);
    let found = completion::at(&source, place.into());
    let typed = &source.text[found.replaced];
    assert!(found.names.iter().all(|name| name.text.starts_with(typed)), "{typed}");
    found.names.into_iter().map(|name| name.text).collect()
}

fn names(code: &str) -> Vec<String> {
    names_in("", code)
}

fn told(code: &str) -> String {
    let (source, place) = source("", code);
    documentation::at(&source, place.into()).map_or(String::new(), |text| text.plain)
}

#[test]
fn a_value_offers_fields_and_then_methods() {
    let of_length = ["number", "unit", "metres", "clone"];
    assert_eq!(names("length.¦"), of_length, "nothing hidden or private");
    assert_eq!(names("let r = std::rc::Rc::new(&length);\nlet m = r.¦")[..3], of_length[..3]);
    assert_eq!(names("steps.map(|s| s.¦\nlet x = 1;"), of_length);
    assert_eq!(names("println!(\"{} {}\", 1, length.¦"), of_length);
    assert_eq!(names("if length.me¦"), ["metres"]);
    assert_eq!(names("for i in steps.enu¦"), ["enumerate"]);
    assert_eq!(names("match v.fir¦"), ["first", "first_chunk", "first_chunk_mut", "first_mut"]);
    assert_eq!(names("let t = (1, length);\nt.1.met¦"), ["metres"]);
    assert_eq!(names("let t = (1, 2.0);\nt.¦")[..2], ["0", "1"]);
    assert_eq!(names("2.0_f64.dou¦"), ["doubled"]);
    assert_eq!(names("let mut q = Vec::new(); q.pus¦"), ["push", "push_mut"]);
    assert_eq!(names("let a = [v.po¦"), ["pop", "pop_if"]);
    assert_eq!(names("unknown.¦"), [""; 0]);
    assert_eq!(names("Unit::Metre.to_s¦"), ["to_string"]);
    assert_eq!(names("\"m\".to_o¦"), ["to_owned"]);
    assert_eq!(names("v.iter().map(f64::to_string).coll¦"), ["collect"]);
}

#[test]
fn what_cells_define_is_offered() {
    let point = "#[derive(Clone)]\nstruct Point { x: f64 }\n";
    assert_eq!(names_in(point, "Point { x: 1.0 }.clo¦"), ["clone"]);
    let with = |method: &str| {
        format!(
            "{point}impl Point {{ fn norm(&self) -> f64 {{ {method} }} fn at(x: f64) -> Self {{ Point {{ x }} }} }}"
        )
    };
    assert_eq!(names_in(&with("0.0"), "Point::at(1.0).¦"), ["x", "norm", "clone"]);
    assert_eq!(names_in(&with("0.0"), "Point::¦"), ["at", "norm"]);
    assert_eq!(names_in(&with("0.0"), "Poi¦"), ["Point"]);
    assert_eq!(names_in(&with("self.¦"), "1"), ["x", "norm", "clone"]);
    assert_eq!(names_in(&with("Self::¦"), "1"), ["at", "norm"]);
    assert_eq!(
        names_in(&format!("{point}impl Point {{ fn norm(&self) -> f64 {{ self.¦"), "1"),
        ["x", "norm", "clone"]
    );
    let longer = "trait Longer { fn longer(&self) -> f64; }\nimpl Longer for Length { fn longer(&self) -> f64 { 1.0 } }";
    assert_eq!(names_in(longer, "length.lon¦"), ["longer"]);
}

#[test]
fn a_path_offers_what_it_holds() {
    assert_eq!(names("Unit::¦"), ["Feet", "Metre"]);
    assert_eq!(names("Length::¦"), ["new", "metres"]);
    assert_eq!(
        names("lengths::¦"),
        ["Deep", "Doubled", "Length", "Steps", "Unit", "prelude", "shapes"]
    );
    assert_eq!(names("std::collections::HashM¦"), ["HashMap"]);
    assert_eq!(names("use std::{collections::BTreeM¦"), ["BTreeMap"]);
    assert_eq!(names("Vec::<f64>::with_¦"), ["with_capacity"]);
    assert_eq!(names("f64::NA¦"), ["NAN"]);
    assert_eq!(names("std::f64::consts::P¦"), ["PI"]);
    assert!(names("String::fr¦").contains(&"from".to_owned()), "a trait's function");
    assert_eq!(names("nowhere::¦"), [""; 0]);
}

#[test]
fn what_a_crate_passes_on_of_another_is_as_its_own() {
    assert_eq!(names("lengths::shapes::¦"), ["Circle"]);
    assert_eq!(names("Circ¦"), ["Circle"]);
    assert_eq!(names("Circle::¦"), ["new", "area"]);
    assert_eq!(names("Circle { ¦"), ["radius"]);
    assert_eq!(names("let circle = Circle::new(1.0);\ncircle.¦"), ["radius", "area"]);
    let circle = "All that is as far from a point.\n\n  radius: f64  That far.";
    assert_eq!(told("Circle¦"), format!("struct Circle\n\n{circle}"));
    assert_eq!(told("Circle::new¦"), "fn new(radius: f64) -> Self\n\nDraws one.");
    let told = told("let circle = Circle::new(1.0);\ncircle.area¦");
    assert_eq!(told, "fn area(&self) -> f64\n// of Circle\n\nGives what it encloses.");
}

#[test]
fn a_literal_offers_the_fields_that_are_missing() {
    assert_eq!(names("Length { ¦"), ["number", "unit"]);
    assert_eq!(names("let l = Length { number: v[0], ¦"), ["unit"]);
    assert_eq!(names("lengths::Deep { do¦ }"), ["down"]);
    assert_eq!(names("Length { number: Unit::F¦"), ["Feet"], "a field's value is an expression");
}

#[test]
fn a_name_by_itself_offers_what_is_in_scope() {
    assert_eq!(names("len¦"), ["length", "lengths"]);
    assert_eq!(names("let lena = 1; { let lenb = 2; }\nlen¦"), ["lena", "length", "lengths"]);
    assert_eq!(names("Uni¦"), ["Unit"]);
    assert_eq!(names("printl¦"), ["println!"]);
    assert_eq!(names("usiz¦"), ["usize"]);
    assert_eq!(names("evcxr_¦"), [""; 0]);
    for code in ["\"len¦\"", "// len¦", "12¦"] {
        assert_eq!(names(code), [""; 0], "{code}");
    }
}

#[test]
fn a_name_is_told_in_words() {
    let length =
        "struct Length\n\nA length, as `Unit` has it.\n\n  number: f64  The number.\n  unit: Unit";
    assert_eq!(told("Length¦"), length);
    assert_eq!(
        told("length.metres¦"),
        "fn metres(&self) -> f64\n// of Length\n\nGives it in metres."
    );
    assert_eq!(told("Length::new¦"), "fn new(number: f64) -> Self\n\nMakes one.");
    assert_eq!(told("Unit::Metre¦"), "Metre\n// of Unit\n\nSI.");
    assert_eq!(told("Length { number¦"), "number: f64\n// of Length\n\nThe number.");
    assert_eq!(told("length¦"), "let length: Length\n\nA length, as `Unit` has it.");
    assert_eq!(told("lengths::Deep¦"), "struct Deep\n\nDeep down.\n\n  down: f64  How far.");
    assert_eq!(told("nobody¦"), "");
}

#[test]
fn of_std_the_page_is_named() {
    let page = "https://doc.rust-lang.org/std/vec/struct.Vec.html";
    assert_eq!(told("v.len¦"), format!("fn len(&self) -> usize\n// of Vec\n\n{page}#method.len"));
    assert_eq!(told("v¦"), format!("let v: Vec<f64>\n\n{page}"));
    assert!(told("Vec¦").ends_with(page), "{}", told("Vec¦"));
    assert!(told("println¦").ends_with("std/macro.println.html"), "{}", told("println¦"));
    assert!(told("v.iter().map¦").ends_with("std/iter/trait.Iterator.html#method.map"));
    assert!(told("1.5_f64.sqrt¦").ends_with("std/primitive.f64.html#method.sqrt"));
}

#[test]
fn the_table_of_a_crate_is_made_once() {
    names("lengths::¦");
    let tables = || -> Vec<_> {
        let entries = fs::read_dir(folder().join("names")).unwrap().filter_map(Result::ok);
        entries
            .map(|entry| (entry.file_name(), entry.metadata().unwrap().modified().unwrap()))
            .collect()
    };
    let before = tables();
    assert_eq!(before.len(), 4, "two tables, a list, a lock: {before:?}");
    names("lengths::¦");
    assert_eq!(tables(), before);
}
