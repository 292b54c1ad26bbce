//! Jupyter's messages, as the proxy reads and makes them.

use jupyter_protocol::messaging::{
    ErrorOutput, ExecuteReply, ExecutionState, Header, JupyterMessage, JupyterMessageContent,
    ReplyError, ReplyStatus, Status, UnknownMessage,
};
use jupyter_protocol::{ExecutionCount, Media};
use jupyter_zmq_client::{Connection, RawMessage, Result, RuntimeError};
use serde_json::{Map, Value, json};
use zeromq::ZmqMessage;

/// A message that has come in: whole, to be passed on as it is, and read.
#[derive(Debug)]
pub struct Received {
    /// All parts, with the addresses of those who sent it and with its signature.
    pub whole: ZmqMessage,
    pub header: Header,
    pub parent: Option<Header>,
    /// The content as JSON: not all that front ends send is as the protocol says.
    pub content: Value,
    raw: RawMessage,
}

impl Received {
    /// Checks the signature of a message that came over `connection`, and reads it.
    ///
    /// # Errors
    /// A message that is not signed by the connection's key, or not one of Jupyter's.
    pub fn read<S>(whole: ZmqMessage, connection: &Connection<S>) -> Result<Self> {
        let raw = RawMessage::from_multipart(whole.clone(), &connection.mac)?;
        let [header, parent, _, content, ..] = &raw.jparts[..] else {
            return Err(RuntimeError::InsufficientMessageParts(raw.jparts.len()));
        };
        let (header, content) = (serde_json::from_slice(header)?, serde_json::from_slice(content)?);
        let parent = serde_json::from_slice(parent).ok(); // it may be empty
        Ok(Received { whole, header, parent, content, raw })
    }

    pub fn kind(&self) -> &str {
        &self.header.msg_type
    }

    /// Says whether this answers, or belongs to, the request with that header.
    pub fn is_of(&self, request: &Header) -> bool {
        self.parent.as_ref().is_some_and(|parent| parent.msg_id == request.msg_id)
    }

    /// Makes the answer to this message.
    pub fn reply(&self, content: impl Into<JupyterMessageContent>) -> JupyterMessage {
        let identities = self.raw.zmq_identities.clone();
        publication(&self.header, content).with_zmq_identities(identities)
    }

    /// Makes the same message with another content.
    pub fn with_content(&self, content: Value) -> JupyterMessage {
        let msg_type = self.header.msg_type.clone();
        let mut message = JupyterMessage::new(UnknownMessage { msg_type, content }, None);
        message.header = self.header.clone();
        message.parent_header = self.parent.clone();
        message.with_zmq_identities(self.raw.zmq_identities.clone())
    }

    /// Reads a text of the content.
    pub fn text(&self, name: &str) -> String {
        self.content[name].as_str().unwrap_or_default().to_owned()
    }

    /// Reads a switch of the content.
    pub fn flag(&self, name: &str, otherwise: bool) -> bool {
        self.content[name].as_bool().unwrap_or(otherwise)
    }
}

/// Makes a message for all, about the request with that header.
pub fn publication(request: &Header, content: impl Into<JupyterMessageContent>) -> JupyterMessage {
    let mut message = JupyterMessage::new(content, None);
    message.header.username = "kernel".into();
    message.parent_header = Some(request.clone());
    message
}

/// Makes the message that says whether the kernel works on a request.
pub fn status(request: &Header, execution_state: ExecutionState) -> JupyterMessage {
    publication(request, Status { execution_state })
}

/// Makes the content of an execute_reply.
pub fn execute_reply(
    status: ReplyStatus,
    count: usize,
    error: Option<ErrorOutput>,
) -> ExecuteReply {
    let error = error.map(|ErrorOutput { ename, evalue, traceback }| {
        Box::new(ReplyError { ename, evalue, traceback })
    });
    ExecuteReply {
        status,
        execution_count: ExecutionCount::new(count),
        payload: Vec::new(),
        user_expressions: Some(Default::default()),
        error,
    }
}

/// Makes the content of the reply to a cell that is not run; it has no number.
pub fn aborted_reply() -> UnknownMessage {
    UnknownMessage { msg_type: "execute_reply".into(), content: json!({ "status": "aborted" }) }
}

/// Reads the renditions of a figure.
pub fn media(data: Map<String, Value>) -> Media {
    serde_json::from_value(Value::Object(data)).unwrap_or_default()
}
