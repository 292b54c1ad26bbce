//! Weight decay, dropout and early stopping.

use super::*;

#[test]
fn weight_decay_takes_the_step_of_the_formula() {
    // x = 0, so that ∂C/∂W = 0 and what is left of the step is w ← w − α λ w = w (1 − 0.1 · 0.5).
    let black = Dataset::new(Array2::zeros((1, 4)), vec![0], (2, 2), classes(2)).unwrap();
    let data = Data::new("black", black.clone(), black).with_pixels(Pixels::Unit);
    let sizes = [4, 2];
    let mut network = Network::builder(&sizes)
        .hidden(Activation::Relu)
        .initializer(Initializer::Gaussian)
        .build()
        .unwrap();
    let before = network.layers()[0].w.clone();
    let optimizer = Optimizer::sgd(0.1, 0.0);
    let trainer = Trainer { weight_decay: 0.5, epochs: 1, optimizer, ..Trainer::default() };
    let history = trainer.train_with(&mut network, &data, &mut silent).unwrap();
    for (w, before) in network.layers()[0].w.iter().zip(&before) {
        assert!((w - 0.95 * before).abs() <= 2.0 * f32::EPSILON * before.abs(), "{w} of {before}");
    }
    assert!(history.caption().contains("weight decay 0.5"), "{}", history.caption());
}

#[test]
fn dropout_thins_the_training_and_not_the_evaluation() {
    let data = small();
    let run = |dropout, seed| {
        let mut network = network(0);
        let trainer = Trainer { dropout, seed, ..quick() };
        (trainer.train_with(&mut network, &data, &mut silent).unwrap(), network)
    };
    let (thinned, network) = run(0.5, 1);
    assert_eq!(network.parameters(), run(0.5, 1).1.parameters(), "the seed decides");
    assert_ne!(network.parameters(), run(0.0, 1).1.parameters());
    // The thinned networks do worse than all neurons together.
    assert!(thinned.running_loss[1] > thinned.train_loss_after + 0.1, "{thinned}");
    assert!(thinned.caption().contains("dropout 0.5"), "{}", thinned.caption());
}

#[test]
fn an_epoch_by_hand_drops_what_the_training_drops() {
    let data = small();
    let trainer = Trainer { dropout: 0.3, shuffle: false, epochs: 2, ..quick() };
    let (mut trained, mut by_hand) = (network(0), network(0));
    trainer.train_with(&mut trained, &data, &mut silent).unwrap();
    let mut descent = OptimizerState::new(trainer.optimizer);
    let order: Vec<usize> = (0..data.train.len()).collect();
    for _ in 0..2 {
        trainer.epoch(&mut by_hand, &mut descent, &data.train, &order).unwrap();
    }
    assert_eq!(trained.parameters(), by_hand.parameters());
}

fn classes(count: usize) -> Vec<String> {
    (0..count).map(|class| class.to_string()).collect()
}

/// Few images and a brisk learning rate: such a network overfits within some epochs.
fn overfitting() -> (Data, Trainer) {
    let mut data = Data::digits(100, 200).unwrap();
    data.validation = Some(Data::digits(1, 500).unwrap().test);
    let optimizer = Optimizer::sgd(0.1, 0.9);
    (data, Trainer { epochs: 200, patience: Some(3), optimizer, ..Trainer::default() })
}

#[test]
fn early_stopping_keeps_the_epoch_with_the_lowest_validation_loss() {
    let (data, trainer) = overfitting();
    let mut network = network(0);
    let history = trainer.train_with(&mut network, &data, &mut silent).unwrap();
    let losses = &history.validation_loss;
    let lowest = losses.iter().copied().fold(f64::INFINITY, f64::min);
    let best = history.best_epoch.unwrap();
    assert_eq!(losses[best - 1], lowest);
    assert_eq!(history.outcome, Outcome::StoppedEarly { epoch: best + 3 });
    assert_eq!(history.epochs(), best + 3);
    let validation = data.validation.as_ref().unwrap();
    assert_eq!(network.evaluate(validation, Loss::NegativeLogLikelihood).unwrap().loss, lowest);
    assert_eq!(history.test_loss_after, history.test_loss[best - 1]);
    let told = history.to_string();
    assert!(told.contains("no lower loss on the validation set in 3 epochs"), "{told}");
    assert!(told.contains(&format!("keeps the parameters of epoch {best}")), "{told}");
}

#[test]
fn without_a_validation_set_early_stopping_watches_the_test_set() {
    let (mut data, trainer) = overfitting();
    data.validation = None;
    let history = trainer.train_with(&mut network(0), &data, &mut silent).unwrap();
    let lowest = history.test_loss.iter().copied().fold(f64::INFINITY, f64::min);
    assert_eq!(history.test_loss_after, lowest);
    assert!(history.to_string().contains("on the test set in 3 epochs"), "{history}");
    assert!(history.validation_loss.is_empty());
}
