//! Who hands in: asked once, and kept in the user's own settings. It goes into the archive and nowhere
//! else.

use std::env;
use std::fs;
use std::io::{BufRead, IsTerminal, Write, stdin, stdout};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use backprop_report::files;
use serde_json::{Value, json};

/// A student.
#[derive(Clone, PartialEq)]
pub struct Identity {
    pub name: String,
    pub matriculation: String,
}

impl Identity {
    /// Gives who hands in: as told just now, as kept, or as answered on the terminal, and keeps it.
    pub fn find(name: Option<&str>, matriculation: Option<&str>) -> Result<Identity> {
        let path = path()?;
        let kept = kept(&path);
        let part = |told: Option<&str>, key: &str, question: &str| -> Result<String> {
            let known =
                told.map(str::to_owned).or_else(|| Some(kept.as_ref()?[key].as_str()?.to_owned()));
            match known.filter(|text| !text.trim().is_empty()) {
                Some(known) => Ok(known.trim().to_owned()),
                None => ask(question),
            }
        };
        let identity = Identity {
            name: part(name, "name", "Your name")?,
            matriculation: part(matriculation, "matriculation", "Your matriculation number")?,
        };
        let text = json!({ "name": identity.name, "matriculation": identity.matriculation });
        files::write_whole(&path, text.to_string().as_bytes(), 0o600)?;
        Ok(identity)
    }
}

/// The file: `$XDG_CONFIG_HOME/backprop-lab/identity.json`, else below `~/.config`.
fn path() -> Result<PathBuf> {
    let folder = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = folder("XDG_CONFIG_HOME").or_else(|| folder("HOME").map(|it| it.join(".config")));
    let base = base.context("no place for your settings: set HOME or XDG_CONFIG_HOME")?;
    Ok(base.join("backprop-lab/identity.json"))
}

fn kept(path: &PathBuf) -> Option<Value> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

fn ask(question: &str) -> Result<String> {
    if !stdin().is_terminal() {
        bail!("who hands in? Give --name and --matriculation, once; they are kept on this machine");
    }
    print!("{question} (kept on this machine, and in the archive): ");
    stdout().flush()?;
    let mut answer = String::new();
    stdin().lock().read_line(&mut answer)?;
    match answer.trim() {
        "" => bail!("no answer, so nothing is handed in"),
        answer => Ok(answer.to_owned()),
    }
}
