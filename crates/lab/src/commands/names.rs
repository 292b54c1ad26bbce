//! Settings of a training as the command line spells them: for each a table of names and values.

use backprop::{Activation, Evaluate, Initializer, Loss, Optimizer, Pixels};
use clap::builder::{PossibleValuesParser, TypedValueParser};

/// Makes an optimizer of a learning rate and a momentum; only SGD has the latter.
pub type MakeOptimizer = fn(f32, f32) -> Optimizer;

const HIDDEN_ACTIVATIONS: [(&str, Activation); 8] = [
    ("sigmoid", Activation::Sigmoid),
    ("relu", Activation::Relu),
    ("tanh", Activation::Tanh),
    ("leaky-relu", Activation::LeakyRelu),
    ("elu", Activation::Elu),
    ("gelu", Activation::Gelu),
    ("silu", Activation::Silu),
    ("identity", Activation::Identity),
];
const LOSSES: [(&str, Loss); 2] =
    [("nll", Loss::NegativeLogLikelihood), ("quadratic", Loss::Quadratic)];
const OPTIMIZERS: [(&str, MakeOptimizer); 4] = [
    ("sgd", Optimizer::sgd),
    ("adagrad", |learning_rate, _| Optimizer::adagrad(learning_rate)),
    ("rms-prop", |learning_rate, _| Optimizer::rms_prop(learning_rate)),
    ("adam", |learning_rate, _| Optimizer::adam(learning_rate)),
];
const INITIALIZERS: [(&str, Initializer); 4] = [
    ("pytorch", Initializer::PyTorch),
    ("xavier", Initializer::Xavier),
    ("he", Initializer::He),
    ("gaussian", Initializer::Gaussian),
];
const PIXELS: [(&str, Pixels); 3] =
    [("symmetric", Pixels::Symmetric), ("unit", Pixels::Unit), ("standard", Pixels::Standard)];
const EVALUATIONS: [(&str, Evaluate); 2] =
    [("epoch", Evaluate::EveryEpoch), ("end", Evaluate::LastEpoch)];

pub fn hidden_activation() -> impl TypedValueParser<Value = Activation> {
    one_of(&HIDDEN_ACTIVATIONS)
}

pub fn loss() -> impl TypedValueParser<Value = Loss> {
    one_of(&LOSSES)
}

pub fn optimizer() -> impl TypedValueParser<Value = MakeOptimizer> {
    one_of(&OPTIMIZERS)
}

pub fn initializer() -> impl TypedValueParser<Value = Initializer> {
    one_of(&INITIALIZERS)
}

pub fn pixels() -> impl TypedValueParser<Value = Pixels> {
    one_of(&PIXELS)
}

pub fn evaluate() -> impl TypedValueParser<Value = Evaluate> {
    one_of(&EVALUATIONS)
}

fn one_of<T>(table: &'static [(&'static str, T)]) -> impl TypedValueParser<Value = T>
where
    T: Copy + Send + Sync + 'static,
{
    let value_of = |name: String| {
        let is_it = |(other, _): &&(&str, T)| *other == name;
        table.iter().find(is_it).expect("the parser lets only the table's names through").1
    };
    PossibleValuesParser::new(table.iter().map(|(name, _)| *name)).map(value_of)
}
