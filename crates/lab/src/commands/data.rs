//! `cargo lab data`: what data are at hand, and the download of those that are not.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use crate::download::{self, KnownFile};
use crate::workspace::Workspace;

/// Download a data set, or list what is at hand
#[derive(Args)]
pub struct Arguments {
    /// The data set to download; without it, the data at hand are listed
    dataset: Option<DataSet>,
    /// The folder that the files go to [default: data/mnist of the checkout]
    #[arg(long, requires = "dataset")]
    out: Option<PathBuf>,
    /// An address to download from instead of the public ones; may be given several times
    #[arg(long, requires = "dataset", value_name = "URL")]
    mirror: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum DataSet {
    /// 70,000 handwritten digits (11 MB)
    Mnist,
}

const MNIST: [KnownFile; 4] = [
    KnownFile {
        name: "train-images-idx3-ubyte.gz",
        sha256: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    },
    KnownFile {
        name: "train-labels-idx1-ubyte.gz",
        sha256: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    },
    KnownFile {
        name: "t10k-images-idx3-ubyte.gz",
        sha256: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    },
    KnownFile {
        name: "t10k-labels-idx1-ubyte.gz",
        sha256: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    },
];
const MNIST_MIRRORS: [&str; 2] = [
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
];
const MNIST_LICENCE: &str = "MNIST: Y. LeCun, C. Cortes, C. J. C. Burges; licence CC BY-SA 3.0";

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    match arguments.dataset {
        None => list(&workspace),
        Some(DataSet::Mnist) => {
            let default = workspace.root().join("data/mnist");
            let folder = arguments.out.as_ref().unwrap_or(&default);
            let public = MNIST_MIRRORS.map(str::to_owned);
            let chosen = &arguments.mirror[..];
            download_mnist(folder, if chosen.is_empty() { &public } else { chosen })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn download_mnist(folder: &Path, mirrors: &[String]) -> Result<()> {
    for file in &MNIST {
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
    println!("{MNIST_LICENCE}. Four files in {}", folder.display());
    Ok(())
}

/// Lists the data sets and where they lie, in the order in which the library looks for them.
fn list(workspace: &Workspace) {
    let mut places = vec![workspace.data().join("mnist"), workspace.root().join("data/mnist")];
    places.dedup();
    match places.iter().find(|place| has_all_files(place)) {
        Some(place) => println!("mnist   {}\n        {MNIST_LICENCE}", place.display()),
        None => {
            let places: Vec<_> = places.iter().map(|place| place.display().to_string()).collect();
            println!("mnist   not at hand; `cargo lab data mnist` downloads it (11 MB)");
            println!("        looked in {}", places.join(" and "));
        }
    }
    println!("digits  built in; drawn from data/digits, licensed like the code");
}

/// Tells whether a folder holds the four files, as they are or unpacked.
fn has_all_files(folder: &Path) -> bool {
    MNIST.iter().all(|file| {
        let unpacked = file.name.trim_end_matches(".gz");
        folder.join(file.name).is_file() || folder.join(unpacked).is_file()
    })
}
