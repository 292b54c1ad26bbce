//! Which classes are taken for which: labels beside predictions.

use crate::figure::{Figure, Words};
use crate::heat_map::HeatMap;
use crate::setters::common_methods;
use std::iter::zip;

/// The examples of each class (rows) by the class that they were taken for (columns).
///
/// ```
/// use backprop_figures::ConfusionMatrix;
///
/// let classes = ["Normal", "COVID-19"].map(String::from);
/// let matrix = ConfusionMatrix::new("Test set", &[0, 0, 1, 1, 1], &[0, 1, 1, 1, 1], &classes);
/// assert_eq!(matrix.counts(), [1, 1, 0, 3]);
/// assert_eq!(
///     matrix.draw().alt(),
///     "Test set. Confusion matrix of 5 examples in 2 classes: 4 (80 %) are right. \
///      Of each class are right: Normal 50 %, COVID-19 100 %. \
///      Most frequent errors: Normal taken for COVID-19: 1 time."
/// );
/// ```
#[derive(Clone, Debug)]
#[must_use = "a matrix is shown by ending a cell with it"]
pub struct ConfusionMatrix {
    words: Words,
    labels: Vec<usize>,
    predictions: Vec<usize>,
    classes: Vec<String>,
}

impl ConfusionMatrix {
    /// Takes each example's label and prediction, and the names of the classes.
    ///
    /// They are what `Dataset::labels`, `Network::predict` and `Dataset::classes` of the crate `backprop` give.
    pub fn new(title: &str, labels: &[usize], predictions: &[usize], classes: &[String]) -> Self {
        ConfusionMatrix {
            words: Words::new(title),
            labels: labels.to_vec(),
            predictions: predictions.to_vec(),
            classes: classes.to_vec(),
        }
    }

    /// Counts the examples row by row: entry t · classes + p holds those of class t that were taken
    /// for p; a label or prediction that is no class is in none.
    pub fn counts(&self) -> Vec<usize> {
        let classes = self.classes.len();
        let mut counts = vec![0; classes * classes];
        for (&label, &prediction) in zip(&self.labels, &self.predictions) {
            if label < classes && prediction < classes {
                counts[label * classes + prediction] += 1;
            }
        }
        counts
    }

    common_methods!();

    /// Draws the figure.
    pub fn draw(&self) -> Figure {
        let problems = self.problems();
        if !problems.is_empty() {
            return self.words.message(&problems);
        }
        let classes: Vec<&str> = self.classes.iter().map(String::as_str).collect();
        HeatMap::confusion("", &self.counts(), &classes).with_words(&self.words).draw()
    }

    /// Says what keeps the figure from being drawn.
    fn problems(&self) -> Vec<String> {
        let (labels, predictions) = (self.labels.len(), self.predictions.len());
        let mut problems = Vec::new();
        if labels != predictions {
            problems.push(format!("{predictions} predictions for {labels} labels"));
        }
        let labels = self.labels.iter().copied();
        let classes = self.classes.len();
        if let Some(class) = labels.chain(self.predictions.clone()).find(|class| *class >= classes)
        {
            problems.push(format!("class {class} has no name: there are {classes}"));
        }
        problems
    }
}
