//! A kernel on the lab's own kernelspec, driven through jupyter_client by `python/front_end.py`.
#![allow(dead_code)] // each test program uses some of these

use serde_json::{Value, json};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::iter;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Gives the interpreter of the lab's Python environment, after setting that up.
pub fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let mut lab = Command::new(env!("CARGO_BIN_EXE_lab"));
        let output = lab.arg("env").env("BACKPROP_WORKSPACE", root()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let python = text.lines().find_map(|line| line.strip_prefix("python="));
        python.unwrap_or_else(|| panic!("`cargo lab env` names no Python: {text}")).into()
    })
}

/// Gives a toolchain in which rust-src is not installed: this machine's own, or the same without it.
fn without_rust_src() -> PathBuf {
    let output = Command::new("rustc").args(["--print", "sysroot"]).current_dir(root()).output();
    let sysroot = PathBuf::from(String::from_utf8(output.unwrap().stdout).unwrap().trim());
    if !sysroot.join(RUST_SRC).exists() {
        return sysroot;
    }
    let bare = Path::new(env!("CARGO_TARGET_TMPDIR")).join("toolchain");
    let _ = fs::remove_dir_all(&bare);
    for folder in ["bin", "lib", "libexec"] {
        link_all(&sysroot, Path::new(folder), &bare);
    }
    assert!(!bare.join(RUST_SRC).exists());
    bare
}

const RUST_SRC: &str = "lib/rustlib/src";

/// Makes `to` hold what is below `folder` in `from`, but for rust-src: rustc finds its library by the true
/// path of its own file, so these are no symbolic links.
fn link_all(from: &Path, folder: &Path, to: &Path) {
    let Ok(entries) = fs::read_dir(from.join(folder)) else { return };
    fs::create_dir_all(to.join(folder)).unwrap();
    for entry in entries {
        let entry = entry.unwrap();
        let path = folder.join(entry.file_name());
        if path == Path::new(RUST_SRC) {
            continue;
        }
        if entry.path().is_dir() {
            link_all(from, &path, to);
        } else if fs::hard_link(entry.path(), to.join(&path)).is_err() {
            fs::copy(entry.path(), to.join(&path)).unwrap(); // on another disk
        }
    }
}

/// A running kernel; it is shut down when dropped.
pub struct Kernel {
    driver: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    pub pid: u64,
    /// How long it took until the kernel answered.
    pub seconds: f64,
}

/// What a front end sees of a cell.
#[derive(Debug)]
pub struct Cell {
    pub reply: Value,
    pub outputs: Vec<Value>,
    pub seconds: f64,
}

impl Kernel {
    pub fn start() -> Kernel {
        Kernel::start_over("tcp")
    }

    pub fn start_over(transport: &str) -> Kernel {
        Kernel::start_with(transport, &[])
    }

    /// Starts a kernel on a Rust without its own sources.
    pub fn start_without_rust_src() -> Kernel {
        let toolchain = without_rust_src();
        let path = env::var_os("PATH").unwrap_or_default();
        let path = iter::once(toolchain.join("bin")).chain(env::split_paths(&path));
        let path = env::join_paths(path).unwrap();
        Kernel::start_with("tcp", &[("RUSTUP_TOOLCHAIN", toolchain.into()), ("PATH", path)])
    }

    fn start_with(transport: &str, environment: &[(&str, OsString)]) -> Kernel {
        let mut driver = Command::new(python())
            .arg("-I")
            .arg(root().join("tests/python/front_end.py"))
            .arg(transport)
            .env("BACKPROP_WORKSPACE", root())
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let orders = driver.stdin.take();
        let answers = BufReader::new(driver.stdout.take().unwrap());
        let mut kernel = Kernel { driver, orders, answers, pid: 0, seconds: 0.0 };
        let started = kernel.answer();
        kernel.pid = started["pid"].as_u64().unwrap();
        kernel.seconds = started["seconds"].as_f64().unwrap();
        kernel
    }

    pub fn order(&mut self, order: &Value) -> Value {
        writeln!(self.orders.as_mut().unwrap(), "{order}").unwrap();
        self.answer()
    }

    pub fn execute(&mut self, code: &str) -> Cell {
        self.execute_with(code, json!({}))
    }

    /// Executes a cell and interrupts the kernel some seconds after.
    pub fn interrupt(&mut self, code: &str, after: f64) -> Cell {
        self.execute_with(code, json!({ "interrupt_after": after }))
    }

    /// Executes a cell and interrupts the kernel once the cell has shown so many outputs.
    pub fn interrupt_at(&mut self, code: &str, outputs: usize) -> Cell {
        self.execute_with(code, json!({ "interrupt_at": outputs }))
    }

    pub fn execute_with(&mut self, code: &str, mut order: Value) -> Cell {
        order["do"] = "execute".into();
        order["code"] = code.into();
        let answer = self.order(&order);
        Cell {
            reply: answer["reply"].clone(),
            outputs: answer["outputs"].as_array().unwrap().clone(),
            seconds: answer["seconds"].as_f64().unwrap(),
        }
    }

    fn answer(&mut self) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("the front end broke down: {line:?}"))
    }

    /// Kills the front end, as a crash would.
    pub fn kill_front_end(&mut self) {
        self.driver.kill().unwrap();
        self.driver.wait().unwrap();
    }
}

impl Drop for Kernel {
    fn drop(&mut self) {
        self.orders.take();
        let _ = self.driver.wait();
    }
}

impl Cell {
    pub fn status(&self) -> &str {
        self.reply["status"].as_str().unwrap()
    }

    /// Gives what a stream printed.
    pub fn stream(&self, name: &str) -> String {
        let of_stream = self.of_type("stream");
        let texts = of_stream.iter().filter(|content| content["name"] == name);
        texts.map(|content| content["text"].as_str().unwrap()).collect()
    }

    /// Gives the text of the cell's result.
    pub fn result(&self) -> Option<String> {
        let results = self.of_type("execute_result");
        assert!(results.len() < 2, "{self:?}");
        Some(results.first()?["data"]["text/plain"].as_str()?.to_owned())
    }

    /// Gives the contents of all outputs of a type.
    pub fn of_type(&self, kind: &str) -> Vec<&Value> {
        let outputs = self.outputs.iter().filter(|output| output["type"] == kind);
        outputs.map(|output| &output["content"]).collect()
    }

    /// Gives what error the cell ended in: the same in its output and in its reply.
    pub fn error(&self) -> (String, String) {
        assert_eq!(self.status(), "error", "{self:?}");
        let errors = self.of_type("error");
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{self:?}")).to_owned();
        for field in ["ename", "evalue"] {
            assert_eq!(errors[0][field], self.reply[field], "{self:?}");
        }
        let trace = |value: &Value| value["traceback"].as_array().cloned().unwrap_or_default();
        let all: Vec<Value> = errors.iter().flat_map(|error| trace(error)).collect();
        assert!(!all.is_empty(), "{self:?}");
        assert_eq!(trace(&self.reply), all, "{self:?}");
        (text(&self.reply["ename"]), text(&self.reply["evalue"]))
    }

    /// Gives the traceback, line by line.
    pub fn traceback(&self) -> String {
        let lines = self.reply["traceback"].as_array().cloned().unwrap_or_default();
        let lines: Vec<&str> = lines.iter().filter_map(Value::as_str).collect();
        lines.join("\n")
    }
}
