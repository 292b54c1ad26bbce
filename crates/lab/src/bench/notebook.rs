//! The same training in a notebook's cells.

use std::path::Path;

use anyhow::{Context, Result, bail};
use backprop_report::notebook::{Notebook, text};
use serde_json::{Value, json};

use super::numbers::median;
use crate::execute::{ChildGuards, Execution, Executor, Settings};
use crate::setup::Lab;

/// The seconds of an epoch in each of some cells that train 784-30-10 on the lab's kernel.
pub fn in_a_notebook(lab: &Lab, data: &Path, cells: u16, epochs: u16) -> Result<Vec<f64>> {
    let folder = tempfile::tempdir()?;
    let notebook = folder.path().join("bench.ipynb");
    std::fs::write(&notebook, source(data, cells, epochs).to_string())?;
    let settings = Settings { data: None, quick: false, timeout: 600, versions: json!({}) };
    let out = folder.path().join("out");
    std::fs::create_dir(&out)?;
    let executor = Executor::new(lab, &out, settings, ChildGuards::default())?;
    match executor.execute(&notebook, |_| {})? {
        Execution::Passed { .. } => {}
        Execution::Failed(failure) => bail!("the notebook failed: {}", failure.message),
        Execution::Interrupted => bail!("the notebook was interrupted"),
    }
    let executed = Notebook::read(&out.join("bench.ipynb"))?;
    executed.cells.iter().skip(1).map(|cell| epoch(cell.outputs())).collect()
}

fn source(data: &Path, cells: u16, epochs: u16) -> Value {
    let load = format!(
        "use backprop::prelude::*;\n\
         let data: Data = Data::load(&DataSource::Folder({:?}.into()))?;",
        data.display().to_string()
    );
    let train = format!(
        "let mut network: Network = Network::new(&[784, 30, 10])?;\n\
         let trainer: Trainer = Trainer {{ epochs: {epochs}, evaluate: Evaluate::LastEpoch, \
         ..Trainer::default() }};\n\
         println!(\"{{}}\", trainer.train(&mut network, &data)?.to_json());"
    );
    let cell = |(i, source): (usize, String)| {
        json!({"cell_type": "code", "id": format!("cell-{i}"), "metadata": {}, "source": source,
               "outputs": [], "execution_count": null})
    };
    let sources = std::iter::once(load).chain((0..cells).map(|_| train.clone()));
    let cells: Vec<Value> = sources.enumerate().map(cell).collect();
    json!({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
}

/// The median epoch of the history that a cell printed.
fn epoch(outputs: &[Value]) -> Result<f64> {
    let printed = outputs.iter().filter_map(|output| text(&output["text"])).collect::<String>();
    let start = printed.find('{').context("the cell printed no history")?;
    let mut values = serde_json::Deserializer::from_str(&printed[start..]).into_iter();
    let history: Value = values.next().context("the cell printed no history")??;
    let seconds = history["seconds"].as_array().context("no seconds in the history")?;
    let seconds: Vec<f64> = seconds.iter().filter_map(Value::as_f64).collect();
    Ok(median(&seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_epoch_of_what_a_cell_printed_is_read() -> Result<()> {
        let printed =
            |text: &str| [json!({"output_type": "stream", "name": "stdout", "text": text})];
        let seconds = epoch(&printed("{\n  \"seconds\": [0.3, 0.1, 0.2]\n}\nand more\n"))?;
        assert_eq!(seconds, 0.2);
        assert!(epoch(&printed("nothing\n")).is_err());
        Ok(())
    }
}
