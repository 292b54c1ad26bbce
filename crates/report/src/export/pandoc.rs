//! Pandoc, which reads Markdown and formulas and writes HTML and Typst's markup.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// The program, as the wheel pypandoc_binary brings it.
pub struct Pandoc {
    program: PathBuf,
}

impl Pandoc {
    /// Finds the program in a Python environment, beside which it lies.
    pub fn of(python: &Path) -> Result<Pandoc> {
        let environment = python.parent().and_then(Path::parent).context("no environment")?;
        let libraries = environment.join("lib");
        let entries = fs::read_dir(&libraries)
            .with_context(|| format!("cannot list {}", libraries.display()))?;
        let program = entries
            .filter_map(|entry| Some(entry.ok()?.path().join(IN_LIBRARY)))
            .find(|program| program.is_file())
            .with_context(|| format!("there is no pandoc in {}", environment.display()))?;
        Ok(Pandoc { program })
    }

    /// Reads each of some texts in Markdown on its own, and gives the blocks of each.
    pub fn read_markdown(&self, texts: &[&str]) -> Result<Vec<Vec<Value>>> {
        let cells = texts.iter().map(|text| {
            json!({ "cell_type": "markdown", "id": "attachment:", "metadata": {}, "source": text })
        });
        let notebook = json!({ "nbformat": 4, "nbformat_minor": 5, "metadata": {},
                               "cells": cells.collect::<Vec<Value>>() });
        self.read(&["--from=ipynb", "--to=json"], &notebook.to_string(), texts.len())
    }

    /// Reads some pieces of HTML, whose tags are closed, and gives the blocks of each.
    pub fn read_html(&self, pieces: &[&str]) -> Result<Vec<Vec<Value>>> {
        let html: String = pieces.iter().map(|html| format!("<div>{html}</div>\n")).collect();
        self.read(&["--from=html", "--to=json"], &html, pieces.len())
    }

    /// Reads a document whose top is one block for each piece, and gives the blocks within them.
    fn read(&self, arguments: &[&str], input: &str, pieces: usize) -> Result<Vec<Vec<Value>>> {
        let json = self.run(arguments, input)?;
        let document: Value = serde_json::from_str(&json).context("pandoc's JSON")?;
        let found = document["blocks"].as_array().context("pandoc gave no blocks")?;
        if found.len() != pieces {
            bail!("pandoc read {} pieces, expected {pieces}", found.len());
        }
        let blocks = |piece: &Value| piece["c"][1].as_array().cloned().unwrap_or_default();
        Ok(found.iter().map(blocks).collect())
    }

    /// Writes blocks as HTML with MathML; what is no formula stays a `span` of the class `math`.
    pub fn write_html(&self, blocks: Vec<Value>) -> Result<String> {
        let arguments = [
            "--from=json",
            "--to=html5",
            "--mathml",
            "--wrap=none",
            "--reference-location=block",
            "--email-obfuscation=none",
        ];
        self.run(&arguments, &document(blocks))
    }

    /// Tells of each formula whether it can be read.
    pub fn can_read(&self, formulas: &[&Value]) -> Result<Vec<bool>> {
        let paragraphs = formulas.iter().map(|formula| json!({ "t": "Para", "c": [formula] }));
        let html = self.write_html(paragraphs.collect())?;
        Ok(html.split("<p>").skip(1).map(|formula| formula.contains("<math ")).collect())
    }

    /// Writes blocks in the markup of Typst.
    pub fn write_typst(&self, blocks: Vec<Value>) -> Result<String> {
        self.run(&["--from=json", "--to=typst", "--wrap=none"], &document(blocks))
    }

    fn run(&self, arguments: &[&str], input: &str) -> Result<String> {
        let mut child = Command::new(&self.program)
            .args(arguments)
            .args(["+RTS", "-M1g", "-RTS"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        let mut stdin = child.stdin.take().context("pandoc's input is piped")?;
        let output = thread::scope(|scope| {
            // Beside the reading, for a pipe holds little. A pandoc that fails says so itself.
            scope.spawn(move || stdin.write_all(input.as_bytes()));
            child.wait_with_output()
        })?;
        if !output.status.success() {
            bail!("pandoc failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        String::from_utf8(output.stdout).context("pandoc's output is UTF-8")
    }
}

const IN_LIBRARY: &str = "site-packages/pypandoc/files/pandoc";

/// Gives blocks as the JSON of a document.
fn document(blocks: Vec<Value>) -> String {
    json!({ "pandoc-api-version": [1, 23, 1, 1], "meta": {}, "blocks": blocks }).to_string()
}
