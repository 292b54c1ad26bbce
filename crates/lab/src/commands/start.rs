//! `cargo lab start`: a student's own copies of the notebooks.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::hand_out::copies::{self, Copies, Fate};
use crate::hand_out::release;
use crate::workspace::Workspace;

/// Make your own copies of the notebooks, to answer their questions
///
/// In a copy each solution is replaced by a line to be replaced in turn. Run it again to get new
/// notebooks and new versions: what you changed is never overwritten, and a new version of it is
/// written beside it. To begin a notebook anew, rename or delete yours and run this again.
#[derive(Args)]
pub struct Arguments {
    /// The folder for the copies; it may lie anywhere
    #[arg(default_value = "my-lab")]
    folder: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    // All of them before the first is written: a broken one leaves nothing half-done.
    let notebooks = release::student_versions(&workspace)?;
    let folder = &arguments.folder;
    copies::make_folder(folder, &workspace)?;

    // All is done and noted before the first line is printed: whoever reads may stop reading.
    let mut copies = Copies::open(folder)?;
    let mut lines = Vec::new();
    for (name, notebook) in &notebooks {
        lines.push(line(name, &copies.place(name, notebook)?));
    }
    for name in copies.no_longer_among(&notebooks) {
        lines.push(format!("kept       {name}, which is no longer part of the lab"));
    }
    copies.note()?;
    println!("{}", lines.join("\n"));
    println!("\nOpen them with: cargo lab open {}", in_a_shell(folder));
    Ok(ExitCode::SUCCESS)
}

/// Says in one line what became of a notebook.
fn line(name: &str, fate: &Fate) -> String {
    match fate {
        Fate::New => format!("new        {name}"),
        Fate::Unchanged => format!("unchanged  {name}"),
        Fate::Updated => format!("updated    {name}"),
        Fate::Kept => format!("kept       {name}, changed by you"),
        Fate::KeptBeside(new) => {
            format!("kept       {name}, changed by you; its new version is {new}")
        }
    }
}

/// Gives a path as one writes it in a shell, quoted where that is needed.
fn in_a_shell(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || "/._-".contains(c);
    match text.chars().all(plain) {
        true => text.into_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_quoted_where_a_shell_would_split_or_change_it() {
        let cases = [
            ("my-lab", "my-lab"),
            ("/home/zoë/lab_1.2", "/home/zoë/lab_1.2"),
            ("My Übung", "'My Übung'"),
            ("it's", r"'it'\''s'"),
            ("$HOME", "'$HOME'"),
        ];
        for (path, expected) in cases {
            assert_eq!(in_a_shell(Path::new(path)), expected);
        }
    }
}
