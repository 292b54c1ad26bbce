//! The replies that the proxy gives by itself, without evcxr.

use std::collections::HashMap;

use jupyter_protocol::messaging::{
    CodeMirrorMode, CommInfoReply, HelpLink, HistoryReply, InterruptReply, KernelInfoReply,
    LanguageInfo, ReplyStatus, ShutdownReply,
};

/// Makes the content of a kernel_info_reply.
pub fn kernel_info() -> KernelInfoReply {
    let link = |text: &str, url: &str| HelpLink { text: text.into(), url: url.into() };
    KernelInfoReply {
        status: ReplyStatus::Ok,
        protocol_version: "5.3".into(),
        implementation: env!("CARGO_PKG_NAME").into(),
        implementation_version: env!("CARGO_PKG_VERSION").into(),
        language_info: LanguageInfo {
            name: "rust".into(),
            version: String::new(),
            mimetype: Some("text/rust".into()),
            file_extension: Some(".rs".into()),
            pygments_lexer: Some("rust".into()),
            codemirror_mode: Some(CodeMirrorMode::Simple("rust".into())),
            nbconvert_exporter: None,
        },
        banner: "Rust (Backprop Lab), by evcxr".into(),
        help_links: vec![
            link("Rust's standard library", "https://doc.rust-lang.org/stable/std/"),
            link("ndarray", "https://docs.rs/ndarray"),
        ],
        debugger: false,
        error: None,
    }
}

/// Makes the content of a history_reply: front ends keep their own.
pub fn no_history() -> HistoryReply {
    HistoryReply { history: Vec::new(), status: ReplyStatus::Ok, error: None }
}

/// Makes the content of a comm_info_reply: evcxr has no comms.
pub fn no_comms() -> CommInfoReply {
    CommInfoReply { status: ReplyStatus::Ok, comms: HashMap::new(), error: None }
}

/// Makes the content of an interrupt_reply.
pub fn interrupt() -> InterruptReply {
    InterruptReply { status: ReplyStatus::Ok, error: None }
}

/// Makes the content of a shutdown_reply.
pub fn shutdown(restart: bool) -> ShutdownReply {
    ShutdownReply { restart, status: ReplyStatus::Ok, error: None }
}
