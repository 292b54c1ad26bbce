//! Whether a notebook gives again what it gave before.

use backprop_report::notebook::{Notebook, text};
use serde_json::Value;

use super::Item;

/// How far two numbers may lie apart, as a share of the larger. On one machine a seed gives the same
/// bits; on another the processor's widest instructions add in another order, and after an epoch of
/// some thousand steps losses differ in the third digit.
const TOLERANCE: f64 = 0.02;

/// Numbers before these are times, which no run gives again.
const UNITS_OF_TIME: [&str; 8] = ["s", "ms", "µs", "μs", "us", "ns", "min", "h"];

/// How an axis or a column of times that the run took is labelled, such as "time (ms)".
const RUN_TIME: &str = "time (";
/// How one is labelled on which the time of the matter itself goes on, such as "inversion time t (s)".
const PHYSICAL_TIME: &str = " time t (";

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
        _ => Item::failed(NAME, differing.join("; ")),
    }
}

/// Tells the first difference that counts between a cell's outputs and those of its execution anew.
pub fn difference(earlier: &[Value], anew: &[Value]) -> Option<String> {
    let (earlier, anew) = (words(earlier), words(anew));
    let (before, after) = (without_times(&earlier), without_times(&anew));
    let first = before.iter().zip(&after).find(|(a, b)| !is_same(a, b));
    match first {
        Some((before, after)) => Some(format!("{} before, {} now", bare(before), bare(after))),
        None if before.len() != after.len() => {
            Some(format!("{} words before, {} now", before.len(), after.len()))
        }
        None => None,
    }
}

/// Gives the words that outputs say, in order.
fn words(outputs: &[Value]) -> Vec<String> {
    let texts = outputs
        .iter()
        .filter_map(|output| text(&output["text"]).or_else(|| text(&output["data"]["text/plain"])));
    let texts = texts.filter(|text| !shows_run_times(text));
    texts.flat_map(|text| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// Whether a figure or table is of times that the run took: its numbers do not come again.
fn shows_run_times(text: &str) -> bool {
    text.contains(RUN_TIME) && !text.contains(PHYSICAL_TIME)
}

/// Leaves out times and the hashes of files that hold times.
fn without_times(words: &[String]) -> Vec<&str> {
    let mut kept = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let is_before_unit = words.get(index + 1).is_some_and(|next| is_time_unit(bare(next)));
        let (number, suffix) = split_number(word);
        let is_time = number.is_some() && (is_time_unit(bare(suffix)) || is_before_unit);
        let is_hash = index > 0 && words[index - 1].ends_with("SHA-256");
        if !is_time && !is_hash {
            kept.push(word.as_str());
        }
    }
    kept
}

/// A word without the punctuation around it.
fn bare(word: &str) -> &str {
    word.trim_matches(['(', ')', ',', ';', '.', ':', '…'])
}

fn is_time_unit(word: &str) -> bool {
    UNITS_OF_TIME.contains(&word) || word.ends_with("/s")
}

fn is_same(earlier: &str, anew: &str) -> bool {
    match (split_number(earlier), split_number(anew)) {
        ((Some(before), rest), (Some(after), other)) => {
            let largest = f64::max(f64::abs(before), f64::abs(after));
            rest == other && (before - after).abs() <= TOLERANCE * largest
        }
        _ => earlier == anew,
    }
}

/// Splits a word into the number that it begins with, where it does, and the rest.
fn split_number(word: &str) -> (Option<f64>, &str) {
    let word = word.trim_start_matches('(');
    let is_part = |c: char| c.is_ascii_digit() || ".,-−+e".contains(c);
    let mut end = word.find(|c| !is_part(c)).unwrap_or(word.len());
    loop {
        let plain = word[..end].replace('−', "-").replace(',', "");
        match plain.parse() {
            Ok(number) => return (Some(number), &word[end..]),
            Err(_) => match word[..end].char_indices().next_back() {
                Some((at, _)) => end = at,
                None => return (None, word),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn notebook(printed: &str, tags: &[&str]) -> Notebook {
        let outputs = match printed {
            "" => json!([]),
            text => json!([{ "output_type": "stream", "name": "stdout", "text": text }]),
        };
        let cell = json!({ "cell_type": "code", "source": "", "execution_count": 4,
                           "metadata": { "tags": tags }, "outputs": outputs });
        let json = json!({ "nbformat": 4, "metadata": {}, "cells": [cell] });
        Notebook::parse(json.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn what_differs_by_more_than_machines_do_is_told() {
        let cases = [
            ("loss 0.2162, accuracy 93.7 %", "loss 0.2165, accuracy 93.9 %", None),
            ("loss 0.2162", "loss 0.2262", Some("0.2162 before, 0.2262 now")),
            ("falls from 3.676e−5 to 0", "falls from 3.7e−5 to 0", None),
            ("60,000 images", "54,000 images", Some("60,000 before, 54,000 now")),
            ("took 0.008 ms and 287.0 ms, 12s.", "took 0.009 ms and 189.6 ms, 15s.", None),
            ("1,200 images/s", "900 images/s", None),
            ("in a.json, SHA-256 8b04….", "in a.json, SHA-256 93ff….", None),
            ("Plot of time (ms): 4", "Plot of time (ms): 9", None),
            ("784-30-10", "784-30-20", Some("784-30-10 before, 784-30-20 now")),
            ("rises", "falls", Some("rises before, falls now")),
            ("a b", "a", Some("2 words before, 1 now")),
        ];
        for (before, after, expected) in cases {
            let item = compare(&notebook(before, &[]), &notebook(after, &[]));
            match expected {
                None => assert!(item.passed, "{before}: {}", item.found),
                Some(text) => assert_eq!(item.found, format!("cell [4]: {text}")),
            }
        }
    }

    #[test]
    fn a_cell_may_be_left_out_and_a_notebook_without_results_is_told() {
        let marked = |text: &str| notebook(text, &[IGNORE]);
        assert!(compare(&marked("1"), &marked("2")).passed);
        let item = compare(&notebook("", &[]), &notebook("1", &[]));
        assert!(!item.passed && item.found.contains("holds no results"));
    }
}
