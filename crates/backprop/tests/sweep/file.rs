//! The file of results: read, refused, shared by those who want the same.

use super::*;

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

pub fn sha256(path: &str) -> String {
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
