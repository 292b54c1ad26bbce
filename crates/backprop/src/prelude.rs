//! What a notebook needs: `use backprop::prelude::*;`.

pub use crate::gradient_check::{GradientCheck, check_gradient, check_network, numerical_gradient};
pub use crate::view::{Bars, Curves, Figure, HeatMap, ImageGrid, PixelNumbers, Table};
pub use crate::{
    Activation, Data, DataSource, Dataset, Descent, Error, Gradient, History, Initializer, Layer,
    Loss, Network, Optimizer, Outcome, Pixels, Progress, Question, Score, Trace, Trainer,
};
pub use ndarray::{Array1, Array2, array};
