//! `cargo lab test`: every check that the machine allows, and a list of those it does not.
//!
//! `plan` says which checks there are, `runner` runs them, several at a time, `summary` tells how they
//! ended. Nothing is left out in silence: what is skipped has its reason, and what could not run because
//! something before it failed is named and makes the command fail.

mod cost;
mod outcome;
mod plan;
mod programs;
mod runner;
mod show;
mod summary;

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use self::plan::Plan;
use self::runner::Step;
use self::show::Show;
use crate::cache::Cache;
use crate::estimate::{Work, about, cores};
use crate::setup::Toolchain;
use crate::workspace::Workspace;

/// Run every check that this machine allows
#[derive(Args)]
pub struct Arguments {
    /// Take a check that cannot run here for a failure
    #[arg(long, conflicts_with = "quick")]
    require_all: bool,
    /// Only what needs no kernel, as between two commits
    #[arg(long)]
    quick: bool,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    let cache = Cache::open()?;
    let toolchain = Toolchain::of(&workspace)?;
    let plan = Plan::new(&workspace, &cache, &toolchain)?;
    let steps = if arguments.quick { plan.quick() } else { plan.all() };
    let at_a_time = at_a_time();
    announce(&steps, at_a_time);
    if arguments.quick {
        println!("Left out by --quick: {}.", plan::NOT_QUICK);
    }
    let mut show = Show::new(steps.len());
    let ended = runner::run_all(steps, at_a_time, &mut show);
    drop(show);
    let (text, is_success) = summary::of(&ended, arguments.require_all);
    println!("\n=== summary ===\n{text}");
    Ok(if is_success { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Gives how many checks run at a time: two more than there are processors, because those on kernels
/// wait now and then, and few enough for their time limits.
fn at_a_time() -> usize {
    (cores() + 2).clamp(3, 8)
}

/// Says what is going to run, and for how long.
fn announce(steps: &[Step], at_a_time: usize) {
    let sum = |part: fn(&Work) -> f64| steps.iter().map(|step| part(&step.work)).sum::<f64>();
    let work = Work { processor: sum(|work| work.processor), elapsed: 0.0 };
    println!(
        "Running {} checks, up to {at_a_time} at a time: {} on this machine, more if much must be \
         compiled first.",
        steps.len(),
        about(work.seconds().max(longest(steps)))
    );
    println!("  {}", groups(steps).join("\n  "));
}

/// Gives the seconds of the longest wait among the steps.
fn longest(steps: &[Step]) -> f64 {
    steps.iter().map(|step| step.work.elapsed).fold(0.0, f64::max)
}

/// Lists what the steps are, each group once, with how many there are of it.
fn groups(steps: &[Step]) -> Vec<String> {
    let mut counted: Vec<(&str, usize)> = Vec::new();
    for step in steps {
        match counted.iter_mut().find(|(group, _)| *group == step.group) {
            Some((_, count)) => *count += 1,
            None => counted.push((step.group, 1)),
        }
    }
    let name = |(group, count): (&str, usize)| match count {
        1 => group.to_owned(),
        _ => format!("{group} ({count} programs)"),
    };
    counted.into_iter().map(name).collect()
}
