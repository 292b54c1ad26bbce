//! What a front end sees of a cell, for every way in which cells end. They need the set-up, so a bare
//! `cargo test` leaves them out; `cargo lab test` runs them.

#[path = "cells/input.rs"]
mod input;
#[path = "cells/processes.rs"]
mod processes;
#[path = "cells/types.rs"]
mod types;

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
    let answer = kernel.order(&json!({"do": "input", "code": ask, "values": ["Ada"]}));
    assert_eq!(answer["questions"][0]["prompt"], "Your name", "{answer}");
    assert_eq!(answer["questions"].as_array().map(Vec::len), Some(1), "{answer}");
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
