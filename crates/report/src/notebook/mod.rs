//! Notebooks as files: read whatever tool wrote them, and written as Jupyter's own tools do.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Map, Value, json};

use crate::files::Key;

/// What an executed notebook's metadata have of its execution: when, how long, on which data.
pub const RECORD: &str = "backprop_lab";

/// A notebook of format 4.
#[derive(Clone, Debug, PartialEq)]
pub struct Notebook {
    /// In their order.
    pub cells: Vec<Cell>,
    /// All of the file but its cells.
    rest: Map<String, Value>,
}

/// A cell: its source, and all that is beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Its text.
    pub source: String,
    rest: Map<String, Value>,
}

impl Notebook {
    /// Reads a notebook.
    ///
    /// # Errors
    /// A file that cannot be read, or is no notebook of format 4: its path and what is wrong.
    pub fn read(path: &Path) -> Result<Notebook> {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        Notebook::parse(&bytes).with_context(|| path.display().to_string())
    }

    /// Reads a notebook from the bytes of its file.
    pub fn parse(bytes: &[u8]) -> Result<Notebook> {
        let mut rest: Map<String, Value> = serde_json::from_slice(bytes).map_err(|error| {
            let why = anyhow::Error::new(error);
            let why = match slip(bytes) {
                Some(slip) => why.context(slip),
                None => why,
            };
            why.context("no notebook, which is a JSON object")
        })?;
        if rest.get("nbformat") != Some(&json!(4)) {
            let found = rest.get("nbformat").unwrap_or(&Value::Null);
            bail!("expected a notebook of format 4, found {found}");
        }
        let Some(Value::Array(cells)) = rest.remove("cells") else {
            bail!("expected a list of cells, found none");
        };
        let cells = (1..)
            .zip(cells)
            .map(|(number, cell)| Cell::parse(cell).with_context(|| format!("cell {number}")))
            .collect::<Result<Vec<Cell>>>()?;
        Ok(Notebook { cells, rest })
    }

    /// Makes a notebook of cells.
    pub fn of_cells(cells: Vec<Cell>) -> Notebook {
        let rest = object(json!({ "metadata": {}, "nbformat": 4, "nbformat_minor": 5 }));
        Notebook { cells, rest }
    }

    /// Gives the file's text as nbformat writes it: keys sorted, one space for each level.
    pub fn to_text(&self) -> String {
        let mut file = self.rest.clone();
        file.insert("cells".into(), self.cells.iter().map(Cell::to_json).collect());
        let mut text = Vec::new();
        let mut serializer =
            Serializer::with_formatter(&mut text, PrettyFormatter::with_indent(b" "));
        file.serialize(&mut serializer).expect("JSON goes into memory");
        String::from_utf8(text).expect("JSON is UTF-8") + "\n"
    }

    /// What is said of the notebook as a whole.
    pub fn metadata(&self) -> &Value {
        self.rest.get("metadata").unwrap_or(&Value::Null)
    }

    /// Removes what an execution left: outputs and execution counts.
    pub fn clear_outputs(&mut self) {
        for cell in self.cells.iter_mut().filter(|cell| cell.is_code()) {
            cell.rest.insert("outputs".into(), json!([]));
            cell.rest.insert("execution_count".into(), Value::Null);
        }
    }

    /// Gives a short name for what the notebook says: the kinds, ids and sources of its cells.
    ///
    /// Executing and saving do not change it. Blank cells do not count, for JupyterLab adds one when
    /// the last cell is run.
    pub fn version(&self) -> String {
        let cells = self.cells.iter().filter(|cell| !cell.source.trim().is_empty());
        cells
            .flat_map(|cell| [cell.kind(), cell.id(), &cell.source])
            .fold(Key::default(), |key, part| key.with(part.as_bytes()))
            .finish()
    }
}

impl Cell {
    /// Makes a cell of Markdown.
    pub fn markdown(source: &str) -> Cell {
        let rest = object(json!({ "cell_type": "markdown", "metadata": {} }));
        Cell { source: source.to_owned(), rest }
    }

    /// Makes a code cell with outputs below it.
    pub fn code(source: &str, outputs: &[Value]) -> Cell {
        let rest = object(json!({ "cell_type": "code", "metadata": {}, "execution_count": null,
                                  "outputs": outputs }));
        Cell { source: source.to_owned(), rest }
    }

    fn parse(cell: Value) -> Result<Cell> {
        let Value::Object(mut rest) = cell else { bail!("expected an object, found {cell}") };
        if !rest.get("cell_type").is_some_and(Value::is_string) {
            bail!("expected a `cell_type`, found none");
        }
        let source = match rest.remove("source") {
            Some(source @ (Value::String(_) | Value::Array(_))) => {
                text(&source).context("expected lines of text in its `source`")?
            }
            _ => bail!("expected a `source` of text or lines, found none"),
        };
        Ok(Cell { source, rest })
    }

    /// `code`, `markdown` or `raw`.
    pub fn kind(&self) -> &str {
        self.rest["cell_type"].as_str().expect("checked when it was read")
    }

    /// Whether it holds code.
    pub fn is_code(&self) -> bool {
        self.kind() == "code"
    }

    /// The cell's id; notebooks before format 4.5 have none.
    pub fn id(&self) -> &str {
        self.rest.get("id").and_then(Value::as_str).unwrap_or_default()
    }

    /// What nbgrader notes of the cell, if it does.
    pub fn nbgrader(&self) -> Option<&Map<String, Value>> {
        self.rest.get("metadata")?.get("nbgrader")?.as_object()
    }

    /// Sets an entry of the cell's metadata.
    pub fn set_metadata(&mut self, name: &str, value: Value) {
        let metadata = self.rest.entry("metadata").or_insert_with(|| json!({}));
        if let Value::Object(metadata) = metadata {
            metadata.insert(name.to_owned(), value);
        }
    }

    /// Whether it holds prose in Markdown.
    pub fn is_markdown(&self) -> bool {
        self.kind() == "markdown"
    }

    /// The number in brackets beside a code cell; none before it was executed.
    pub fn count(&self) -> Option<u64> {
        self.rest.get("execution_count")?.as_u64()
    }

    /// What the last execution left below the cell.
    pub fn outputs(&self) -> &[Value] {
        self.rest.get("outputs").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// What is said of the cell, such as its tags.
    pub fn metadata(&self) -> &Value {
        self.rest.get("metadata").unwrap_or(&Value::Null)
    }

    /// Whether a tag is among those of the cell.
    pub fn has_tag(&self, tag: &str) -> bool {
        self.metadata()["tags"].as_array().is_some_and(|tags| tags.iter().any(|it| it == tag))
    }

    /// A file that came with the cell: its MIME type and its content in base64.
    pub fn attachment(&self, name: &str) -> Option<(&str, &str)> {
        let renditions = self.rest.get("attachments")?.get(name)?.as_object()?;
        let (mime, content) = renditions.iter().next()?;
        Some((mime, content.as_str()?))
    }

    /// All files that came with the cell, by their names, as the format has them.
    pub fn attachments(&self) -> Map<String, Value> {
        self.rest.get("attachments").and_then(Value::as_object).cloned().unwrap_or_default()
    }

    /// Gives the cell with these files.
    pub fn with_attachments(mut self, attachments: &Map<String, Value>) -> Cell {
        if !attachments.is_empty() {
            self.rest.insert("attachments".into(), Value::Object(attachments.clone()));
        }
        self
    }

    /// Takes out the files that the cell's text does not name.
    pub fn keep_named_attachments(&mut self) {
        let mut kept = self.attachments();
        let text = percent_decode_str(&self.source).decode_utf8_lossy();
        kept.retain(|name, _| text.contains(&format!("attachment:{name}")));
        self.rest.remove("attachments");
        if !kept.is_empty() {
            self.rest.insert("attachments".into(), Value::Object(kept));
        }
    }

    fn to_json(&self) -> Value {
        let mut cell = self.rest.clone();
        cell.insert("source".into(), self.source.split_inclusive('\n').collect());
        Value::Object(cell)
    }
}

/// Names what editors and other languages write, and JSON does not have.
fn slip(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Some("it begins with a byte order mark; save it as UTF-8 without one");
    }
    // Where the reading of numbers as JSON has them ended.
    let error = serde_json::from_slice::<serde::de::IgnoredAny>(bytes).err()?;
    let line = bytes.split(|byte| *byte == b'\n').nth(error.line().checked_sub(1)?)?;
    let rest = line.get(error.column().checked_sub(1)?..)?;
    let is_no_number = ["NaN", "Infinity", "-Infinity"];
    let found = is_no_number.iter().find(|word| rest.starts_with(word.as_bytes()))?;
    Some(match *found {
        "NaN" => "NaN is no number that JSON has; clear the output that holds it",
        _ => "Infinity is no number that JSON has; clear the output that holds it",
    })
}

fn object(json: Value) -> Map<String, Value> {
    json.as_object().cloned().unwrap_or_default()
}

/// Gives a text of the format, which is one string or a list of lines; none if it is neither.
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(lines) => lines.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
