//! `cargo lab data`: what data are at hand, and the download of those that are not.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use crate::download;
use crate::download::sets::{DataSet, MNIST, PNEUMONIA};
use crate::workspace::Workspace;

/// Download a data set, or list what is at hand
#[derive(Args)]
pub struct Arguments {
    /// The data set to download; without it, the data at hand are listed
    dataset: Option<Choice>,
    /// The folder that the files go to [default: data/mnist or data/pneumonia of the checkout]
    #[arg(long, requires = "dataset")]
    out: Option<PathBuf>,
    /// An address to download from instead of the public ones; may be given several times
    #[arg(long, requires = "dataset", value_name = "URL")]
    mirror: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Choice {
    /// 70,000 handwritten digits (11 MB)
    Mnist,
    /// 5,856 chest X-rays of children, normal or with pneumonia, not COVID-19 (4 MB)
    Pneumonia,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    match arguments.dataset {
        None => list(&workspace),
        Some(Choice::Mnist) => download(&MNIST, &workspace, arguments)?,
        Some(Choice::Pneumonia) => download(&PNEUMONIA, &workspace, arguments)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn download(set: &DataSet, workspace: &Workspace, arguments: &Arguments) -> Result<()> {
    let default = workspace.root().join("data").join(set.name);
    let folder = arguments.out.as_ref().unwrap_or(&default);
    let public: Vec<String> = set.mirrors.iter().map(|&mirror| mirror.to_owned()).collect();
    let chosen = &arguments.mirror[..];
    let mirrors = if chosen.is_empty() { &public[..] } else { chosen };
    for file in set.files {
        if download::is_present(file, folder)? {
            eprintln!("{}: at hand", file.name);
            continue;
        }
        let bar = ProgressBar::new(0).with_message(file.name);
        bar.set_style(ProgressStyle::with_template("{msg:28} {bar:30} {bytes}/{total_bytes}")?);
        let progress = |done: u64, total: Option<u64>| {
            bar.set_position(done);
            bar.set_length(total.unwrap_or(done));
        };
        let path = download::fetch(file, mirrors, folder, &progress)?;
        bar.finish_and_clear();
        eprintln!("{}: downloaded, checksum right", path.display());
    }
    println!("{}. In {}", set.licence, folder.display());
    Ok(())
}

/// Lists the data sets and where they lie, in the order in which the library looks for them.
fn list(workspace: &Workspace) {
    for set in [MNIST, PNEUMONIA] {
        let places = places(workspace, set.name);
        match places.iter().find(|place| set.is_complete(place)) {
            Some(place) => say(set.name, &[&place.display().to_string(), set.licence]),
            None => {
                let DataSet { name, size, .. } = set;
                let mend = format!("not at hand; `cargo lab data {name}` downloads it ({size})");
                say(name, &[&mend, &looked_in(&places)]);
            }
        }
    }
    let places = places(workspace, "chest-xray");
    match places.iter().find(|place| place.is_dir()) {
        Some(place) => {
            say("chest-xray", &[&place.display().to_string(), "for its licences see there"])
        }
        None => say(
            "chest-xray",
            &["not at hand; data/README.md tells what belongs there", &looked_in(&places)],
        ),
    }
    say("digits", &["built in; drawn from data/digits, licensed like the code"]);
    say("chest-drawings", &["built in; drawings, not medical images, licensed like the code"]);
}

fn places(workspace: &Workspace, name: &str) -> Vec<PathBuf> {
    let mut places = vec![workspace.data().join(name), workspace.root().join("data").join(name)];
    places.dedup();
    places
}

fn looked_in(places: &[PathBuf]) -> String {
    let places: Vec<_> = places.iter().map(|place| place.display().to_string()).collect();
    format!("looked in {}", places.join(" and "))
}

/// Prints lines on a data set, the first of them beside its name.
fn say(name: &str, lines: &[&str]) {
    for (i, line) in lines.iter().enumerate() {
        println!("{:<16}{line}", if i == 0 { name } else { "" });
    }
}
