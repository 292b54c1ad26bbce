//! Whether a notebook gives again what it gave before.

mod clock;
mod numbers;
mod tables;
mod times;
mod units;

use backprop_protocol::variable;
use backprop_report::notebook::{Notebook, text};
use serde_json::Value;

use self::numbers::{TOLERANCE, is_same};
use self::times::{Word, bare};
use super::Item;

/// An author's mark for a cell whose outputs need not come again, as the tool nbval has it.
pub const IGNORE: &str = "nbval-ignore-output";

/// Compares the texts of the outputs of a notebook with those of its execution anew.
pub fn compare(earlier: &Notebook, anew: &Notebook) -> Item {
    const NAME: &str = "results come again";
    if earlier.cells.iter().all(|cell| cell.outputs().is_empty()) {
        return Item::failed(NAME, "the file holds no results; run all its cells and save it");
    }
    let differing: Vec<String> = earlier
        .cells
        .iter()
        .zip(&anew.cells)
        .filter(|(cell, _)| cell.is_code() && !cell.has_tag(IGNORE))
        .filter_map(|(before, after)| {
            let difference = difference(before.outputs(), after.outputs())?;
            let count = after.count().map(|count| count.to_string()).unwrap_or_default();
            Some(format!("cell [{count}]: {difference}"))
        })
        .collect();
    match differing.len() {
        0 => Item::passed(NAME, format!("within {} %", 100.0 * TOLERANCE)),
        _ => Item::failed(NAME, differing.join("; ") + of_this_processor()),
    }
}

/// Says of a processor without an instruction that multiplies and adds at once what it does to trainings.
fn of_this_processor() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    let is_fused = std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma");
    #[cfg(not(target_arch = "x86_64"))]
    let is_fused = true;
    if is_fused && std::env::var(variable::SIMD).as_deref() != Ok("plain") {
        return "";
    }
    "; this processor multiplies and adds in two steps, so a training with ReLU comes to other numbers than on \
     newer ones (docs/results.md)"
}

/// Tells the first difference that counts between a cell's outputs and those of its execution anew.
pub fn difference(earlier: &[Value], anew: &[Value]) -> Option<String> {
    let (before, after) = (words(earlier), words(anew));
    let is_other = |(a, b): &(&Word, &Word)| !is_same(&a.compared, &b.compared);
    match before.iter().zip(&after).find(is_other) {
        Some((before, after)) => {
            Some(format!("{} before, {} now", told(&before.text), told(&after.text)))
        }
        None if before.len() != after.len() => {
            Some(format!("{} words before, {} now", before.len(), after.len()))
        }
        None => None,
    }
}

/// A word as it is told: without the punctuation around it, if it is not all punctuation as `()`.
fn told(word: &str) -> &str {
    match bare(word) {
        "" => word,
        bare => bare,
    }
}

/// Gives the words that outputs say, in order, without the hashes of files that hold times.
fn words(outputs: &[Value]) -> Vec<Word> {
    let texts = outputs
        .iter()
        .filter_map(|output| text(&output["text"]).or_else(|| text(&output["data"]["text/plain"])));
    let texts = texts.filter(|text| !tables::shows_run_times(text));
    let words: Vec<Word> =
        texts.flat_map(|text| times::words(&tables::without_columns_of_times(&text))).collect();
    let is_hash = |at: usize| at > 0 && words[at - 1].text.ends_with("SHA-256");
    (0..words.len()).filter(|&at| !is_hash(at)).map(|at| words[at].clone()).collect()
}

#[cfg(test)]
mod tests;
