//! Downloads of known files: checked, and never left half-done.

use std::fs::{self, File, Permissions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use backprop_report::files;
use md5::Md5;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use ureq::Agent;
use ureq::http::header::CONTENT_LENGTH;

pub mod sets;

/// A file that is known by its checksum.
pub struct KnownFile {
    pub name: &'static str,
    pub checksum: Checksum,
}

/// A checksum in hexadecimal, of the kind that the publisher gives.
pub enum Checksum {
    Sha256(&'static str),
    /// Guards against broken downloads, not against forgery.
    Md5(&'static str),
}

impl KnownFile {
    fn check(&self, file: &mut File) -> Result<()> {
        let (expected, found) = (self.checksum.expected(), self.checksum.of(file)?);
        if found != expected {
            bail!("wrong {}: expected {expected}, found {found}", self.checksum.kind());
        }
        Ok(())
    }
}

impl Checksum {
    fn kind(&self) -> &'static str {
        match self {
            Checksum::Sha256(_) => "SHA-256",
            Checksum::Md5(_) => "MD5",
        }
    }

    fn expected(&self) -> &'static str {
        let (Checksum::Sha256(sum) | Checksum::Md5(sum)) = self;
        sum
    }

    /// The checksum of this kind that a file has.
    fn of(&self, file: &mut File) -> Result<String> {
        match self {
            Checksum::Sha256(_) => digest::<Sha256>(file),
            Checksum::Md5(_) => digest::<Md5>(file),
        }
    }
}

/// How far a download is: bytes at hand, and bytes in all where the server tells.
pub type Progress<'a> = &'a dyn Fn(u64, Option<u64>);

/// Fetches a file into a folder from the first mirror that gives the right bytes.
///
/// The bytes gather in a file of another name. Only one whose checksum is right gets its own.
///
/// # Errors
/// When no mirror gives the file: what each of them did instead.
pub fn fetch(
    file: &KnownFile,
    mirrors: &[String],
    folder: &Path,
    progress: Progress,
) -> Result<PathBuf> {
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let mut partial = partial(file, folder)?;
    let agent = agent();
    let mut failures = Vec::new();
    for mirror in mirrors {
        let url = format!("{}/{}", mirror.trim_end_matches('/'), file.name);
        let received = receive(&agent, &url, partial.as_file_mut(), progress);
        match received.and_then(|()| file.check(partial.as_file_mut())) {
            Ok(()) => {
                let path = folder.join(file.name);
                partial.as_file().sync_all()?;
                partial
                    .persist(&path)
                    .with_context(|| format!("cannot write {}", path.display()))?;
                return Ok(path);
            }
            Err(error) => failures.push(format!("  {url}: {error:#}")),
        }
    }
    bail!("no mirror gave {}:\n{}", file.name, failures.join("\n"));
}

/// Tells whether a file is there with the right checksum.
pub fn is_present(file: &KnownFile, folder: &Path) -> Result<bool> {
    let path = folder.join(file.name);
    if !path.is_file() {
        return Ok(false);
    }
    let mut opened =
        File::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
    Ok(file.checksum.of(&mut opened)? == file.checksum.expected())
}

/// Makes the file that the bytes gather in; it is gone with this program, unless it gets its name.
fn partial(file: &KnownFile, folder: &Path) -> Result<NamedTempFile> {
    tempfile::Builder::new()
        .prefix(file.name)
        .suffix(".partial")
        // As a file that is simply made: the umask takes from it what it takes.
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder)
        .with_context(|| format!("cannot write into {}", folder.display()))
}

/// Receives all bytes of an address, in place of those that another one gave.
fn receive(agent: &Agent, url: &str, file: &mut File, progress: Progress) -> Result<()> {
    let mut response = agent.get(url).call()?;
    let length = response.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let total: Option<u64> = length.and_then(|length| length.parse().ok());
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    let mut body = response.body_mut().as_reader();
    let mut buffer = vec![0; 64 * 1024];
    let mut done = 0;
    loop {
        progress(done, total);
        match body.read(&mut buffer)? {
            0 => break,
            count => {
                file.write_all(&buffer[..count])?;
                done += count as u64;
            }
        }
    }
    match total {
        Some(total) if done != total => bail!("broke off after {done} of {total} bytes"),
        _ => Ok(()),
    }
}

fn digest<D: Digest + Write>(file: &mut File) -> Result<String> {
    let mut hash = D::new();
    file.seek(SeekFrom::Start(0))?;
    std::io::copy(file, &mut hash)?;
    Ok(files::hex(&hash.finalize()))
}

fn agent() -> Agent {
    Agent::config_builder()
        .timeout_connect(Some(Duration::from_secs(20)))
        .timeout_recv_response(Some(Duration::from_secs(60)))
        .timeout_per_read(Some(Duration::from_secs(60)))
        .build()
        .into()
}

#[cfg(test)]
mod tests;
