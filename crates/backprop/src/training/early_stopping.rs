//! Early stopping: when a training is to end, and the parameters of its best epoch.

use crate::network::Network;

/// Watches a loss over the epochs and keeps the parameters of the best one.
///
/// Source: Prechelt 1998, *Early stopping – but when?*, doi:10.1007/3-540-49430-8_3.
pub(crate) struct EarlyStopping {
    patience: usize,
    best: Option<Best>,
}

struct Best {
    epoch: usize,
    loss: f64,
    parameters: Vec<f32>,
}

impl EarlyStopping {
    /// Stops after `patience` epochs in a row without a lower loss.
    pub(crate) fn new(patience: usize) -> EarlyStopping {
        EarlyStopping { patience, best: None }
    }

    /// Takes note of the loss after an epoch (from 1) and tells whether patience is at its end.
    pub(crate) fn is_over(&mut self, epoch: usize, loss: f64, network: &Network) -> bool {
        let lowest = self.best.as_ref().map_or(f64::INFINITY, |best| best.loss);
        if loss < lowest {
            self.best = Some(Best { epoch, loss, parameters: network.parameters() });
        }
        epoch - self.best.as_ref().map_or(0, |best| best.epoch) >= self.patience
    }

    /// Gives the network back the parameters of the best epoch, and names that epoch.
    pub(crate) fn restore(self, network: &mut Network) -> Option<usize> {
        let Best { epoch, parameters, .. } = self.best?;
        network.set_parameters(&parameters).expect("parameters of this very network");
        Some(epoch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::activation::Activation;
    use crate::network::layer::Layer;
    use ndarray::array;

    fn network(w: f32) -> Network {
        let layer = Layer { w: array![[w]], b: array![0.0], activation: Activation::Identity };
        Network::from_layers(vec![layer]).unwrap()
    }

    /// The epoch in which a training with these losses stops, and the best one.
    fn run(patience: usize, losses: &[f64]) -> (Option<usize>, Option<usize>) {
        let mut watch = EarlyStopping::new(patience);
        let stop = (1..).zip(losses).find(|&(epoch, &loss)| {
            watch.is_over(epoch, loss, &network(epoch as f32)) // the weight tells the epoch
        });
        let mut last = network(f32::NAN);
        let best = watch.restore(&mut last);
        assert_eq!(best.map(|epoch| vec![epoch as f32, 0.0]), best.map(|_| last.parameters()));
        (stop.map(|(epoch, _)| epoch), best)
    }

    #[test]
    fn it_stops_when_patience_is_at_its_end_and_keeps_the_best_epoch() {
        assert_eq!(run(2, &[0.9, 0.5, 0.6, 0.4, 0.5, 0.4, 0.3]), (Some(6), Some(4)));
        assert_eq!(run(1, &[0.9, 0.9, 0.1]), (Some(2), Some(1)));
        assert_eq!(run(3, &[0.9, 0.8, 0.85]), (None, Some(2)));
    }

    #[test]
    fn a_loss_that_is_not_a_number_is_no_lower_one() {
        assert_eq!(run(2, &[f64::NAN, f64::NAN]), (Some(2), None));
        assert_eq!(run(2, &[0.5, f64::NAN, f64::NAN]), (Some(3), Some(1)));
    }
}
