//! Training: what it promises of its steps, its record and its end.

#[path = "training/regularization.rs"]
mod regularization;

use backprop::prelude::*;
use proptest::prelude::*;
use std::ops::ControlFlow;

fn small() -> Data {
    Data::digits(1000, 200).unwrap()
}

fn network(seed: u64) -> Network {
    let sizes = [784, 12, 10];
    Network::builder(&sizes).seed(seed).build().unwrap()
}

fn quick() -> Trainer {
    Trainer { epochs: 2, optimizer: Optimizer::sgd(0.05, 0.9), ..Trainer::default() }
}

fn silent(_: Progress<'_>) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// The history without its times, which no two runs share.
fn timeless(mut history: History) -> History {
    history.seconds.fill(0.0);
    history.evaluation_seconds.fill(0.0);
    history
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let data = small();
    let run = |seed| {
        let mut network = network(seed);
        let trainer = Trainer { seed, ..quick() };
        let history = trainer.train_with(&mut network, &data, &mut silent).unwrap();
        (timeless(history), network.parameters())
    };
    assert_eq!(run(4), run(4));
    assert_ne!(run(4).1, run(5).1);
}

#[test]
fn sgd_takes_the_steps_of_the_formula() {
    // One weight, C = a²/2 with a = w x, x = 1: ∂C/∂w = w.
    let layer = Layer { w: array![[1.0]], b: array![0.0], activation: Activation::Identity };
    let mut network = Network::from_layers(vec![layer]).unwrap();
    let mut sgd = OptimizerState::new(Optimizer::sgd(0.1, 0.5));
    let mut step = |network: &mut Network| {
        let w = network.layers()[0].w[[0, 0]];
        sgd.step(network, &[Gradient { w: array![[w]], b: array![0.0] }]).unwrap();
        network.layers()[0].w[[0, 0]]
    };
    // v = 1, w = 1 − 0.1 = 0.9; then v = 0.5 + 0.9 = 1.4, w = 0.9 − 0.14 = 0.76.
    assert_eq!(step(&mut network), 0.9);
    assert!((step(&mut network) - 0.76).abs() < 1e-7);
}

#[test]
fn batches_of_one_are_online_gradient_descent() {
    let data = Data::digits(50, 10).unwrap();
    let mut network = network(0);
    let trainer = Trainer {
        batch_size: 1,
        epochs: 1,
        optimizer: Optimizer::sgd(0.01, 0.9),
        ..Trainer::default()
    };
    let mut batches = 0;
    trainer
        .train_with(&mut network, &data, &mut |progress| {
            if let Progress::Batch { batch, .. } = progress {
                batches = batch;
            }
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(batches, 50);
}

#[test]
fn the_history_has_an_entry_an_epoch_and_names_its_data() {
    let data = small();
    let history = quick().train_with(&mut network(0), &data, &mut silent).unwrap();
    let json: serde_json::Value = serde_json::from_str(&history.to_json()).unwrap();
    for list in
        ["running_loss", "test_loss", "test_accuracy", "sample_loss", "gradient_norms", "seconds"]
    {
        assert_eq!(json[list].as_array().map(Vec::len), Some(2), "{list}");
    }
    assert_eq!(json["gradient_norms"][0].as_array().map(Vec::len), Some(2), "a norm a layer");
    assert_eq!(json["data"]["name"], "built-in digits");
    assert_eq!(json["data"]["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(json["trainer"]["seed"], 0);
    assert_eq!(json["network"]["initialization"]["initializer"], "pytorch");
    assert_eq!(json["outcome"], "completed");
    let read: History = serde_json::from_value(json).unwrap();
    assert_eq!(read, history, "what is written is read again");
}

#[test]
fn the_last_losses_are_those_of_the_network_that_is_left() {
    let data = small();
    let mut network = network(0);
    let history = quick().train_with(&mut network, &data, &mut silent).unwrap();
    let train = network.evaluate(&data.train, Loss::NegativeLogLikelihood).unwrap();
    assert_eq!(
        (history.train_loss_after, history.train_accuracy_after),
        (train.loss, train.accuracy)
    );
    assert_eq!(history.test_loss_after, *history.test_loss.last().unwrap());
}

#[test]
fn gradient_norms_are_of_the_mean_gradient() {
    let data = Data::digits(300, 50).unwrap();
    let network = network(2);
    let trainer = Trainer { epochs: 0, ..Trainer::default() };
    let history = trainer.train_with(&mut network.clone(), &data, &mut silent).unwrap();
    let all: Vec<usize> = (0..300).collect();
    let Batch { x, y } = data.train.batch(&all);
    let (_, gradients) = network.backpropagate(&x, &y, Loss::NegativeLogLikelihood).unwrap();
    for (norm, gradient) in history.before.gradient_norms.iter().zip(&gradients) {
        let expected = f64::from(gradient.b.dot(&gradient.b)).sqrt();
        assert!((norm / expected - 1.0).abs() < 1e-4, "{norm} and {expected}");
    }
}

#[test]
fn an_interrupted_training_keeps_what_it_has() {
    let data = small();
    let mut interrupted = network(0);
    let stop_in_the_second_epoch = &mut |progress: Progress<'_>| match progress {
        Progress::Batch { epoch: 2, batch: 3, .. } => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    };
    let history = quick().train_with(&mut interrupted, &data, stop_in_the_second_epoch).unwrap();
    assert_eq!(history.outcome, Outcome::Interrupted { epoch: 2, batches: 3 });
    assert_eq!(history.epochs(), 1);
    let now = interrupted.evaluate(&data.train, Loss::NegativeLogLikelihood).unwrap();
    assert_eq!(history.train_loss_after, now.loss);
    assert!(now.loss < history.before.sample_loss);
}

#[test]
fn a_training_that_diverges_stops_and_says_so() {
    let data = small();
    let sizes = [784, 10];
    let mut network = Network::builder(&sizes).hidden(Activation::Relu).build().unwrap();
    let trainer = Trainer { optimizer: Optimizer::sgd(1e38, 0.9), ..Trainer::default() };
    let history = trainer.train_with(&mut network, &data, &mut silent).unwrap();
    assert!(matches!(history.outcome, Outcome::Diverged { epoch: 1, .. }), "{:?}", history.outcome);
    assert!(history.to_string().contains("a smaller learning rate may help"), "{history}");
}

#[test]
fn a_history_of_losses_that_are_not_finite_is_read_again() {
    let sizes = [784, 10];
    let mut network = Network::builder(&sizes).hidden(Activation::Relu).build().unwrap();
    let trainer = Trainer { optimizer: Optimizer::sgd(1e38, 0.9), ..Trainer::default() };
    let history = trainer.train_with(&mut network, &small(), &mut silent).unwrap();
    assert!(history.train_loss_after.is_nan(), "{history}");
    let read: History = serde_json::from_str(&history.to_json()).unwrap();
    assert_eq!(read.to_json(), history.to_json());
}

#[test]
fn histories_of_before_are_still_read() {
    let history = quick().train_with(&mut network(0), &small(), &mut silent).unwrap();
    let mut json: serde_json::Value = serde_json::from_str(&history.to_json()).unwrap();
    for (part, names) in [
        ("/trainer", ["weight_decay", "patience"]),
        ("/before", ["validation_loss", "validation_accuracy"]),
        ("", ["validation_loss", "validation_accuracy"]),
        ("", ["best_epoch", "best_epoch"]),
        ("/trainer", ["dropout", "dropout"]),
    ] {
        let part = json.pointer_mut(part).and_then(serde_json::Value::as_object_mut).unwrap();
        names.iter().for_each(|name| drop(part.remove(*name)));
    }
    assert_eq!(serde_json::from_value::<History>(json).unwrap(), history);
}

#[test]
fn settings_without_sense_are_refused_before_anything_changes() {
    let data = small();
    let complaint = |trainer: Trainer| {
        let mut network = network(0);
        let error = trainer.train(&mut network, &data).unwrap_err().to_string();
        assert_eq!(network.parameters(), self::network(0).parameters());
        error
    };
    let trainer = Trainer::default;
    insta::assert_snapshot!(complaint(Trainer { batch_size: 0, ..trainer() }), @"batch size: expected at least 1, found 0");
    insta::assert_snapshot!(complaint(Trainer { optimizer: Optimizer::sgd(f32::NAN, 0.9), ..trainer() }), @"learning rate: expected a positive number, found NaN");
    insta::assert_snapshot!(complaint(Trainer { optimizer: Optimizer::sgd(0.003, 1.0), ..trainer() }), @"momentum: expected at least 0 and below 1, found 1");
    insta::assert_snapshot!(complaint(Trainer { weight_decay: -0.1, ..trainer() }), @"weight decay: expected at least 0, found -0.1");
    insta::assert_snapshot!(complaint(Trainer { patience: Some(0), ..trainer() }), @"patience: expected at least 1, found 0");
    insta::assert_snapshot!(complaint(Trainer { dropout: 1.0, ..trainer() }), @"dropout: expected at least 0 and below 1, found 1");
}

#[test]
fn networks_that_do_not_fit_are_refused() {
    let data = small();
    let complaint = |sizes: &[usize], output| {
        let mut network = Network::builder(sizes).output(output).build().unwrap();
        quick().train(&mut network, &data).unwrap_err().to_string()
    };
    insta::assert_snapshot!(complaint(&[783, 10], Activation::LogSoftmax), @"batch of examples in columns: expected x of 783 × N and y of 10 × N, N ≥ 1, for a network of sizes [783, 10], found x of 784 × 1 and y of 10 × 1");
    insta::assert_snapshot!(complaint(&[784, 10], Activation::Sigmoid), @"output layer for the negative log-likelihood, which takes log-probabilities: expected log-softmax, found sigmoid");
    let error = Network::builder(&[784])
        .hidden(Activation::Relu)
        .output(Activation::Relu)
        .initializer(Initializer::He)
        .build()
        .unwrap_err();
    insta::assert_snapshot!(error.to_string(), @"sizes of a network: expected at least two, inputs and outputs, each at least 1, found [784]");
}

#[test]
fn initialisers_have_their_spread() {
    let deviation = |initializer| {
        let network = Network::builder(&[400, 200])
            .hidden(Activation::Relu)
            .output(Activation::Relu)
            .initializer(initializer)
            .seed(1)
            .build()
            .unwrap();
        let w = &network.layers()[0].w;
        (w.std(0.0), network.layers()[0].b.std(0.0))
    };
    // U(−r, r) has the deviation r / √3; 80,000 draws are within 1 % of it.
    let near = |(w, b): (f32, f32), w_expected: f32, b_expected: f32| {
        assert!((w / w_expected - 1.0).abs() < 0.01, "{w} and {w_expected}");
        assert!((b - b_expected).abs() <= 0.15 * b_expected, "{b} and {b_expected}");
    };
    near(deviation(Initializer::PyTorch), 0.05 / 3_f32.sqrt(), 0.05 / 3_f32.sqrt());
    near(deviation(Initializer::Xavier), 0.1 / 3_f32.sqrt(), 0.0);
    near(deviation(Initializer::He), (2.0 / 400_f32).sqrt(), 0.0);
    near(deviation(Initializer::Gaussian), 1.0, 1.0);
}

/// Plain, twenty layers of 12 never leave ln 10; residual, they learn from the start.
#[test]
fn twenty_residual_layers_train_where_twenty_plain_ones_do_not() {
    let data = small();
    let sizes = [&[784][..], &[12; 20], &[10]].concat();
    for hidden in [Activation::Sigmoid, Activation::Relu] {
        let train = |network: Result<Network, Error>| {
            let optimizer = Optimizer::sgd(0.01, 0.9);
            let trainer = Trainer { epochs: 40, optimizer, ..Trainer::default() };
            trainer.train_with(&mut network.unwrap(), &data, &mut silent).unwrap()
        };
        let plain = train(Network::builder(&sizes).hidden(hidden).build());
        let residual = train(Network::builder(&sizes).hidden(hidden).residual().build());
        assert!(plain.test_accuracy_after < 0.25, "{plain}");
        assert!(residual.test_accuracy_after > 0.6, "{residual}");
        assert!(residual.caption().contains("residual network"), "{}", residual.caption());
        let read: History = serde_json::from_str(&residual.to_json()).unwrap();
        assert_eq!(read, residual);
    }
}

#[test]
fn a_convolutional_network_trains_and_its_history_is_read_again() {
    let data = small();
    let convolutions = [Convolution { filters: 4, kernel: 5, pool: 2 }];
    let make = |seed| {
        Network::builder(&[784, 10])
            .convolutions((28, 28), &convolutions)
            .hidden(Activation::Relu)
            .seed(seed)
            .build()
            .unwrap()
    };
    let mut network = make(0);
    let trainer =
        Trainer { epochs: 5, dropout: 0.1, weight_decay: 1e-4, patience: Some(5), ..quick() };
    let history = trainer.train_with(&mut network, &data, &mut silent).unwrap();
    assert!(history.test_accuracy_after > 0.8, "{history}");
    assert!(
        history.caption().contains("784-2304-10 convolutional network"),
        "{}",
        history.caption()
    );
    assert_eq!(serde_json::from_str::<History>(&history.to_json()).unwrap(), history);

    let mut copy = make(1);
    copy.set_parameters(&network.parameters()).unwrap();
    let x = data.test.batch(&[0, 1, 2]).x;
    assert_eq!(copy.forward(&x).unwrap(), network.forward(&x).unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Mini-batches partition the data: an epoch sees every example once, whatever the batch size.
    #[test]
    fn an_epoch_has_a_loss_for_each_batch(batch_size in 1_usize..70, count in 1_usize..60) {
        let data = Data::digits(count, 1).unwrap();
        let trainer = Trainer { batch_size, ..Trainer::default() };
        let order: Vec<usize> = (0..count).collect();
        let mut network = network(0);
        // With a vanishing step the batch losses, weighed by their sizes, are the loss of the whole set.
        let mut still = OptimizerState::new(Optimizer::sgd(f32::MIN_POSITIVE, 0.0));
        let losses = trainer.epoch(&mut network, &mut still, &data.train, &order).unwrap();
        prop_assert_eq!(losses.len(), count.div_ceil(batch_size));
        let sizes = order.chunks(batch_size).map(|batch| batch.len() as f64);
        let sum: f64 = losses.iter().zip(sizes).map(|(&loss, size)| loss * size).sum();
        let whole = network.evaluate(&data.train, Loss::NegativeLogLikelihood).unwrap().loss;
        prop_assert!((sum / count as f64 - whole).abs() < 1e-5, "{} and {whole}", sum / count as f64);
    }

    /// A small step against the gradient lowers the loss of its own batch.
    #[test]
    fn a_small_step_lowers_the_loss(seed in 0_u64..1000) {
        let data = Data::digits(32, 1).unwrap();
        let Batch { x, y } = data.train.batch(&(0..32).collect::<Vec<_>>());
        let mut network = network(seed);
        let loss = Loss::NegativeLogLikelihood;
        let (before, gradients) = network.backpropagate(&x, &y, loss).unwrap();
        OptimizerState::new(Optimizer::sgd(0.01, 0.0)).step(&mut network, &gradients).unwrap();
        prop_assert!(network.backpropagate(&x, &y, loss).unwrap().0 < before);
    }

    /// The outputs of log-softmax are the logarithms of probabilities, and a shift of all z changes none.
    #[test]
    fn log_softmax_sums_to_one_and_ignores_shifts(
        z in proptest::collection::vec(-50_f32..50.0, 2..12),
        shift in -20_f32..20.0,
    ) {
        let n = z.len();
        let layer = |b: Vec<f32>| Layer { w: Array2::zeros((n, 1)), b: Array1::from(b), activation: Activation::LogSoftmax };
        let a = |b| Network::from_layers(vec![layer(b)]).unwrap().forward(&array![[0.0]]).unwrap();
        let (plain, shifted) = (a(z.clone()), a(z.iter().map(|z| z + shift).collect()));
        prop_assert!((plain.mapv(f32::exp).sum() - 1.0).abs() < 1e-5);
        prop_assert!((&plain - &shifted).iter().all(|gap| gap.abs() < 1e-4));
    }
}
