//! Pandoc, which writes formulas as MathML and in Typst's markup, and colours code.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::formula::spaced_for_typst;
use super::prose::Formula;
use crate::files;

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

    /// Writes formulas as MathML, none where one cannot be read, and code in its language as HTML with
    /// spans for its colours.
    pub fn write_html(
        &self,
        formulas: &[&Formula],
        code: &[(String, String)],
    ) -> Result<(Vec<Option<String>>, Vec<String>)> {
        let blocks = code.iter().map(|(language, code)| {
            let classes: Vec<&str> =
                [language.as_str()].into_iter().filter(|it| !it.is_empty()).collect();
            json!({ "t": "CodeBlock", "c": [["", classes, []], code] })
        });
        // Neither formulas nor code have such a comment in HTML: there it would be escaped.
        let mark = "<!-- part -->";
        let blocks = formulas.iter().map(|it| paragraph(it, &it.tex)).chain(blocks);
        let arguments = ["--from=json", "--to=html5", "--mathml", "--wrap=none"];
        let html = self.write(&arguments, "html", mark, blocks)?;
        let (mathml, coloured) = html.split_at(formulas.len());
        let mathml = mathml.iter().map(|html| {
            let html = html.strip_prefix("<p>").and_then(|it| it.strip_suffix("</p>"))?;
            html.starts_with("<math ").then(|| html.to_owned())
        });
        Ok((mathml.collect(), coloured.to_vec()))
    }

    /// Writes formulas in the markup of Typst.
    pub fn write_typst(&self, formulas: &[&Formula]) -> Result<Vec<String>> {
        let blocks = formulas.iter().map(|it| paragraph(it, &spaced_for_typst(&it.tex)));
        // No formula can hold what is made of the hash of all.
        let all: String = formulas.iter().map(|formula| formula.tex.as_str()).collect();
        let mark = format!("// {}", files::sha256(all.as_bytes()));
        self.write(&["--from=json", "--to=typst", "--wrap=none"], "typst", &mark, blocks)
    }

    /// Writes blocks, each for itself.
    fn write(
        &self,
        arguments: &[&str],
        format: &str,
        mark: &str,
        blocks: impl Iterator<Item = Value>,
    ) -> Result<Vec<String>> {
        let between = json!({ "t": "RawBlock", "c": [format, mark] });
        let blocks: Vec<Value> = blocks.flat_map(|block| [between.clone(), block]).collect();
        if blocks.is_empty() {
            return Ok(Vec::new());
        }
        let count = blocks.len() / 2;
        let document = json!({ "pandoc-api-version": [1, 23, 1, 1], "meta": {}, "blocks": blocks });
        let text = self.run(arguments, &document.to_string())?;
        let written: Vec<String> =
            text.split(mark).skip(1).map(|part| part.trim().to_owned()).collect();
        ensure!(written.len() == count, "pandoc wrote {} parts, expected {count}", written.len());
        Ok(written)
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

/// Gives a formula as a paragraph of pandoc's.
fn paragraph(formula: &Formula, tex: &str) -> Value {
    let kind = if formula.display { "DisplayMath" } else { "InlineMath" };
    json!({ "t": "Para", "c": [{ "t": "Math", "c": [{ "t": kind }, tex] }] })
}
