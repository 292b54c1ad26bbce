//! What a notebook needs: `use backprop::prelude::*;`.

pub use crate::gradient_check::{GradientCheck, check_gradient, check_network, numerical_gradient};
pub use crate::view::{
    Bars, ComputationGraph, ConfusionMatrix, Contour, Curves, Explore, Figure, HeatMap, ImageGrid,
    NetworkDiagram, PixelNumbers, Table, VennDiagram,
};
pub use crate::{
    Activation, Batch, Confound, Convolution, Data, DataSource, Dataset, Error, Evaluate,
    Experiment, Gradient, History, Initializer, Layer, LayerMut, Loss, Network, NetworkBuilder,
    Optimizer, OptimizerState, Outcome, Pixels, Progress, Question, Results, Run, Score, Spread,
    Summary, Sweep, SweepProgress, Trace, Trainer,
};
pub use ndarray::{Array1, Array2, array};
