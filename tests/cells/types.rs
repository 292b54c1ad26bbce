//! Types that a cell does not name, and what is compiled for them.

use super::*;

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn a_compile_error_tells_of_nothing_else() {
    let mut kernel = Kernel::start();
    let stub = "fn yours(alpha: f64) -> f64 {\n    panic!(\"not yet\");\n}";
    assert_eq!(kernel.execute(stub).status(), "ok");
    let cell = kernel.execute("let n: i32 = \"five\";");
    assert_eq!(cell.of_type("error").len(), 1, "{cell:?}");
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn types_that_a_cell_does_not_name_are_found() {
    let mut kernel = Kernel::start();
    let variables = "let counts = std::collections::HashMap::from([(\"a\", 2.5)]);\n\
                     let roots = (1..4).map(|n| f64::from(n).sqrt()).collect::<Vec<_>>();\n\
                     let sorted = std::collections::BTreeSet::from([3, 1, 2]);\n\
                     let words = \"two words\".split(' ').map(str::to_owned).collect::<Vec<_>>();\n\
                     let shared = std::rc::Rc::new(std::cell::RefCell::new(vec![1u8]));\n\
                     let x = array![[1.0_f32, 2.0]];\n\
                     let since = std::time::Instant::now();";
    let cell = kernel.execute(variables);
    assert_eq!(cell.status(), "ok", "{cell:?}");
    let all = "format!(\"{counts:?} {} {sorted:?} {words:?} {shared:?} {x} {}\", roots.len(), \
               since.elapsed().as_secs() < 60)";
    let result = kernel.execute(all).result().unwrap();
    let expected =
        r#"{"a": 2.5} 3 {1, 2, 3} ["two", "words"] RefCell { value: [1] } [[1, 2]] true"#;
    assert_eq!(result.replace('\\', "").trim_matches('"'), expected);
    let ask = json!({"do": "ask", "kind": "complete", "code": "roots.sort_un", "cursor_pos": 13});
    assert!(kernel.order(&ask)["reply"]["matches"].to_string().contains("sort_unstable"));
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn types_of_the_crates_own_and_of_an_added_crate_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = "[package]\nname = \"lengths\"\nversion = \"1.0.0\"\nedition = \"2024\"\n";
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    let library = "pub struct Inches(pub f64);\npub fn inch() -> Inches { Inches(1.0) }\n";
    fs::write(folder.path().join("src/lib.rs"), library).unwrap();

    let mut kernel = Kernel::start();
    let dep = format!(":dep lengths = {{ path = {:?} }}", folder.path());
    assert_eq!(kernel.execute(&dep).status(), "ok");
    let variables = "let inch = lengths::inch();\n\
                     let w = array![[1.0_f32, 2.0]];\n\
                     let gram = w.dot(&w.t());\n\
                     let roots = gram.mapv(f32::sqrt);\n\
                     let total = roots.sum();\n\
                     let layer = Layer { w: w.clone(), b: array![0.5], activation: Activation::Identity };\n\
                     let network = Network::from_layers(vec![layer])?;\n\
                     let first = network.layers()[0].clone();\n\
                     let output = network.forward(&array![[1.0], [1.0]])?;";
    let cell = kernel.execute(variables);
    assert_eq!(cell.status(), "ok", "{cell:?}");
    let all = "format!(\"{} {gram} {total:.3} {} {output}\", inch.0, first.b)";
    let result = kernel.execute(all).result().unwrap();
    assert_eq!(result.trim_matches('"'), "1 [[5]] 2.236 [0.5] [[3.5]]");
}

/// A cell like the one before is compiled without cargo, which would see that the crate has changed.
#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn a_crate_that_changes_between_two_cells_is_compiled_anew() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = "[package]\nname = \"answers\"\nversion = \"1.0.0\"\nedition = \"2024\"\n";
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    let mut kernel = Kernel::start();
    assert_eq!(kernel.execute("1 + 1").result().as_deref(), Some("2"));
    let dep = format!(":dep answers = {{ path = {:?} }}", folder.path());
    for answer in ["41", "42"] {
        let library = format!("pub fn answer() -> i32 {{ {answer} }}");
        fs::write(folder.path().join("src/lib.rs"), library).unwrap();
        if answer == "41" {
            assert_eq!(kernel.execute(&dep).status(), "ok");
        }
        assert_eq!(kernel.execute("answers::answer()").result().as_deref(), Some(answer));
    }
    let tool = "std::env::var(\"PATH\").unwrap_or_default().contains(\"/toolchain-\")";
    assert_eq!(kernel.execute(tool).result().as_deref(), Some("false"), "the true cargo");
}
