//! What each convolution of a network sees, and whether anything is left of it.

use super::Convolutions;
use crate::error::Error;
use crate::network::convolution::Convolution;
use crate::network::maps::MapShape;

impl Convolutions {
    /// Gives each convolution with what it sees, and how many numbers the last one passes on.
    pub(super) fn on(&self, inputs: usize) -> Result<(Vec<(Convolution, MapShape)>, usize), Error> {
        let (height, width) = self.image;
        let mut input = MapShape { channels: 1, height, width };
        if input.len() != inputs {
            return Err(Error::Shape {
                what: "inputs of a network that looks at images",
                expected: format!("{height} × {width} = {}", input.len()),
                found: inputs.to_string(),
            });
        }
        let mut seen = Vec::with_capacity(self.list.len());
        for &convolution in &self.list {
            check(convolution, input)?;
            seen.push((convolution, input));
            input = input.convolved(convolution).pooled(convolution.pool);
        }
        Ok((seen, input.len()))
    }
}

/// Checks that a convolution leaves something of the images or feature maps that it sees.
fn check(convolution: Convolution, input: MapShape) -> Result<(), Error> {
    let Convolution { filters, kernel, pool } = convolution;
    let side = input.height.min(input.width);
    let fits = 1 <= kernel && kernel <= side && 1 <= pool && pool <= side + 1 - kernel;
    if filters == 0 || !fits {
        return Err(Error::Setting {
            what: "convolution",
            expected: format!(
                "at least 1 filter, and a kernel and a pool, each at least 1, that fit in maps of {} × {}",
                input.height, input.width
            ),
            found: format!("filters: {filters}, kernel: {kernel}, pool: {pool}"),
        });
    }
    Ok(())
}
