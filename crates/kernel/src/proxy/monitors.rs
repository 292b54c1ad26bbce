//! The doorkeepers that have called: what each tells, and the way to give it orders.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Mutex;
use tokio::sync::mpsc::Sender;

use super::cells::{Keeper, Told};
use crate::note::Order;

/// The doorkeepers that are there, by their numbers.
#[derive(Clone, Default)]
pub struct Keepers(Arc<Mutex<BTreeMap<Keeper, OwnedWriteHalf>>>);

impl Keepers {
    /// Listens to all who call from now on.
    pub fn listen(listener: UnixListener, events: &Sender<Told>) -> Self {
        let keepers = Keepers::default();
        let (all, events) = (keepers.clone(), events.clone());
        tokio::spawn(async move {
            for keeper in 0.. {
                let Ok((socket, _)) = listener.accept().await else { return };
                tokio::spawn(all.clone().attend(keeper, socket, events.clone()));
            }
        });
        keepers
    }

    /// Gives an order to a doorkeeper; one that has gone needs none.
    pub async fn order(&self, keeper: Keeper, order: Order) -> Result<()> {
        let line = serde_json::to_string(&order)? + "\n";
        if let Some(orders) = self.0.lock().await.get_mut(&keeper) {
            let _ = orders.write_all(line.as_bytes()).await; // its end is seen where it is heard
        }
        Ok(())
    }

    /// Attends to one doorkeeper until it is gone.
    async fn attend(self, keeper: Keeper, socket: UnixStream, events: Sender<Told>) {
        let (notes, orders) = socket.into_split();
        self.0.lock().await.insert(keeper, orders);
        hear(keeper, notes, &events).await;
        self.0.lock().await.remove(&keeper);
        let _ = events.send(Told::KeeperLeft(keeper)).await;
    }
}

/// Hands on what a doorkeeper tells.
async fn hear(keeper: Keeper, notes: OwnedReadHalf, events: &Sender<Told>) {
    let mut lines = BufReader::new(notes).lines();
    let mut is_heard = events.send(Told::KeeperCame(keeper)).await.is_ok();
    while is_heard && let Ok(Some(line)) = lines.next_line().await {
        is_heard = match serde_json::from_str(&line) {
            Ok(note) => events.send(Told::Note(keeper, note)).await.is_ok(),
            Err(error) => {
                eprintln!("backprop-kernel: a note is dropped: {error}");
                true
            }
        };
    }
}
