//! What a cell reads: asked of its front end, or at its end.

use super::*;

/// Reads a line and prints it.
const READ: &str = "let mut line: String = String::new(); \
    let read: usize = std::io::stdin().read_line(&mut line)?; println!(\"{read}: {}\", line.trim_end());";

/// K01: in a run without a person a cell that reads comes to the end of its input, and loses nothing.
#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
#[cfg(target_os = "linux")]
fn k01_without_a_person_a_cell_comes_to_the_end_of_its_input() {
    let mut kernel = Kernel::start();
    let mut printed = |code: &str| {
        let cell = kernel.execute_with(code, json!({ "allow_stdin": false }));
        assert_eq!(cell.status(), "ok", "{code}: {cell:?}");
        assert!(cell.seconds < 20.0, "{code}: {} s", cell.seconds);
        cell.stream("stdout")
    };
    assert_eq!(printed("let kept: i32 = 5;"), "");
    assert_eq!(printed(READ), "0: \n");
    assert_eq!(printed(&format!("{READ} {READ}")), "0: \n0: \n");
    let all = "let all: String = std::io::read_to_string(std::io::stdin())?; println!(\"{}\", all.len());";
    assert_eq!(printed(all), "0\n");
    let lines = "println!(\"{}\", std::io::stdin().lines().count());";
    assert_eq!(printed(lines), "0\n");
    let thread = "std::thread::spawn(|| println!(\"{}\", std::io::stdin().lines().count())).join().unwrap();";
    assert_eq!(printed(thread), "0\n");
    let other = "println!(\"{}\", std::process::Command::new(\"cat\").status()?);";
    assert_eq!(printed(other), "exit status: 0\n");
    assert_eq!(printed("println!(\"{}\", kept + 1);"), "6\n");
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
#[cfg(target_os = "linux")]
fn a_cell_that_reads_gets_what_its_front_end_is_asked_for() {
    let mut kernel = Kernel::start();
    kernel.execute("let kept: i32 = 5;");
    let mut answered = |code: &str, values: &[&str]| {
        let answer = kernel.order(&json!({"do": "input", "code": code, "values": values}));
        assert_eq!(answer["reply"]["status"], "ok", "{answer}");
        assert_eq!(answer["questions"].as_array().map(Vec::len), Some(values.len()), "{answer}");
        let outputs = answer["outputs"].as_array().unwrap().iter();
        outputs.filter_map(|output| output["content"]["text"].as_str()).collect::<String>()
    };
    assert_eq!(answered(READ, &["Ada"]), "4: Ada\n");
    assert_eq!(answered(&format!("{READ} {READ}"), &["a", "übung"]), "2: a\n7: übung\n");
    assert_eq!(answered(READ, &[""]), "1: \n");
    assert_eq!(answered("println!(\"no question\");", &[]), "no question\n");
    let prompt = format!("print!(\"name? \"); {READ}");
    assert!(answered(&prompt, &["Ada"]).contains("4: Ada"));
    let long = "x".repeat(3000);
    assert_eq!(answered(READ, &[&long]), format!("3001: {long}\n"));
    assert_eq!(kernel.execute("kept").result().as_deref(), Some("5"));
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
#[cfg(target_os = "linux")]
fn an_interrupt_ends_the_waiting_for_input_and_keeps_the_variables() {
    let mut kernel = Kernel::start();
    kernel.execute("let kept: i32 = 5;");
    for values in [&[][..], &["one"]] {
        let code = vec![READ; values.len() + 1].join(" ");
        let order = json!({"do": "input", "code": code, "values": values, "interrupt": true});
        let answer = kernel.order(&order);
        assert!(answer["seconds"].as_f64().unwrap() < 20.0, "{answer}");
        assert!(answer["outputs"].to_string().contains("0: "), "{answer}");
        assert_eq!(kernel.execute("kept").result().as_deref(), Some("5"));
    }
    // Who asks again and again is killed, as any cell that does not stop.
    let asks =
        "loop { let mut line: String = String::new(); std::io::stdin().read_line(&mut line)?; }";
    let answer =
        kernel.order(&json!({"do": "input", "code": asks, "values": [], "interrupt": true}));
    assert!(answer["outputs"].to_string().contains(LOST), "{answer}");
    assert_eq!(kernel.execute("1 + 1").result().as_deref(), Some("2"));
}
