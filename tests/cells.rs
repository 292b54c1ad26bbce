//! What a front end sees of a cell, for every way in which cells end. They need the set-up, so a bare
//! `cargo test` leaves them out; `cargo lab test` runs them.

mod front_end;

use front_end::{Cell, Kernel};
use serde_json::{Value, json};
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

const LOST: &str = "All variables are lost";

/// What is expected of a cell.
struct Case {
    name: &'static str,
    code: &'static str,
    /// The error's name and a part of its message, and a part of the traceback.
    error: Option<(&'static str, &'static str, &'static str)>,
    stdout: &'static str,
    stderr: &'static str,
    result: Option<&'static str>,
    /// Whether the variables of earlier cells are still there.
    keeps: bool,
}

const FINE: Case =
    Case { name: "", code: "", error: None, stdout: "", stderr: "", result: None, keeps: true };

const CASES: [Case; 21] = [
    Case { name: "a result", code: "kept + 1", result: Some("6"), ..FINE },
    Case {
        name: "text in pieces",
        code: "print!(\"a\"); print!(\"b\\n\");",
        stdout: "ab\n",
        ..FINE
    },
    Case { name: "eprintln only", code: "eprintln!(\"remark\");", stderr: "remark\n", ..FINE },
    Case {
        name: "a compile error",
        code: "let n: i32 = \"five\";",
        error: Some(("Error", "mismatched types", "cell [")),
        ..FINE
    },
    Case {
        name: "assert",
        code: "let b: i32 = 2;\nassert_eq!(b + 1, 4, \"sums\");",
        error: Some(("Panic", "sums\n  left: 3\n right: 4", "line 2:\n    assert_eq!(b + 1, 4")),
        ..FINE
    },
    Case {
        name: "a panic behind text without newline",
        code: "print!(\"so far\"); panic!(\"no further\");",
        error: Some(("Panic", "no further", "line 1:")),
        stdout: "so far",
        ..FINE
    },
    Case {
        name: "index out of bounds",
        code: "let v: Vec<i32> = vec![1];\n\nv[kept as usize]",
        error: Some(("Panic", "the len is 1 but the index is 5", "line 3:\n    v[kept as usize]")),
        ..FINE
    },
    Case {
        name: "unwrap of nothing",
        code: "let none: Option<i32> = None;\nnone.unwrap();",
        error: Some(("Panic", "called `Option::unwrap()` on a `None` value", "none.unwrap();")),
        ..FINE
    },
    Case {
        name: "a panic in the library",
        code: "Data::digits(3, 1)?.train.image(7);",
        error: Some(("Panic", "expected an index below 3", "line 1:\n    Data::digits(3, 1)?")),
        ..FINE
    },
    Case {
        name: "a panic with the hook silenced",
        code: "std::panic::set_hook(Box::new(|_| ())); panic!(\"unheard\");",
        error: Some(("Panic", "without a message", "Panic: ")),
        ..FINE
    },
    Case { name: "the hook put back", code: "let _ = std::panic::take_hook();", ..FINE },
    Case {
        name: "a caught panic",
        code: "println!(\"{}\", std::panic::catch_unwind(|| panic!(\"on purpose\")).is_err());",
        stdout: "true\n",
        ..FINE
    },
    Case {
        name: "a panic in another thread that nobody minds",
        code: "println!(\"{}\", std::thread::spawn(|| panic!(\"worker\")).join().is_err());",
        stdout: "true\n",
        stderr: ": worker\n",
        ..FINE
    },
    Case {
        name: "a panic in another thread, passed on",
        code: "std::thread::scope(|s| { s.spawn(|| panic!(\"worker\")); });",
        error: Some(("Panic", "a scoped thread panicked", "std::thread::scope")),
        stderr: ": worker\n",
        ..FINE
    },
    Case {
        name: "? on an error",
        code: "let five: i32 = \"five\".parse()?;",
        error: Some(("Error", "invalid digit found in string", "Error: invalid digit")),
        ..FINE
    },
    Case {
        name: "? on an error, after a remark",
        code: "eprintln!(\"remark\"); std::thread::sleep(std::time::Duration::from_millis(200)); \
               Data::load(&DataSource::Folder(\"/no/such\".into()))?;",
        error: Some(("Error", "/no/such", "Error: ")),
        stderr: "remark\n",
        ..FINE
    },
    Case {
        name: "exit",
        code: "std::process::exit(0);",
        error: Some(("ProcessEnded", "exit code 0", LOST)),
        keeps: false,
        ..FINE
    },
    Case {
        name: "abort",
        code: "std::process::abort();",
        error: Some(("ProcessEnded", "it aborted (SIGABRT)", LOST)),
        keeps: false,
        ..FINE
    },
    Case {
        name: "a panic after a restart of the runtime",
        code: "panic!(\"again\");",
        error: Some(("Panic", "again", "line 1:")),
        ..FINE
    },
    Case {
        name: "a stack overflow",
        code: "fn f(n: u64) -> u64 { if n == 0 { 0 } else { 1 + f(n + 1) + f(n * 2) } }\nf(1)",
        error: Some(("ProcessEnded", "an endless recursion", LOST)),
        keeps: false,
        ..FINE
    },
    Case {
        name: "the prelude after all that",
        code: "Data::digits(3, 1)?.train.len()",
        result: Some("3"),
        ..FINE
    },
];

fn check(case: &Case, cell: &Cell) {
    let Case { name, .. } = case;
    match case.error {
        None => assert_eq!(cell.status(), "ok", "{name}: {cell:?}"),
        Some((ename, evalue, traceback)) => {
            let (found_name, found) = cell.error();
            assert_eq!(found_name, ename, "{name}: {cell:?}");
            assert!(found.contains(evalue), "{name}: {found}");
            let trace = cell.traceback();
            assert!(trace.contains(traceback), "{name}: {trace}");
            assert!(!trace.contains("evcxr"), "{name}: {trace}");
        }
    }
    assert_eq!(cell.stream("stdout"), case.stdout, "{name}: {cell:?}");
    let errors = cell.stream("stderr");
    let is_expected =
        if case.stderr.is_empty() { errors.is_empty() } else { errors.ends_with(case.stderr) };
    assert!(is_expected, "{name}: {errors}");
    assert_eq!(cell.result().as_deref(), case.result, "{name}: {cell:?}");
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn every_way_in_which_a_cell_ends() {
    let mut kernel = Kernel::start();
    assert_eq!(kernel.execute("let kept: i32 = 5;").status(), "ok");
    for case in &CASES {
        let cell = kernel.execute(case.code);
        check(case, &cell);
        let next = kernel.execute("kept");
        if case.keeps {
            assert_eq!(next.result().as_deref(), Some("5"), "after {}: {next:?}", case.name);
        } else {
            let (_, message) = next.error();
            assert!(message.contains("cannot find value `kept`"), "after {}: {message}", case.name);
            assert_eq!(kernel.execute("let kept: i32 = 5;").status(), "ok");
        }
    }
}

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
                     let output = network.forward(&array![[1.0], [1.0]]);";
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

/// What serves inside the crate alone would be 300 MB more.
#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn only_the_packages_that_a_cell_meets_are_read() {
    let mut kernel = Kernel::start();
    assert_eq!(kernel.execute("let a = 5;").status(), "ok");
    let largest = family(kernel.pid).into_iter().map(memory).max().unwrap();
    println!("memory of evcxr: {largest} kB");
    assert!(largest < 550_000, "{largest} kB");
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn crashes_in_a_row_are_each_told_of() {
    let mut kernel = Kernel::start();
    let null = "unsafe { std::ptr::null_mut::<i32>().write_volatile(1) };";
    let crashes = [
        ("std::process::exit(3);", "exit code 3"),
        ("std::process::exit(4);", "exit code 4"),
        (null, "memory that is not its own"),
        ("std::process::abort();", "it aborted"),
    ];
    for (code, how) in crashes {
        let cell = kernel.execute(code);
        let (name, message) = cell.error();
        assert_eq!(name, "ProcessEnded", "{cell:?}");
        assert!(message.contains(how), "{message}");
        assert_eq!(cell.stream("stderr"), "", "{code}: frames of evcxr's own");
    }
    assert_eq!(kernel.execute("println!(\"alive\");").stream("stdout"), "alive\n");
    assert_eq!(kernel.execute("panic!(\"heard\");").error().1, "heard");
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn an_interrupt_keeps_what_it_can() {
    let mut kernel = Kernel::start();
    let setup = "let kept: i32 = 5; let data: Data = Data::digits(2000, 100)?; \
                 let mut network: Network = Network::new(&[784, 30, 10])?;";
    assert_eq!(kernel.execute(setup).status(), "ok");

    let train = "let history: History = Trainer { epochs: 100_000, ..Trainer::default() }\
                 .train(&mut network, &data)?;";
    let cell = kernel.interrupt_at(train, 6);
    assert_eq!(cell.status(), "ok", "{cell:?}");
    let shown = cell.of_type("display_data").len();
    let changed = cell.of_type("update_display_data").len();
    assert!(shown == 1 && changed >= 5, "{shown} figures, {changed} changes");
    let history = "println!(\"{} {kept} {:?}\", history.epochs() > 0, history.outcome);";
    let cell = kernel.execute(history);
    assert!(cell.stream("stdout").starts_with("true 5 Interrupted {"), "{cell:?}");

    let cell = kernel.interrupt("let new: i32 = 1;", 0.1);
    assert_eq!(cell.error().0, "Interrupted", "{cell:?}");
    assert!(cell.error().1.contains("before it ran"), "{cell:?}");
    assert_eq!(kernel.execute("kept").result().as_deref(), Some("5"));

    let cell = kernel.interrupt_at("println!(\"on\"); loop {}", 1);
    assert_eq!(cell.error().0, "Interrupted", "{cell:?}");
    assert!(cell.error().1.contains(LOST), "{cell:?}");
    let with_prelude = "Data::digits(3, 1)?.train.len()";
    assert_eq!(kernel.execute(with_prelude).result().as_deref(), Some("3"), "the prelude is back");

    kernel.order(&json!({ "do": "interrupt" }));
    assert_eq!(kernel.execute("1 + 1").result().as_deref(), Some("2"), "idle: nothing happens");
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn cells_that_wait_behind_a_failed_one_are_aborted() {
    let mut kernel = Kernel::start();
    let answer =
        kernel.order(&json!({ "do": "queue", "codes": ["1", "panic!(\"no\")", "2", "3"] }));
    let replies = answer["replies"].as_array().unwrap();
    let statuses: Vec<&Value> = replies.iter().map(|reply| &reply["status"]).collect();
    assert_eq!(statuses, ["ok", "error", "aborted", "aborted"]);
    assert_eq!(replies[2]["execution_count"], Value::Null, "a cell that was not run has no number");
    let lenient = json!({ "stop_on_error": false });
    assert_eq!(kernel.execute_with("panic!(\"no\")", lenient).status(), "error");
    assert_eq!(kernel.execute("4").result().as_deref(), Some("4"));
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn all_figures_of_a_cell_show() {
    let mut kernel = Kernel::start();
    let figure = |title| format!("Curves::new(\"{title}\").series(\"y\", &[1.0, 2.0]).draw()");
    let code = format!(
        "for title in [\"one\", \"two\"] {{ {}.evcxr_display(); }}\n{}",
        figure("t").replace("\"t\"", "title"),
        figure("three")
    );
    let cell = kernel.execute(&code);
    assert_eq!(cell.status(), "ok", "{cell:?}");
    let shown = cell.of_type("display_data");
    for (content, title) in shown.iter().zip(["one", "two"]) {
        assert!(content["data"]["text/plain"].as_str().unwrap().starts_with(title), "{content}");
    }
    assert_eq!(shown.len(), 2, "{cell:?}");
    assert!(cell.result().unwrap().starts_with("three"));
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn completion_inspection_input_and_restart_work() {
    let mut kernel = Kernel::start();
    assert_eq!(kernel.execute("let kept: i32 = 5;").status(), "ok");
    let answer =
        kernel.order(&json!({"do": "ask", "kind": "complete", "code": "Netw", "cursor_pos": 4}));
    assert!(answer["reply"]["matches"].to_string().contains("Network"), "{answer}");
    let texts = &answer["reply"]["metadata"]["_jupyter_types_experimental"];
    assert_eq!(texts[0]["text"], answer["reply"]["matches"][0], "{answer}");
    let answer =
        kernel.order(&json!({"do": "ask", "kind": "inspect", "code": "kept", "cursor_pos": 4}));
    assert_eq!(answer["reply"]["status"], "ok", "{answer}");
    let ask = "println!(\"EVCXR_INPUT_REQUEST:Your name\"); let mut name: String = String::new(); \
               std::io::stdin().read_line(&mut name)?; print!(\"Hello, {name}\");";
    let answer = kernel.order(&json!({"do": "input", "code": ask, "value": "Ada"}));
    assert_eq!(answer["question"]["prompt"], "Your name", "{answer}");
    assert!(answer["outputs"].to_string().contains("Hello, Ada"), "{answer}");
    let answer = kernel.order(&json!({"do": "ask", "kind": "info"}));
    assert_eq!(answer["reply"]["language_info"]["name"], "rust");

    kernel.order(&json!({ "do": "restart" }));
    let (_, message) = kernel.execute("kept").error();
    assert!(message.contains("cannot find value `kept`"), "{message}");
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn nothing_on_the_sockets_disturbs_the_kernel() {
    let mut kernel = Kernel::start();
    assert_eq!(kernel.execute("let kept: i32 = 5;").status(), "ok");
    kernel.order(&json!({ "do": "disturb" }));
    assert_eq!(kernel.execute("kept").result().as_deref(), Some("5"));

    // Two front ends, and one that goes away while its cell runs.
    let other = json!({ "client": "other" });
    assert_eq!(kernel.execute_with("kept + 1", other).result().as_deref(), Some("6"));
    let code = "std::thread::sleep(std::time::Duration::from_secs(3));";
    kernel.order(&json!({ "do": "leave", "code": code }));
    assert_eq!(kernel.execute("kept").result().as_deref(), Some("5"));
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn a_kernel_is_reached_without_a_network() {
    let mut kernel = Kernel::start_over("ipc");
    assert_eq!(kernel.execute("1 + 1").result().as_deref(), Some("2"));
    assert_eq!(kernel.execute("panic!(\"no\")").error().0, "Panic");
}

/// Gives the processes below one, itself included, that are still alive.
fn family(pid: u64) -> Vec<u64> {
    let children = |pid: u64| -> Vec<u64> {
        let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
        let texts = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
        texts
            .flat_map(|text| {
                text.split(' ').filter_map(|n| n.trim().parse().ok()).collect::<Vec<u64>>()
            })
            .collect()
    };
    let mut all = vec![pid];
    let mut at = 0;
    while at < all.len() {
        all.extend(children(all[at]));
        at += 1;
    }
    all
}

fn is_alive(pid: u64) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit_once(") ").map(|(_, rest)| rest.starts_with('Z'));
    state.is_some_and(|is_zombie| !is_zombie)
}

fn assert_all_end(what: &str, family: &[u64]) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while family.iter().any(|&pid| is_alive(pid)) {
        assert!(Instant::now() < deadline, "{what}: still alive: {family:?}");
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn no_process_outlives_its_kernel() {
    let endless = json!({ "do": "leave", "code": "loop {}" });
    for end in ["shutdown", "kill", "crash of the front end"] {
        let mut kernel = Kernel::start();
        assert_eq!(kernel.execute("1").status(), "ok");
        kernel.order(&endless);
        let family = family(kernel.pid);
        assert!(family.len() >= 4, "proxy, evcxr, monitor and runtime: {family:?}");
        match end {
            "crash of the front end" => kernel.kill_front_end(),
            end => drop(kernel.order(&json!({ "do": end }))),
        }
        assert_all_end(end, &family);
    }
}

/// Gives the memory that a process has written to, in kB; pages of its program and libraries come and go.
fn memory(pid: u64) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok()).unwrap()
}

/// What the allocator gives back or takes at a time, in kB: the proxy's memory goes up and down by 2 MB
/// with no cell kept.
const BREATH: u64 = 4096;

/// 500 cells in one kernel. Every third writes to both streams, and so do those that fail: what each
/// writes must arrive with it. Then 10,000 that do nothing, so that half a kilobyte kept of each shows.
#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn many_cells_lose_nothing_and_fill_no_memory() {
    let mut kernel = Kernel::start();
    assert_eq!(kernel.execute("let kept: i32 = 5;").status(), "ok");
    let mut early = 0;
    for number in 1..=500 {
        let say = format!("println!(\"out {number}\"); eprintln!(\"err {number}\");");
        let cell = match number % 50 {
            0 => kernel.interrupt("let new: i32 = 1;", 0.05),
            49 => kernel.execute("let n: i32 = \"five\";"),
            n if n % 3 == 0 => kernel.execute(&format!("{say} panic!(\"panic {number}\");")),
            _ => kernel.execute(&say),
        };
        match number % 50 {
            0 | 49 => assert_eq!(cell.status(), "error", "{number}: {cell:?}"),
            n => {
                let fails = n % 3 == 0;
                assert_eq!(cell.status(), if fails { "error" } else { "ok" }, "{number}: {cell:?}");
                assert_eq!(cell.stream("stdout"), format!("out {number}\n"), "{cell:?}");
                assert_eq!(cell.stream("stderr"), format!("err {number}\n"), "{cell:?}");
                if fails {
                    assert_eq!(cell.error().1, format!("panic {number}"));
                }
            }
        }
        if number == 100 {
            early = memory(kernel.pid);
        }
    }
    assert_eq!(kernel.execute("kept").result().as_deref(), Some("5"));
    let mixed = memory(kernel.pid);
    for _ in 0..10_000 {
        assert_eq!(kernel.execute("// nothing").status(), "ok");
    }
    let late = memory(kernel.pid);
    let told = format!("{early} kB after 100 cells, {mixed} kB after 500, {late} kB after 10,500");
    println!("memory of the proxy: {told}");
    assert!(mixed.max(late) < early + BREATH, "{told}");
}
