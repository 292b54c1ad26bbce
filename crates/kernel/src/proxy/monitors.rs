//! The monitors that have called: what each tells, and the way to give it commands.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Mutex;
use tokio::sync::mpsc::Sender;

use super::events::{Event, MonitorId};
use crate::monitor_link::MonitorCommand;

/// The monitors that are there, by their numbers.
#[derive(Clone, Default)]
pub struct Monitors(Arc<Mutex<BTreeMap<MonitorId, OwnedWriteHalf>>>);

impl Monitors {
    /// Listens to all who call from now on.
    pub fn listen(listener: UnixListener, events: &Sender<Event>) -> Self {
        let monitors = Monitors::default();
        let (all, events) = (monitors.clone(), events.clone());
        tokio::spawn(async move {
            for monitor in 0.. {
                let Ok((socket, _)) = listener.accept().await else { return };
                tokio::spawn(all.clone().attend(monitor, socket, events.clone()));
            }
        });
        monitors
    }

    /// Gives a command to a monitor; one that has gone needs none.
    pub async fn command(&self, monitor: MonitorId, command: MonitorCommand) -> Result<()> {
        let line = serde_json::to_string(&command)? + "\n";
        if let Some(commands) = self.0.lock().await.get_mut(&monitor) {
            let _ = commands.write_all(line.as_bytes()).await; // its end is seen where it is heard
        }
        Ok(())
    }

    /// Attends to one monitor until it is gone.
    async fn attend(self, monitor: MonitorId, socket: UnixStream, events: Sender<Event>) {
        let (reader, commands) = socket.into_split();
        self.0.lock().await.insert(monitor, commands);
        hear(monitor, reader, &events).await;
        self.0.lock().await.remove(&monitor);
        let _ = events.send(Event::MonitorLeft(monitor)).await;
    }
}

/// Hands on what a monitor tells.
async fn hear(monitor: MonitorId, socket: OwnedReadHalf, events: &Sender<Event>) {
    let mut lines = BufReader::new(socket).lines();
    let mut is_heard = events.send(Event::MonitorCame(monitor)).await.is_ok();
    while is_heard && let Ok(Some(line)) = lines.next_line().await {
        is_heard = match serde_json::from_str(&line) {
            Ok(event) => events.send(Event::Monitor(monitor, event)).await.is_ok(),
            Err(error) => {
                eprintln!("backprop-kernel: a monitor's event is dropped: {error}");
                true
            }
        };
    }
}
