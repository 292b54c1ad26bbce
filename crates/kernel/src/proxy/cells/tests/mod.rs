//! Cells from their requests to their ends, without sockets.

mod input;

use super::*;
use crate::monitor_link::{Failure, Stream};
use jupyter_zmq_client::Connection;
use serde_json::{Value, json};
use zeromq::ZmqMessage;

/// A proxy's cells, and the clock that they go by.
struct Bench {
    cells: Cells,
    now: Instant,
}

/// Makes a message as it comes in.
fn message(kind: &str, id: &str, parent: Option<&str>, content: &Value) -> Received {
    let header = |kind: &str, id: &str| json!({"msg_id": id, "username": "u", "session": "s", "msg_type": kind, "version": "5.3"});
    let parent = parent.map_or(json!({}), |id| header("execute_request", id));
    let parts = [header(kind, id), parent, json!({}), content.clone()];
    let mut whole = ZmqMessage::from("<IDS|MSG>");
    whole.push_back(Vec::new().into());
    parts.iter().for_each(|part| whole.push_back(part.to_string().into_bytes().into()));
    let connection = Connection { socket: (), mac: None, session_id: String::new() };
    Received::read(whole, &connection).unwrap()
}

fn execute(id: &str) -> Event {
    execute_with(id, true)
}

fn execute_with(id: &str, stop_on_error: bool) -> Event {
    let content = json!({"code": id, "silent": false, "stop_on_error": stop_on_error});
    Event::Front(Channel::Shell, message("execute_request", id, None, &content))
}

fn control(kind: &str) -> Event {
    Event::Front(Channel::Control, message(kind, "c", None, &json!({})))
}

impl Bench {
    /// Starts with evcxr ready and one monitor.
    fn ready() -> Bench {
        let mut bench = Bench { cells: Cells::new("own"), now: Instant::now() };
        bench.tell(Event::MonitorCame(1));
        bench.tell(Event::Ready { generated: "/no/such/file".into() });
        bench
    }

    /// Tells something, and gives what is to be done about it in words.
    fn tell(&mut self, event: Event) -> Vec<String> {
        self.cells.handle(event, self.now).iter().map(words).collect()
    }

    fn monitor(&mut self, event: MonitorEvent) -> Vec<String> {
        self.tell(Event::Monitor(1, event))
    }

    /// Lets evcxr reply to a cell and publish the end of it.
    fn evcxr_ends(&mut self, id: &str, status: &str) -> Vec<String> {
        let mut actions = Vec::new();
        let idle = json!({"execution_state": "idle"});
        let messages = [
            (Channel::Shell, "execute_reply", json!({"status": status})),
            (Channel::IOPub, "status", idle),
        ];
        for (channel, kind, content) in messages {
            actions
                .extend(self.tell(Event::Evcxr(channel, message(kind, "e", Some(id), &content))));
        }
        actions
    }

    /// Runs a cell from evcxr's side, to where only the monitor's word is missing.
    fn run(&mut self, id: &str, failure: Option<Failure>) -> Vec<String> {
        let mut actions = self.monitor(MonitorEvent::Started);
        actions.extend(self.monitor(MonitorEvent::Ended { failure }));
        actions.extend(self.evcxr_ends(id, "ok"));
        actions
    }

    fn later(&mut self, seconds: u64) -> Vec<String> {
        self.now += Duration::from_secs(seconds);
        match self.cells.deadline() {
            Some(deadline) if deadline <= self.now => self.tell(Event::Time),
            _ => Vec::new(),
        }
    }
}

fn words(action: &Action) -> String {
    match action {
        Action::Send(_, message) => {
            let content = serde_json::to_value(&message.content).unwrap();
            let parent = message.parent_header.as_ref().map_or("", |parent| &parent.msg_id);
            let told = ["execution_state", "status", "ename", "text"].iter().find_map(|name| {
                content[*name].as_str().or(content["data"]["text/plain"].as_str())
            });
            format!("{} {} {}", message.message_type(), parent, told.unwrap_or(""))
                .trim()
                .to_owned()
        }
        Action::Pass(channel, _) => format!("pass {channel:?}"),
        Action::Ask(..) => "ask evcxr".into(),
        Action::AskAnew(message) => {
            let content = serde_json::to_value(&message.content).unwrap();
            format!("ask evcxr {} at {}", message.header.session, content["cursor_pos"])
        }
        Action::Command(monitor, command) => format!("{command:?} to {monitor}"),
        Action::AskToStop(stop) => format!("ask to stop: {stop}"),
        Action::End => "end".into(),
    }
}

const SYNC: &str = "Sync { number: 1 } to 1";

#[test]
fn a_cell_ends_when_evcxr_and_the_monitors_have_told_all() {
    let mut bench = Bench::ready();
    assert_eq!(bench.tell(execute("a")), ["status a busy", "execute_input a", "ask evcxr"]);
    assert_eq!(bench.run("a", None), [SYNC]);
    let text = MonitorEvent::Stream { name: Stream::Stdout, text: "hi".into() };
    assert_eq!(bench.monitor(text), ["stream a hi"], "late, and still its own");
    assert_eq!(bench.monitor(MonitorEvent::Synced { number: 0 }), [""; 0], "an old answer");
    let end = ["execute_reply a ok", "status a idle"];
    assert_eq!(bench.monitor(MonitorEvent::Synced { number: 1 }), end);
    let text = MonitorEvent::Stream { name: Stream::Stderr, text: "a thread".into() };
    assert_eq!(bench.monitor(text), ["stream a a thread"]);
}

#[test]
fn what_shows_itself_without_a_text_gets_one() {
    let mut bench = Bench::ready();
    bench.tell(execute("a"));
    bench.monitor(MonitorEvent::Started);
    let html = json!({"text/html": "<b>1</b>"});
    let data = html.as_object().unwrap().clone();
    assert_eq!(
        bench.monitor(MonitorEvent::Display { id: None, data }),
        ["display_data a <text/html>"]
    );
    let result = json!({"execution_count": 7, "data": html, "metadata": {}});
    bench.tell(Event::Evcxr(Channel::IOPub, message("execute_result", "e", Some("a"), &result)));
    bench.monitor(MonitorEvent::Ended { failure: None });
    bench.evcxr_ends("a", "ok");
    let actions = bench.monitor(MonitorEvent::Synced { number: 1 });
    assert_eq!(actions[1], "execute_result a <text/html>");
}

#[test]
fn a_failed_cell_aborts_those_that_wait() {
    let mut bench = Bench::ready();
    for cell in ["a", "b"] {
        bench.tell(execute(cell));
    }
    let failure = Failure::EarlyReturn { message: "no".into() };
    assert_eq!(bench.run("a", Some(failure)), [SYNC]);
    let actions = bench.monitor(MonitorEvent::Synced { number: 1 });
    let end = ["execute_reply a error", "error a Error", "status a idle"];
    let aborted = ["status b busy", "execute_reply b aborted", "status b idle"];
    assert_eq!(actions, [end, aborted].concat());
}

#[test]
fn the_next_cell_begins_when_the_one_before_has_ended() {
    let mut bench = Bench::ready();
    bench.tell(execute("a"));
    assert_eq!(bench.tell(execute("b")), [""; 0]);
    bench.run("a", None);
    let actions = bench.monitor(MonitorEvent::Synced { number: 1 });
    assert_eq!(actions[2..], ["status b busy", "execute_input b", "ask evcxr"]);
}

#[test]
fn an_inspection_is_asked_for_at_the_names_end_and_stays_the_front_ends() {
    let mut bench = Bench::ready();
    let content = json!({"code": "Trainer::new", "cursor_pos": 3, "detail_level": 0});
    let request = message("inspect_request", "i", None, &content);
    assert_eq!(bench.tell(Event::Front(Channel::Shell, request)), ["ask evcxr s at 15"]);
}

#[test]
fn names_are_asked_for_once_when_nobody_works() {
    let mut bench = Bench { cells: Cells::new("own"), now: Instant::now() };
    assert!(!bench.cells.is_quiet(), "evcxr has not started");
    bench.tell(Event::Ready { generated: "/no/such/file".into() });
    bench.tell(execute("a"));
    assert!(!bench.cells.is_quiet(), "a cell runs");
    bench.run("a", None);
    bench.monitor(MonitorEvent::Synced { number: 1 });
    assert!(bench.cells.is_quiet());
    assert_eq!(bench.tell(Event::Quiet), ["ask evcxr own at 1"]);
    assert!(!bench.cells.is_quiet());
}

#[test]
fn front_ends_are_answered_while_evcxr_starts() {
    let mut bench = Bench { cells: Cells::new("own"), now: Instant::now() };
    let ask = |kind| Event::Front(Channel::Shell, message(kind, "k", None, &json!({})));
    let answer = ["status k busy", "kernel_info_reply k ok", "status k idle"];
    assert_eq!(bench.tell(ask("kernel_info_request")), answer);
    assert_eq!(bench.tell(ask("complete_request")), [""; 0], "it waits");
    assert_eq!(bench.tell(execute("a")), ["status a busy", "execute_input a"]);
    assert_eq!(bench.later(2), ["display_data a Starting the kernel … 2 s"]);
    assert_eq!(bench.later(1), ["update_display_data a Starting the kernel … 3 s"]);
    let ready = Event::Ready { generated: "/no/such/file".into() };
    assert_eq!(bench.tell(ready), ["ask evcxr"; 2]);
    bench.tell(Event::Doing("Compiling serde".into()));
    assert_eq!(bench.later(1), ["update_display_data a Compiling serde … 4 s"]);
    assert_eq!(bench.monitor(MonitorEvent::Started), ["clear_output a"]);
    assert_eq!(bench.later(9), [""; 0], "a running cell speaks for itself");
}

#[test]
fn a_kernel_that_cannot_start_says_so_in_every_cell() {
    let mut bench = Bench { cells: Cells::new("own"), now: Instant::now() };
    bench.tell(execute("a"));
    let actions = bench.tell(Event::Gone { why: "no linker".into() });
    assert_eq!(actions, ["execute_reply a error", "error a KernelError", "status a idle"]);
    assert_eq!(
        bench.tell(execute("b"))[2..],
        ["execute_reply b error", "error b KernelError", "status b idle"]
    );
}

#[test]
fn a_cell_that_is_not_running_yet_is_refused() {
    let mut bench = Bench::ready();
    bench.tell(execute("a"));
    let refuse = ["interrupt_reply c ok", "ask to stop: true", "Refuse { refuse: true } to 1"];
    assert_eq!(bench.tell(control("interrupt_request")), refuse);
    assert_eq!(bench.later(60), ["display_data a Compiling … 60 s"], "no kill while it compiles");
    bench.monitor(MonitorEvent::Refused);
    assert_eq!(bench.evcxr_ends("a", "error"), [SYNC]);
    let actions = bench.monitor(MonitorEvent::Synced { number: 1 });
    let end = ["clear_output a", "error a Interrupted", "status a idle"];
    assert_eq!(actions[..4], [&["execute_reply a error"], &end[..]].concat());
    assert_eq!(actions[4..], ["ask to stop: false", "Refuse { refuse: false } to 1"]);
}

#[test]
fn a_cell_that_waits_for_evcxr_is_given_up_at_once() {
    let mut bench = Bench { cells: Cells::new("own"), now: Instant::now() };
    bench.tell(execute("a"));
    let end =
        ["interrupt_reply c ok", "execute_reply a error", "error a Interrupted", "status a idle"];
    assert_eq!(bench.tell(control("interrupt_request")), end);
    assert_eq!(bench.tell(Event::Ready { generated: "/no/such/file".into() }), [""; 0]);
    assert_eq!(bench.tell(execute("b"))[2..], ["ask evcxr"]);
}

#[test]
fn a_running_cell_has_three_seconds_to_stop() {
    let mut bench = Bench::ready();
    bench.tell(execute("a"));
    bench.monitor(MonitorEvent::Started);
    bench.tell(control("interrupt_request"));
    assert_eq!(bench.later(2), [""; 0]);
    assert_eq!(bench.later(1), ["Kill to 1"]);
    bench.tell(Event::MonitorCame(2));
    assert_eq!(bench.evcxr_ends("a", "error"), [SYNC, "Sync { number: 1 } to 2"]);
    assert_eq!(bench.tell(Event::MonitorLeft(1)), [""; 0]);
    let actions = bench.tell(Event::Monitor(2, MonitorEvent::Synced { number: 1 }));
    assert_eq!(actions[..2], ["execute_reply a error", "error a Interrupted"]);
}

#[test]
fn a_second_interrupt_does_not_wait() {
    let mut bench = Bench::ready();
    bench.tell(execute("a"));
    bench.monitor(MonitorEvent::Started);
    bench.tell(execute("b"));
    let actions = bench.tell(control("interrupt_request"));
    assert!(actions.contains(&"execute_reply b aborted".to_owned()), "{actions:?}");
    assert_eq!(bench.tell(control("interrupt_request")), ["interrupt_reply c ok", "Kill to 1"]);
}

/// nbgrader interrupts a cell that takes too long and sends the next one at once: it may come first.
#[test]
fn an_interrupt_spares_those_behind_a_cell_that_stops_no_others() {
    let mut bench = Bench::ready();
    bench.tell(execute_with("a", false));
    bench.monitor(MonitorEvent::Started);
    bench.tell(execute_with("b", false));
    let asked = ["interrupt_reply c ok", "ask to stop: true", "Refuse { refuse: true } to 1"];
    assert_eq!(bench.tell(control("interrupt_request")), asked);
    bench.monitor(MonitorEvent::Ended { failure: None });
    bench.evcxr_ends("a", "ok");
    let actions = bench.monitor(MonitorEvent::Synced { number: 1 });
    assert!(actions.ends_with(&["ask evcxr".to_owned()]), "{actions:?}");
}

#[test]
fn a_training_that_stops_when_asked_is_no_error() {
    let mut bench = Bench::ready();
    bench.tell(execute("a"));
    bench.monitor(MonitorEvent::Started);
    bench.tell(control("interrupt_request"));
    bench.monitor(MonitorEvent::Ended { failure: None });
    bench.evcxr_ends("a", "ok");
    let actions = bench.monitor(MonitorEvent::Synced { number: 1 });
    assert_eq!(actions[..3], ["execute_reply a ok", "status a idle", "ask to stop: false"]);
    assert_eq!(bench.cells.deadline(), None);
}

#[test]
fn a_process_that_ended_is_told_of_once() {
    let mut bench = Bench::ready();
    bench.tell(execute("a"));
    bench.monitor(MonitorEvent::Started);
    let death = Death { code: Some(0), signal: None, last_words: String::new() };
    bench.monitor(MonitorEvent::Died { death });
    bench.tell(Event::MonitorLeft(1));
    let actions = bench.evcxr_ends("a", "error");
    assert_eq!(actions, ["execute_reply a error", "error a ProcessEnded", "status a idle"]);

    bench.tell(execute("b"));
    let error =
        json!({"ename": "Error", "evalue": "mismatched types", "traceback": ["command_7:1"]});
    bench.tell(Event::Evcxr(Channel::IOPub, message("error", "e", Some("b"), &error)));
    assert_eq!(bench.evcxr_ends("b", "error")[1], "error b Error");
}

#[test]
fn a_shutdown_is_answered_and_ends_all() {
    let mut bench = Bench::ready();
    assert_eq!(bench.tell(control("shutdown_request")), ["shutdown_reply c ok", "end"]);
}
