//! What takes a training its time, on the built-in digits: `cargo bench -p backprop --bench training`.

use backprop::prelude::*;
use divan::Bencher;
use divan::counter::ItemsCount;
use ndarray_rand::rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

fn main() {
    divan::main();
}

/// A tenth of MNIST, so that the rest of a data set's first epoch stays out of the way.
const IMAGES: usize = 6_000;

fn digits() -> Data {
    Data::digits(IMAGES, 1_000).unwrap()
}

/// Images without background.
fn noise() -> Dataset {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(0);
    let pixels = Array2::from_shape_simple_fn((IMAGES, 784), || rng.random());
    let labels = (0..IMAGES).map(|i| i % 10).collect();
    Dataset::new(pixels, labels, (28, 28), digits().train.classes().to_vec()).unwrap()
}

fn network(depth: usize) -> Network {
    let sizes = [vec![784], vec![30; depth], vec![10]].concat();
    Network::new(&sizes).unwrap()
}

fn epoch(bencher: Bencher, set: &Dataset, depth: usize) {
    let (trainer, mut network) = (Trainer::default(), network(depth));
    let mut descent = OptimizerState::new(trainer.optimizer);
    let order: Vec<usize> = (0..set.len()).map(|i| i * 3_571 % set.len()).collect();
    bencher.counter(ItemsCount::new(set.len())).bench_local(|| {
        trainer.epoch(&mut network, &mut descent, set, &order).unwrap();
    });
}

#[divan::bench(args = [1, 5])]
fn epoch_of_digits(bencher: Bencher, hidden_layers: usize) {
    epoch(bencher, &digits().train, hidden_layers);
}

#[divan::bench(args = [1, 5])]
fn epoch_of_noise(bencher: Bencher, hidden_layers: usize) {
    epoch(bencher, &noise(), hidden_layers);
}

#[divan::bench]
fn evaluation(bencher: Bencher) {
    let (data, network) = (digits(), network(1));
    bencher
        .counter(ItemsCount::new(data.train.len()))
        .bench_local(|| network.evaluate(&data.train, Loss::NegativeLogLikelihood));
}

#[divan::bench(args = [1, 2], sample_count = 5)]
fn sweep_of_ten(bencher: Bencher, threads: usize) {
    let data = digits();
    let folder = tempfile::tempdir().unwrap();
    let mut file = 0;
    bencher.bench_local(|| {
        file += 1;
        let path = folder.path().join(format!("{file}.json"));
        let activations = vec![Activation::Sigmoid, Activation::Relu];
        let sweep = Sweep { activations, depths: (1..=5).collect(), epochs: 2, ..Sweep::default() };
        let go_on = &mut |_: SweepProgress<'_>| std::ops::ControlFlow::Continue(());
        sweep.run_with(&data, &path.to_string_lossy(), threads, go_on).unwrap();
    });
}

#[divan::bench(sample_count = 10)]
fn drawing_digits(bencher: Bencher) {
    bencher.counter(ItemsCount::new(IMAGES + 1_000)).bench_local(digits);
}

#[divan::bench(sample_count = 10)]
fn reading_idx(bencher: Bencher) {
    let folder = tempfile::tempdir().unwrap();
    let data = digits();
    data.save(folder.path()).unwrap();
    let source = DataSource::parse(&folder.path().to_string_lossy());
    bencher.counter(ItemsCount::new(IMAGES + 1_000)).bench_local(|| Data::load(&source).unwrap());
}
