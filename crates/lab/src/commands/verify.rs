//! `cargo lab verify`: whether an archive is as it was packed.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;

use crate::hand_in::archive::Archive;

/// Tell whether archives of `cargo lab submit` are as they were packed, and whose they are
///
/// Compares each file with the sum in the archive's manifest. That tells of damage, not of forgery.
/// Nothing is unpacked to disk.
#[derive(Args)]
pub struct Arguments {
    /// The archives
    #[arg(required = true)]
    archives: Vec<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut all_right = true;
    for path in &arguments.archives {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let archive = Archive::unpack(&bytes).with_context(|| path.display().to_string())?;
        let faults = archive.faults();
        all_right &= faults.is_empty();
        println!("{}:", path.display());
        match faults.is_empty() {
            true => println!("  ✓ all {} files are as they were packed", archive.files.len()),
            false => faults.iter().for_each(|fault| println!("  ✗ {fault}")),
        }
        tell(&archive);
    }
    Ok(if all_right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Tells what the manifest says. Control characters could play tricks on the terminal.
fn tell(archive: &Archive) {
    let manifest = &archive.manifest;
    let line = |name: &str, key: &str| {
        if let Some(text) = manifest[key].as_str() {
            println!("  {name}: {}", plain(text));
        }
    };
    line("name", "name");
    line("matriculation", "matriculation");
    line("course", "course");
    line("handed in", "submitted");
    line("late", "late");
    for item in manifest["check"].as_array().into_iter().flatten() {
        let mark = if item["passed"] == true { "✓" } else { "✗" };
        let text = |key: &str| plain(item[key].as_str().unwrap_or_default());
        println!("  {mark} {}: {}", text("what"), text("found"));
    }
}

fn plain(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).collect()
}
