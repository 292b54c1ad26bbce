//! `cargo lab bench`: the lab's training beside that of peers, and the limits of both.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use backprop::Data;
use backprop_report::files;
use clap::Args;

use crate::bench::{Contest, Contestant, in_a_notebook, kernel, median, roofline, scaling, spread};
use crate::setup::{self, Lab};
use crate::workspace::Workspace;

const NUMPY_SCRIPT: &str = include_str!("../../../backprop/benches/peers/numpy_mlp.py");

/// Measure the lab's training against vectorised numpy and other peers
///
/// All train 784-30-10 on the same files, in turns, one process at a time. What other programs do
/// meanwhile slows all of them, so the ratio within a round tells more than the seconds.
#[derive(Args)]
pub struct Arguments {
    /// How often each is run
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,
    /// The epochs of a run
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u16).range(1..))]
    epochs: u16,
    /// Another peer and its command, to which the folder of data and the number of epochs are added;
    /// it prints JSON with the `seconds` of each epoch. crates/backprop/benches/peers has some
    #[arg(long, value_name = "NAME=COMMAND", value_parser = parse_peer)]
    peer: Vec<(String, Vec<OsString>)>,
    /// Leave out what an epoch costs as data and network grow
    #[arg(long)]
    no_scaling: bool,
    /// Measure the kernel alone: its start, its memory, cells with and without types, completion
    #[arg(long)]
    kernel: bool,
    /// Write the tables into docs/performance.md
    #[arg(long)]
    write: bool,
}

fn parse_peer(text: &str) -> Result<(String, Vec<OsString>), String> {
    let peer = text.split_once('=').filter(|(name, command)| {
        !name.trim().is_empty() && command.split_whitespace().next().is_some()
    });
    let (name, command) = peer.ok_or_else(|| {
        format!("expected NAME=COMMAND, such as PyTorch=\"python pytorch_mlp.py\", found {text:?}")
    })?;
    Ok((name.trim().to_owned(), command.split_whitespace().map(OsString::from).collect()))
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let lab = setup::complete(Workspace::find()?)?;
    if arguments.kernel {
        return show(arguments, &lab, &kernel(&lab, arguments.rounds)?, &KERNEL_MARKS);
    }
    let folder = tempfile::tempdir()?;
    let data = Data::auto()?;
    data.save(folder.path())?;
    let script = folder.path().join("numpy_mlp.py");
    std::fs::write(&script, NUMPY_SCRIPT)?;

    let contestants = contestants(arguments, &lab, folder.path(), &script)?;
    let contest = Contest::run(&lab.python, &contestants, arguments.rounds)?;
    let ours = contest.epochs(OURS);
    eprintln!("the same in a notebook");
    let notebook = in_a_notebook(&lab, folder.path(), arguments.rounds, arguments.epochs)?;
    let mut tables = vec![
        format!(
            "{}; {} rounds of {} epochs.",
            data.description(),
            arguments.rounds,
            arguments.epochs
        ),
        contest.table(NUMPY),
        compare_notebook(&notebook, &ours),
        roofline(&data, median(&ours)),
    ];
    if !arguments.no_scaling {
        tables.push(scaling(arguments.rounds)?);
    }
    show(arguments, &lab, &tables.join("\n\n"), &MARKS)
}

/// Prints tables, and writes them between the marks of the document if asked to.
fn show(arguments: &Arguments, lab: &Lab, tables: &str, marks: &[&str; 2]) -> Result<ExitCode> {
    println!("{tables}");
    if arguments.write {
        write(&lab.workspace.root().join("docs/performance.md"), tables, marks)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The places of two of the contestants.
const OURS: usize = 0;
const NUMPY: usize = 2;

/// Ours, our ten experiments, numpy and the peers asked for, in this order.
fn contestants(
    arguments: &Arguments,
    lab: &Lab,
    data: &Path,
    script: &Path,
) -> Result<Vec<Contestant>> {
    let exe = std::env::current_exe()?;
    let (data, epochs) = (data.as_os_str().to_owned(), arguments.epochs.to_string());
    let of_ours = |words: &[&str]| {
        let mut command = vec![exe.clone().into_os_string()];
        command.extend(words.iter().map(OsString::from));
        command.extend(["--epochs".into(), epochs.clone().into(), "--data".into(), data.clone()]);
        command
    };
    let of_peer = |name: &str, command: &[OsString]| {
        always(name, [command, &[data.clone(), epochs.clone().into()]].concat())
    };
    // Numpy's script measures the network at its end alone.
    let ours = of_ours(&["train", "--json=-", "--evaluate=end"]);
    let (sweep, results) = (of_ours(&["sweep", "--json"]), PathBuf::from(&data));
    let ten = move |round| {
        let file = results.join(format!("ten-{round}.json")); // one that is there would be gone on with
        [&sweep[..], &["--output".into(), file.into()]].concat()
    };
    let ten = Contestant { name: "ours, ten experiments".to_owned(), command: Box::new(ten) };
    let numpy = [lab.python.clone().into(), "-I".into(), script.into()];
    let mut contestants = vec![always("ours", ours), ten, of_peer("numpy", &numpy)];
    contestants.extend(arguments.peer.iter().map(|(name, command)| of_peer(name, command)));
    Ok(contestants)
}

/// Gives one that runs the same command in every round.
fn always(name: &str, command: Vec<OsString>) -> Contestant {
    Contestant { name: name.to_owned(), command: Box::new(move |_| command.clone()) }
}

/// Lays the epochs in a notebook's cells beside those of processes of their own.
fn compare_notebook(notebook: &[f64], ours: &[f64]) -> String {
    let ratios: Vec<f64> = notebook.iter().map(|seconds| seconds / median(ours)).collect();
    format!(
        "| in a notebook's cell | s per epoch | of the median of ours |\n|---|---|---|\n\
         | 784-30-10 | {:.3} | {} |",
        median(notebook),
        spread(&ratios)
    )
}

/// What stands around the tables in docs/performance.md.
const MARKS: [&str; 2] = ["<!-- cargo lab bench: begin -->\n", "<!-- cargo lab bench: end -->"];

const KERNEL_MARKS: [&str; 2] =
    ["<!-- cargo lab bench --kernel: begin -->\n", "<!-- cargo lab bench --kernel: end -->"];

/// Puts the tables in place of those in a document.
fn write(path: &Path, tables: &str, marks: &[&str; 2]) -> Result<()> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = replace_tables(&text, tables, marks)
        .with_context(|| format!("{}: expected the marks {marks:?}, found none", path.display()))?;
    files::write_whole(path, text.as_bytes(), 0o644)
}

fn replace_tables(text: &str, tables: &str, marks: &[&str; 2]) -> Option<String> {
    let (before, rest) = text.split_once(marks[0])?;
    let (_, after) = rest.split_once(marks[1])?;
    Some(format!("{before}{}{tables}\n{}{after}", marks[0], marks[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_is_a_name_and_a_command() {
        let (name, command) = parse_peer("PyTorch=python -I peers/pytorch_mlp.py").unwrap();
        assert_eq!((name.as_str(), command.len()), ("PyTorch", 3));
        for wrong in ["PyTorch", "PyTorch= ", "=python"] {
            let error = parse_peer(wrong).unwrap_err();
            assert!(error.contains("expected NAME=COMMAND"), "{error}");
        }
    }

    #[test]
    fn tables_take_the_place_of_those_before() {
        let text = format!("# A\n{}old\n{}\nB\n", MARKS[0], MARKS[1]);
        let once = replace_tables(&text, "new", &MARKS).unwrap();
        assert_eq!(once, text.replace("old", "new"));
        assert_eq!(replace_tables(&once, "new", &MARKS), Some(once.clone()));
        assert_eq!(replace_tables("# A\n", "new", &MARKS), None);
    }
}
