//! Pictures that a cell of Markdown shows: attached to the cell, beside the notebook, or given whole.

use std::fmt::{self, Display, Formatter};
use std::path::Path;
use std::{fs, io};

use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, Engine};
use percent_encoding::percent_decode_str;

use crate::notebook::Cell;

/// The most that a picture may hold, in bytes.
const LARGEST: u64 = 20_000_000;

/// How the address of an attachment begins.
const ATTACHMENT: &str = "attachment:";

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
    /// Takes a picture out of a bundle's rendition, which holds SVG as text and others in base64. Its
    /// kind is that of its bytes; one that is not known stays what the bundle says.
    pub fn of_rendition(mime: &str, content: &str) -> Picture {
        let base64: String = match mime {
            "image/svg+xml" if content.contains('<') => BASE64_STANDARD.encode(content),
            _ => content.split_whitespace().collect(),
        };
        let beginning = &base64[..base64.len().min(4096)];
        let kind = BASE64_STANDARD.decode(beginning).ok().and_then(|bytes| kind_of(&bytes));
        Picture { mime: kind.unwrap_or(mime).to_owned(), base64 }
    }

    /// Makes a picture of bytes; none where they are of no kind that is shown.
    fn of_bytes(bytes: &[u8]) -> Option<Picture> {
        let mime = kind_of(bytes)?.to_owned();
        Some(Picture { mime, base64: BASE64_STANDARD.encode(bytes) })
    }

    /// Reads a picture by its address in a cell.
    ///
    /// # Errors
    /// Says why there is none: an address on the network, a file that is missing, no picture, or not
    /// below the notebook's folder.
    pub fn find(address: &str, cell: &Cell, folder: &Path) -> Result<Picture, NoPicture> {
        let begins =
            |with: &str| address.get(..with.len()).is_some_and(|it| it.eq_ignore_ascii_case(with));
        if begins(ATTACHMENT) {
            return Picture::attached(&address[ATTACHMENT.len()..], cell);
        }
        if begins("data:") {
            return Picture::of_address(address).ok_or(NoPicture::EmbeddedOfAnotherKind);
        }
        if address.contains("://") || address.starts_with("//") {
            return Err(NoPicture::OnTheNetwork(address.to_owned()));
        }
        Picture::read(address, folder)
    }

    fn attached(name: &str, cell: &Cell) -> Result<Picture, NoPicture> {
        let decoded = decode_percent(name);
        let (mime, content) = cell
            .attachment(&decoded)
            .or_else(|| cell.attachment(name))
            .ok_or_else(|| NoPicture::AttachmentMissing(decoded.clone()))?;
        let picture = match mime {
            "image/svg+xml" if content.contains('<') => Picture::of_bytes(content.as_bytes()),
            _ => decode_base64(content).and_then(|bytes| Picture::of_bytes(&bytes)),
        };
        picture.ok_or(NoPicture::AttachmentOfAnotherKind(decoded))
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

    /// Reads an address that holds the picture itself, in base64 or as text.
    pub fn of_address(address: &str) -> Option<Picture> {
        let (meta, content) = address.get("data:".len()..)?.split_once(',')?;
        let content = decode_percent(content);
        match meta.trim_end().to_ascii_lowercase().ends_with(";base64") {
            true => Picture::of_bytes(&decode_base64(&content)?),
            false => Picture::of_bytes(content.as_bytes()),
        }
    }

    fn read(address: &str, folder: &Path) -> Result<Picture, NoPicture> {
        let missing =
            |error: io::Error| NoPicture::Unreadable(address.to_owned(), error.to_string());
        let file = |name: &str| folder.join(name).canonicalize();
        let path = file(&decode_percent(address)).or_else(|_| file(address)).map_err(missing)?;
        if !path.starts_with(folder.canonicalize().map_err(missing)?) {
            return Err(NoPicture::Outside(address.to_owned()));
        }
        let facts = fs::metadata(&path).map_err(missing)?;
        if facts.len() > LARGEST {
            return Err(NoPicture::Large(address.to_owned(), facts.len()));
        }
        if !facts.is_file() {
            return Err(NoPicture::FileOfAnotherKind(address.to_owned()));
        }
        let content = fs::read(&path).map_err(missing)?;
        Picture::of_bytes(&content).ok_or_else(|| NoPicture::FileOfAnotherKind(address.to_owned()))
    }
}

/// Tells a picture's kind by how its bytes begin, whatever its name says.
fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => {
            let beginning = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
            let text = beginning.trim_start_matches('\u{feff}').trim_start();
            (text.starts_with('<') && text.contains("<svg")).then_some("image/svg+xml")
        }
    }
}

/// Decodes base64 with white space in it, and with or without the signs that fill its end up.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let compact: String = text.split_whitespace().collect();
    let padded = BASE64_STANDARD.decode(&compact).ok();
    padded.or_else(|| BASE64_STANDARD_NO_PAD.decode(&compact).ok())
}

/// Gives a path as it was before `%20` stood for a blank.
pub fn decode_percent(address: &str) -> String {
    percent_decode_str(address).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_that_of_the_bytes() {
        let cases: [(&[u8], Option<&str>); 7] = [
            (b"\x89PNG\r\n", Some("image/png")),
            (b"\xff\xd8\xff\xe0", Some("image/jpeg")),
            (b"GIF89a", Some("image/gif")),
            (b"RIFF\0\0\0\0WEBPVP8 ", Some("image/webp")),
            (b"\xef\xbb\xbf<?xml version='1.0'?>\n<svg/>", Some("image/svg+xml")),
            (b"<html>", None),
            (b"", None),
        ];
        for (bytes, expected) in cases {
            assert_eq!(kind_of(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn an_address_holds_a_picture_in_any_spelling() {
        let cases = [
            ("data:image/png;base64,iVBORw==", Some("image/png")),
            ("DATA:image/jpg;base64,iVBORw", Some("image/png")),
            ("data:image/png;base64,iVBO%0ARw%3D%3D", Some("image/png")),
            ("data:image/svg+xml;charset=utf-8,%3Csvg%20/%3E", Some("image/svg+xml")),
            ("data:image/svg+xml;utf8,<svg/>", Some("image/svg+xml")),
            ("data:text/html;base64,PGI+", None),
            ("data:,", None),
        ];
        for (address, expected) in cases {
            let mime = Picture::of_address(address).map(|picture| picture.mime);
            assert_eq!(mime.as_deref(), expected, "{address}");
        }
    }

    #[test]
    fn an_attachment_is_found_by_its_name_with_blanks_and_umlauts() {
        let cell = serde_json::json!({
            "nbformat": 4,
            "cells": [{ "cell_type": "markdown", "source": "", "attachments": {
                "my plot.png": { "image/png": "iVBORw==" },
                "Übung.png": { "image/jpeg": "iVBORw==" },
                "100%.png": { "image/png": "iVBORw==" },
                "no.png": { "image/png": "AAAA" },
            } }],
        });
        let notebook = crate::notebook::Notebook::parse(cell.to_string().as_bytes()).unwrap();
        let find = |address: &str| Picture::find(address, &notebook.cells[0], Path::new("."));
        for address in [
            "attachment:my%20plot.png",
            "attachment:%C3%9Cbung.png",
            "ATTACHMENT:100%25.png",
            "attachment:100%.png",
        ] {
            assert_eq!(find(address).unwrap().mime, "image/png", "{address}");
        }
        assert_eq!(
            find("attachment:no.png"),
            Err(NoPicture::AttachmentOfAnotherKind("no.png".into()))
        );
        assert_eq!(find("attachment:a%20b"), Err(NoPicture::AttachmentMissing("a b".into())));
    }
}
