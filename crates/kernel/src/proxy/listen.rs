//! Reading what comes in, and handing it to the proxy as events.

use std::time::Duration;

use jupyter_zmq_client::Connection;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::sync::mpsc::Sender;
use zeromq::SocketRecv;

use super::events::Event;
use super::message::Received;

/// Listens to a socket for as long as anyone wants to know. A message that is not one, or not signed,
/// is dropped.
pub fn listen<S: SocketRecv + Send + 'static>(
    mut connection: Connection<S>,
    events: &Sender<Event>,
    event: fn(Received) -> Event,
) where
    Connection<S>: Send,
{
    let events = events.clone();
    tokio::spawn(async move {
        loop {
            let message = match connection.socket.recv().await {
                Ok(whole) => Received::read(whole, &connection),
                Err(error) => {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    Err(error.into())
                }
            };
            match message {
                Ok(message) => {
                    if events.send(event(message)).await.is_err() {
                        return;
                    }
                }
                Err(error) => eprintln!("backprop-kernel: a message is dropped: {error}"),
            }
        }
    });
}

/// Passes on what evcxr writes to its stderr, and tells what its cargo compiles.
pub fn listen_to_log(log: impl AsyncRead + Unpin + Send + 'static, events: &Sender<Event>) {
    let events = events.clone();
    tokio::spawn(async move {
        let mut lines = BufReader::new(log).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            eprintln!("{line}");
            let line = line.trim_start();
            if line.starts_with("Compiling ") || line.starts_with("Downloading ") {
                let _ = events.send(Event::Doing(line.to_owned())).await;
            }
        }
    });
}
