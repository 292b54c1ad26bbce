//! What a cell shows that ends in a network, a layer, a gradient, a data set, a trainer or a sweep.

use backprop::prelude::*;
use std::ops::ControlFlow;

#[test]
fn a_network_says_what_it_is_made_of() {
    let told = |network: Result<Network, Error>| network.unwrap().to_string();
    let kernels = Convolution { filters: 8, kernel: 5, pool: 2 };
    let images = Network::builder(&[784, 10]).convolutions((28, 28), &[kernels]);
    let residual = Network::builder(&[4, 3, 3, 2]).hidden(Activation::Relu).residual();
    insta::assert_snapshot!(
        [told(Network::new(&[784, 30, 10])), told(images.build()), told(residual.build())].join("\n"),
        @r"
    784 → 30 sigmoid → 10 log-softmax, 23,860 parameters
    784 → 4,608 sigmoid (kernels: 8 of 5 × 5, pooled 2 × 2) → 10 log-softmax, 11,738 parameters
    4 → 3 ReLU → 3 ReLU (residual) → 2 log-softmax, 35 parameters
    ");
    insta::assert_snapshot!(images.build().unwrap().table().text(), @r"
    layer  neurons  activation                                   W          b   parameters
    -----  -------  -------------------------------------------  ---------  --  ----------
    1        4,608  sigmoid (kernels: 8 of 5 × 5, pooled 2 × 2)  8 × 25     8          208
    2           10  log-softmax                                  10 × 1152  10      11,530
    784 → 4,608 sigmoid (kernels: 8 of 5 × 5, pooled 2 × 2) → 10 log-softmax, 11,738 parameters.
    ");
}

#[test]
fn a_small_layer_shows_its_numbers_and_a_large_one_their_spread() {
    let w = array![[1.0, -2.0], [0.5, 1e-9]];
    let layer = Layer { w: w.clone(), b: array![0.0, 3.25], activation: Activation::Relu };
    insta::assert_snapshot!(layer.table().text(), @r"
    neuron   w₁    w₂     b
    ------  ---  ----  ----
    1         1    −2     0
    2       0.5  1e−9  3.25
    Layer of 2 neurons with 2 inputs, ReLU.
    ");
    let gradient = Gradient { w, b: array![0.125, f32::NAN] };
    insta::assert_snapshot!(gradient.table().text(), @r"
    neuron  ∂C/∂w₁  ∂C/∂w₂         ∂C/∂b
    ------  ------  ------  ------------
    1            1      −2         0.125
    2          0.5    1e−9  not a number
    Gradient of a layer of 2 neurons with 2 inputs.
    ");
    let large = Layer {
        w: Array2::from_shape_fn((3, 9), |(j, k)| (j * 9 + k) as f32 / 26.0),
        b: array![-1.0, 0.0, 1.0],
        activation: Activation::Tanh,
    };
    insta::assert_snapshot!(large.table().text(), @r"
       shape  lowest  mean  highest  norm
    -  -----  ------  ----  -------  ----
    W  3 × 9       0   0.5        1  3.03
    b  3          −1     0        1  1.41
    Layer of 3 neurons with 9 inputs, tanh.
    ");
    let gradient = Gradient { w: large.w, b: large.b };
    insta::assert_snapshot!(gradient.table().text(), @r"
           shape  lowest  mean  highest  norm
    -----  -----  ------  ----  -------  ----
    ∂C/∂W  3 × 9       0   0.5        1  3.03
    ∂C/∂b  3          −1     0        1  1.41
    Gradient of a layer of 3 neurons with 9 inputs.
    ");
}

#[test]
fn data_are_counted_by_class_and_by_set() {
    let data = Data::digits(100, 20).unwrap().with_validation(0.2, 0).unwrap();
    insta::assert_snapshot!(data.test.table().text(), @r"
    label  class  images
    -----  -----  ------
    0      0           0
    1      1           1
    2      2           1
    3      3           3
    4      4           2
    5      5           3
    6      6           2
    7      7           2
    8      8           4
    9      9           2
    20 images of 28 × 28 pixels in 10 classes.
    ");
    let table = data.table().text();
    let rows: Vec<&str> = table.lines().take(5).collect();
    insta::assert_snapshot!(rows.join("\n"), @r"
    set         images   pixels  classes
    ----------  ------  -------  -------
    training        80  28 × 28       10
    validation      20  28 × 28       10
    test            20  28 × 28       10
    ");
    let classes = (0..30).map(|class| class.to_string()).collect();
    let many = Dataset::new(Array2::zeros((1, 4)), vec![29], (2, 2), classes).unwrap();
    let table = many.table().text();
    assert!(table.ends_with("in 30 classes, 10 of which are not listed."), "{table}");
}

#[test]
fn settings_are_listed_with_their_units() {
    insta::assert_snapshot!(Trainer::default().table().text(), @r"
    setting                     value
    --------------------------  ------------------------------
    loss                        negative log-likelihood (nats)
    optimizer                   SGD, α = 0.003, μ = 0.9
    epochs                      15
    examples in a mini-batch    64
    shuffled before each epoch  yes
    seed                        0
    weight decay                off
    dropout                     off
    early stopping              off
    measured                    after each epoch
    ");
    let evaluate = Evaluate::LastEpoch;
    let other = Trainer {
        loss: Loss::Quadratic,
        dropout: 0.5,
        shuffle: false,
        evaluate,
        ..Trainer::default()
    };
    let table = Trainer { patience: Some(3), ..other }.table().text();
    for words in ["quadratic cost\n", "0.5", "no\n", "after 3 epochs without", "last epoch"] {
        assert!(table.contains(words), "{words}: {table}");
    }
    let optimizers = vec![Optimizer::sgd(0.003, 0.9), Optimizer::adam(0.001)];
    let sweep = Sweep { depths: vec![1, 2, 3], optimizers, ..Sweep::default() };
    insta::assert_snapshot!(sweep.table().text(), @r"
    setting                          values
    -------------------------------  ----------------------------------------
    activation of the hidden layers  sigmoid
    hidden layers                    1, 2, 3
    neurons of a hidden layer        30
    initialisation                   PyTorch
    optimizer                        SGD, α = 0.003, μ = 0.9; Adam, α = 0.001
    fraction of the training images  1
    seed                             0
    epochs                           15
    examples in a mini-batch         64
    loss                             negative log-likelihood (nats)
    6 experiments.
    ");
}

#[test]
fn a_history_and_a_score_tell_losses_and_accuracies() {
    let data = Data::digits(300, 100).unwrap();
    let mut network = Network::new(&[784, 8, 10]).unwrap();
    let trainer = Trainer { epochs: 1, ..Trainer::default() };
    let mut go_on = |_: Progress| ControlFlow::Continue(());
    let history = trainer.train_with(&mut network, &data, &mut go_on).unwrap();
    let score = network.evaluate(&data.test, Loss::NegativeLogLikelihood).unwrap();
    let (table, of_score) = (history.table().text(), score.table().text());
    assert!(table.starts_with("                     loss (nats)  accuracy (%)\n"), "{table}");
    let loss = format!("{:.4}", history.test_loss_after);
    assert!(table.contains(&loss) && of_score.contains(&loss), "{table} {of_score}");
}

#[test]
fn each_is_html_with_text_beside_it() {
    let layer = Layer { w: array![[1.0]], b: array![0.0], activation: Activation::Identity };
    let gradient = Gradient { w: array![[1.0]], b: array![0.0] };
    let data = Data::digits(10, 10).unwrap();
    for table in [
        Network::new(&[4, 3, 2]).unwrap().table(),
        layer.table(),
        gradient.table(),
        data.train.table(),
        data.table(),
        Trainer::default().table(),
        Sweep::default().table(),
    ] {
        let bundle = table.bundle();
        for part in ["EVCXR_BEGIN_CONTENT text/html\n<table>", "EVCXR_BEGIN_CONTENT text/plain\n"] {
            assert!(bundle.contains(part), "{part}: {bundle}");
        }
    }
}
