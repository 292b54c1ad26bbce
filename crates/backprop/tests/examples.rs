//! The programs in examples/, as a newcomer runs them.

#[path = "../examples/layers.rs"]
mod layers;
#[allow(dead_code)] // its main
#[path = "../examples/sweep.rs"]
mod sweep;
#[allow(dead_code)] // its main
#[path = "../examples/train.rs"]
mod train;

use backprop::prelude::*;

#[test]
fn a_network_trains_and_its_loss_is_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let figure = folder.path().join("loss.svg");
    let history = train::train(figure.to_str().unwrap()).unwrap();
    assert!(history.test_accuracy_after > 0.8, "{history}");
    assert!(std::fs::read_to_string(figure).unwrap().contains("Loss over the epochs"));
}

#[test]
fn layers_made_by_hand_tell_one_from_none_and_from_both() {
    let network = layers::one_of_two().unwrap();
    let (x, y) = (array![[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]], array![[0.0, 1.0, 1.0, 0.0]]);
    assert_eq!(network.forward(&x).unwrap().mapv(f32::round), y);
    assert!(check_network(&network, &x, &y, Loss::Quadratic).unwrap().passes());
    layers::main().unwrap();
}

#[test]
fn a_sweep_that_is_run_again_trains_nothing_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("depth.json");
    let first = sweep::compare(path.to_str().unwrap()).unwrap();
    assert!(first.is_complete() && first.runs.len() == 12);
    let before = std::fs::read(&path).unwrap();
    sweep::compare(path.to_str().unwrap()).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), before);
}
