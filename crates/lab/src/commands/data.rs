//! `cargo lab data`: what data are at hand, and the download of those that are not.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use crate::download::{self, Checksum, KnownFile};
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

/// A data set that can be downloaded.
struct DataSet {
    name: &'static str,
    size: &'static str,
    files: &'static [KnownFile],
    mirrors: &'static [&'static str],
    licence: &'static str,
}

const MNIST: DataSet = DataSet {
    name: "mnist",
    size: "11 MB",
    files: &[
        KnownFile {
            name: "train-images-idx3-ubyte.gz",
            checksum: Checksum::Sha256(
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            ),
        },
        KnownFile {
            name: "train-labels-idx1-ubyte.gz",
            checksum: Checksum::Sha256(
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            ),
        },
        KnownFile {
            name: "t10k-images-idx3-ubyte.gz",
            checksum: Checksum::Sha256(
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            ),
        },
        KnownFile {
            name: "t10k-labels-idx1-ubyte.gz",
            checksum: Checksum::Sha256(
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            ),
        },
    ],
    mirrors: &[
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ],
    licence: "MNIST: Y. LeCun, C. Cortes, C. J. C. Burges; licence CC BY-SA 3.0",
};

const PNEUMONIA: DataSet = DataSet {
    name: "pneumonia",
    size: "4 MB",
    files: &[KnownFile {
        name: "pneumoniamnist.npz",
        checksum: Checksum::Md5("28209eda62fecd6e6a2d98b1501bb15f"),
    }],
    mirrors: &["https://zenodo.org/records/10519652/files/"],
    licence: "PneumoniaMNIST (children with pneumonia, not COVID-19): MedMNIST v2, J. Yang et al., \
        from X-rays of D. S. Kermany et al.; licence CC BY 4.0",
};

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

impl DataSet {
    /// Tells whether a folder holds all files, as they are or unpacked.
    fn is_complete(&self, folder: &Path) -> bool {
        self.files.iter().all(|file| {
            let unpacked = file.name.trim_end_matches(".gz");
            folder.join(file.name).is_file() || folder.join(unpacked).is_file()
        })
    }
}
