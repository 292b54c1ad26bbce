//! ZIP archives, as far as NumPy writes them: members stored or deflated, below 4 GiB.
//!
//! Source: PKWARE, *.ZIP File Format Specification* (APPNOTE) 6.3, sections 4.3 and 4.4.

use super::deflate;
use crate::error::Error;
use flate2::Crc;
use flate2::read::DeflateDecoder;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// An archive in memory, with the list of its members.
pub(super) struct Archive {
    path: PathBuf,
    bytes: Vec<u8>,
    members: Vec<Member>,
}

/// What the central directory says of a member.
struct Member {
    name: String,
    method: u16,
    crc: u32,
    packed: usize,
    size: usize,
    /// Where its local header begins.
    header: usize,
}

const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// The signatures with which the parts of an archive begin.
const END: &[u8] = b"PK\x05\x06";
const DIRECTORY: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";

impl Archive {
    /// Reads an archive and its directory.
    pub(super) fn open(path: &Path) -> Result<Archive, Error> {
        let bytes = fs::read(path).map_err(Error::file(path))?;
        let mut archive = Archive { path: path.to_owned(), bytes, members: Vec::new() };
        archive.members = archive.read_directory()?;
        Ok(archive)
    }

    /// Unpacks a member, and checks its length and its checksum.
    pub(super) fn read(&self, name: &str) -> Result<Vec<u8>, Error> {
        let Some(member) = self.members.iter().find(|member| member.name == name) else {
            let names: Vec<&str> = self.members.iter().map(|member| member.name.as_str()).collect();
            return Err(self.fail(0, &format!("a member {name}"), names.join(", ")));
        };
        let start = self.data_start(member)?;
        let packed = self.bytes.get(start..start + member.packed).ok_or_else(|| {
            let found = format!("the end of the file after {}", self.bytes.len());
            self.fail(start, &format!("{} bytes of {name}", member.packed), found)
        })?;
        let room = deflate::room(member.packed as u64);
        if member.size as u64 > room {
            let expected = format!("at most {room} bytes in {name}, for which it has room");
            return Err(self.fail(member.header, &expected, member.size.to_string()));
        }
        let mut content = Vec::new();
        // One byte more than claimed shows whether it ends where it should.
        let most = member.size as u64 + 1;
        let unpacked = match member.method {
            STORED => packed.take(most).read_to_end(&mut content),
            DEFLATED => DeflateDecoder::new(packed).take(most).read_to_end(&mut content),
            other => {
                let found = other.to_string();
                return Err(self.fail(member.header, "method 0 (stored) or 8 (deflated)", found));
            }
        };
        if let Err(error) = unpacked {
            return Err(self.fail(start, "an intact deflate stream", error.to_string()));
        }
        let mut crc = Crc::new();
        crc.update(&content);
        if (content.len(), crc.sum()) != (member.size, member.crc) {
            let expected = format!("{} bytes of CRC-32 {:08x} in {name}", member.size, member.crc);
            let found = format!("{} of {:08x}", content.len(), crc.sum());
            return Err(self.fail(start, &expected, found));
        }
        Ok(content)
    }

    /// Reads the central directory, to which the end of the file leads.
    fn read_directory(&self) -> Result<Vec<Member>, Error> {
        let end = self.bytes.windows(END.len()).rposition(|window| window == END);
        let end = end.ok_or_else(|| {
            let found = format!("none in {} bytes", self.bytes.len());
            self.fail(0, "the end-of-directory record of a ZIP archive", found)
        })?;
        let count = self.number(end + 10, 2)?;
        let mut at = self.number(end + 16, 4)?;
        let mut members = Vec::new();
        for _ in 0..count {
            self.expect(at, DIRECTORY, "a directory entry")?;
            let [name, extra, comment] =
                [self.number(at + 28, 2)?, self.number(at + 30, 2)?, self.number(at + 32, 2)?];
            members.push(Member {
                name: String::from_utf8_lossy(self.slice(at + 46, name)?).into_owned(),
                method: self.number(at + 10, 2)? as u16,
                crc: self.number(at + 16, 4)? as u32,
                packed: self.number(at + 20, 4)?,
                size: self.number(at + 24, 4)?,
                header: self.number(at + 42, 4)?,
            });
            at += 46 + name + extra + comment;
        }
        Ok(members)
    }

    /// Where the bytes of a member begin: after its local header, whose length is its own.
    fn data_start(&self, member: &Member) -> Result<usize, Error> {
        let at = member.header;
        self.expect(at, LOCAL, "a local header")?;
        Ok(at + 30 + self.number(at + 26, 2)? + self.number(at + 28, 2)?)
    }

    fn expect(&self, at: usize, signature: &[u8], what: &str) -> Result<(), Error> {
        let found = self.slice(at, signature.len())?;
        match found == signature {
            true => Ok(()),
            false => {
                Err(self.fail(at, &format!("{what}, {signature:02x?}"), format!("{found:02x?}")))
            }
        }
    }

    /// The little-endian number of `length` bytes at a place.
    fn number(&self, at: usize, length: usize) -> Result<usize, Error> {
        let bytes = self.slice(at, length)?;
        Ok(bytes.iter().rev().fold(0, |number, &byte| number << 8 | usize::from(byte)))
    }

    fn slice(&self, at: usize, length: usize) -> Result<&[u8], Error> {
        self.bytes.get(at..at + length).ok_or_else(|| {
            let found = format!("the end of the file after {}", self.bytes.len());
            self.fail(at, &format!("{length} bytes of a header"), found)
        })
    }

    fn fail(&self, offset: usize, expected: &str, found: String) -> Error {
        let (path, expected) = (self.path.clone(), expected.to_owned());
        Error::Format { path, offset: offset as u64, expected, found }
    }
}
