//! What Tab and Shift+Tab bring in the lab's kernel. They need the set-up, so a bare `cargo test` leaves
//! them out; `cargo lab test` runs them.

mod front_end;

use front_end::Kernel;
use serde_json::{Value, json};
use std::fs;
use std::time::Instant;

/// Trains a small network, so that there are variables of all kinds.
const CELL: &str = "let v: Vec<f64> = vec![1.0, 2.0];\nlet data = Data::digits(40, 10)?;\n\
    let mut network = Network::new(&[784, 3, 10])?;\nlet trainer = Trainer { epochs: 1, ..Trainer::default() };\n\
    let history = trainer.train(&mut network, &data)?;";
/// What a person takes for at once.
const AT_ONCE: f64 = 0.5;

/// Asks with the cursor at `¦`.
fn ask(kernel: &mut Kernel, kind: &str, code: &str) -> Value {
    let place = code.chars().position(|letter| letter == '¦').unwrap();
    let code = code.replace('¦', "");
    let order = json!({"do": "ask", "kind": kind, "code": code, "cursor_pos": place});
    kernel.order(&order)["reply"].clone()
}

fn names(kernel: &mut Kernel, code: &str) -> Vec<String> {
    let reply = ask(kernel, "complete", code);
    let matches = reply["matches"].as_array().unwrap_or_else(|| panic!("{code}: {reply}"));
    let items = &reply["metadata"]["_jupyter_types_experimental"];
    for (place, name) in matches.iter().enumerate() {
        assert_eq!(items[place]["text"], *name, "it inserts itself");
    }
    matches.iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

fn told(kernel: &mut Kernel, code: &str) -> String {
    let reply = ask(kernel, "inspect", code);
    assert_eq!(reply["found"], true, "{code}: {reply}");
    assert!(reply["data"]["text/html"].is_string(), "{reply}");
    reply["data"]["text/plain"].as_str().unwrap().to_owned()
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn tab_offers_what_can_follow() {
    let mut kernel = Kernel::start();
    assert_eq!(kernel.execute(CELL).status(), "ok");
    names(&mut kernel, "a¦"); // the first in a template makes tables of names
    let cases = [
        ("history.¦", "running_loss test_accuracy best_epoch caption"),
        ("network.¦", "layers forward parameter_count"),
        ("Activation::¦", "Sigmoid Relu LogSoftmax"),
        ("data.train.¦", "images labels len one_hot"),
        ("v.it¦", "iter iter_mut"),
        ("println!(\"{}\", v.iter().map(|x| x.sq¦", "sqrt"),
        (
            "let x: Array2<f64> = Array2::zeros((2, 2));\nlet y = x.mapv(|a| a).¦\nlet z = 1;",
            "sum dot mapv",
        ),
        ("let t = Trainer { epochs: 3, ¦", "optimizer batch_size seed"),
        ("std::collections::Hash¦", "HashMap HashSet"),
        ("hist¦", "history"),
        ("Netw¦", "Network NetworkDiagram"),
        ("prin¦", "println!"),
    ];
    for (code, expected) in cases {
        let begun = Instant::now();
        let names = names(&mut kernel, code);
        let seconds = begun.elapsed().as_secs_f64();
        for name in expected.split(' ') {
            assert!(names.iter().any(|one| one == name), "{code}: no {name} in {names:?}");
        }
        assert!(seconds < AT_ONCE, "{code}: {seconds} s");
    }
    let fields = names(&mut kernel, "let t = Trainer { epochs: 3, ¦");
    assert!(!fields.iter().any(|name| name == "epochs"), "{fields:?}");
    assert_eq!(kernel.execute("v.len()").result().as_deref(), Some("2"), "nothing is lost");
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn shift_tab_tells_what_a_name_is() {
    let mut kernel = Kernel::start();
    assert_eq!(kernel.execute(CELL).status(), "ok");
    let trainer = told(&mut kernel, "let t = Trai¦ner { epochs: 1, ..Trainer::default() };");
    assert!(trainer.starts_with("struct Trainer\n\nTrains a network"), "{trainer}");
    assert!(trainer.contains("  epochs: usize  How often"), "{trainer}");
    let len = "fn len(&self) -> usize\n// of Vec\n\n\
               https://doc.rust-lang.org/std/vec/struct.Vec.html#method.len";
    for code in ["v.len¦", "v.l¦en()", "println!(\"{}\", v.len(¦))"] {
        assert_eq!(told(&mut kernel, code), len, "{code}");
    }
    let history = told(&mut kernel, "hist¦ory.caption()");
    assert!(history.starts_with("let history: History\n\nWhat a training run was"), "{history}");
    assert_eq!(ask(&mut kernel, "inspect", "nobody¦")["found"], false);
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn names_of_an_added_crate_are_known() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = "[package]\nname = \"lengths\"\nversion = \"1.0.0\"\nedition = \"2024\"\n";
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    let library = "/// A length.\npub struct Inches(pub f64);\nimpl Inches {\n    \
                   /// In metres.\n    pub fn metres(&self) -> f64 { 0.0254 * self.0 }\n}\n";
    fs::write(folder.path().join("src/lib.rs"), library).unwrap();

    let mut kernel = Kernel::start();
    let dep = format!(
        ":dep lengths = {{ path = {:?} }}\nlet inch = lengths::Inches(1.0);",
        folder.path()
    );
    assert_eq!(kernel.execute(&dep).status(), "ok");
    assert_eq!(names(&mut kernel, "lengths::¦"), ["Inches"]);
    assert_eq!(names(&mut kernel, "inch.met¦"), ["metres"]);
    let metres = told(&mut kernel, "inch.metres(¦)");
    assert_eq!(metres, "fn metres(&self) -> f64\n// of Inches\n\nIn metres.");
}
