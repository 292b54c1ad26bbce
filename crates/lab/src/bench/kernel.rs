//! The kernel as a front end meets it: its start, its memory, what a cell costs.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::numbers::median;
use crate::setup::{KERNEL_NAME, Lab};

const SCRIPT: &str = include_str!("../../python/kernel_bench.py");

/// What the script tells of one kernel.
#[derive(Deserialize)]
struct Measured {
    ready: f64,
    first: f64,
    memory: f64,
    cells: BTreeMap<String, Vec<Cost>>,
}

#[derive(Deserialize)]
struct Cost {
    seconds: f64,
    cpu: f64,
}

/// Starts some kernels, one after the other, and gives the table of what they cost.
pub fn kernel(lab: &Lab, rounds: u16) -> Result<String> {
    let measured = (0..rounds).map(|_| measure(lab, rounds)).collect::<Result<Vec<_>>>()?;
    Ok(table(&measured))
}

fn measure(lab: &Lab, rounds: u16) -> Result<Measured> {
    let output = Command::new(&lab.python)
        .args(["-I", "-c", SCRIPT, KERNEL_NAME, &rounds.to_string()])
        .envs(lab.environment())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start Python")?;
    if !output.status.success() {
        bail!("the kernel could not be measured; what Python said stands above");
    }
    serde_json::from_slice(&output.stdout).context("the script tells no JSON")
}

fn table(measured: &[Measured]) -> String {
    let of_kernels =
        |value: fn(&Measured) -> f64| median(&measured.iter().map(value).collect::<Vec<_>>());
    let mut lines = vec![
        "| the kernel | seconds | processor time |".to_owned(),
        "|---|---|---|".to_owned(),
        format!("| ready | {:.2} | |", of_kernels(|one| one.ready)),
        format!(
            "| first result of a call into the crate, from the start | {:.2} | |",
            of_kernels(|one| one.first)
        ),
    ];
    let names: Vec<&String> =
        measured.first().map(|one| one.cells.keys().collect()).unwrap_or_default();
    for name in names {
        let costs: Vec<&Cost> = measured.iter().flat_map(|one| &one.cells[name]).collect();
        let of_cells = |value: fn(&Cost) -> f64| {
            median(&costs.iter().map(|cost| value(cost)).collect::<Vec<_>>())
        };
        lines.push(format!(
            "| {name} | {:.2} | {:.2} |",
            of_cells(|cost| cost.seconds),
            of_cells(|cost| cost.cpu)
        ));
    }
    let memory = of_kernels(|one| one.memory);
    format!(
        "{}\n\nAn idle kernel, all its processes: {memory:.0} MB; what they share counts once.",
        lines.join("\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_medians_over_kernels_and_cells() {
        let told = |ready: f64, seconds: f64| -> Measured {
            let cell = format!(r#"{{"seconds": {seconds}, "cpu": 0.2}}"#);
            let text = format!(
                r#"{{"ready": {ready}, "first": 1.5, "memory": 80.4, "cells": {{"a result": [{cell}, {cell}]}}}}"#
            );
            serde_json::from_str(&text).unwrap()
        };
        let table = table(&[told(0.5, 0.3), told(0.7, 0.4), told(9.0, 0.5)]);
        assert!(table.contains("| ready | 0.70 | |"), "{table}");
        assert!(table.contains("| a result | 0.40 | 0.20 |"), "{table}");
        assert!(table.contains("all its processes: 80 MB"), "{table}");
    }
}
