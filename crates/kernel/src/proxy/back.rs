//! evcxr: its process, the private sockets towards it, and its monitors.

use std::env;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use jupyter_protocol::messaging::{Channel, JupyterMessage, KernelInfoRequest};
use jupyter_zmq_client::{Connection, DealerSendConnection, peer_identity_for_session};
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::json;
use tokio::net::UnixListener;
use tokio::process::Child;
use tokio::sync::mpsc::Sender;
use zeromq::{DealerSocket, Socket, SocketOptions, SocketSend, SubSocket, ZmqMessage};

use super::events::Event;
use super::listen::{listen, listen_to_log};
use super::monitors::Monitors;
use super::prepare::Prepared;
use crate::monitor_link;
use crate::private::Private;
use crate::{environment, files, parent};

/// The private sockets, as seen from the folder that both processes run in. evcxr puts a colon and the
/// channel's number behind.
const SOCKETS: &str = "evcxr";
const MONITORS: &str = "monitors";
const SHELL: u16 = 1;
const IOPUB: u16 = 2;
const STDIN: u16 = 3;
/// Sockets that evcxr opens and nobody uses: interrupts and shutdowns are the proxy's, and so are beats.
const CONTROL: u16 = 4;
const HEARTBEAT: u16 = 5;
/// How often it is tried whether evcxr has opened its sockets.
const RETRY: Duration = Duration::from_millis(20);

pub struct Evcxr {
    child: Child,
    private: Private,
    shell: DealerSendConnection,
    stdin: DealerSendConnection,
    pub monitors: Monitors,
}

impl Evcxr {
    /// Starts evcxr in its private folder, and waits until it is ready for cells.
    ///
    /// This process moves to that folder: the way there may be too long for a socket's address.
    pub async fn start(
        prepared: Prepared,
        key: &str,
        session: &str,
        events: &Sender<Event>,
    ) -> Result<Self> {
        let mut command = command(&prepared, key)?;
        let Prepared { private, .. } = prepared;
        env::set_current_dir(private.notebooks()).context("cannot enter the private folder")?;
        let listener =
            UnixListener::bind(MONITORS).context("cannot open the socket for monitors")?;
        let monitors = Monitors::listen(listener, events);

        let mut child = command.spawn().context("cannot start evcxr")?;
        let log = child.stderr.take().context("evcxr's stderr is piped")?;
        listen_to_log(log, events);
        let (shell, stdin) = tokio::select! {
            status = child.wait() => bail!("evcxr ended at its start ({})", status?),
            connected = connect(key, session, events) => connected?,
        };
        Ok(Evcxr { child, private, shell, stdin, monitors })
    }

    pub fn private(&self) -> &Private {
        &self.private
    }

    /// Passes a request on.
    pub async fn ask(&mut self, channel: Channel, whole: ZmqMessage) -> Result<()> {
        let socket = match channel {
            Channel::Stdin => &mut self.stdin.socket,
            _ => &mut self.shell.socket,
        };
        socket.send(whole).await.context("cannot ask evcxr")
    }

    /// Asks in the name of the session that the message says.
    pub async fn ask_anew(&mut self, message: JupyterMessage) -> Result<()> {
        self.shell.session_id.clone_from(&message.header.session);
        self.shell.send(message).await.context("cannot ask evcxr")
    }

    /// Asks the running cell to stop, as long as the file is there.
    pub fn ask_to_stop(&self, stop: bool) -> Result<()> {
        let file = self.private.interrupt();
        if stop { files::write(&file, b"") } else { files::remove(&file) }
    }

    /// Waits for evcxr's end.
    pub async fn ended(&mut self) -> Result<ExitStatus> {
        Ok(self.child.wait().await?)
    }

    /// Ends evcxr with all that it has started, and removes the private folder.
    pub async fn shut_down(mut self) -> Result<()> {
        if let Some(group) = self.child.id().and_then(|id| Pid::from_raw(id.try_into().ok()?)) {
            let _ = kill_process_group(group, Signal::KILL);
            self.child.wait().await?;
            parent::reap(group);
        }
        self.private.remove()
    }
}

/// Makes the command that starts evcxr: as a group of processes, to be ended as one.
fn command(prepared: &Prepared, key: &str) -> Result<tokio::process::Command> {
    let control_file = prepared.private.path().join("connection.json");
    let connection = json!({
        "transport": "ipc", "ip": SOCKETS, "key": key, "signature_scheme": "hmac-sha256",
        "shell_port": SHELL, "iopub_port": IOPUB, "stdin_port": STDIN,
        "control_port": CONTROL, "hb_port": HEARTBEAT,
    });
    files::write(&control_file, connection.to_string().as_bytes())?;
    let mut command = Command::new(env::current_exe()?);
    command.arg("--control_file").arg(control_file);
    environment::for_kernel(&mut command, &prepared.private, &prepared.toolchain)?;
    parent::tie(&mut command);
    command.env(monitor_link::SOCKET, MONITORS).process_group(0);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    Ok(command.into())
}

/// Connects to the sockets that evcxr opens, waits until it answers, and listens from then on.
async fn connect(
    key: &str,
    session: &str,
    events: &Sender<Event>,
) -> Result<(DealerSendConnection, DealerSendConnection)> {
    while !(Path::new(&path(IOPUB)).exists() && Path::new(&path(STDIN)).exists()) {
        tokio::time::sleep(RETRY).await;
    }
    let mut iopub = SubSocket::new();
    iopub.subscribe("").await?;
    iopub.connect(&address(IOPUB)).await.context("cannot reach evcxr's iopub")?;
    let iopub = Connection::new(iopub, key, session);
    listen(iopub, events, |message| Event::Evcxr(Channel::IOPub, message));

    let mut shell = dealer(SHELL, key, session).await?;
    shell.send(JupyterMessage::new(KernelInfoRequest {}, None)).await?;
    shell.read().await.context("cannot understand evcxr")?;
    let (shell, replies) = shell.split();
    listen(replies, events, |message| Event::Evcxr(Channel::Shell, message));
    let (stdin, questions) = dealer(STDIN, key, session).await?.split();
    listen(questions, events, |message| Event::Evcxr(Channel::Stdin, message));
    Ok((shell, stdin))
}

/// Connects to shell or stdin: under one name, since evcxr asks on stdin whoever has asked on shell.
async fn dealer(channel: u16, key: &str, session: &str) -> Result<Connection<DealerSocket>> {
    let mut options = SocketOptions::default();
    options.peer_identity(peer_identity_for_session(session)?);
    let mut socket = DealerSocket::with_options(options);
    socket.connect(&address(channel)).await.context("cannot reach evcxr")?;
    Ok(Connection::new(socket, key, session))
}

fn address(channel: u16) -> String {
    format!("ipc://{}", path(channel))
}

fn path(channel: u16) -> String {
    format!("{SOCKETS}:{channel}")
}
