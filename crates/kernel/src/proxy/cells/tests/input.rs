//! What cells read, and who is asked for it.

use super::*;

fn execute_asking(id: &str) -> Event {
    let content = json!({"code": id, "silent": false, "allow_stdin": true});
    Event::Front(Channel::Shell, message("execute_request", id, None, &content))
}

fn answer(value: &str) -> Event {
    let content = json!({ "value": value });
    Event::Front(Channel::Stdin, message("input_reply", "r", Some("a"), &content))
}

const END_OF_INPUT: &str = "Input { text: None } to 1";

#[test]
fn what_a_cell_reads_is_asked_of_its_front_end() {
    let mut bench = Bench::ready();
    bench.tell(execute_asking("a"));
    bench.monitor(MonitorEvent::Started);
    for value in ["Ada", ""] {
        assert_eq!(bench.monitor(MonitorEvent::Reads), ["input_request a"]);
        let given = format!("Input {{ text: Some({:?}) }} to 1", format!("{value}\n"));
        assert_eq!(bench.tell(answer(value)), [given]);
    }
    assert_eq!(bench.tell(answer("late")), ["ask evcxr"], "who asks by itself has evcxr's answer");
}

#[test]
fn without_a_person_a_cell_comes_to_the_end_of_its_input() {
    let mut bench = Bench::ready();
    bench.tell(execute("a"));
    bench.monitor(MonitorEvent::Started);
    assert_eq!(bench.monitor(MonitorEvent::Reads), [END_OF_INPUT]);
}

#[test]
fn an_interrupt_ends_the_input_now_and_later() {
    let mut bench = Bench::ready();
    bench.tell(execute_asking("a"));
    bench.monitor(MonitorEvent::Started);
    bench.monitor(MonitorEvent::Reads);
    let actions = bench.tell(Event::Interrupt);
    assert_eq!(actions.last().map(String::as_str), Some(END_OF_INPUT), "{actions:?}");
    assert_eq!(bench.monitor(MonitorEvent::Reads), [END_OF_INPUT], "it is to stop");
}

#[test]
fn an_answer_does_not_outlive_its_cell() {
    let mut bench = Bench::ready();
    bench.tell(execute_asking("a"));
    bench.monitor(MonitorEvent::Started);
    bench.monitor(MonitorEvent::Reads);
    bench.run("a", None);
    bench.monitor(MonitorEvent::Synced { number: 1 });
    assert_eq!(bench.tell(answer("late")), ["ask evcxr"]);
}
