//! Jupyter's programs that the lab does without, on the lab's kernel.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Makes the command for a program such as papermill, which is to run in that folder.
pub fn program(name: &str, arguments: &[&str], folder: &Path) -> Command {
    let python = env::var_os("BACKPROP_TEST_PYTHON");
    let python = PathBuf::from(python.expect("`cargo lab test` sets BACKPROP_TEST_PYTHON"));
    let mut command = Command::new(&python);
    command.args(["-I", "-m", name]).args(arguments).current_dir(folder);
    command.env("JUPYTER_PATH", jupyter_path()).env("BACKPROP_WORKSPACE", root());
    command.env("JUPYTER_NO_CONFIG", "1"); // nobody's own settings
    // nbgrader starts a program of its environment by name.
    let paths = env::var_os("PATH").unwrap_or_default();
    let paths = [python.parent().unwrap().to_owned()].into_iter().chain(env::split_paths(&paths));
    command.env("PATH", env::join_paths(paths).unwrap());
    command
}

/// Runs a command to its end; gives whether it succeeded, and all that it said.
pub fn outcome(command: &mut Command) -> (bool, String) {
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

/// Gives the folder by which Jupyter's programs find the kernel, after setting that up.
fn jupyter_path() -> &'static str {
    static PATH: OnceLock<String> = OnceLock::new();
    PATH.get_or_init(|| {
        let mut lab = Command::new(env!("CARGO_BIN_EXE_lab"));
        let output = lab.arg("env").env("BACKPROP_WORKSPACE", root()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let path = text.lines().find_map(|line| line.strip_prefix("jupyter_path="));
        path.unwrap_or_else(|| panic!("`cargo lab env` names no jupyter_path: {text}")).to_owned()
    })
}
