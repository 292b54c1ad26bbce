//! Downloads from a small server on the loopback interface, which can be made to misbehave.

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use tempfile::TempDir;

use super::*;

const CONTENT: &[u8] = b"sixty thousand digits, or rather these fifty-odd bytes";
const SHA256: &str = "f2fb5a204d7d646d4c59cb675e32d9196931883e6a3549db4bcd1628805d835c";
const FILE: KnownFile = KnownFile { name: "digits.gz", checksum: Checksum::Sha256(SHA256) };

#[derive(Clone, Copy)]
enum Manner {
    Proper,
    WithoutRanges,
    WrongRange,
    BreaksOffAfter(usize),
    WrongBytes,
    NotFound,
}

/// Serves CONTENT in some manner; gives its address and the ranges that it was asked for.
fn serve(manner: Manner) -> (String, Arc<Mutex<Vec<Option<usize>>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback interface is there");
    let address = format!("http://{}/", listener.local_addr().expect("it is bound"));
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that hangs up early is part of these tests.
            let _ = answer(stream, manner, &log);
        }
    });
    (address, asked)
}

fn answer(mut stream: TcpStream, manner: Manner, log: &Mutex<Vec<Option<usize>>>) -> Result<()> {
    let mut from = None;
    for line in BufReader::new(stream.try_clone()?).lines() {
        let line = line?.to_lowercase();
        if let Some(range) = line.strip_prefix("range: bytes=") {
            from = Some(range.trim_end_matches('-').parse()?);
        }
        if line.is_empty() {
            break;
        }
    }
    log.lock().expect("no test panics while it holds this").push(from);
    let total = CONTENT.len();
    let wrong = vec![b'?'; total];
    let ranged = |shown_start: usize, start: usize| {
        let head = format!(
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {shown_start}-{}/{total}\r\n",
            total - 1
        );
        (head, &CONTENT[start..])
    };
    let (head, body) = match (manner, from) {
        (Manner::Proper, Some(start)) => ranged(start, start),
        (Manner::WrongRange, Some(start)) => ranged(start + 1, start + 1),
        (Manner::NotFound, _) => ("HTTP/1.1 404 Not Found\r\n".into(), &b"nothing here"[..]),
        (Manner::WrongBytes, _) => ("HTTP/1.1 200 OK\r\n".into(), &wrong[..]),
        _ => ("HTTP/1.1 200 OK\r\n".into(), CONTENT),
    };
    let sent = match manner {
        Manner::BreaksOffAfter(count) => &body[..count],
        _ => body,
    };
    write!(stream, "{head}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len())?;
    stream.write_all(sent)?;
    Ok(())
}

fn download(folder: &TempDir, mirrors: &[&str]) -> Result<PathBuf> {
    let mirrors: Vec<_> = mirrors.iter().map(|&mirror| mirror.to_owned()).collect();
    fetch(&FILE, &mirrors, folder.path(), &|_, _| {})
}

fn begin_with(folder: &TempDir, bytes: &[u8]) {
    fs::write(folder.path().join("digits.gz.partial"), bytes).expect("the folder is writable");
}

fn names(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).expect("the folder is there");
    entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_whole_file_arrives_and_nothing_else_is_left() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (server, asked) = serve(Manner::Proper);
    assert_eq!(fs::read(download(&folder, &[&server])?)?, CONTENT);
    assert_eq!(names(&folder), ["digits.gz"]);
    assert_eq!(*asked.lock().expect("the server lives"), [None]);
    assert!(is_present(&FILE, folder.path())?);
    Ok(())
}

#[test]
fn a_download_goes_on_where_it_broke_off() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (broken, _) = serve(Manner::BreaksOffAfter(20));
    let error = download(&folder, &[&broken]).expect_err("only 20 bytes came").to_string();
    assert!(error.contains("digits.gz"), "{error}");
    assert_eq!(names(&folder), ["digits.gz.partial"]);

    let (server, asked) = serve(Manner::Proper);
    assert_eq!(fs::read(download(&folder, &[&server])?)?, CONTENT);
    assert_eq!(*asked.lock().expect("the server lives"), [Some(20)]);
    Ok(())
}

#[test]
fn the_second_mirror_goes_on_with_the_first_ones_bytes() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (broken, _) = serve(Manner::BreaksOffAfter(20));
    let (server, asked) = serve(Manner::Proper);
    assert_eq!(fs::read(download(&folder, &[&broken, &server])?)?, CONTENT);
    assert_eq!(*asked.lock().expect("the server lives"), [Some(20)]);
    Ok(())
}

#[test]
fn a_server_without_ranges_sends_everything() -> Result<()> {
    let folder = tempfile::tempdir()?;
    begin_with(&folder, &CONTENT[..10]);
    let (server, asked) = serve(Manner::WithoutRanges);
    assert_eq!(fs::read(download(&folder, &[&server])?)?, CONTENT);
    assert_eq!(*asked.lock().expect("the server lives"), [Some(10)]);
    Ok(())
}

#[test]
fn a_range_that_was_not_asked_for_is_refused() -> Result<()> {
    let folder = tempfile::tempdir()?;
    begin_with(&folder, &CONTENT[..10]);
    let (server, asked) = serve(Manner::WrongRange);
    assert_eq!(fs::read(download(&folder, &[&server])?)?, CONTENT);
    assert_eq!(*asked.lock().expect("the server lives"), [Some(10), None]);
    Ok(())
}

#[test]
fn a_wrong_beginning_is_fetched_anew() -> Result<()> {
    let folder = tempfile::tempdir()?;
    begin_with(&folder, b"rubbish");
    let (server, asked) = serve(Manner::Proper);
    assert_eq!(fs::read(download(&folder, &[&server])?)?, CONTENT);
    assert_eq!(*asked.lock().expect("the server lives"), [Some(7), None]);
    Ok(())
}

#[test]
fn a_complete_partial_file_needs_no_server() -> Result<()> {
    let folder = tempfile::tempdir()?;
    begin_with(&folder, CONTENT);
    assert_eq!(fs::read(download(&folder, &[])?)?, CONTENT);
    Ok(())
}

#[test]
fn a_wrong_checksum_names_both_sums_and_leaves_nothing() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (server, _) = serve(Manner::WrongBytes);
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
    let (missing, _) = serve(Manner::NotFound);
    let (server, _) = serve(Manner::Proper);
    let down = format!("http://{down}");
    let mirrors = [&down, &missing, &server].map(String::as_str);
    assert_eq!(fs::read(download(&folder, &mirrors)?)?, CONTENT);
    Ok(())
}

#[test]
fn the_error_tells_what_each_mirror_did() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (missing, _) = serve(Manner::NotFound);
    let (wrong, _) = serve(Manner::WrongBytes);
    let error = download(&folder, &[&missing, &wrong]).expect_err("neither has it").to_string();
    assert!(error.contains("404") && error.contains("wrong SHA-256"), "{error}");
    assert!(error.contains(&missing) && error.contains(&wrong), "{error}");
    Ok(())
}

#[test]
fn two_downloads_of_one_file_do_not_mix() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let _first = Partial::open(folder.path(), &FILE)?;
    let error = download(&folder, &[]).expect_err("the first one holds it").to_string();
    assert!(error.contains("another download writes"), "{error}");
    Ok(())
}

#[test]
fn a_file_known_by_its_md5_is_checked_as_well() -> Result<()> {
    const MD5: &str = "12290f9cfb2ff6ee9b6fa945caf54bf7";
    let file = KnownFile { name: "digits.npz", checksum: Checksum::Md5(MD5) };
    let folder = tempfile::tempdir()?;
    let (wrong, _) = serve(Manner::WrongBytes);
    let error = fetch(&file, &[wrong], folder.path(), &|_, _| {}).expect_err("wrong bytes");
    assert!(error.to_string().contains(&format!("wrong MD5: expected {MD5}")), "{error}");
    let (server, _) = serve(Manner::Proper);
    assert_eq!(fs::read(fetch(&file, &[server], folder.path(), &|_, _| {})?)?, CONTENT);
    assert!(is_present(&file, folder.path())?);
    Ok(())
}
