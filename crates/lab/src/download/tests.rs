//! Downloads from a small server on the loopback interface, which can be made to misbehave.

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::thread;

use tempfile::TempDir;

use super::*;

const CONTENT: &[u8] = b"sixty thousand digits, or rather these fifty-odd bytes";
const SHA256: &str = "f2fb5a204d7d646d4c59cb675e32d9196931883e6a3549db4bcd1628805d835c";
const FILE: KnownFile = KnownFile { name: "digits.gz", checksum: Checksum::Sha256(SHA256) };

#[derive(Clone, Copy)]
enum Manner {
    Proper,
    BreaksOffAfter(usize),
    WrongBytes,
    NotFound,
}

/// Serves CONTENT in some manner; gives its address.
fn serve(manner: Manner) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback interface is there");
    let address = format!("http://{}/", listener.local_addr().expect("it is bound"));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that hangs up early is part of these tests.
            let _ = answer(stream, manner);
        }
    });
    address
}

fn answer(mut stream: TcpStream, manner: Manner) -> Result<()> {
    for line in BufReader::new(stream.try_clone()?).lines() {
        if line?.is_empty() {
            break;
        }
    }
    let wrong = vec![b'?'; CONTENT.len()];
    let (status, body) = match manner {
        Manner::NotFound => ("404 Not Found", &b"nothing here"[..]),
        Manner::WrongBytes => ("200 OK", &wrong[..]),
        Manner::Proper | Manner::BreaksOffAfter(_) => ("200 OK", CONTENT),
    };
    let sent = match manner {
        Manner::BreaksOffAfter(count) => &body[..count],
        _ => body,
    };
    let length = body.len();
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")?;
    stream.write_all(sent)?;
    Ok(())
}

fn download(folder: &TempDir, mirrors: &[&str]) -> Result<PathBuf> {
    let mirrors: Vec<_> = mirrors.iter().map(|&mirror| mirror.to_owned()).collect();
    fetch(&FILE, &mirrors, folder.path(), &|_, _| {})
}

fn names(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).expect("the folder is there");
    entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_whole_file_arrives_and_nothing_else_is_left() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let server = serve(Manner::Proper);
    let path = download(&folder, &[&server])?;
    assert_eq!(fs::read(&path)?, CONTENT);
    assert_eq!(names(&folder), ["digits.gz"]);
    let mode = fs::metadata(&path)?.permissions().mode();
    assert_eq!(mode & 0o600, 0o600, "{mode:o}");
    assert!(is_present(&FILE, folder.path())?);
    Ok(())
}

#[test]
fn what_broke_off_leaves_nothing_and_the_second_mirror_gives_all() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let broken = serve(Manner::BreaksOffAfter(20));
    let error = download(&folder, &[&broken]).expect_err("only 20 bytes came").to_string();
    assert!(error.contains("digits.gz"), "{error}");
    assert_eq!(names(&folder), [""; 0]);

    let server = serve(Manner::Proper);
    assert_eq!(fs::read(download(&folder, &[&broken, &server])?)?, CONTENT);
    assert_eq!(names(&folder), ["digits.gz"]);
    Ok(())
}

#[test]
fn a_wrong_checksum_names_both_sums_and_leaves_nothing() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let server = serve(Manner::WrongBytes);
    let error = download(&folder, &[&server]).expect_err("the bytes are wrong").to_string();
    let found = files::sha256(&vec![b'?'; CONTENT.len()]);
    assert!(error.contains(&format!("expected {SHA256}, found {found}")), "{error}");
    assert_eq!(names(&folder), [""; 0]);
    Ok(())
}

#[test]
fn the_next_mirror_serves_when_the_first_is_down() -> Result<()> {
    let folder = tempfile::tempdir()?;
    // A port that was free a moment ago: nobody listens there.
    let down = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let missing = serve(Manner::NotFound);
    let server = serve(Manner::Proper);
    let down = format!("http://{down}");
    let mirrors = [&down, &missing, &server].map(String::as_str);
    assert_eq!(fs::read(download(&folder, &mirrors)?)?, CONTENT);
    Ok(())
}

#[test]
fn the_error_tells_what_each_mirror_did() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let missing = serve(Manner::NotFound);
    let wrong = serve(Manner::WrongBytes);
    let error = download(&folder, &[&missing, &wrong]).expect_err("neither has it").to_string();
    assert!(error.contains("404") && error.contains("wrong SHA-256"), "{error}");
    assert!(error.contains(&missing) && error.contains(&wrong), "{error}");
    Ok(())
}

#[test]
fn two_downloads_of_one_file_do_not_mix() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut other = partial(&FILE, folder.path())?;
    other.write_all(b"of another download")?;
    let server = serve(Manner::Proper);
    assert_eq!(fs::read(download(&folder, &[&server])?)?, CONTENT);
    assert_eq!(fs::read(other.path())?, b"of another download");
    Ok(())
}

#[test]
fn a_file_known_by_its_md5_is_checked_as_well() -> Result<()> {
    const MD5: &str = "12290f9cfb2ff6ee9b6fa945caf54bf7";
    let file = KnownFile { name: "digits.npz", checksum: Checksum::Md5(MD5) };
    let folder = tempfile::tempdir()?;
    let wrong = serve(Manner::WrongBytes);
    let error = fetch(&file, &[wrong], folder.path(), &|_, _| {}).expect_err("wrong bytes");
    assert!(error.to_string().contains(&format!("wrong MD5: expected {MD5}")), "{error}");
    let server = serve(Manner::Proper);
    assert_eq!(fs::read(fetch(&file, &[server], folder.path(), &|_, _| {})?)?, CONTENT);
    assert!(is_present(&file, folder.path())?);
    Ok(())
}
