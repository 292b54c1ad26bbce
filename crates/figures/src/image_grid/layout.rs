//! Where the images of a grid stand, and all of them packed into one.

use super::grid::{CAPTION, GAP, ImageGrid, LABEL, MOST_PIXELS, MOST_WEIGHTS, PAPER, Shades};
use crate::parts::raster::paste;
use crate::parts::svg::{MARGIN, WIDTH};
use crate::parts::text::width;

/// Where the images stand, in pixels of the figure.
pub(super) struct Layout {
    pub(super) shown: usize,
    pub(super) columns: usize,
    pub(super) scale: usize,
    /// From the left edge of one image to that of the next.
    pub(super) step: usize,
    /// From the top of one row to that of the next.
    pub(super) row: usize,
}

impl ImageGrid {
    /// Finds how many images there is room for, and how large they are.
    pub(super) fn layout(&self) -> Layout {
        let most = match self.shades {
            Shades::Weights { .. } => MOST_WEIGHTS,
            Shades::Ink | Shades::Light => MOST_PIXELS,
        };
        let shown = self.count().min((most / (self.height * self.width)).max(1));
        let room = (WIDTH - 2.0 * MARGIN - self.color_bar_room()) as usize + GAP;
        let labels = self.labels.iter().flatten().take(shown);
        let label = labels.map(|label| width(label, CAPTION.size)).fold(0.0, f64::max) as usize;
        let widest = room / (self.width.max(label) + GAP);
        let columns = self.columns.min(shown).min(widest.max(1));
        // Small images are enlarged by whole numbers, so that their pixels stay squares.
        let scale = (room / columns).saturating_sub(GAP) / self.width;
        let scale = scale.clamp(1, (112 / self.height.max(self.width)).max(1));
        Layout {
            shown,
            columns,
            scale,
            step: (self.width * scale).max(label) + GAP,
            row: self.height * scale + GAP + if self.labels.is_some() { LABEL } else { 0 },
        }
    }

    /// Packs all images into one, as they stand in the figure.
    pub(super) fn mosaic(&self, layout: &Layout, wide: usize, tall: usize) -> Vec<u8> {
        let mut mosaic = vec![PAPER; wide * tall];
        let images = self.pixels.chunks(self.height * self.width).take(layout.shown);
        for (index, image) in images.enumerate() {
            let shade = |pixel: &u8| match self.shades {
                Shades::Ink => 255 - pixel,
                Shades::Light | Shades::Weights { .. } => *pixel,
            };
            let shades: Vec<u8> = image.iter().map(shade).collect();
            paste(&mut mosaic, wide, self.corner(layout, index), &shades, self.width, layout.scale);
        }
        mosaic
    }

    /// Gives the upper left corner of an image within the mosaic.
    pub(super) fn corner(&self, layout: &Layout, index: usize) -> (usize, usize) {
        let (row, column) = (index / layout.columns, index % layout.columns);
        let margin = (layout.step - GAP - self.width * layout.scale) / 2;
        (column * layout.step + margin, row * layout.row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pixel_of_every_image_is_in_the_mosaic() {
        let pixels: Vec<u8> = (0..5 * 6).map(|i| 8 * i as u8).collect();
        let grid = ImageGrid::new("", &pixels, 2, 3)
            .columns(2)
            .labels(&["a", "b", "c", "d", "e"].map(String::from));
        let layout = grid.layout();
        let (wide, tall) = (2 * layout.step - GAP, 3 * layout.row - GAP);
        let mosaic = grid.mosaic(&layout, wide, tall);
        for (i, pixel) in pixels.iter().enumerate() {
            let (image, row, column) = (i / 6, i % 6 / 3, i % 3);
            let (left, top) = grid.corner(&layout, image);
            let (x, y) = (left + column * layout.scale, top + row * layout.scale);
            for (dx, dy) in [(0, 0), (layout.scale - 1, layout.scale - 1)] {
                assert_eq!(mosaic[(y + dy) * wide + x + dx], 255 - pixel, "pixel {i}");
            }
        }
    }
}
