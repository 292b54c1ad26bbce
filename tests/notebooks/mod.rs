//! Notebooks that tests write and read.
#![allow(dead_code)] // each test program uses some of these

use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Makes a code cell.
pub fn code(source: &str) -> Value {
    json!({"cell_type": "code", "metadata": {}, "execution_count": null, "outputs": [], "source": source})
}

/// Makes a cell of Markdown.
pub fn markdown(source: &str) -> Value {
    json!({"cell_type": "markdown", "metadata": {}, "source": source})
}

/// Makes a code cell that was executed, with what it left.
pub fn executed(count: u64, source: &str, outputs: &[Value]) -> Value {
    let mut cell = code(source);
    cell["execution_count"] = count.into();
    cell["outputs"] = outputs.into();
    cell
}

/// Makes the output that shows a result in all its renditions.
pub fn output(data: Value) -> Value {
    json!({"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data})
}

/// Gives the renditions of a figure.
pub fn figure(figure: &backprop::view::Figure) -> Value {
    json!({"text/html": figure.html(), "image/svg+xml": figure.svg(), "text/plain": figure.text()})
}

/// Writes a notebook of these cells for the lab's kernel.
pub fn write(path: &Path, cells: &[Value]) {
    let mut cells = cells.to_vec();
    for (number, cell) in cells.iter_mut().enumerate() {
        cell["id"] = format!("cell-{number}").into();
    }
    let kernelspec =
        json!({"name": "backprop-lab", "display_name": "Rust (Backprop Lab)", "language": "rust"});
    let notebook = json!({"nbformat": 4, "nbformat_minor": 5, "cells": cells,
                          "metadata": {"kernelspec": kernelspec}});
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, notebook.to_string()).unwrap();
}

/// Reads a notebook.
pub fn read(path: &Path) -> Value {
    let text = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).unwrap()
}
