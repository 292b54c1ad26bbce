//! Sweeps: the same results for any number of threads, kept in a file that nothing else overwrites.

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
fn a_complete_file_is_read_and_nothing_is_run() {
    let place = place();
    let first = run(&sweep(), &place.path, 2);
    let before = fs::read(&place.path).unwrap();
    let again = run(&sweep(), &place.path, 2);
    assert_eq!(again, first);
    assert_eq!(fs::read(&place.path).unwrap(), before);
}

#[test]
fn a_file_of_something_else_is_refused_and_left_as_it_is() {
    let place = place();
    let small = Sweep { depths: vec![1], seeds: vec![0], epochs: 1, ..sweep() };
    run(&small, &place.path, 1);
    let kept = fs::read_to_string(&place.path).unwrap();
    let complaint = |sweep: &Sweep, data: &Data, text: &str| {
        fs::write(&place.path, text).unwrap();
        let carry_on = &mut |_: SweepProgress<'_>| ControlFlow::Continue(());
        let error = sweep.run_with(data, &place.path, 1, carry_on).unwrap_err().to_string();
        assert_eq!(fs::read_to_string(&place.path).unwrap(), text, "left as it is");
        assert!(error.starts_with(&place.path), "{error}");
        error[place.path.len()..].to_owned()
    };
    let other_grid = Sweep { depths: vec![1, 2], epochs: 2, ..small.clone() };
    insta::assert_snapshot!(complaint(&other_grid, &data(), &kept), @": holds other results: depths of the sweep: expected [1,2], found [1]; epochs of the sweep: expected 2, found 1. The file is left as it is; choose another path, or move it away");
    let unit = data().with_pixels(Pixels::Unit);
    insta::assert_snapshot!(complaint(&small, &unit, &kept), @r#": holds other results: pixels of the data: expected "unit", found "symmetric". The file is left as it is; choose another path, or move it away"#);
    let other_data = complaint(&small, &Data::digits(64, 64).unwrap(), &kept);
    assert!(other_data.contains("sha256 of the data: expected \""), "{other_data}");
    assert!(other_data.contains("train of the data: expected 64, found 192"), "{other_data}");
    let version = format!(r#""crate_version":"{}""#, env!("CARGO_PKG_VERSION"));
    let old = kept.replacen(&version, r#""crate_version":"0.0.9""#, 1);
    assert!(complaint(&small, &data(), &old).contains("version of backprop: expected"));
    let one_axis_less = kept.replacen(r#""widths":[8],"#, "", 1);
    assert!(
        complaint(&small, &data(), &one_axis_less)
            .contains("widths of the sweep: expected [8], found nothing")
    );
    let other_run = kept.replacen(r#""depth":1"#, r#""depth":2"#, 1);
    insta::assert_snapshot!(complaint(&small, &data(), &other_run), @": holds other results: run 1: expected an experiment of the grid, once, and not interrupted, found sigmoid, 2 hidden layers, 8 neurons a hidden layer, PyTorch initialisation, SGD, α = 0.05, μ = 0.9, all training images, seed 0. The file is left as it is; choose another path, or move it away");
    let interrupted =
        kept.replacen(r#""completed""#, r#"{"interrupted":{"epoch":1,"batches":2}}"#, 1);
    assert!(complaint(&small, &data(), &interrupted).contains("not interrupted"));
}

#[test]
fn a_damaged_file_is_refused_with_the_place_and_left_as_it_is() {
    let place = place();
    let small = Sweep { depths: vec![1], seeds: vec![0], epochs: 1, ..sweep() };
    run(&small, &place.path, 1);
    let whole = fs::read(&place.path).unwrap();
    let middle = whole.len() / 2;
    let cases: [(&[u8], &str); 5] = [
        (b"", "at byte 0"),
        (&whole[..middle], &format!("at byte {middle}")),
        (b"{\n \"crate_version\": 1 }\n", "at byte 21"),
        (b"[]", "at byte"),
        (b"{\"crate_version\": \"\xff\"}", "at byte"),
    ];
    for (bytes, expected) in cases {
        fs::write(&place.path, bytes).unwrap();
        let carry_on = &mut |_: SweepProgress<'_>| ControlFlow::Continue(());
        let error = small.run_with(&data(), &place.path, 1, carry_on).unwrap_err().to_string();
        assert!(error.contains(expected), "{expected}: {error}");
        assert!(error.contains("expected the results of a sweep; the file is left"), "{error}");
        assert_eq!(fs::read(&place.path).unwrap(), bytes, "left as it is");
        assert!(Results::load(&place.path).is_err());
    }
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
fn a_file_that_cannot_be_written_is_found_before_any_run() {
    let place = place();
    let below_a_file = place.folder.path().join("file");
    fs::write(&below_a_file, "").unwrap();
    let path = below_a_file.join("results.json");
    let mut reports = 0;
    let count = &mut |_: SweepProgress<'_>| {
        reports += 1;
        ControlFlow::Continue(())
    };
    let error = sweep().run_with(&data(), path.to_str().unwrap(), 1, count).unwrap_err();
    assert!(matches!(error, Error::File { .. }), "{error}");
    assert_eq!(reports, 0);
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
    let hash = sha256(&place.path);
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

fn sha256(path: &str) -> String {
    Sha256::digest(fs::read(path).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn two_that_want_the_same_sweep_at_the_same_time_train_it_once() {
    let Place { folder: _folder, path } = place();
    let stop = &mut |_: SweepProgress<'_>| ControlFlow::Break(());
    sweep().run_with(&data(), &path, 1, stop).unwrap();
    let begun = Results::load(&path).unwrap().missing().len();
    let trained = AtomicUsize::new(0);
    let all = || {
        let progress = &mut |progress: SweepProgress<'_>| {
            trained.fetch_add(usize::from(progress.ended.is_some()), Ordering::Relaxed);
            ControlFlow::Continue(())
        };
        sweep().run_with(&data(), &path, 1, progress).unwrap()
    };
    let (first, second) = thread::scope(|scope| {
        let both = [scope.spawn(all), scope.spawn(all)];
        let [first, second] = both.map(|thread| thread.join().unwrap());
        (first, second)
    });
    assert!(first.is_complete() && first == second);
    assert_eq!(trained.into_inner(), begun, "each of the missing runs was trained once");
}

#[test]
fn one_that_waits_for_its_turn_can_be_stopped() {
    let Place { folder: _folder, path } = place();
    let mut waited = None;
    let progress = &mut |progress: SweepProgress<'_>| {
        if waited.is_none() {
            // From within the sweep that has the turn, another one on the same file.
            let stop = &mut |_: SweepProgress<'_>| ControlFlow::Break(());
            waited = Some(sweep().run_with(&data(), &path, 1, stop).unwrap());
            assert!(progress.results.runs.len() < 8);
        }
        ControlFlow::Continue(())
    };
    let results = sweep().run_with(&data(), &path, 1, progress).unwrap();
    assert!(results.is_complete());
    assert!(!waited.unwrap().is_complete(), "it gave what there was");
}
