//! What students print: which of it must come again, and which cannot.

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

/// Says whether what was printed comes again when `after` is printed.
fn comes_again(before: &str, after: &str) -> bool {
    compare(&notebook(before, &[]), &notebook(after, &[])).passed
}

/// K02: every way of printing a time that a run took.
#[test]
fn k02_times_are_known_in_whatever_words() {
    for (before, after) in [
        ("training took 12.345 seconds", "training took 170.000 seconds"),
        ("about 3 minutes and 1:07 in all, 41 sec", "about 41 minutes and 1:33 in all, 7 sec"),
        ("took 3 minutes", "took 4 minutes"),
        ("time: 00:01:03", "time: 00:02:17"),
        ("elapsed 5ms", "elapsed 1.234567ms"),
        ("elapsed=5.1,loss=0.5", "elapsed=9.7,loss=0.5"),
        ("[950ms, 1.02s]", "[1.01s, 980.5µs]"),
        ("Duration: 59 seconds", "Duration: 1 minute and 3 seconds"),
        ("1 min 3 s, loss 0.5", "58 s, loss 0.5"),
        ("humantime: 2m 3s", "humantime: 59s"),
        ("1,200 images per second", "900 images per second"),
        ("3.2 steps a second", "4.9 steps a second"),
        ("4.1it/s, 1200 training images/s", "9.3it/s, 800 training images/s"),
        ("12 GB / s", "9 GB / s"),
        ("0.30 ± 0.02 s per epoch", "0.41 ± 0.09 s per epoch"),
        ("3–5 s", "4–9 s"),
        ("elapsed_ms: 511", "elapsed_ms: 700"),
        ("{\"seconds\":12.3,\"loss\":0.5}", "{\"seconds\":15.9,\"loss\":0.5}"),
        ("time per epoch: 0.3", "time per epoch: 0.5"),
        ("seconds for 15 epochs: 3.2", "seconds for 15 epochs: 5.1"),
        ("t (s): 3.2", "t (s): 3.9"),
        ("the training took 12.3", "the training took 14.9"),
        ("Zeit: 3,2 Sekunden", "Zeit: 4,9 Sekunden"),
        ("Instant { tv_sec: 512, tv_nsec: 77 }", "Instant { tv_sec: 99, tv_nsec: 12345 }"),
        ("run at 2026-11-28 07:48:54 UTC", "run at 2026-12-01 10:11:12 UTC"),
        ("2026-11-28T07:48:54.123Z start", "2026-11-28T07:49:00Z start"),
        ("PT12.3S", "PT1M2S"),
        ("12/15 [00:03<00:12, 4.1it/s]", "12/15 [00:07<00:31, 2.2it/s]"),
    ] {
        assert!(comes_again(before, after), "{before} | {after}");
    }
}

/// What stands beside a time is compared, and what only looks like one.
#[test]
fn what_is_no_time_must_come_again() {
    for (before, after) in [
        ("took 12.3 s, loss 0.25", "took 14.9 s, loss 0.35"),
        ("{\"seconds\":12.3,\"loss\":0.5}", "{\"seconds\":12.3,\"loss\":0.6}"),
        ("took 12 epochs to converge", "took 15 epochs to converge"),
        ("mean 0.5 min 0.1 max 0.9", "mean 0.7 min 0.1 max 0.9"),
        ("min: 0.1", "min: 0.2"),
        ("h = 0.01", "h = 0.001"),
        ("time step: 5", "time step: 7"),
        ("accuracy 0.91 after a minute", "accuracy 0.81 after a minute"),
        ("0.91 in 3.2 s", "0.81 in 3.2 s"),
        ("a 16:9 picture", "a 4:3 picture"),
        ("5 m", "7 m"),
        ("took 3 s", "took none"),
        ("error at src/lib.rs:12:34", "error at src/lib.rs:12:50"),
    ] {
        assert!(!comes_again(before, after), "{before} | {after}");
    }
}

/// K03: what rounding leaves of a zero is none of the student's doing; the order of a hash map is.
#[test]
fn k03_rounding_noise_is_zero() {
    for (before, after) in [
        ("relative error 2.310e-10", "relative error 4.100e-10"),
        ("sum of the residuals: -5.5e-17", "sum of the residuals: 1.1e-16"),
        ("sum: 0", "sum: -3e-17"),
        ("[1e-17, 0.5]", "[-3e-17, 0.5]"),
    ] {
        assert!(comes_again(before, after), "{before} | {after}");
    }
    let item = compare(&notebook("{3: 9, 1: 1, 2: 4}", &[]), &notebook("{1: 1, 3: 9, 2: 4}", &[]));
    assert!(item.found.starts_with("cell [4]: 3 before, 1 now"), "{}", item.found);
}

#[test]
fn a_word_that_is_all_punctuation_is_told_as_it_stands() {
    let item = compare(&notebook("()", &[]), &notebook("5", &[]));
    assert!(item.found.starts_with("cell [4]: () before, 5 now"), "{}", item.found);
}
