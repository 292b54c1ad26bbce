//! Pictures that a cell of Markdown shows: attached to the cell, beside the notebook, or given whole.

use std::fmt::{self, Display, Formatter};
use std::path::Path;
use std::{fs, io};

use base64::prelude::{BASE64_STANDARD, Engine};
use percent_encoding::percent_decode_str;

use super::sanitize::is_embedded_picture;
use crate::notebook::Cell;

/// The most that a picture may hold, in bytes.
const LARGEST: u64 = 20_000_000;

/// How the address of an attachment begins, after pandoc has put the cell's id and a dash before it.
const ATTACHMENT: &str = "attachment:-";

/// A picture's content.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    pub mime: String,
    pub base64: String,
}

/// Why a picture is not shown.
#[derive(Clone, Debug, PartialEq)]
pub enum NoPicture {
    /// The cell has no attachment of this name.
    AttachmentMissing(String),
    /// The attachment of this name is no picture.
    AttachmentOfAnotherKind(String),
    /// The address holds something of a kind that is not shown.
    EmbeddedOfAnotherKind,
    /// The address leads into the network.
    OnTheNetwork(String),
    /// The file of this address is of a kind that is not shown.
    FileOfAnotherKind(String),
    /// The file cannot be read: its address and why.
    Unreadable(String, String),
    /// The file lies outside of the notebook's folder.
    Outside(String),
    /// The file is too large: its address and its bytes.
    Large(String, u64),
}

impl Display for NoPicture {
    fn fmt(&self, formatter: &mut Formatter) -> fmt::Result {
        match self {
            NoPicture::AttachmentMissing(name) => {
                write!(formatter, "the attachment {name} is missing")
            }
            NoPicture::AttachmentOfAnotherKind(name) => {
                write!(formatter, "the attachment {name} is no picture")
            }
            NoPicture::EmbeddedOfAnotherKind => {
                formatter.write_str("an embedded picture is of a kind that is not shown")
            }
            NoPicture::OnTheNetwork(address) => {
                write!(formatter, "the picture {address} is on the network and not loaded")
            }
            NoPicture::FileOfAnotherKind(address) => {
                write!(formatter, "the picture {address} is of a kind that is not shown")
            }
            NoPicture::Unreadable(address, why) => {
                write!(formatter, "the picture {address} cannot be read: {why}")
            }
            NoPicture::Outside(address) => {
                write!(formatter, "the picture {address} is not below the notebook's folder")
            }
            NoPicture::Large(address, bytes) => {
                write!(formatter, "the picture {address} has {bytes} bytes, more than {LARGEST}")
            }
        }
    }
}

impl Picture {
    /// Takes a picture out of a bundle's rendition, which holds SVG as text and others in base64.
    pub fn of_rendition(mime: &str, content: &str) -> Picture {
        let base64 = match mime {
            "image/svg+xml" => BASE64_STANDARD.encode(content),
            _ => content.split_whitespace().collect(),
        };
        Picture { mime: mime.to_owned(), base64 }
    }

    /// Reads a picture by its address in a cell.
    ///
    /// # Errors
    /// Says why there is none: an address on the network, a file that is missing, no picture, or not
    /// below the notebook's folder.
    pub fn find(address: &str, cell: &Cell, folder: &Path) -> Result<Picture, NoPicture> {
        if let Some(name) = address.strip_prefix(ATTACHMENT) {
            let (mime, base64) = cell
                .attachment(name)
                .ok_or_else(|| NoPicture::AttachmentMissing(name.to_owned()))?;
            return Picture::of_address(&format!("data:{mime};base64,{base64}"))
                .ok_or_else(|| NoPicture::AttachmentOfAnotherKind(name.to_owned()));
        }
        if address.starts_with("data:") {
            return Picture::of_address(address).ok_or(NoPicture::EmbeddedOfAnotherKind);
        }
        if address.contains("://") || address.starts_with("//") {
            return Err(NoPicture::OnTheNetwork(address.to_owned()));
        }
        Picture::read(address, folder)
    }

    /// Gives the address that holds the picture itself.
    pub fn address(&self) -> String {
        format!("data:{};base64,{}", self.mime, self.base64)
    }

    /// Gives the content and the ending of a file for it; none where the base64 is broken.
    pub fn file(&self) -> Option<(Vec<u8>, &str)> {
        let ending = match self.mime.as_str() {
            "image/svg+xml" => "svg",
            mime => mime.strip_prefix("image/")?,
        };
        Some((BASE64_STANDARD.decode(&self.base64).ok()?, ending))
    }

    /// Reads an address that holds the picture itself.
    pub fn of_address(address: &str) -> Option<Picture> {
        let (mime, base64) = address.strip_prefix("data:")?.split_once(";base64,")?;
        is_embedded_picture(address)
            .then(|| Picture { mime: mime.to_owned(), base64: base64.split_whitespace().collect() })
    }

    fn read(address: &str, folder: &Path) -> Result<Picture, NoPicture> {
        let name = percent_decode_str(address).decode_utf8_lossy().into_owned();
        let mime = match name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()) {
            Some(ending) if ending == "svg" => "image/svg+xml".to_owned(),
            Some(ending) if ending == "jpg" => "image/jpeg".to_owned(),
            Some(ending) if ["png", "jpeg", "gif", "webp"].contains(&ending.as_str()) => {
                format!("image/{ending}")
            }
            _ => return Err(NoPicture::FileOfAnotherKind(address.to_owned())),
        };
        let missing =
            |error: io::Error| NoPicture::Unreadable(address.to_owned(), error.to_string());
        let path = folder.join(&name).canonicalize().map_err(missing)?;
        if !path.starts_with(folder.canonicalize().map_err(missing)?) {
            return Err(NoPicture::Outside(address.to_owned()));
        }
        let size = fs::metadata(&path).map_err(missing)?.len();
        if size > LARGEST {
            return Err(NoPicture::Large(address.to_owned(), size));
        }
        let content = fs::read(&path).map_err(missing)?;
        Ok(Picture { mime, base64: BASE64_STANDARD.encode(content) })
    }
}
