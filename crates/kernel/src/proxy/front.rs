//! The sockets towards the front ends.

use anyhow::{Context, Result};
use jupyter_protocol::ConnectionInfo;
use jupyter_protocol::messaging::{Channel, JupyterMessage};
use jupyter_zmq_client::{
    KernelHeartbeatConnection, KernelIoPubConnection, RouterSendConnection,
    create_kernel_control_connection, create_kernel_heartbeat_connection,
    create_kernel_iopub_connection, create_kernel_shell_connection, create_kernel_stdin_connection,
};
use tokio::sync::mpsc::Sender;
use zeromq::{SocketRecv, SocketSend, ZmqMessage};

use super::events::Event;
use super::listen::listen;

/// What is sent on; what comes in is told as events.
pub struct Front {
    shell: RouterSendConnection,
    control: RouterSendConnection,
    stdin: RouterSendConnection,
    iopub: KernelIoPubConnection,
}

impl Front {
    /// Binds the sockets of a connection file and listens to them.
    pub async fn bind(
        info: &ConnectionInfo,
        session: &str,
        events: &Sender<Event>,
    ) -> Result<Self> {
        let shell = create_kernel_shell_connection(info, session).await;
        let (shell, requests) = shell.context("cannot bind the shell channel")?.split();
        let control = create_kernel_control_connection(info, session).await;
        let (control, control_requests) =
            control.context("cannot bind the control channel")?.split();
        let stdin = create_kernel_stdin_connection(info, session).await;
        let (stdin, input) = stdin.context("cannot bind the stdin channel")?.split();
        let iopub = create_kernel_iopub_connection(info, session).await;
        let iopub = iopub.context("cannot bind the iopub channel")?;
        let heartbeat = create_kernel_heartbeat_connection(info).await;
        tokio::spawn(beat(heartbeat.context("cannot bind the heartbeat channel")?));
        listen(requests, events, |message| Event::Front(Channel::Shell, message));
        listen(control_requests, events, |message| Event::Front(Channel::Control, message));
        listen(input, events, |message| Event::Front(Channel::Stdin, message));
        Ok(Front { shell, control, stdin, iopub })
    }

    /// Sends a message of ours. A front end that has gone does not get it, which is no failure.
    pub async fn send(&mut self, channel: Channel, message: JupyterMessage) {
        let sent = match channel {
            Channel::Control => self.control.send(message).await,
            Channel::Stdin => self.stdin.send(message).await,
            Channel::IOPub => self.iopub.send(message).await,
            Channel::Shell | Channel::Heartbeat => self.shell.send(message).await,
        };
        if let Err(error) = sent {
            eprintln!("backprop-kernel: a front end does not listen any more: {error}");
        }
    }

    /// Passes a message on that is signed already.
    pub async fn pass(&mut self, channel: Channel, whole: ZmqMessage) {
        let sent = match channel {
            Channel::Control => self.control.socket.send(whole).await,
            Channel::Stdin => self.stdin.socket.send(whole).await,
            Channel::IOPub => self.iopub.socket.send(whole).await,
            Channel::Shell | Channel::Heartbeat => self.shell.socket.send(whole).await,
        };
        if let Err(error) = sent {
            eprintln!("backprop-kernel: a front end does not listen any more: {error}");
        }
    }
}

/// Sends every heartbeat back as it came.
async fn beat(mut heartbeat: KernelHeartbeatConnection) {
    while let Ok(beat) = heartbeat.socket.recv().await {
        if heartbeat.socket.send(beat).await.is_err() {
            return;
        }
    }
}
