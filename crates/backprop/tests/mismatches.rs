//! What does not fit is refused: the same mismatch is the same kind of failure, whichever function meets it.

use backprop::prelude::*;
use std::ops::ControlFlow;
use std::panic::catch_unwind;

/// Four inputs, three hidden neurons, two outputs.
fn network() -> Network {
    Network::new(&[4, 3, 2]).unwrap()
}

/// Two classes of images of so many pixels.
fn images(pixels: usize, classes: usize) -> Dataset {
    let names = (0..classes).map(|class| class.to_string()).collect();
    let shades = Array2::from_shape_fn((6, pixels), |(i, p)| (40 * i + p) as u8);
    Dataset::new(shades, vec![0, 1, 0, 1, 0, 1], (1, pixels), names).unwrap()
}

/// What a shape error is about; anything else is a failure of another kind.
fn what<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    match result.expect_err("a mismatch") {
        Error::Shape { what, .. } => what,
        other => panic!("expected an error of a shape, found: {other}"),
    }
}

fn silent(_: Progress<'_>) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Asserts that every function that takes examples refuses these.
fn assert_refused_everywhere(x: (usize, usize), y: (usize, usize)) {
    let (x, y) = (Array2::zeros(x), Array2::zeros(y));
    let (network, loss) = (network(), Loss::NegativeLogLikelihood);
    for found in [
        what(network.forward(&x)),
        what(network.trace(&x)),
        what(network.predict_batch(&x)),
        what(network.backpropagate(&x, &y, loss)),
        what(check_network(&network, &x, &y, loss)),
    ] {
        assert_eq!(found, "batch of examples in columns");
    }
}

#[test]
fn the_same_mismatch_is_the_same_kind_of_failure_everywhere() {
    // Another number of inputs, and no example at all.
    assert_refused_everywhere((5, 6), (2, 6));
    assert_refused_everywhere((4, 0), (2, 0));

    // More labels than examples, and another number of outputs.
    let (network, loss) = (network(), Loss::NegativeLogLikelihood);
    for y in [(2, 7), (3, 6)] {
        let (x, y) = (Array2::zeros((4, 6)), Array2::zeros(y));
        assert_eq!(what(network.backpropagate(&x, &y, loss)), "batch of examples in columns");
        assert_eq!(what(check_network(&network, &x, &y, loss)), "batch of examples in columns");
    }

    // Sets with other images or other classes.
    for set in [images(5, 2), images(4, 3)] {
        let (trainer, mut trained) = (Trainer::default(), network.clone());
        let mut state = OptimizerState::new(trainer.optimizer);
        let data = Data::new("other", set.clone(), set.clone());
        for found in [
            what(network.predict(&set)),
            what(network.evaluate(&set, loss)),
            what(trainer.epoch(&mut trained, &mut state, &set, &[0])),
            what(trainer.train_with(&mut trained, &data, &mut silent)),
            what(Explore::new("", &network, &set, 0)),
        ] {
            assert_eq!(found, "batch of examples in columns");
        }
        assert_eq!(trained, network);
    }
    let square = |x: &[f64]| x[0] * x[0];
    assert_eq!(what(check_gradient(&square, &[2.0, 0.0], &[1.0], 1e-5)), "entries of a gradient");
    insta::assert_snapshot!(
        network.forward(&Array2::zeros((5, 6))).unwrap_err().to_string(),
        @"batch of examples in columns: expected x of 4 × N, N ≥ 1, for a network of sizes [4, 3, 2], found x of 5 × 6"
    );
}

#[test]
fn a_step_down_gradients_of_other_layers_is_refused_and_changes_nothing() {
    let gradients = |network: &Network| -> Vec<Gradient> {
        let layers = network.layers().iter();
        let ones = |layer: &Layer| (Array2::ones(layer.w.dim()), Array1::ones(layer.b.len()));
        layers.map(ones).map(|(w, b)| Gradient { w, b }).collect()
    };
    let mut network = network();
    let right = gradients(&network);
    let mut transposed = right.clone();
    transposed[0].w = Array2::ones((4, 3));
    let mut short = right.clone();
    short[1].b = array![1.0];
    let mut state = OptimizerState::new(Optimizer::adam(0.1));
    let complaints: Vec<String> = [&right[..1], &transposed, &short]
        .map(|wrong| state.step(&mut network, wrong).unwrap_err().to_string())
        .to_vec();
    insta::assert_snapshot!(complaints.join("\n"), @r"
    gradients of the layers: expected 2, one a layer, found 1
    gradients of the layers: expected W of 3 × 4 and b of 3 in layer 1, found W of 4 × 3 and b of 3
    gradients of the layers: expected W of 2 × 3 and b of 2 in layer 2, found W of 2 × 3 and b of 1
    ");
    assert_eq!(network, self::network());

    // A state that remembers the steps of another network.
    state.step(&mut network, &right).unwrap();
    let mut other = Network::new(&[4, 5, 2]).unwrap();
    let of_other = gradients(&other);
    assert_eq!(what(state.step(&mut other, &of_other)), "memory of the optimizer");
    let set = images(4, 2);
    let trainer = Trainer { optimizer: Optimizer::adam(0.1), ..Trainer::default() };
    assert_eq!(what(trainer.epoch(&mut other, &mut state, &set, &[0])), "memory of the optimizer");
    assert_eq!(other, Network::new(&[4, 5, 2]).unwrap());
    // Its own network goes on as if nothing had been.
    let (mut alone, mut undisturbed) = (self::network(), OptimizerState::new(trainer.optimizer));
    for _ in 0..2 {
        undisturbed.step(&mut alone, &right).unwrap();
    }
    state.step(&mut network, &right).unwrap();
    assert_eq!(network, alone);
}

#[test]
fn layers_stay_as_they_are_connected() {
    let layer = |w, b| Layer { w, b, activation: Activation::Identity };
    let apart = [
        vec![],
        vec![layer(array![[1.0, 2.0]], array![0.0, 0.0])],
        vec![layer(array![[1.0]], array![0.0]), layer(array![[1.0, 2.0]], array![0.0])],
    ];
    for layers in apart {
        assert_eq!(what(Network::from_layers(layers)), "layers of a network");
    }

    let kernels = Convolution { filters: 2, kernel: 2, pool: 1 };
    let builder = Network::builder(&[6, 3, 3, 2]).convolutions((2, 3), &[kernels]).residual();
    let mut network = builder.build().unwrap();
    let mut copy = builder.seed(1).build().unwrap();
    assert_ne!(network, copy);
    for (layer, from) in copy.layers_mut().iter_mut().zip(network.layers()) {
        layer.w.assign(&from.w);
        layer.b.assign(&from.b);
    }
    assert_eq!(copy.layers(), network.layers());
    assert_eq!((copy.sizes(), copy.connections()), (network.sizes(), network.connections()));
    assert_eq!(what(network.set_parameters(&[0.0; 7])), "parameters");
    assert_eq!(network.parameters(), copy.parameters());
}

#[test]
fn log_softmax_has_no_value_and_no_derivative_of_one_neuron() {
    let message = |asked: fn() -> f64| {
        let panic = catch_unwind(asked).expect_err("no number");
        panic.downcast_ref::<String>().expect("a message").clone()
    };
    let told = message(|| Activation::LogSoftmax.derivative(0.5));
    insta::assert_snapshot!(told, @"log-softmax of one neuron: expected an activation that goes by a single z, found one of a whole layer, whose derivative is a matrix");
    assert_eq!(message(|| Activation::LogSoftmax.apply(0.5)), told);
    assert!(!Activation::LogSoftmax.is_elementwise() && Activation::Sigmoid.is_elementwise());
}

#[test]
fn more_classes_than_a_byte_can_count_are_refused() {
    let classes = |count: usize| {
        let names = (0..count).map(|class| class.to_string()).collect();
        Dataset::new(Array2::zeros((1, 1)), vec![count - 1], (1, 1), names)
    };
    assert_eq!(classes(256).unwrap().labels(), [255]);
    assert_eq!(what(classes(257)), "classes");
}
