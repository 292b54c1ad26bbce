//! Sweeps: the same results for any number of threads, kept in a file that nothing else overwrites.

#[path = "sweep/file.rs"]
mod file;

use backprop::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use tempfile::TempDir;

fn data() -> Data {
    Data::digits(192, 64).unwrap()
}

fn sweep() -> Sweep {
    Sweep {
        activations: vec![Activation::Sigmoid, Activation::Relu],
        depths: vec![1, 3],
        widths: vec![8],
        seeds: vec![0, 7],
        optimizers: vec![Optimizer::sgd(0.05, 0.9)],
        epochs: 3,
        ..Sweep::default()
    }
}

/// A results file in a folder of its own, which goes when the test ends.
struct Place {
    folder: TempDir,
    path: String,
}

fn place() -> Place {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("new/results.json").to_str().unwrap().to_owned();
    Place { folder, path }
}

fn run(sweep: &Sweep, path: &str, threads: usize) -> Results {
    sweep.run_with(&data(), path, threads, &mut |_| ControlFlow::Continue(())).unwrap()
}

/// The file without its times, which no two runs share.
fn timeless(path: &str) -> Value {
    let mut file: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    for run in file["runs"].as_array_mut().unwrap() {
        for times in ["seconds", "evaluation_seconds"] {
            assert!(run["history"][times].is_array());
            run["history"][times] = Value::Null;
        }
    }
    file
}

#[test]
fn the_grid_has_every_combination_and_the_seed_varies_fastest() {
    let sweep = Sweep { initializers: vec![Initializer::PyTorch, Initializer::He], ..sweep() };
    let experiments = sweep.experiments();
    assert_eq!(experiments.len(), 16);
    let first = Experiment {
        activation: Activation::Sigmoid,
        depth: 1,
        width: 8,
        initializer: Initializer::PyTorch,
        optimizer: Optimizer::sgd(0.05, 0.9),
        fraction: 1.0,
        seed: 0,
    };
    assert_eq!(experiments[0], first);
    assert_eq!(experiments[1], Experiment { seed: 7, ..first });
    assert_eq!(experiments[2], Experiment { initializer: Initializer::He, ..first });
    assert_eq!(sweep.label(&experiments[15]), "ReLU, 3 hidden layers, He initialisation");
}

#[test]
fn a_fraction_of_the_images_is_chosen_anew_for_each_seed() {
    let (activations, depths) = (vec![Activation::Relu], vec![1]);
    let sweep = Sweep { activations, depths, fractions: vec![1.0, 0.25], ..sweep() };
    let results = run(&sweep, &place().path, 2);
    let trained: Vec<usize> = results.runs.iter().map(|run| run.history.data.train).collect();
    let all = data().train.len();
    assert_eq!(trained, [all, all, all / 4, all / 4]);
    let chosen = |run: usize| &results.runs[run].history.data.sha256;
    assert_eq!(chosen(0), chosen(1));
    assert_ne!(chosen(2), chosen(3));
    assert_eq!(results.summaries()[1].label, "25 % of the training images");

    let too_much = Sweep { fractions: vec![1.5], ..sweep };
    let error = too_much.run_with(&data(), "unused", 1, &mut |_| ControlFlow::Continue(()));
    assert!(error.unwrap_err().to_string().contains("fraction of the training images"));
}

#[test]
fn the_results_do_not_depend_on_the_number_of_threads() {
    let files: Vec<Value> = (1..=3)
        .map(|threads| {
            let place = place();
            let results = run(&sweep(), &place.path, threads);
            assert!(results.is_complete() && results.runs.len() == 8);
            timeless(&place.path)
        })
        .collect();
    assert_eq!(files[0], files[1]);
    assert_eq!(files[0], files[2]);
}

#[test]
fn a_run_is_the_training_that_its_settings_say() {
    let (place, data) = (place(), data());
    let results = run(&sweep(), &place.path, 2);
    let run = &results.runs[7];
    let sizes = [784, 8, 8, 8, 10];
    let mut network = Network::builder(&sizes).hidden(Activation::Relu).seed(7).build().unwrap();
    let optimizer = Optimizer::sgd(0.05, 0.9);
    let trainer = Trainer { epochs: 3, optimizer, seed: 7, ..Trainer::default() };
    let alone =
        trainer.train_with(&mut network, &data, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(run.history.running_loss, alone.running_loss);
    assert_eq!(run.history.test_loss_after, alone.test_loss_after);
}

#[test]
fn a_sweep_that_was_stopped_goes_on_with_what_is_missing() {
    let (stopped, whole) = (place(), place());
    run(&sweep(), &whole.path, 1);
    let stop_after_three = &mut |progress: SweepProgress<'_>| match progress.results.runs.len() {
        3.. => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    };
    let first = sweep().run_with(&data(), &stopped.path, 1, stop_after_three).unwrap();
    assert!(!first.is_complete());
    let (kept, missing) = (first.runs.len(), first.missing().len());
    assert_eq!((kept, missing), (3, 5));
    assert!(first.to_string().starts_with("3 of 8 runs in "), "{first}");
    assert_eq!(Results::load(&stopped.path).unwrap(), first);

    let mut ended = 0;
    let second = sweep()
        .run_with(&data(), &stopped.path, 2, &mut |progress| {
            ended += usize::from(progress.ended.is_some());
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(ended, missing, "what is in the file is not run again");
    assert!(second.is_complete());
    assert_eq!(timeless(&stopped.path), timeless(&whole.path));
}

#[test]
fn a_run_that_is_stopped_is_not_kept() {
    let place = place();
    let endless = Sweep { epochs: 1_000_000, ..sweep() };
    let results = endless
        .run_with(&data(), &place.path, 2, &mut |progress| match progress.unfinished.len() {
            2 => {
                assert!(progress.unfinished.iter().all(|(_, losses)| !losses.is_empty()));
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        })
        .unwrap();
    assert!(results.runs.is_empty() && results.missing().len() == 8);
    assert_eq!(Results::load(&place.path).unwrap(), results);
}

#[test]
fn settings_without_sense_are_refused_before_there_is_a_file() {
    let place = place();
    let complaint = |sweep: Sweep, threads: usize| {
        let carry_on = &mut |_: SweepProgress<'_>| ControlFlow::Continue(());
        let error = sweep.run_with(&data(), &place.path, threads, carry_on).unwrap_err();
        assert_eq!(fs::read_dir(place.folder.path()).unwrap().count(), 0, "no file, no folder");
        error.to_string()
    };
    insta::assert_snapshot!(complaint(Sweep { seeds: vec![], ..sweep() }, 1), @"list of a sweep: expected at least one value in `seeds`, and each once, found []");
    insta::assert_snapshot!(complaint(Sweep { depths: vec![1, 2, 1], ..sweep() }, 1), @"list of a sweep: expected at least one value in `depths`, and each once, found [1,2,1]");
    insta::assert_snapshot!(complaint(Sweep { widths: vec![8, 0], ..sweep() }, 1), @"sizes of a network: expected at least two, inputs and outputs, each at least 1, found [784, 0, 10]");
    insta::assert_snapshot!(complaint(Sweep { batch_size: 0, ..sweep() }, 1), @"batch size: expected at least 1, found 0");
    insta::assert_snapshot!(complaint(sweep(), 0), @"threads of a sweep: expected at least 1, found 0");
    insta::assert_snapshot!(complaint(Sweep { optimizers: vec![Optimizer::sgd(-1.0, 0.0)], ..sweep() }, 1), @"learning rate: expected a positive number, found -1");
}

#[test]
fn runs_that_diverge_are_kept_as_such_and_left_out_of_the_means() {
    let place = place();
    // The huge step overshoots at once; the other is the recipe's.
    let optimizers = vec![Optimizer::sgd(1e38, 0.9), Optimizer::sgd(0.003, 0.9)];
    let sweep = Sweep { depths: vec![2], optimizers, ..sweep() };
    let sweep = Sweep { activations: vec![Activation::Relu], ..sweep };
    let results = run(&sweep, &place.path, 2);
    assert!(results.is_complete());
    let again = run(&sweep, &place.path, 2);
    assert_eq!(again.to_json(), results.to_json(), "what is not finite is read again");
    assert!(matches!(again.runs[0].history.outcome, Outcome::Diverged { .. }));
    assert!(again.line(&again.runs[0]).contains("diverged in epoch 1"));
    let summaries = again.summaries();
    assert_eq!((summaries[0].completed, summaries[0].diverged), (0, 2));
    assert_eq!((summaries[1].completed, summaries[1].diverged), (2, 0));
    let table = again.table().text();
    assert!(table.contains("0 of 2 (2 diverged)") && table.contains("–"), "{table}");
}

#[test]
fn without_an_epoch_the_sweep_measures_the_first_parameters() {
    let place = place();
    let results = run(&Sweep { epochs: 0, ..sweep() }, &place.path, 2);
    assert!(results.is_complete());
    assert!(results.runs.iter().all(|run| run.history.before.gradient_norms.len() >= 2));
    assert_eq!(results.summaries()[0].running_loss.count, 2);
    assert!(results.table().text().contains("sigmoid, 1 hidden layer"));
}

#[test]
fn figures_and_tables_name_data_seeds_and_file() {
    let place = place();
    let results = run(&sweep(), &place.path, 2);
    let hash = file::sha256(&place.path);
    assert_eq!(results.sha256(), hash);
    let caption = results.curves().draw().caption();
    for words in ["built-in digits (192", "seeds 0, 7", "8 of 8 runs", &hash[..12], "8 neurons"] {
        assert!(caption.contains(words), "{words}: {caption}");
    }
    let mean = Spread::of(&[
        results.runs[0].history.running_loss[2],
        results.runs[1].history.running_loss[2],
    ]);
    let table = results.table().text();
    assert!(table.contains(&mean.to_string()) && table.contains(&hash[..12]), "{table}");
    assert_eq!(table.lines().count(), 2 + 4 + 1, "{table}");
    let alt = results.curves().draw().alt();
    for label in ["sigmoid, 1 hidden layer", "ReLU, 3 hidden layers", "epoch from 1 to 3"] {
        assert!(alt.contains(label), "{label}: {alt}");
    }
}

#[test]
fn depths_have_colours_and_activations_have_dashes() {
    let place = place();
    let svg = run(&sweep(), &place.path, 2).curves().draw().svg();
    let lines: Vec<(&str, bool)> = svg
        .split("<polyline")
        .filter(|line| line.contains("stroke-width=\"2\""))
        .map(|line| (between(line, "stroke=\"", "\""), line.contains("stroke-dasharray")))
        .collect();
    // Each line and its place in the legend.
    for line in [("#0072b2", false), ("#d55e00", false), ("#0072b2", true), ("#d55e00", true)] {
        assert_eq!(lines.iter().filter(|other| **other == line).count(), 2, "{line:?}: {lines:?}");
    }
}

/// Gives what stands between two marks.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).expect(before);
    rest.split_once(after).expect(after).0
}
