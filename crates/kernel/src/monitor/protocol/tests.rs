use super::*;
use crate::monitor_link::Failure;
use serde_json::json;

/// What evcxr reads, and what the proxy is told, of one cell.
type Seen = (String, Vec<MonitorEvent>);

/// Runs one cell whose runtime writes `output` and `errors`.
fn cell(output: &str, errors: &str) -> Seen {
    cell_in_pieces(&[output], errors)
}

fn cell_in_pieces(pieces: &[&str], errors: &str) -> Seen {
    let mut protocol = Protocol::new(7);
    let mut seen = Seen::default();
    protocol.input(b"LOAD_AND_RUN /some/libcode_1.so run_user_code_0\n");
    for piece in pieces {
        for step in protocol.output(piece.as_bytes()) {
            if step == Step::EndCell {
                assert_eq!(protocol.errors(errors.as_bytes()), []);
                protocol.end_of_cell().into_iter().for_each(|step| see(step, &mut seen));
            } else {
                see(step, &mut seen);
            }
        }
    }
    seen
}

fn see(step: Step, seen: &mut Seen) {
    match step {
        Step::Evcxr(bytes) => seen.0.push_str(&String::from_utf8_lossy(&bytes)),
        Step::Tell(event) => seen.1.push(event),
        other => panic!("{other:?}"),
    }
}

fn out(text: &str) -> MonitorEvent {
    MonitorEvent::Stream { name: Stream::Stdout, text: text.into() }
}

fn err(text: &str) -> MonitorEvent {
    MonitorEvent::Stream { name: Stream::Stderr, text: text.into() }
}

fn ended() -> MonitorEvent {
    MonitorEvent::Ended { failure: None }
}

fn shown(data: Value) -> MonitorEvent {
    let Value::Object(data) = data else { panic!("{data}") };
    MonitorEvent::Display { id: None, data }
}

const PANIC: &str = "\nthread '<unnamed>' (7) panicked at src/lib.rs:9:5:\noh no\nstack backtrace:\n   \
    0: f\nnote: Some details are omitted, run with `RUST_BACKTRACE=full` for a verbose backtrace.\n";

fn panicked() -> MonitorEvent {
    let (message, location) = ("oh no".to_owned(), Some("src/lib.rs:9:5".to_owned()));
    MonitorEvent::Ended { failure: Some(Failure::Panic { message, location }) }
}

#[test]
fn what_evcxr_and_the_proxy_learn_of_each_kind_of_cell() {
    let end = "EVCXR_EXECUTION_COMPLETE\n";
    let html = "EVCXR_BEGIN_CONTENT text/html\n<b>\n</b>\nEVCXR_END_CONTENT\n";
    let cut_html = "aEVCXR_BEGIN_CONTENT text/html\n<b>\n</b>EVCXR_END_CONTENT\n";
    let panic = format!("EVCXR_PANIC_NOTIFICATION\n{end}");
    let early = format!("EVCXR_ERROR_OCCURRED\n{end}");
    let no_file = Failure::EarlyReturn { message: "no such \"file\"".into() };
    let cases: [(&str, String, &str, String, Vec<MonitorEvent>); 13] = [
        ("nothing printed", end.into(), "", end.into(), vec![ended()]),
        ("a line", format!("hi\n{end}"), "", end.into(), vec![out("hi\n"), ended()]),
        ("no newline", format!("hi{end}"), "", end.into(), vec![out("hi"), ended()]),
        ("lines together", format!("a\nb\n{end}"), "", end.into(), vec![out("a\nb\n"), ended()]),
        ("only stderr", end.into(), "note\n", end.into(), vec![err("note\n"), ended()]),
        ("a caught panic", end.into(), PANIC, end.into(), vec![ended()]),
        ("a panic", panic.clone(), PANIC, panic.clone(), vec![panicked()]),
        (
            "a panic behind print! without newline",
            format!("so far{panic}"),
            PANIC,
            panic.clone(),
            vec![out("so far"), panicked()],
        ),
        (
            "a result",
            format!("{cut_html}{end}"),
            "",
            format!("{html}{end}"),
            vec![out("a"), ended()],
        ),
        (
            "a result inside which the cell panicked",
            format!("EVCXR_BEGIN_CONTENT text/html\n<b>\n{panic}"),
            PANIC,
            panic.clone(),
            vec![panicked()],
        ),
        (
            "a result that never ends",
            format!("EVCXR_BEGIN_CONTENT text/html\n<b>\n{end}"),
            "",
            end.into(),
            vec![ended()],
        ),
        (
            "an early return",
            early.clone(),
            "no such \"file\"\n",
            early.clone(),
            vec![MonitorEvent::Ended { failure: Some(no_file) }],
        ),
        (
            "a question to the user",
            format!("name? EVCXR_INPUT_REQUEST:your name\n{end}"),
            "",
            format!("EVCXR_INPUT_REQUEST:your name\n{end}"),
            vec![out("name? "), ended()],
        ),
    ];
    for (name, output, errors, evcxr, events) in cases {
        assert_eq!(cell(&output, errors), (evcxr, events), "{name}");
    }
}

#[test]
fn every_figure_is_told_of_and_the_last_one_is_the_result() {
    let block = |mime, text| format!("EVCXR_BEGIN_CONTENT {mime}\n{text}\nEVCXR_END_CONTENT\n");
    let figure = |text| block("text/html", text) + &block("text/plain", text);
    let end = "EVCXR_EXECUTION_COMPLETE\n";

    let (evcxr, events) = cell(&(figure("1") + &figure("2") + end), "");
    assert_eq!(evcxr, figure("2") + end);
    assert_eq!(events, [shown(json!({"text/html": "1", "text/plain": "1"})), ended()]);

    let (evcxr, events) = cell(&(figure("1") + "done\n" + end), "");
    assert_eq!(evcxr, end);
    let first = shown(json!({"text/html": "1", "text/plain": "1"}));
    assert_eq!(events, [first.clone(), out("done\n"), ended()]);

    let (_, events) = cell(&(figure("1") + "EVCXR_PANIC_NOTIFICATION\n" + end), PANIC);
    assert_eq!(events, [first, panicked()]);

    let (_, events) = cell(&(block("a/b+json", "{\"c\": 1}") + "d\n" + end), "");
    assert_eq!(events[0], shown(json!({"a/b+json": {"c": 1}})));
}

#[test]
fn a_live_figure_is_told_of_at_once() {
    let display = json!({"id": "7", "data": {"text/plain": "a curve"}});
    let block = evcxr::content(mime::DISPLAY, &display.to_string());
    let mut protocol = Protocol::new(7);
    let Value::Object(data) = json!({"text/plain": "a curve"}) else { unreachable!() };
    let event = MonitorEvent::Display { id: Some("7".into()), data };
    assert_eq!(protocol.output(block.as_bytes()), [Step::Tell(event)]);
    let broken = block.replace('}', "");
    assert_eq!(protocol.output(broken.as_bytes()), []);
}

#[test]
fn it_does_not_matter_how_the_output_is_cut_into_pieces() {
    let output = "aEVCXR_BEGIN_CONTENT text/html\n<b>\nEVCXR_END_CONTENT\nbEVCXR_PANIC_NOTIFICATION\n\
                  EVCXR_EXECUTION_COMPLETE\n";
    let whole = cell(output, PANIC);
    for at in 1..output.len() {
        assert_eq!(cell_in_pieces(&[&output[..at], &output[at..]], PANIC), whole, "cut at {at}");
    }
}

#[test]
fn a_pause_shows_what_cannot_be_a_marker() {
    let mut protocol = Protocol::new(7);
    assert_eq!(protocol.output(b"50 %\rEVC"), []);
    assert!(protocol.is_holding());
    assert_eq!(protocol.pause(), [Step::Tell(out("50 %\r"))]);
    assert!(!protocol.is_holding());
    assert_eq!(protocol.pause(), []);
    assert_eq!(protocol.output(b"XR_ no marker\n"), [Step::Tell(out("EVCXR_ no marker\n"))]);
    assert_eq!(protocol.errors(b"half a l"), []);
    assert_eq!(protocol.pause(), [Step::Tell(err("half a l"))]);
}

#[test]
fn a_failure_is_told_once() {
    let mut protocol = Protocol::new(7);
    protocol.output(b"EVCXR_PANIC_NOTIFICATION\n");
    protocol.errors(PANIC.as_bytes());
    assert!(protocol.end_of_cell().contains(&Step::Tell(panicked())));

    protocol.input(b"LOAD_AND_RUN b f\n");
    assert_eq!(protocol.output(b"EVCXR_EXECUTION_COMPLETE\n"), [Step::EndCell]);
    assert!(protocol.end_of_cell().contains(&Step::Tell(ended())));
}

#[test]
fn a_cell_is_refused_as_long_as_commanded() {
    let mut protocol = Protocol::new(7);
    let run = b"LOAD_AND_RUN b f\n".to_vec();
    assert_eq!(protocol.command(MonitorCommand::Refuse { refuse: true }), []);
    let refused = [Step::Tell(MonitorEvent::Refused), Step::Evcxr(b"\xff\n".to_vec())];
    assert_eq!(protocol.input(&run[..run.len() - 1]), [], "evcxr writes the newline apart");
    assert_eq!(protocol.input(b"\n"), refused);
    protocol.command(MonitorCommand::Refuse { refuse: false });
    assert_eq!(protocol.input(&run), [Step::Tell(MonitorEvent::Started), Step::Runtime(run)]);
    let answer = b"an answer to a question\n".to_vec();
    assert_eq!(protocol.input(&answer), [Step::Runtime(answer)]);
}

#[test]
fn before_all_is_told_what_waits_is_told() {
    let mut protocol = Protocol::new(7);
    protocol.errors(b"late\n");
    let steps = protocol.command(MonitorCommand::Sync { number: 3 });
    assert_eq!(steps, [Step::Tell(err("late\n")), Step::Tell(MonitorEvent::Synced { number: 3 })]);
    assert_eq!(protocol.command(MonitorCommand::Kill), [Step::Kill]);
}

#[test]
fn what_was_held_back_is_told_when_the_runtime_ends() {
    let mut protocol = Protocol::new(7);
    protocol.errors(b"fatal");
    assert_eq!(protocol.output(b"half a li"), []);
    let events = protocol.last_events();
    assert_eq!(events, [Step::Tell(out("half a li")), Step::Tell(err("fatal"))]);
    assert_eq!(protocol.last_events(), []);
    assert_eq!(protocol.last_words(), "");
}

const RUN: &[u8] = b"LOAD_AND_RUN /some/libcode_1.so run_user_code_0\n";

#[test]
fn only_a_running_cell_that_has_asked_nobody_may_wait_for_input() {
    let mut protocol = Protocol::new(7);
    assert!(!protocol.may_read(), "evcxr's next command is waited for");
    protocol.input(RUN);
    assert!(protocol.may_read());
    assert_eq!(protocol.reads(), [Step::Tell(MonitorEvent::Reads)]);
    assert!(!protocol.may_read(), "the proxy is asked");
    let text = Some("Ada\n".to_owned());
    let command = MonitorCommand::Input { text: text.clone() };
    assert_eq!(protocol.command(command), [Step::Input(text)]);
    assert!(protocol.may_read(), "it may ask for more");
    protocol.output(b"EVCXR_EXECUTION_COMPLETE\n");
    assert!(!protocol.may_read() && !protocol.is_running());
}

#[test]
fn what_a_cell_asks_evcxr_is_asked_once() {
    let mut protocol = Protocol::new(7);
    protocol.input(RUN);
    protocol.output(b"EVCXR_INPUT_REQUEST:your name\n");
    assert!(!protocol.may_read());
    assert_eq!(protocol.input(b"Ada\n"), [Step::Runtime(b"Ada\n".to_vec())]);
    assert!(protocol.may_read());
}

#[test]
fn a_prompt_without_a_newline_is_told_before_the_question() {
    let mut protocol = Protocol::new(7);
    protocol.input(RUN);
    protocol.output(b"name? ");
    assert_eq!(protocol.reads(), [Step::Tell(out("name? ")), Step::Tell(MonitorEvent::Reads)]);
}

#[test]
fn the_next_cell_may_read_although_the_last_one_got_no_answer() {
    let mut protocol = Protocol::new(7);
    protocol.input(RUN);
    protocol.reads();
    protocol.output(b"EVCXR_EXECUTION_COMPLETE\n");
    protocol.input(RUN);
    assert!(protocol.may_read());
}
