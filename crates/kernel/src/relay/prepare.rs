//! What a kernel needs before evcxr can start: the template, and a private copy of it.

use anyhow::Result;
use tokio::sync::mpsc::Sender;

use super::cells::Told;
use crate::files;
use crate::private::{self, Private, Purpose};
use crate::site::Site;
use crate::template;
use crate::toolchain::Toolchain;

pub struct Prepared {
    pub private: Private,
    pub toolchain: Toolchain,
}

/// Makes the private folder, after the template if that is missing, which takes minutes.
pub fn prepare(events: Sender<Told>) -> Result<Prepared> {
    let site = Site::find()?;
    let toolchain = Toolchain::of(&site.workspace)?;
    let template = template::ensure(&site, &toolchain, &|why| {
        let _ = events.blocking_send(Told::Doing(why.to_owned()));
    })?;
    private::remove_leftovers(&site.cache)?;

    let private = Private::create(&site.cache, Purpose::Kernel, &template.snapshot)?;
    files::share_folder(&template.cargo, &private.cargo())?;
    Ok(Prepared { private, toolchain })
}
