//! Downloads of known files: resumed where they broke off, checked, and never left half-done.

use std::fs::{self, File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use backprop_report::files;
use md5::Md5;
use sha2::{Digest, Sha256};
use ureq::Agent;
use ureq::http::header::{CONTENT_LENGTH, CONTENT_RANGE, RANGE};

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
/// The bytes gather in `<name>.partial`, from which an interrupted download goes on. Only a file
/// whose checksum is right gets its name.
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
    let mut partial = Partial::open(folder, file)?;
    if partial.is_right()? {
        return partial.finish(folder);
    }
    let agent = agent();
    let mut failures = Vec::new();
    for mirror in mirrors {
        let url = format!("{}/{}", mirror.trim_end_matches('/'), file.name);
        match partial.complete_from(&agent, &url, progress) {
            Ok(()) => return partial.finish(folder),
            Err(error) => failures.push(format!("  {url}: {error:#}")),
        }
    }
    partial.discard_if_empty();
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

/// What has been downloaded so far; locked, so that two downloads do not write into one another.
struct Partial<'a> {
    known: &'a KnownFile,
    path: PathBuf,
    file: File,
}

impl<'a> Partial<'a> {
    fn open(folder: &Path, known: &'a KnownFile) -> Result<Partial<'a>> {
        let path = folder.join(format!("{}.partial", known.name));
        let file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Partial { known, path, file }),
            Err(TryLockError::WouldBlock) => bail!("another download writes {}", path.display()),
            Err(TryLockError::Error(error)) => {
                Err(anyhow!(error).context(format!("cannot lock {}", path.display())))
            }
        }
    }

    fn length(&self) -> Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    fn is_right(&mut self) -> Result<bool> {
        let checksum = &self.known.checksum;
        Ok(self.length()? > 0 && checksum.of(&mut self.file)? == checksum.expected())
    }

    /// Completes the bytes from one address, and checks them.
    fn complete_from(&mut self, agent: &Agent, url: &str, progress: Progress) -> Result<()> {
        let resumed = self.length()? > 0;
        let first_try = self.receive(agent, url, progress).and_then(|()| self.check());
        match first_try {
            // Perhaps it was the older part that was wrong, or the server has no such range.
            Err(_) if resumed => {
                self.file.set_len(0)?;
                self.receive(agent, url, progress)?;
                self.check()
            }
            result => result,
        }
    }

    /// Asks for the bytes that are missing and appends them.
    fn receive(&mut self, agent: &Agent, url: &str, progress: Progress) -> Result<()> {
        let have = self.length()?;
        let mut request = agent.get(url);
        if have > 0 {
            request = request.header(RANGE, format!("bytes={have}-"));
        }
        let mut response = request.call()?;
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let start = match response.status().as_u16() {
            206 => {
                let range = header(CONTENT_RANGE).unwrap_or_default();
                if !range.starts_with(&format!("bytes {have}-")) {
                    bail!("asked for the bytes from {have} on, got the range \"{range}\"");
                }
                have
            }
            200 => 0, // a server without ranges sends everything
            status => bail!("expected status 200 or 206, got {status}"),
        };
        let rest: Option<u64> = header(CONTENT_LENGTH).and_then(|length| length.parse().ok());
        let total = rest.map(|rest| start + rest);

        self.file.set_len(start)?;
        self.file.seek(SeekFrom::Start(start))?;
        let mut body = response.body_mut().as_reader();
        let mut buffer = vec![0; 64 * 1024];
        let mut done = start;
        loop {
            progress(done, total);
            match body.read(&mut buffer)? {
                0 => break,
                count => {
                    self.file.write_all(&buffer[..count])?;
                    done += count as u64;
                }
            }
        }
        match total {
            Some(total) if done != total => bail!("broke off after {done} of {total} bytes"),
            _ => Ok(()),
        }
    }

    /// Checks the sum; bytes that are wrong are thrown away, for nothing good can follow them.
    fn check(&mut self) -> Result<()> {
        let checksum = &self.known.checksum;
        let (expected, found) = (checksum.expected(), checksum.of(&mut self.file)?);
        if found != expected {
            self.file.set_len(0)?;
            bail!("wrong {}: expected {expected}, found {found}", checksum.kind());
        }
        Ok(())
    }

    fn finish(self, folder: &Path) -> Result<PathBuf> {
        let path = folder.join(self.known.name);
        self.file.sync_all()?;
        fs::rename(&self.path, &path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    fn discard_if_empty(self) {
        if self.length().is_ok_and(|length| length == 0) {
            // Litter at worst: the next download takes an empty file for what it is.
            let _ = fs::remove_file(&self.path);
        }
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
