//! How cargo calls rustc for a cell: noted when it does, so that the compiler can be asked the same way.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// The file in the crate's folder that holds the note.
const FILE: &str = "compiler.json";
/// Set for a cargo that is started for the note alone: the cell need not be compiled.
pub const NOTE_ONLY: &str = "BACKPROP_KERNEL_NOTE_ONLY";
/// What cargo works by, beside its arguments, in the calls of evcxr's.
const ENVIRONMENT: [&str; 5] =
    ["CARGO", "CARGO_BUILD_BUILD_DIR", "CARGO_TARGET_DIR", "RUSTC", "RUSTFLAGS"];
/// What cargo tells code of its package: `env!` reads it.
const OF_PACKAGE: [&str; 4] =
    ["CARGO_CRATE_NAME", "CARGO_MANIFEST_", "CARGO_PKG_", "CARGO_PRIMARY_PACKAGE"];
/// With it, cargo calls another program than the one that the note is of.
const WRAPPER: &str = "RUSTC_WRAPPER";
/// The arguments that tell rustc what the code is and what it uses; each takes a value.
const KEPT: [&str; 5] = ["--cfg", "--edition", "--extern", "--target", "-L"];

/// The lock file of the workspace, kept beside the crate's own.
pub const LOCK_KEPT: &str = "Cargo.lock.kept";

/// Gives the crate in `folder` the versions that the workspace pins.
///
/// To look at a dependency before it adds it, evcxr has cargo resolve a crate with nothing else, and cargo
/// forgets all other versions: the newest of everything would be taken, and compiled.
pub fn restore_versions(folder: &Path) {
    let kept = folder.join(LOCK_KEPT);
    if kept.is_file() {
        // Without it the newest versions do as well, only later.
        let _ = fs::copy(kept, folder.join("Cargo.lock"));
    }
}

/// A call of rustc for the cells' crate.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Call {
    rustc: PathBuf,
    arguments: Vec<String>,
    environment: BTreeMap<String, String>,
    /// What code can ask of its package, by the variables' names.
    #[serde(default)]
    package: BTreeMap<String, String>,
    /// The manifest for which cargo made it: with another one the crate uses others.
    manifest: String,
}

impl Call {
    /// Notes, in the current folder, that rustc is called with these arguments.
    pub fn note(rustc: &Path, arguments: &[String]) -> Result<()> {
        let variable = |name: &&str| Some(((*name).to_owned(), env::var(name).ok()?));
        let is_of_package =
            |(name, _): &(String, String)| OF_PACKAGE.iter().any(|start| name.starts_with(start));
        let call = Call {
            rustc: rustc.to_owned(),
            arguments: arguments.to_vec(),
            environment: ENVIRONMENT.iter().filter_map(variable).collect(),
            package: texts(env::vars_os()).filter(is_of_package).collect(),
            manifest: fs::read_to_string("Cargo.toml").context("cannot read Cargo.toml")?,
        };
        let new = format!("{FILE}.new");
        fs::write(&new, serde_json::to_vec(&call)?).context("cannot note the compiler's call")?;
        fs::rename(&new, FILE).context("cannot note the compiler's call")
    }

    /// Reads how rustc is called in `folder`; after a change of the manifest cargo is asked anew.
    ///
    /// # Errors
    /// Where nothing was compiled there yet, or cargo cannot say it.
    pub fn read(folder: &Path) -> Result<Call> {
        let call = Call::read_note(folder)?;
        if call.is_of(folder)? {
            return Ok(call);
        }
        call.ask_cargo(folder)?;
        Call::read_note(folder)
    }

    /// Reads the call that cargo, started in `folder` as this process was, would make again.
    pub fn read_if_current(folder: &Path) -> Option<Call> {
        let call = Call::read_note(folder).ok()?;
        let flags = env::var("RUSTFLAGS").ok();
        let is_current = call.is_of(folder).ok()?
            && call.environment.get("RUSTFLAGS") == flags.as_ref()
            && env::var_os(WRAPPER).is_none()
            && call.out_folder()?.starts_with(folder);
        is_current.then_some(call)
    }

    fn read_note(folder: &Path) -> Result<Call> {
        let note = fs::read(folder.join(FILE)).context("nothing was compiled yet")?;
        Ok(serde_json::from_slice(&note)?)
    }

    /// Says whether the crate in `folder` has the manifest for which cargo made the call.
    fn is_of(&self, folder: &Path) -> Result<bool> {
        Ok(fs::read_to_string(folder.join("Cargo.toml"))? == self.manifest)
    }

    /// The manifest for which cargo made the call.
    pub fn manifest(&self) -> &str {
        &self.manifest
    }

    /// The compiler.
    pub fn rustc(&self) -> &Path {
        &self.rustc
    }

    /// What it is called with.
    pub fn arguments(&self) -> &[String] {
        &self.arguments
    }

    /// The folder of what it makes.
    pub fn out_folder(&self) -> Option<&Path> {
        self.value("--out-dir").map(Path::new)
    }

    /// Makes the command that calls the compiler as cargo does, but for the arguments.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.rustc);
        command.envs(&self.package);
        command
    }

    /// Has cargo compile what the crate uses, and note its call.
    fn ask_cargo(&self, folder: &Path) -> Result<()> {
        let mut command = self.compiling(folder);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.status().context("cannot start cargo").map(drop)
    }

    /// Makes a command of cargo's, in `folder`.
    pub fn cargo(&self, folder: &Path, name: &str) -> Command {
        let cargo = self.environment.get("CARGO").map_or("cargo", String::as_str);
        let mut command = Command::new(cargo);
        command.arg(name).current_dir(folder).envs(&self.environment);
        command
    }

    /// Makes the command by which cargo compiles what the crate uses, notes its call, and says in JSON what
    /// there is.
    ///
    /// It ends in a failure, since the cell is not compiled; "Compiling …" goes where evcxr's goes.
    pub fn compiling(&self, folder: &Path) -> Command {
        let mut command = self.cargo(folder, "build");
        command.arg("--message-format=json").env(NOTE_ONLY, "1");
        if let Some(target) = self.target() {
            command.args(["--target", target]);
        }
        command
    }

    /// Makes the command by which rustdoc reads a crate that was compiled for the cells.
    pub fn rustdoc(&self, folder: &Path) -> Command {
        let mut command = Command::new(self.rustc.with_file_name("rustdoc"));
        command.current_dir(folder);
        if let Some(target) = self.target() {
            command.args(["--target", target]);
        }
        for pair in self.arguments.windows(2).filter(|pair| pair[0] == "-L") {
            command.args(pair);
        }
        command
    }

    /// Gives the platform that the code is compiled for, where it is named.
    pub fn target(&self) -> Option<&str> {
        self.value("--target")
    }

    /// Makes the command by which rustc analyses a source that it reads from its standard input.
    pub fn analysis(&self, folder: &Path) -> Command {
        let mut command = Command::new(&self.rustc);
        command.current_dir(folder).args(["--crate-name", "ctx", "--crate-type", "lib"]);
        let mut arguments = self.arguments.iter();
        while let Some(argument) = arguments.next() {
            let name = argument.split('=').next().unwrap_or_default();
            if !KEPT.contains(&name) {
                continue;
            }
            command.arg(argument);
            if argument == name {
                command.args(arguments.next());
            }
        }
        command.args(["--emit=metadata", "-o", "target/analysis.rmeta", "-"]);
        command
    }

    /// Gives the names of the crates that the code can use.
    pub fn crates(&self) -> impl Iterator<Item = &str> {
        self.externs().map(|(name, _)| name)
    }

    /// Gives the crates that the code can use: names, and the files that they were compiled to.
    pub fn externs(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.arguments.windows(2).filter(|pair| pair[0] == "--extern");
        pairs.map(|pair| pair[1].split_once('=').unwrap_or((&pair[1], "")))
    }

    fn value(&self, name: &str) -> Option<&str> {
        let mut arguments = self.arguments.iter().skip_while(|argument| *argument != name);
        arguments.nth(1).map(String::as_str)
    }
}

/// Gives the variables of an environment that are text.
fn texts(
    all: impl Iterator<Item = (OsString, OsString)>,
) -> impl Iterator<Item = (String, String)> {
    all.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_that_cargo_forgot_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let lock = folder.path().join("Cargo.lock");
        fs::write(&lock, "new").unwrap();
        restore_versions(folder.path());
        assert_eq!(fs::read_to_string(&lock).unwrap(), "new", "none are kept");
        fs::write(folder.path().join(LOCK_KEPT), "pinned").unwrap();
        restore_versions(folder.path());
        assert_eq!(fs::read_to_string(&lock).unwrap(), "pinned");
    }

    #[test]
    fn an_analysis_takes_over_what_the_code_uses() {
        let words = "--crate-name ctx --edition=2024 src/lib.rs --crate-type cdylib -C opt-level=3 \
                     --target x86_64 -L dependency=deps --extern backprop=a.rlib --extern noise:b=c";
        let call = Call {
            rustc: "rustc".into(),
            arguments: words.split_whitespace().map(str::to_owned).collect(),
            environment: BTreeMap::new(),
            package: BTreeMap::new(),
            manifest: String::new(),
        };
        let command = call.analysis(Path::new("/"));
        let arguments: Vec<_> = command.get_args().map(|one| one.to_str().unwrap()).collect();
        let expected = "--crate-name ctx --crate-type lib --edition=2024 --target x86_64 \
                        -L dependency=deps --extern backprop=a.rlib --extern noise:b=c \
                        --emit=metadata -o target/analysis.rmeta -";
        assert_eq!(arguments, expected.split_whitespace().collect::<Vec<_>>());
        assert_eq!(call.crates().next(), Some("backprop"));
    }
}
