//! One cell, from its request to its reply: what was seen of it, and what its front end is to see.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use jupyter_protocol::ExecutionCount;
use jupyter_protocol::messaging::{
    ClearOutput, DisplayData, ErrorOutput, ExecuteInput, ExecutionState, JupyterMessage,
    JupyterMessageContent, ReplyStatus, Stdio, StreamContent, Transient, UnknownMessage,
    UpdateDisplayData,
};
use serde_json::{Map, Value, json};

use super::failure;
use super::message::{Received, execute_reply, media, publication, status};
use super::traceback::{self, Source};
use crate::monitor_link::{Death, Failure, MonitorEvent, Stream};

/// A cell that takes longer than this before it runs says so.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often it says so anew.
const PULSE: Duration = Duration::from_secs(1);

/// What evcxr says when the process that runs the cells is gone.
const TERMINATED: &str = "Subprocess terminated";

/// A cell that is being executed.
pub struct Cell {
    pub request: Received,
    count: usize,
    stage: Stage,
    begun: Instant,
    /// When the front end was last told that nothing runs yet.
    told: Option<Instant>,
    /// The places whose figures are shown, and may change.
    places: BTreeSet<String>,
    /// How the compiled cell failed, the first time that it did.
    failure: Option<Failure>,
    refused: bool,
    killed: bool,
    /// evcxr's reply, its errors, its result, and whether it has published all.
    reply: Option<ReplyStatus>,
    errors: Vec<ErrorOutput>,
    result: Option<Value>,
    is_published: bool,
}

/// Where a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// evcxr is not ready for it.
    Waiting,
    /// evcxr has it.
    Compiling,
    Running,
    Ended,
}

impl Cell {
    /// Begins a cell, and gives what is to be published at once.
    pub fn begin(request: Received, count: usize, now: Instant) -> (Self, Vec<JupyterMessage>) {
        let header = &request.header;
        let execution_count = ExecutionCount::new(count);
        let input = ExecuteInput { code: request.text("code"), execution_count };
        let messages = vec![status(header, ExecutionState::Busy), publication(header, input)];
        let cell = Cell {
            request,
            count,
            stage: Stage::Waiting,
            begun: now,
            told: None,
            places: BTreeSet::new(),
            failure: None,
            refused: false,
            killed: false,
            reply: None,
            errors: Vec::new(),
            result: None,
            is_published: false,
        };
        (cell, messages)
    }

    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// Notes that evcxr has got the cell.
    pub fn note_hand_over(&mut self) {
        self.stage = Stage::Compiling;
    }

    pub fn note_kill(&mut self) {
        self.killed = true;
    }

    pub fn note_refusal(&mut self) {
        self.refused = true;
    }

    /// Says whether the cell was interrupted before evcxr had it.
    pub fn is_given_up(&self) -> bool {
        self.refused && self.stage == Stage::Waiting
    }

    /// Says whether the cell's process ended with it, or before: the cell began and nobody told of its
    /// end, or evcxr found nobody to run it.
    pub fn is_dead(&self) -> bool {
        let is_told = |error: &ErrorOutput| error.evalue.contains(TERMINATED);
        self.stage == Stage::Running || self.errors.iter().any(is_told)
    }

    /// Says whether the cells that wait behind it are not to be run, should it fail or be interrupted.
    pub fn stops_others(&self) -> bool {
        self.request.flag("stop_on_error", true)
    }

    /// Says whether evcxr is done with the cell.
    pub fn is_done(&self) -> bool {
        self.reply.is_some() && self.is_published
    }

    /// Makes the question for what the cell reads, if its front end takes questions.
    pub fn question(&self) -> Option<JupyterMessage> {
        let content = json!({ "prompt": "", "password": false });
        let question = UnknownMessage { msg_type: "input_request".into(), content };
        self.request.flag("allow_stdin", false).then(|| self.request.reply(question))
    }

    /// Notes what the monitor tells, and gives what is to be published.
    pub fn handle(&mut self, event: MonitorEvent) -> Vec<JupyterMessage> {
        match event {
            // At its start evcxr runs cells of its own.
            _ if self.stage == Stage::Waiting => Vec::new(),
            MonitorEvent::Started => {
                self.stage = Stage::Running;
                self.withdraw_status().into_iter().collect()
            }
            MonitorEvent::Refused => {
                self.note_refusal();
                Vec::new()
            }
            MonitorEvent::Ended { failure } => {
                self.stage = Stage::Ended;
                self.failure = self.failure.take().or(failure);
                Vec::new()
            }
            MonitorEvent::Stream { name, text } => vec![self.publish(stream(name, text))],
            MonitorEvent::Display { id, data } => vec![self.display(id, data)],
            MonitorEvent::Reads | MonitorEvent::Died { .. } | MonitorEvent::Synced { .. } => {
                Vec::new()
            }
        }
    }

    /// Notes what evcxr publishes about this cell; gives whether that was for us.
    pub fn published(&mut self, message: &Received) -> bool {
        match message.kind() {
            "status" => self.is_published |= message.content["execution_state"] == "idle",
            "execute_input" => {}
            "execute_result" => self.result = Some(message.content.clone()),
            "error" => self.errors.extend(self.error(&message.content)),
            _ => return false,
        }
        true
    }

    /// Notes evcxr's reply.
    pub fn replied(&mut self, message: &Received) -> bool {
        let is_ok = message.content["status"] == "ok";
        self.reply = Some(if is_ok { ReplyStatus::Ok } else { ReplyStatus::Error });
        true
    }

    /// Ends the cell; `death` is how its process ended, if it did. Gives what is to be published, the
    /// reply, and whether the cell failed.
    pub fn end(
        mut self,
        death: Option<&Death>,
        generated: &str,
    ) -> (Vec<JupyterMessage>, JupyterMessage, bool) {
        let mut messages: Vec<JupyterMessage> = self.withdraw_status().into_iter().collect();
        let errors = self.all_errors(death, generated);
        if errors.is_empty() {
            messages.extend(self.result().map(|result| self.publish(result)));
        }
        messages.extend(errors.iter().map(|error| self.publish(error.clone())));
        messages.push(status(&self.request.header, ExecutionState::Idle));
        let failed = !errors.is_empty();
        let reply = match failed {
            true => {
                let error = failure::summary(&errors);
                execute_reply(ReplyStatus::Error, self.count, Some(error))
            }
            false => execute_reply(ReplyStatus::Ok, self.count, None),
        };
        (messages, self.request.reply(reply), failed)
    }

    /// Ends a cell for which there is no evcxr.
    pub fn end_without_evcxr(mut self, why: &str) -> (Vec<JupyterMessage>, JupyterMessage, bool) {
        self.errors = vec![failure::of_kernel(why)];
        self.reply = Some(ReplyStatus::Error);
        self.end(None, "")
    }

    /// Gives when there is something to be told although nothing has happened.
    pub fn next_pulse(&self) -> Option<Instant> {
        let waits = matches!(self.stage, Stage::Waiting | Stage::Compiling);
        waits.then(|| self.told.map_or(self.begun + PATIENCE, |told| told + PULSE))
    }

    /// Tells what a cell waits for that has not run for a while; `doing` says it more closely.
    pub fn pulse(&mut self, doing: &Option<String>, now: Instant) -> Option<JupyterMessage> {
        if self.next_pulse().is_none_or(|pulse| pulse > now) {
            return None;
        }
        let doing = match (doing, self.stage) {
            (Some(what), _) => what,
            (None, Stage::Waiting) => "Starting the kernel",
            (None, _) => "Compiling",
        };
        let text = format!("{doing} … {} s", (now - self.begun).as_secs());
        let Value::Object(data) = json!({ "text/plain": text }) else { return None };
        let transient = transient(self.status_place());
        let shown_before = self.told.replace(now).is_some();
        Some(self.publish(figure(data, Some(transient), shown_before)))
    }

    /// Takes away what [`Cell::pulse`] has shown.
    fn withdraw_status(&mut self) -> Option<JupyterMessage> {
        self.told.take().map(|_| self.publish(ClearOutput { wait: false }))
    }

    fn status_place(&self) -> String {
        format!("status-{}", self.request.header.msg_id)
    }

    fn display(&mut self, id: Option<String>, mut data: Map<String, Value>) -> JupyterMessage {
        add_text(&mut data);
        let shown_before = id.as_ref().is_some_and(|id| !self.places.insert(id.clone()));
        self.publish(figure(data, id.map(transient), shown_before))
    }

    fn publish(&self, content: impl Into<JupyterMessageContent>) -> JupyterMessage {
        publication(&self.request.header, content)
    }

    /// Reads one of evcxr's errors, with the cell named as its front end does.
    fn error(&self, content: &Value) -> Option<ErrorOutput> {
        let mut error: ErrorOutput = serde_json::from_value(content.clone()).ok()?;
        if let Some(reason) = failure::refusal(&error.evalue) {
            return Some(failure::of_variable(&reason));
        }
        for line in &mut error.traceback {
            *line = traceback::mended(line, self.count);
        }
        Some(error)
    }

    /// Gives the cell's result, with the number that the front end knows it by.
    fn result(&self) -> Option<JupyterMessageContent> {
        let mut result = self.result.clone()?;
        result["execution_count"] = self.count.into();
        if let Some(data) = result["data"].as_object_mut() {
            add_text(data);
        }
        JupyterMessageContent::from_type_and_content("execute_result", result).ok()
    }

    fn all_errors(&self, death: Option<&Death>, generated: &str) -> Vec<ErrorOutput> {
        let code = self.request.text("code");
        let source = Source { count: self.count, code: &code, generated };
        let is_refused_by_evcxr = self.reply == Some(ReplyStatus::Error);
        match &self.failure {
            _ if self.refused => vec![failure::of_refusal()],
            _ if is_refused_by_evcxr && self.killed => vec![failure::of_kill()],
            _ if is_refused_by_evcxr && self.is_dead() => vec![failure::of_process(death)],
            Some(failure) => vec![failure::of_cell(failure, &source)],
            None if is_refused_by_evcxr && self.errors.is_empty() => vec![failure::summary(&[])],
            None => self.errors.clone(),
        }
    }
}

/// Adds a text to what has none: a front end may have no other use for it, and nbgrader fails without.
fn add_text(data: &mut Map<String, Value>) {
    if !data.contains_key("text/plain") {
        let kinds: Vec<&str> = data.keys().map(String::as_str).collect();
        let text = format!("<{}>", kinds.join(", "));
        data.insert("text/plain".into(), text.into());
    }
}

/// Makes the content of a stream message.
pub fn stream(name: Stream, text: String) -> StreamContent {
    let name = match name {
        Stream::Stdout => Stdio::Stdout,
        Stream::Stderr => Stdio::Stderr,
    };
    StreamContent { name, text }
}

fn figure(
    data: Map<String, Value>,
    transient: Option<Transient>,
    shown_before: bool,
) -> JupyterMessageContent {
    let (data, metadata) = (media(data), Map::new());
    match transient {
        Some(transient) if shown_before => UpdateDisplayData { data, metadata, transient }.into(),
        transient => DisplayData { data, metadata, transient }.into(),
    }
}

fn transient(place: String) -> Transient {
    Transient { display_id: Some(place) }
}
